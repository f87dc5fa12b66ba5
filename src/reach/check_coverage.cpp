// Paths are told from flags and their values by their look; a selecting flag leaves out what it does not name.
#include "reach/check_coverage.h"

#include <algorithm>
#include <cstddef>

#include "reach/calls.h"

namespace tollbar::reach {
namespace {

bool covers_directory(const std::string& parent, const std::string& path) {
  return parent == path || parent == "." || parent == "./..." ||
         (path.size() > parent.size() && path.starts_with(parent) &&
          (path[parent.size()] == '/' || parent.back() == '/'));
}

}  // namespace

bool is_opaque(const Check& check) {
  if (check.identity.starts_with('$')) return true;
  std::vector<std::string> words(1);
  for (const char byte : check.identity) {
    if (byte != ' ')
      words.back() += byte;
    else
      words.emplace_back();
  }
  const auto calls = calls_of(words, false);
  return std::any_of(calls.begin(), calls.end(), [](const Call& call) {
    return call.kind == CallKind::package || call.kind == CallKind::make || call.kind == CallKind::just ||
           call.kind == CallKind::task;
  });
}

std::vector<std::string> paths(const Check& check) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < check.arguments.size(); ++i) {
    const std::string& word = check.arguments[i];
    const bool follows_flag = i > 0 && check.arguments[i - 1].starts_with('-') && check.arguments[i - 1] != "--" &&
                              check.arguments[i - 1].size() > 1 &&
                              check.arguments[i - 1].find('=') == std::string::npos;
    const bool selects = follows_flag && std::find(check.narrowing.begin(), check.narrowing.end(),
                                                   check.arguments[i - 1] + " " + word) != check.narrowing.end();
    const bool value = follows_flag && (selects || word.find_first_of("/.") == std::string::npos || word[0] == '$');
    if (!word.starts_with('-') && !value) result.push_back(word);
  }
  return result;
}

std::string literal_part(const std::string& path) {
  const auto wildcard = path.find_first_of("*?[{");
  if (wildcard == std::string::npos) return path.ends_with("/...") ? path.substr(0, path.size() - 4) : path;
  const auto slash = path.rfind('/', wildcard);
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::vector<std::string> starting_paths(const Check& check) {
  std::vector<std::string> result;
  for (const auto& event : check.events) {
    const auto filter = event.filters.find("paths");
    if (filter == event.filters.end()) return {};
    for (const auto& path : filter->second) {
      if (path == check.pipeline || path.starts_with('!')) continue;
      result.push_back(literal_part(path));
      if (result.back().empty()) return {};
    }
  }
  return result;
}

bool covers(const Check& wide, const Check& narrow) {
  if (!wide.enforced || wide.tool != narrow.tool || !wide.known_tool) return false;
  if (wide.identity == narrow.identity) return true;
  const bool leaves_more_out = std::any_of(wide.narrowing.begin(), wide.narrowing.end(), [&](const auto& flag) {
    const auto computed = flag.find('$');  // `-s test-${{ matrix.python }}` takes any of its values
    return flag.starts_with('-') &&
           std::none_of(narrow.narrowing.begin(), narrow.narrowing.end(), [&](const auto& own) {
             return computed == std::string::npos ? own == flag : own.starts_with(flag.substr(0, computed));
           });
  });
  if (leaves_more_out) return false;
  const auto wanted = paths(narrow), given = paths(wide);
  if (given.empty()) return true;
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const auto& path) {
    return std::any_of(given.begin(), given.end(), [&](const auto& parent) { return covers_directory(parent, path); });
  });
}

}  // namespace tollbar::reach
