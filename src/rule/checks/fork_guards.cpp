// An expression is cut at its outermost `||` and `&&`; what else it says is left to the parts.
#include "rule/checks/fork_guards.h"

#include <algorithm>
#include <vector>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

constexpr int kDeepest = 32;

/// The parts between an operator of two characters, outside of parentheses and strings.
std::vector<std::string_view> split(std::string_view text, std::string_view by) {
  std::vector<std::string_view> parts;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth != 0 || text.substr(i, by.size()) != by) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + by.size();
    i = begin - 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// The parenthesis that opens the text closes with its last character.
bool holds_all(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) return i + 1 == text.size();
  }
  return false;
}

/// The text without the parentheses or `${{ }}` that hold all of it.
std::string_view bare(std::string_view text) {
  text = text::trimmed(text);
  while (true) {
    if (text.starts_with("${{") && text.ends_with("}}") && text.find("${{", 3) == std::string_view::npos) {
      text = text::trimmed(text.substr(3, text.size() - 5));
    } else if (text.starts_with('(') && holds_all(text)) {
      text = text::trimmed(text.substr(1, text.size() - 2));
    } else {
      return text;
    }
  }
}

bool is_guard(std::string_view text) {
  static const text::Pattern guard(
      R"((?ix)^(?: github\.event\.workflow_run\.event\s*==\s*'(?:push|release|schedule|workflow_dispatch|workflow_call|deployment|create|merge_group)'
        | github\.event_name\s*==\s*'(?:push|release|schedule|workflow_dispatch|create|merge_group|repository_dispatch)'
        | github\.event\.(?:workflow_run\.head_repository|pull_request\.head\.repo)\.full_name\s*==\s*github\.(?:event\.repository\.full_name|repository)
        | (?:!\s*github\.event\.(?:workflow_run\.head_repository|pull_request\.head\.repo)\.fork
            | github\.event\.(?:workflow_run\.head_repository|pull_request\.head\.repo)\.fork\s*==\s*false) )$)");
  return guard.matches(text);
}

bool leaves_out(std::string_view text, int depth) {
  text = bare(text);
  if (depth > kDeepest || text.empty()) return false;
  const auto holds = [&](std::string_view part) { return leaves_out(part, depth + 1); };
  if (const auto either = split(text, "||"); either.size() > 1) return std::all_of(either.begin(), either.end(), holds);
  if (const auto both = split(text, "&&"); both.size() > 1) return std::any_of(both.begin(), both.end(), holds);
  return is_guard(text);
}

}  // namespace

bool leaves_strangers_out(std::string_view condition) {
  return leaves_out(condition, 0);
}

}  // namespace tollbar::rule
