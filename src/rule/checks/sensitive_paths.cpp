// A bounded walk over the tree, and the matching of path patterns segment by segment.
#include "rule/checks/sensitive_paths.h"

#include <algorithm>

namespace tollbar::rule {
namespace {

constexpr std::size_t most_files = 60'000;

constexpr std::string_view deciding[] = {
    "github-workflow",     "github-action",       "gitlab-ci",           "ci-other",  "jenkinsfile",    "ci-script",
    "codeowners",          "tollbar-policy",      "branch-protection",   "ruleset",   "merge-bot",      "terraform",
    "pre-commit",          "infrastructure-yaml", "infrastructure-json", "migration", "release-config", "mcp-config",
    "release-config-json", "deploy-config-toml",  "agent-settings"};
constexpr std::string_view executed[] = {"shell-script", "script",          "makefile",       "dockerfile",
                                         "npm-manifest", "python-manifest", "cargo-manifest", "maven-manifest",
                                         "justfile",     "taskfile"};

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> result;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    if (end > at) result.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

/// `*` and `?` within one segment; `\` takes the next character as it is.
bool names_segment(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.size() &&
               (escaped ? pattern[p + 1] == name[n] : pattern[p] == '?' || pattern[p] == name[n])) {
      p += escaped ? 2 : 1;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

using Segments = std::vector<std::string_view>;

/// Row by row over the pattern, so that many `**` cost no more than one: which lengths of the path are named so far.
bool names_segments(const Segments& pattern, const Segments& path) {
  std::vector<bool> reached(path.size() + 1);
  reached[0] = true;
  for (const auto part : pattern) {
    std::vector<bool> next(path.size() + 1);
    for (std::size_t i = 0; i <= path.size(); ++i) {
      if (part == "**")
        next[i] = reached[i] || (i > 0 && next[i - 1]);
      else if (i > 0)
        next[i] = reached[i - 1] && names_segment(part, path[i - 1]);
    }
    reached = std::move(next);
  }
  return reached[path.size()];
}

}  // namespace

KindSet sensitive_kinds(const Kinds& kinds, Breadth breadth) {
  KindSet set;
  const auto add = [&](std::string_view name) {
    if (const auto index = kinds.index(name)) set.set(*index);
  };
  std::for_each(std::begin(deciding), std::end(deciding), add);
  if (breadth == Breadth::executed_too) std::for_each(std::begin(executed), std::end(executed), add);
  return set;
}

bool names_path(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return false;
  const bool folder = pattern.back() == '/';
  const bool anchored =
      pattern.substr(0, pattern.size() - (folder ? 1 : 0)).find('/') != std::string_view::npos || pattern == "/";
  auto wanted = segments(pattern);
  const bool direct = !wanted.empty() && wanted.back() == "*" && anchored && !folder;
  if (!anchored) wanted.insert(wanted.begin(), "**");
  const auto place = segments(path);
  if (!folder && names_segments(wanted, place)) return true;
  if (direct) return false;
  wanted.insert(wanted.end(), {"*", "**"});
  return names_segments(wanted, place);
}

std::vector<std::string> sensitive_paths(model::Tree& tree, const Kinds& kinds, Breadth breadth,
                                         const std::function<bool(std::string_view)>& wanted) {
  const auto sensitive = sensitive_kinds(kinds, breadth);
  std::vector<std::string> result, folders{""};
  std::size_t seen = 0;
  while (!folders.empty() && seen < most_files) {
    const auto folder = std::move(folders.back());
    folders.pop_back();
    for (const auto& [name, entry] : tree.list(folder)) {
      auto path = folder.empty() ? name : folder + '/' + name;
      ++seen;
      if (entry.mode == model::FileMode::directory)
        folders.push_back(std::move(path));
      else if (entry.mode != model::FileMode::submodule && wanted(path) && (kinds.of(path) & sensitive).any())
        result.push_back(std::move(path));
    }
  }
  constexpr std::string_view another = ".github/workflows/another.yml";
  if (wanted(another) && tree.find(".github/workflows")) result.emplace_back(another);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace tollbar::rule
