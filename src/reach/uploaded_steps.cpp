// The texts are here-documents: of the step itself, or of the script whose output goes into the pipe.
#include "reach/uploaded_steps.h"

#include <algorithm>
#include <string_view>

#include "model/overlay_tree.h"
#include "pipeline/readers.h"
#include "reach/calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Command;

bool uploads(const Command& command) {
  return command.program() == "buildkite-agent" && command.argv.size() > 2 && command.argv[1].text == "pipeline" &&
         command.argv[2].text == "upload";
}

/// What a text of steps is as a whole pipeline, each line where it stands in its file; empty where it is none.
std::string as_pipeline(std::string_view text, std::uint32_t first_line) {
  bool has_key = false;
  std::string_view first;
  for (const auto line : text::Lines(text)) {
    if (first.empty()) first = text::trimmed(line);
    has_key = has_key || line == "steps:";
  }
  if (!has_key && !first.starts_with("- ")) return {};
  const std::uint32_t above = has_key ? 1 : 2;
  std::string whole(first_line > above ? first_line - above : 0, '\n');
  return whole + (has_key ? "" : "steps:\n") + std::string(text);
}

class Uploads {
 public:
  Uploads(const ExecutedStep& step, model::Tree& tree, pipeline::DocumentCache& documents,
          std::set<std::string>& consulted)
      : step_(step), tree_(tree), documents_(documents), consulted_(consulted) {}

  std::vector<UploadedSteps> find() {
    for (const auto& executed : step_.commands)
      if (uploads(*executed.command) && !executed.unreachable) add(executed);
    return std::move(found_);
  }

 private:
  void add(const ExecutedCommand& upload) {
    const auto& command = *upload.command;
    for (std::size_t i = 3; i < command.argv.size(); ++i) {
      const auto& word = command.argv[i];
      if (word.text.starts_with('-')) continue;
      if (const auto path = join_path(upload.working_directory, word.text); !word.dynamic && !path.empty())
        return add_file(path, command.line);
    }
    if (!command.input().empty()) return add_text(command.input(), upload.path, command.line, command.line + 1);
    for (const auto& executed : step_.commands)
      if (prints_into(executed, upload)) add_printed(executed, command.line);
  }

  /// The command stands in a file that the same pipe starts.
  bool prints_into(const ExecutedCommand& executed, const ExecutedCommand& upload) const {
    const auto& links = executed.chain;
    return links.size() == upload.chain.size() + 1 && links.back().line == upload.command->line &&
           links.back().path == executed.path;
  }

  void add_printed(const ExecutedCommand& executed, std::uint32_t upload) {
    for (const auto& redirection : executed.command->redirections)
      if (!redirection.heredoc.empty() && executed.command->program() == "cat")
        add_text(redirection.heredoc, executed.path, upload, executed.command->line + 1);
  }

  void add_text(std::string_view text, const std::string& path, std::uint32_t upload, std::uint32_t first_line) {
    model::MemoryTree::File file;
    file.bytes = as_pipeline(text, first_line);
    if (file.bytes.empty()) return;
    model::OverlayTree overlay(tree_, {{path, file}});
    keep(pipeline::read_one(pipeline::System::buildkite, overlay, path, documents_), upload);
  }

  /// What stands in the agent's own folder is a pipeline of its own.
  void add_file(const std::string& path, std::uint32_t upload) {
    if (path.starts_with(".buildkite/") || path == step_.pipeline->path) return;
    consulted_.insert(path);
    if (!tree_.find(path)) return;
    keep(pipeline::read_one(pipeline::System::buildkite, tree_, path, documents_), upload);
  }

  void keep(std::shared_ptr<const pipeline::Pipeline> pipeline, std::uint32_t upload) {
    const bool again = std::any_of(step_.calls.begin(), step_.calls.end(),
                                   [&](const Link& link) { return link.path == pipeline->path; });
    if (!again && !pipeline->broken && !pipeline->jobs.empty()) found_.push_back({std::move(pipeline), upload});
  }

  const ExecutedStep& step_;
  model::Tree& tree_;
  pipeline::DocumentCache& documents_;
  std::set<std::string>& consulted_;
  std::vector<UploadedSteps> found_;
};

}  // namespace

std::vector<UploadedSteps> uploaded_steps(const ExecutedStep& step, model::Tree& tree,
                                          pipeline::DocumentCache& documents, std::set<std::string>& consulted) {
  return Uploads(step, tree, documents, consulted).find();
}

}  // namespace tollbar::reach
