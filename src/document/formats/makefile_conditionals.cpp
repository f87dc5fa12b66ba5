// A condition over what the environment may set holds or may hold; it never fails for certain.
#include "document/formats/makefile_conditionals.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tollbar::document {
namespace {

/// The operands of `(a,b)`, `"a" "b"` and `'a' 'b'`.
std::optional<std::pair<std::string_view, std::string_view>> operands(std::string_view text) {
  text = make_trimmed(text);
  if (text.size() < 2) return std::nullopt;
  if (text.front() == '"' || text.front() == '\'') {
    const auto end = text.find(text.front(), 1);
    const auto rest = end == std::string_view::npos ? std::string_view() : make_trimmed(text.substr(end + 1));
    if (rest.size() < 2 || (rest.front() != '"' && rest.front() != '\'') || rest.back() != rest.front())
      return std::nullopt;
    return std::pair(text.substr(1, end - 1), rest.substr(1, rest.size() - 2));
  }
  if (text.front() != '(' || text.back() != ')') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' || text[i] == '{' ? 1 : text[i] == ')' || text[i] == '}' ? -1 : 0;
    if (text[i] == ',' && depth == 0)
      return std::pair(make_trimmed(text.substr(0, i)), make_trimmed(text.substr(i + 1)));
  }
  return std::nullopt;
}

bool is_told(std::string_view text) {
  return text.find('$') == std::string_view::npos;
}

/// What only a default says may be said otherwise.
Counts graded(bool holds, bool by_default) {
  return holds ? Counts::always : by_default ? Counts::perhaps : Counts::never;
}

}  // namespace

Counts MakeConditionals::judge(std::string_view word, std::string_view rest, const MakeVariables& variables) {
  if (word == "ifdef" || word == "ifndef") {
    const std::string name = variables.expand(make_trimmed(rest));
    asked_.insert(name);
    const auto known = variables.find(name);
    if (known == variables.end()) return Counts::perhaps;
    const bool set = !known->second.empty();
    return word == "ifdef" ? graded(set, variables.is_default(name)) : graded(!set, variables.is_default(name));
  }
  const auto sides = operands(rest);
  if (!sides) return Counts::perhaps;
  for (const auto side : {sides->first, sides->second})
    for (const auto name : make_references(side)) asked_.emplace(name);
  const std::string left = variables.expand(sides->first), right = variables.expand(sides->second);
  if (!is_told(left) || !is_told(right)) return Counts::perhaps;
  const bool by_default = variables.hangs_on_default(sides->first) || variables.hangs_on_default(sides->second);
  return graded((make_trimmed(left) == make_trimmed(right)) == (word == "ifeq"), by_default);
}

void MakeConditionals::enter(Counts condition, Branch& branch) const {
  branch.counts = branch.decided                                  ? Counts::never
                  : condition == Counts::always && branch.perhaps ? Counts::perhaps
                                                                  : condition;
  branch.decided = branch.decided || condition == Counts::always;
  branch.perhaps = branch.perhaps || condition == Counts::perhaps;
}

bool MakeConditionals::read(std::string_view line, const MakeVariables& variables) {
  static constexpr std::array<std::string_view, 4> questions{"ifeq", "ifneq", "ifdef", "ifndef"};
  const auto end = line.find_first_of(" \t(\"'");
  const auto word = line.substr(0, end);
  auto rest = end == std::string_view::npos ? std::string_view() : line.substr(end);
  if (std::find(questions.begin(), questions.end(), word) != questions.end()) {
    branches_.emplace_back();
    enter(judge(word, rest, variables), branches_.back());
    return true;
  }
  if (word != "else" && word != "endif") return false;
  if (branches_.empty()) return true;
  if (word == "endif") {
    branches_.pop_back();
    return true;
  }
  auto& branch = branches_.back();
  branch.earlier.merge(branch.current);
  branch.current.clear();
  rest = make_trimmed(rest);
  const auto next = rest.substr(0, rest.find_first_of(" \t(\"'"));
  const bool asks = std::find(questions.begin(), questions.end(), next) != questions.end();
  enter(asks ? judge(next, rest.substr(next.size()), variables) : Counts::always, branch);
  return true;
}

Counts MakeConditionals::here() const {
  Counts counts = Counts::always;
  for (const auto& branch : branches_) counts = std::max(counts, branch.counts);
  return counts;
}

bool MakeConditionals::sets_again(const std::string& name) {
  if (branches_.empty()) return false;
  branches_.back().current.insert(name);
  return branches_.back().earlier.count(name) != 0;
}

}  // namespace tollbar::document
