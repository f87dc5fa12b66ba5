// A check may be lost because what it judged is: then nothing is left to judge.
#include "reach/check_subject.h"

#include <algorithm>
#include <cstddef>

#include "reach/calls.h"

namespace tollbar::reach {
namespace {

/// The folders before the first wildcard; all of a path without one.
std::string literal_part(const std::string& path) {
  const auto wildcard = path.find_first_of("*?[{");
  if (wildcard == std::string::npos) return path.ends_with("/...") ? path.substr(0, path.size() - 4) : path;
  const auto slash = path.rfind('/', wildcard);
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

/// The paths outside the pipeline itself whose changes start the check; empty where something else starts it as well.
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

}  // namespace

std::vector<std::string> operands(const Check& check) {
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

std::string lost_subject(const Check& check, const std::function<bool(const std::string&)>& gone) {
  if (!gone) return {};
  if (!check.directory.empty() && gone(check.directory)) return check.directory;
  std::vector<std::string> judged;
  for (const auto& word : operands(check)) {
    const std::string path = join_path(check.directory, literal_part(word));
    if (!path.empty() && path != ".") judged.push_back(path);
  }
  for (const auto& subjects : {judged, starting_paths(check)}) {
    if (!subjects.empty() && std::all_of(subjects.begin(), subjects.end(), gone)) return subjects.front();
  }
  return {};
}

}  // namespace tollbar::reach
