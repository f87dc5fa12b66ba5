// Whoever calls a workflow in the tree is named by the chains of its checks.
#include "reach/settled_calls.h"

#include <algorithm>
#include <set>
#include <string>

namespace tollbar::reach {
namespace {

/// Only a call starts it: a reusable workflow that no pipeline of the tree calls serves other repositories.
bool waits_for_calls(const Check& check) {
  return check.enforced && !check.events.empty() &&
         std::all_of(check.events.begin(), check.events.end(),
                     [](const auto& event) { return event.name == "workflow_call"; });
}

}  // namespace

std::vector<Check> with_calls_settled(const std::vector<Check>& before, std::vector<Check> after) {
  std::set<std::string> called;
  for (const auto& check : before) {
    for (const auto& link : check.chain) called.insert(link.path);
  }
  for (auto& check : after) {
    if (waits_for_calls(check) && called.count(check.pipeline) != 0) {
      check.enforced = false;
      check.why = "no pipeline calls its workflow any more";
      check.why_path = check.pipeline;
      check.events.clear();
    } else if (check.left_to_callers) {
      const auto served = std::find_if(before.begin(), before.end(), [&](const Check& other) {
        return waits_for_calls(other) && other.job == check.job && other.identity == check.identity;
      });
      if (served == before.end()) continue;
      check.enforced = true;
      check.events = served->events;
    }
  }
  return after;
}

}  // namespace tollbar::reach
