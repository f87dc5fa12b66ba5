// Functions are told by name alone: one whose name stands but once is called by nobody here.
#include "document/program_outline.h"

#include "text/pattern.h"

namespace tollbar::document {
namespace {

using text::Pattern;

constexpr unsigned kDeepest = 200;

bool is_never(const Statement& statement) {
  static const Pattern constant(
      R"(^(?:\}\s*)?(?:if|elif|elsif|while)\b\s*\(?\s*!?(?:(?:false|False|0|nil|null|\$false|\[\[? 1 (?:=|==|-eq) [02] \]\]?)\s*(?:\)?\s*:?$|\)|(?:and|&&)\s)|.*(?:\band\b|&&)\s*(?:false|False|0|\$false)\s*\)?\s*:?$))");
  return constant.matches(statement.bare);
}

/// `RUN = False`, and nothing else ever sets it: the names whose conditions are decided where they are set.
void find_constants(const std::vector<Statement>& statements, std::set<std::string>& truths,
                    std::set<std::string>& falsehoods) {
  static const Pattern constant(
      R"(^(?:(?:const|let|var|my|our)\s+)?[$@]?([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?:?=\s*(?:(true|True|\$true|1)|(?:false|False|\$false|0|nil|null|None|undefined|""|''))\s*$)");
  static const Pattern set(
      R"((?<![.\w])([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?(?:=(?![=>~])|[-+|&:.?*/]{1,2}=(?!=)|\+\+|--))");
  static const Pattern taken(R"(\b(?:for|as|global|nonlocal|into)\s+\(?[$@]?(\w+))");
  std::map<std::string, unsigned> times;
  const auto count = [&](const text::Match& match) { ++times[std::string(*match.groups[1])]; };
  for (const auto& statement : statements) {
    text::each_match(set, statement.bare, count);
    text::each_match(taken, statement.bare, count);
  }
  for (const auto& statement : statements) {
    const auto found = constant.find(statement.text);
    if (!found || times[std::string(*found->groups[1])] != 1) continue;
    (found->groups[2] ? truths : falsehoods).emplace(*found->groups[1]);
  }
}

bool ends_block(const Statement& statement) {
  static const Pattern leaves(
      R"(^(?:return|raise|throw|exit)\b|^(?:sys\.exit|process\.exit|os\.Exit|Deno\.exit)\s*\()");
  static const Pattern modified(R"(\s(?:if|unless|or|and)\s|\|\||&&)");
  return statement.function.empty() && leaves.matches(statement.bare) && !modified.matches(statement.bare);
}

}  // namespace

bool ProgramOutline::never_holds(const Statement& statement) const {
  if (is_never(statement)) return true;
  static const Pattern asked(
      R"(^(?:\}\s*)?(?:if|elif|elsif|while)\b\s*\(?\s*(!\s*|not\s+)?[$@]?([A-Za-z_]\w*)\s*(?:\)?\s*[:{]?$|\)|(?:and|&&)\s))");
  const auto found = language_ == Language::shell ? std::nullopt : asked.find(statement.bare);
  if (!found) return false;
  const bool negated = found->groups[1] && !found->groups[1]->empty();
  return (negated ? truths_ : falsehoods_).count(std::string(*found->groups[2])) != 0;
}

ProgramOutline::ProgramOutline(std::string_view text, Language language)
    : language_(language), statements_(statements_of(text, language)) {
  static const Pattern word(R"([A-Za-z_][\w-]*)");
  if (language != Language::shell) find_constants(statements_, truths_, falsehoods_);
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    const auto& statement = statements_[i];
    children_[statement.header].push_back(i);
    if (!statement.function.empty()) functions_.insert(statement.function);
    // A shell calls functions from strings too: in traps, in substitutions.
    text::each_match(word, language == Language::shell ? statement.text : statement.bare,
                     [&](const text::Match& match) { ++words_[std::string(*match.groups[0])]; });
  }
}

const std::vector<std::size_t>& ProgramOutline::under(std::size_t header) const {
  static const std::vector<std::size_t> nothing;
  const auto found = children_.find(header);
  return found == children_.end() ? nothing : found->second;
}

std::string ProgramOutline::branch_of(const Statement& statement) const {
  return statement.header == Statement::none ? std::string() : statements_[statement.header].text;
}

std::string ProgramOutline::function_of(std::size_t at) const {
  for (unsigned depth = 0; at != Statement::none && depth < kDeepest; at = statements_[at].header, ++depth)
    if (!statements_[at].function.empty()) return statements_[at].function;
  return {};
}

bool ProgramOutline::calls(const std::string& function) const {
  const auto found = words_.find(function);
  return found != words_.end() && found->second > 1;
}

bool ProgramOutline::is_given_up(const std::string& function, const ProgramOutline* before) const {
  return before != nullptr && !function.empty() && before->has_function(function) && before->calls(function) &&
         !calls(function);
}

void ProgramOutline::bury(const ProgramOutline* before) {
  std::set<std::size_t> buried;
  for (const auto& [header, members] : children_) {
    bool over = false;
    for (const auto at : members) {
      if (over && statements_[at].function.empty()) buried.insert(at);
      over = over || ends_block(statements_[at]);
    }
  }
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    static const Pattern in_one(R"(^if\s*\([^()]*\)\s*[^\s{])");
    const bool governs =
        !under(i).empty() || (language_ == Language::javascript && in_one.matches(statements_[i].bare));
    const bool empty_condition = governs && never_holds(statements_[i]);
    const bool given_up = is_given_up(statements_[i].function, before);
    if (given_up) given_up_.insert(statements_[i].function);
    if (empty_condition || given_up) buried.insert(i);
  }
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    unsigned depth = 0;
    for (auto at = i; at != Statement::none && depth < kDeepest; at = statements_[at].header, ++depth)
      if (buried.count(at) != 0) dead_.insert(i);
  }
}

}  // namespace tollbar::document
