// Reading the fields of a pipeline document, whatever kind of node stands there.
#include "pipeline/readers/fields.h"

#include <algorithm>
#include <unordered_map>

#include "text/glob.h"

namespace tollbar::pipeline {

using document::Node;

namespace {

constexpr std::uint32_t kMaxPadding = 2000;

void append_lines(const Node& node, ScriptSection& section, std::uint32_t& next_line, int depth) {
  if (node.is_scalar()) {
    const auto line = script_line(node);
    if (section.line == 0) section.line = next_line = line;
    for (; next_line < line && line - next_line < kMaxPadding; ++next_line) section.padded += '\n';
    section.text += node.scalar;
    section.padded += node.scalar;
    if (!node.scalar.ends_with('\n')) {
      section.text += '\n';
      section.padded += '\n';
    }
    next_line += static_cast<std::uint32_t>(std::count(node.scalar.begin(), node.scalar.end(), '\n')) +
                 (node.scalar.ends_with('\n') ? 0 : 1);
  }
  if (depth > 10) return;  // GitLab flattens nested lists up to here
  for (const auto& item : node.items) append_lines(item, section, next_line, depth + 1);
}

}  // namespace

ScriptSection read_section(const Node& node) {
  ScriptSection section;
  std::uint32_t next_line = 0;
  append_lines(node, section, next_line, 0);
  return section;
}

std::string text_of(const Node* node) {
  if (!node || node->is_null()) return {};
  return node->is_scalar() ? node->scalar : node->brief(kWholeText);
}

StringMap text_map(const Node* node) {
  StringMap result;
  for_each_member(node, [&](std::string_view key, const Node& value) { result[std::string(key)] = text_of(&value); });
  return result;
}

StringMap merged(StringMap base, const StringMap& over) {
  for (const auto& [key, value] : over) base[key] = value;
  return base;
}

std::vector<std::string> texts_of(const Node* node) {
  return node ? node->texts() : std::vector<std::string>{};
}

void for_each_member(const Node* node, const std::function<void(std::string_view, const Node&)>& visit) {
  if (!node) return;
  std::unordered_map<std::string_view, const Node*> last;
  for (const auto& member : node->members) last[member.key.text()] = &member.value;
  for (const auto& member : node->members) {
    if (last[member.key.text()] == &member.value) visit(member.key.text(), member.value);
  }
}

std::uint32_t script_line(const Node& scalar) {
  return scalar.end_line > scalar.line ? scalar.line + 1 : scalar.line;
}

std::string normalise_directory(std::string_view path) {
  const std::string_view workspaces[] = {"${{ github.workspace }}/", "${{github.workspace}}/", "$GITHUB_WORKSPACE/",
                                         "$CI_PROJECT_DIR/"};
  for (const auto workspace : workspaces) {
    if (path.starts_with(workspace)) path.remove_prefix(workspace.size());
  }
  if (path.find("${{") != std::string_view::npos || path.starts_with('/')) return std::string(path);
  std::vector<std::string_view> segments;
  for (std::string_view rest = path; !rest.empty();) {
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    if (segment.empty() || segment == ".") continue;
    if (segment == ".." && !segments.empty() && segments.back() != "..") {
      segments.pop_back();
    } else {
      segments.push_back(segment);
    }
  }
  std::string result;
  for (const auto segment : segments) {
    if (!result.empty()) result += '/';
    result += segment;
  }
  return result;
}

std::string join_path(std::string_view base, std::string_view path) {
  return normalise_directory(base.empty() ? std::string(path) : std::string(base) + "/" + std::string(path));
}

std::shared_ptr<const document::Document> open_pipeline(Pipeline& pipeline, model::Tree& tree,
                                                        DocumentCache& documents) {
  if (pipeline.files.empty()) pipeline.files.push_back(pipeline.path);
  const auto entry = tree.find(pipeline.path);
  if (!entry) {
    pipeline.broken = true;
    return nullptr;
  }
  auto document = documents.yaml(tree, *entry);
  pipeline.problems.insert(pipeline.problems.end(), document->problems.begin(), document->problems.end());
  const auto& root = document->root();
  if (document->broken() || (!root.is_mapping() && !root.is_null())) {
    pipeline.broken = true;
    return nullptr;
  }
  return document;
}

std::vector<std::string> directories_like(model::Tree& tree, std::string_view directory) {
  std::vector<std::string> found{""};
  for (std::string_view rest = directory; !rest.empty();) {
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    std::vector<std::string> deeper;
    for (const auto& parent : found) {
      for (const auto& [name, entry] : tree.list(parent)) {
        if (entry.mode != model::FileMode::directory || text::fold_path(name) != segment) continue;
        deeper.push_back(parent.empty() ? name : parent + "/" + name);
      }
    }
    found = std::move(deeper);
  }
  return found;
}

std::vector<std::string> files_in(model::Tree& tree, std::string_view directory,
                                  const std::vector<std::string_view>& endings) {
  std::vector<std::string> found;
  for (const auto& parent : directories_like(tree, directory)) {
    for (const auto& [name, entry] : tree.list(parent)) {
      if (entry.mode == model::FileMode::directory || entry.mode == model::FileMode::submodule) continue;
      const auto folded = text::fold_path(name);
      const bool wanted = std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
        return folded.size() > ending.size() && std::string_view(folded).ends_with(ending);
      });
      if (wanted) found.push_back(parent.empty() ? name : parent + "/" + name);
    }
  }
  return found;
}

std::vector<std::string> existing_files(model::Tree& tree, const std::vector<std::string_view>& paths) {
  std::vector<std::string> found;
  for (const auto path : paths) {
    const auto slash = path.rfind('/');
    const auto directory = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
    const auto base = slash == std::string_view::npos ? path : path.substr(slash + 1);
    for (const auto& parent : directories_like(tree, directory)) {
      for (const auto& [name, entry] : tree.list(parent)) {
        if (entry.mode == model::FileMode::directory || entry.mode == model::FileMode::submodule) continue;
        if (text::fold_path(name) == base) found.push_back(parent.empty() ? name : parent + "/" + name);
      }
    }
  }
  return found;
}

}  // namespace tollbar::pipeline
