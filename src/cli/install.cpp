// `tollbar install` and `uninstall`: hooks into place, and out of it again.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "git/repository.h"
#include "hook/installation.h"
#include "report/escape.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

hook::Place place_of(const Arguments& arguments, const Console& console) {
  using Serves = hook::Place::Serves;
  return hook::place_of(arguments.has("--global") ? Serves::user : Serves::repository, console.environment);
}

/// Nobody commits in a bare repository: what is pushed there is judged, and its work trees have the hooks of a client
/// once `install` runs in one of them.
hook::Side side_of(const Arguments& arguments) {
  const bool server = arguments.has("--server") ||
                      (!arguments.has("--global") && git::Repository::open(".", {.from_environment = true}).is_bare());
  return server ? hook::Side::server : hook::Side::client;
}

std::string state_of(const hook::HookFile& file) {
  using State = hook::HookFile::State;
  switch (file.state) {
    case State::absent:
      return "none";
    case State::foreign:
      return "another hook, without tollbar";
    case State::idle:
      return "passed over by git: it cannot be run (tollbar doctor says why)";
    case State::ours:
      break;
  }
  return file.runs_before ? "tollbar, after the hook that was there" : "tollbar";
}

void write_steps(Console& console, const hook::Place& place, const std::vector<hook::Step>& steps) {
  console.out << report::escape(place.directory) << ":\n";
  for (const hook::Step& step : steps) {
    console.out << fmt::format("  {:<16}  {}\n", step.hook, step.what);
  }
}

/// The hooks of this side, and whatever else judges here.
void show(Console& console, const hook::Place& place, hook::Side side) {
  std::vector<hook::Step> lines;
  for (const hook::HookFile& file : hook::inspect(place.directory)) {
    const hook::Hook& hook = *hook::find_hook(file.name);
    if (file.judges || (hook.side == side && hook.placing == hook::Placing::by_default)) {
      lines.push_back({file.name, state_of(file)});
    }
  }
  write_steps(console, place, lines);
}

}  // namespace

int run_install(const Arguments& arguments, Console& console) {
  const hook::Place place = place_of(arguments, console);
  const hook::Side side = side_of(arguments);
  if (arguments.has("--show")) {
    show(console, place, side);
    return exit_allowed;
  }
  const std::string program = hook::program_path(console.environment("PATH").value_or(""));
  write_steps(console, place, hook::install(place, side, program));
  return exit_allowed;
}

int run_uninstall(const Arguments& arguments, Console& console) {
  const hook::Place place = place_of(arguments, console);
  if (place.serves == hook::Place::Serves::user && !arguments.has("--global")) {
    throw util::UsageError("the hooks here serve all repositories of this user: tollbar uninstall --global");
  }
  const std::vector<hook::Step> steps = hook::uninstall(place);
  if (steps.empty()) {
    console.out << report::escape(place.directory) << ": no hook of tollbar\n";
  } else {
    write_steps(console, place, steps);
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
