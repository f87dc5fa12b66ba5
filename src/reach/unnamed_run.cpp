// The inventory lists what looks like a check by its tool or its names; a command that was one by the policy's word
// alone is looked for here.
#include "reach/unnamed_run.h"

#include "document/command_identity.h"
#include "reach/check_parts.h"

namespace tollbar::reach {
namespace {

/// As the inventory tells a check, without a name that answers for it.
template <typename Item>
Check run_of(const ExecutedStep& step, const Item& item, const Check& required) {
  Check check = check_of(step, {});
  check.identity = required.identity;
  check.tool = required.tool;
  check.kind = required.kind;
  check.known_tool = false;
  check.strength = Strength::strong;
  check.path = item.path;
  check.line = item.line;
  check.chain.insert(check.chain.end(), item.chain.begin(), item.chain.end());
  return check;
}

bool has_force(const ExecutedCommand& executed) {
  return executed.fatal && !executed.unreachable && executed.shadowed_by.empty() && executed.switched_off.why.empty() &&
         !executed.command->argv.empty() && !executed.command->context.in_substitution;
}

std::optional<Check> unnamed_run(const ExecutedStep& step, const Check& required) {
  for (const auto& executed : step.commands)
    if (has_force(executed) && document::identity(*executed.command) == required.identity)
      return run_of(step, executed, required);
  for (const auto& action : step.actions)
    if (action.switched_off.why.empty() && action.uses == required.identity) return run_of(step, action, required);
  return std::nullopt;
}

}  // namespace

std::optional<Check> unnamed_run(const Execution& execution, const Check& required) {
  for (const auto& pipeline : execution.pipelines)
    for (const auto& step : pipeline->steps)
      if (step.enforced)
        if (auto run = unnamed_run(step, required)) return run;
  return std::nullopt;
}

}  // namespace tollbar::reach
