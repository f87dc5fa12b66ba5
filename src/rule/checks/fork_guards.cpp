// Of `||` every side must leave them out, of `&&` one.
#include "rule/checks/fork_guards.h"

#include <algorithm>

#include "pipeline/expression_tree.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using pipeline::Expression;

bool is_guard(std::string_view text) {
  static const text::Pattern guard(
      R"((?ix)^(?: github\.event\.workflow_run\.event\s*==\s*'(?:push|release|schedule|workflow_dispatch|workflow_call|deployment|create|merge_group)'
        | github\.event_name\s*==\s*'(?:push|release|schedule|workflow_dispatch|create|merge_group|repository_dispatch)'
        | github\.event\.(?:workflow_run\.head_repository|pull_request\.head\.repo)\.full_name\s*==\s*github\.(?:event\.repository\.full_name|repository)
        | (?:!\s*github\.event\.(?:workflow_run\.head_repository|pull_request\.head\.repo)\.fork
            | github\.event\.(?:workflow_run\.head_repository|pull_request\.head\.repo)\.fork\s*==\s*false) )$)");
  return guard.matches(text);
}

bool leaves_out(const Expression& condition) {
  const auto& parts = condition.operands;
  const bool binary = condition.kind == Expression::Kind::binary;
  if (binary && condition.name == "||") return std::all_of(parts.begin(), parts.end(), leaves_out);
  if (binary && condition.name == "&&") return std::any_of(parts.begin(), parts.end(), leaves_out);
  return is_guard(pipeline::to_text(condition));
}

}  // namespace

bool leaves_strangers_out(std::string_view condition) {
  condition = text::trimmed(condition);
  if (condition.starts_with("${{") && condition.ends_with("}}")) condition = condition.substr(3, condition.size() - 5);
  const auto read = pipeline::parse_expression(condition);
  return read != nullptr && leaves_out(*read);
}

}  // namespace tollbar::rule
