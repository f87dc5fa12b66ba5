// `tollbar hook NAME`: hands a call of git's to its hook.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "hook/hooks.h"
#include "util/error.h"
#include "util/spelling.h"

namespace tollbar::cli {

int run_hook(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.words.front();
  const hook::Hook* hook = hook::find_hook(name);
  if (hook == nullptr) {
    std::vector<std::string> names;
    for (const hook::Hook& each : hook::hooks()) {
      names.emplace_back(each.name);
    }
    throw util::UsageError(fmt::format("there is no hook `{}`{}", name, util::did_you_mean(name, names)));
  }
  hook::Call call{{arguments.words.begin() + 1, arguments.words.end()},
                  console.in,
                  console.out,
                  console.err,
                  console.environment,
                  policy_file(arguments, console)};
  return hook->run(call);
}

}  // namespace tollbar::cli
