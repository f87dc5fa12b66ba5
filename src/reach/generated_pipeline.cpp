// The artefact is looked for among the words of the jobs' commands; what else a command names may be its template.
#include "reach/generated_pipeline.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "document/formats.h"
#include "model/overlay_tree.h"
#include "pipeline/readers.h"
#include "reach/calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using pipeline::Pipeline;

/// By its name the file may be a template of a pipeline.
bool may_be_template(std::string_view path) {
  constexpr std::array<std::string_view, 9> kEndings{".yml",    ".yaml",  ".tpl",    ".tmpl",    ".j2",
                                                     ".jinja2", ".jinja", ".gotmpl", ".template"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return path.ends_with(ending); });
}

/// It says when and how often something stands there, and nothing itself.
bool only_steers(std::string_view action) {
  const bool statement = action.starts_with("{%");
  action.remove_prefix(2);
  while (!action.empty() && (action.front() == '-' || action.front() == '~' || action.front() == ' '))
    action.remove_prefix(1);
  const auto word = action.substr(0, action.find_first_of(" \t\r\n-}"));
  return statement || action.starts_with("/*") || action.find(":=") != std::string_view::npos ||
         text::is_one_of(word, {"if", "else", "end", "range", "with", "define", "block"});
}

class TemplateSearch {
 public:
  TemplateSearch(const std::string& artifact, model::Tree& tree, pipeline::DocumentCache& documents,
                 std::set<std::string>& consulted)
      : artifact_(join_path("", artifact)), tree_(tree), documents_(documents), consulted_(consulted) {}

  std::string in(const Pipeline& own) {
    for (const auto& job : own.jobs)
      for (const auto& step : job.steps)
        for (const auto& command : step.script.commands)
          if (auto path = of(command); !path.empty()) return path;
    return {};
  }

 private:
  std::string of(const document::Command& command) {
    std::vector<std::string> words;
    for (const auto& word : command.argv) words.push_back(word.text.substr(word.text.rfind('=') + 1));
    for (const auto& redirection : command.redirections) words.push_back(redirection.target.text);
    if (command.program() == "gomplate")
      for (std::size_t i = 0; i + 1 < words.size(); ++i)
        if (command.argv.size() > i && command.argv[i].text == "--config") return of_gomplate(words[i + 1]);
    const bool makes_it = std::any_of(words.begin(), words.end(),
                                      [&](const std::string& word) { return join_path("", word) == artifact_; });
    if (!makes_it) return {};
    for (const auto& word : words)
      if (auto path = join_path("", word); path != artifact_ && may_be_template(path) && is_file(path)) return path;
    return {};
  }

  /// `inputFiles: [a.tpl]` beside `outputFiles: [b.yaml]`
  std::string of_gomplate(const std::string& configuration) {
    const auto path = join_path("", configuration);
    if (!is_file(path)) return {};
    const auto document = documents_.read(document::Format::yaml, tree_, *tree_.find(path));
    if (document->roots.empty()) return {};
    const auto* inputs = document->root().get("inputFiles");
    const auto* outputs = document->root().get("outputFiles");
    if (inputs == nullptr || outputs == nullptr) return {};
    for (std::size_t i = 0; i < std::min(inputs->items.size(), outputs->items.size()); ++i) {
      if (join_path("", std::string(outputs->items[i].text())) != artifact_) continue;
      auto input = join_path("", std::string(inputs->items[i].text()));
      return is_file(input) ? input : std::string();
    }
    return {};
  }

  bool is_file(const std::string& path) {
    if (path.empty() || path == ".") return false;
    consulted_.insert(path);
    const auto entry = tree_.find(path);
    return entry && (entry->mode == model::FileMode::regular || entry->mode == model::FileMode::executable);
  }

  std::string artifact_;
  model::Tree& tree_;
  pipeline::DocumentCache& documents_;
  std::set<std::string>& consulted_;
};

}  // namespace

std::string without_actions(std::string_view text) {
  std::string bare;
  for (std::size_t at = 0; at < text.size();) {
    const auto head = text.substr(at, 2);
    const auto end = head == "{{" ? text.find("}}", at) : head == "{%" ? text.find("%}", at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      bare += text[at++];
      continue;
    }
    if (!only_steers(text.substr(at, end - at))) bare += '\x01';
    bare.append(static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                    text.begin() + static_cast<std::ptrdiff_t>(end), '\n')),
                '\n');
    at = end + 2;
  }
  std::string result;
  for (const auto line : text::Lines(bare)) {
    std::string own(line);
    if (text::trimmed(own, " \t\r\x01").empty()) own.clear();
    std::replace(own.begin(), own.end(), '\x01', 'x');
    result += own + '\n';
  }
  return result;
}

std::shared_ptr<const Pipeline> generated_pipeline(const Pipeline& own, const std::string& artifact, model::Tree& tree,
                                                   pipeline::DocumentCache& documents, ScriptCache& scripts,
                                                   std::set<std::string>& consulted) {
  const auto path = TemplateSearch(artifact, tree, documents, consulted).in(own);
  const auto entry = path.empty() ? std::nullopt : tree.find(path);
  if (!entry) return nullptr;
  model::MemoryTree::File file;
  file.bytes = without_actions(scripts.text(tree, *entry));
  model::OverlayTree overlay(tree, {{path, file}});
  auto pipeline = pipeline::read_one(own.system, overlay, path, documents);
  return pipeline == nullptr || pipeline->broken || pipeline->jobs.empty() ? nullptr : pipeline;
}

}  // namespace tollbar::reach
