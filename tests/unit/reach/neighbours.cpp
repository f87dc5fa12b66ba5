// Texts of executions, compared with those of a cache that knows nothing yet.
#include "neighbours.h"

#include <doctest/doctest.h>

namespace tollbar::reach::test {
namespace {

std::string shown(const Chain& chain) {
  std::string text;
  for (const auto& link : chain)
    text += " <- " + link.path + ":" + link.part + ":" + std::to_string(link.line) + ":" +
            std::string(to_string(link.certainty));
  return text;
}

std::string shown(const ExecutedCommand& command) {
  std::string text = "  " + command.command->text() + " @" + command.path + ":" + std::to_string(command.line) +
                     " in " + command.working_directory + (command.fatal ? " fatal" : "") +
                     (command.unreachable ? " dead" : "") + (command.followed ? " followed" : "") +
                     shown(command.chain);
  for (const auto& [name, value] : *command.env) text += " " + name + "=" + value;
  if (!command.switched_off.why.empty()) text += " off: " + command.switched_off.why;
  if (!command.shadowed_by.empty()) text += " shadowed by " + command.shadowed_by;
  return text + "\n";
}

}  // namespace

std::string shown(const Execution& execution) {
  std::string text;
  for (const auto* step : steps_of(execution)) {
    text += step->context + (step->enforced ? "" : ": " + step->unenforced_why) + "\n";
    for (const auto& command : step->commands) text += shown(command);
    for (const auto& action : step->actions) text += "  action " + action.uses + shown(action.chain) + "\n";
    for (const auto& file : step->files) text += "  file " + file.path + ":" + file.part + shown(file.chain) + "\n";
    for (const auto& hook : step->hooks) text += "  hook " + hook.id + shown(hook.chain) + "\n";
    for (const auto& call : step->unknown) text += "  unknown " + call.text + shown(call.chain) + "\n";
    for (const auto& act : step->configured) text += "  act " + act.by + shown(act.chain) + "\n";
    for (const auto& use : step->credentials) text += "  holds " + use.name + "\n";
  }
  for (const auto& pipeline : execution.pipelines) {
    for (const auto& path : pipeline->dependence.consulted) text += "consulted " + path + "\n";
    for (const auto& [path, as] : pipeline->dependence.obeyed) text += "obeyed " + path + "\n";
    for (const auto& path : pipeline->dependence.listed) text += "listed " + path + "\n";
    for (const auto& problem : pipeline->problems) text += "problem " + problem + "\n";
  }
  return text;
}

std::shared_ptr<const Execution> Asked::execution(const Files& files) {
  auto tree = tree_of(files, model::FileMode::executable);
  return cache_.of(tree, shipped(), documents_, scripts_, profile_);
}

void check_alike(const std::vector<Files>& trees) {
  Asked together;
  for (const auto& files : trees) {
    const auto expected = Asked().of(files);
    CHECK(together.of(files) == expected);
    CHECK(together.of(files) == expected);
  }
}

std::string job(const std::string& name, const std::string& extra, const std::vector<std::string>& commands) {
  return "  " + name + ":\n    runs-on: ubuntu-latest\n" + extra + "    steps:\n" + steps(commands);
}

}  // namespace tollbar::reach::test
