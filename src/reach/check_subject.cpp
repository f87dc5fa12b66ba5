// A check may be lost because what it judged is: then nothing is left to judge.
#include "reach/check_subject.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "reach/calls.h"
#include "reach/word_glob.h"
#include "text/words.h"

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

/// Paths that flags select, as `-p policies/web`; those that flags leave out are none.
std::vector<std::string> selected_paths(const Check& check) {
  constexpr std::array<std::string_view, 7> kLeavingOut{"ignore", "exclude", "skip", "select",
                                                        "omit",   "disable", "not"};
  std::vector<std::string> result;
  for (const std::string_view narrowing : check.narrowing) {
    const auto end = narrowing.find_first_of(" =");
    if (!narrowing.starts_with('-') || end == std::string_view::npos) continue;
    const auto flag = narrowing.substr(0, end), value = narrowing.substr(end + 1);
    const bool leaves_out = std::any_of(kLeavingOut.begin(), kLeavingOut.end(),
                                        [&](auto word) { return flag.find(word) != std::string_view::npos; });
    if (!leaves_out && value.find('/') != std::string_view::npos)
      result.push_back(join_path(check.directory, literal_part(std::string(value))));
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

bool only_after_merge(const Check& check) {
  constexpr std::array<std::string_view, 6> kLater{
      "startswith(github.ref,'refs/tags",       "github.ref_type=='tag'",
      "github.event_name=='release'",           "github.event_name=='schedule'",
      "github.event_name=='workflow_dispatch'", "github.event.action=='published'"};
  return std::any_of(check.narrowing.begin(), check.narrowing.end(), [&](const std::string& narrowing) {
    if (!narrowing.starts_with("if: ") || narrowing.find("||") != std::string::npos) return false;
    std::string condition;
    for (const char byte : folded(std::string_view(narrowing).substr(4))) {
      if (byte != ' ' && byte != '\n' && byte != '{' && byte != '}') condition += byte == '"' ? '\'' : byte;
    }
    for (std::size_t at = condition.starts_with('$') ? 1 : 0; at < condition.size();) {
      const auto end = std::min(condition.find("&&", at), condition.size());
      const auto part = std::string_view(condition).substr(at, end - at);
      if (std::any_of(kLater.begin(), kLater.end(), [&](auto later) { return part.starts_with(later); })) return true;
      at = end + 2;
    }
    return false;
  });
}

std::string lost_subject(const Check& check, const std::function<bool(const std::string& path, bool is_path)>& gone) {
  if (!gone) return {};
  if (!check.directory.empty() && gone(check.directory, true)) return check.directory;
  std::vector<std::string> judged;
  bool are_paths = true;  // and no names of tests, targets or images
  const auto words = operands(check);
  for (const auto& word : words) {
    if (words.size() > 1 && &word == &words.front() &&
        text::is_one_of(word, {"test", "verify", "check", "lint", "scan", "run", "validate"}))
      continue;  // what a tool shall do
    const std::string path = join_path(check.directory, literal_part(word));
    if (!path.empty() && path != ".") judged.push_back(path);
    are_paths = are_paths && word.find('/') != std::string::npos && word.find(':') == std::string::npos;
  }
  if (judged.empty()) judged = selected_paths(check);
  const auto went = [&](const std::vector<std::string>& subjects, bool are) {
    return !subjects.empty() &&
           std::all_of(subjects.begin(), subjects.end(), [&](const std::string& one) { return gone(one, are); });
  };
  if (went(judged, are_paths)) return judged.front();
  const auto starting = starting_paths(check);
  return went(starting, true) ? starting.front() : std::string();
}

}  // namespace tollbar::reach
