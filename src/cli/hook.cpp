// `tollbar hook NAME`: hands a call of git's to its hook.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "hook/agent.h"
#include "hook/hooks.h"
#include "util/error.h"
#include "util/spelling.h"

namespace tollbar::cli {

namespace {

/// `tollbar hook agent --for NAME`.
int run_agent(const Arguments& arguments, hook::Call& call) {
  const auto name = arguments.value("--for");
  if (!name) {
    throw util::UsageError("hook agent needs --for with the agent's name");
  }
  return hook::run_agent(call, *hook::find_agent_protocol(*name));
}

}  // namespace

int run_hook(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.words.front();
  hook::Call call{{arguments.words.begin() + 1, arguments.words.end()},
                  console.in,
                  console.out,
                  console.err,
                  console.environment,
                  policy_file(arguments, console)};
  if (name == "agent") {
    return run_agent(arguments, call);
  }
  const hook::Hook* hook = hook::find_hook(name);
  if (hook == nullptr) {
    std::vector<std::string> names;
    for (const hook::Hook& each : hook::hooks()) {
      names.emplace_back(each.name);
    }
    throw util::UsageError(fmt::format("there is no hook `{}`{}", name, util::did_you_mean(name, names)));
  }
  return hook->run(call);
}

}  // namespace tollbar::cli
