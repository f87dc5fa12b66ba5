// Texts of executions, compared with those of a cache that knows nothing yet.
#include "neighbours.h"

#include <doctest/doctest.h>

#include <optional>

#include "util/sha256.h"

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
  return text + " at " + std::to_string(command.command->line) + "\n";
}

std::string at(std::uint32_t line) {
  return ":" + std::to_string(line);
}

/// A tree as a repository has it.
class NamedTree : public model::MemoryTree {
 public:
  explicit NamedTree(const Files& files) : MemoryTree(tree_of(files, model::FileMode::executable)) {
    std::string all;
    for (const auto& [path, bytes] : files) all.append(path).append("\n").append(bytes).append("\n\n");
    const auto digest = util::sha256(all);
    id_ = model::ObjectId::from_raw(digest.data(), digest.size());
  }
  std::optional<model::ObjectId> identity() const override { return id_; }

 private:
  model::ObjectId id_;
};

}  // namespace

std::string shown(const Execution& execution) {
  std::string text;
  for (const auto* step : steps_of(execution)) {
    text += step->context + (step->enforced ? "" : ": " + step->unenforced_why) + "\n";
    for (const auto& command : step->commands) text += shown(command);
    for (const auto& action : step->actions)
      text += "  action " + action.uses + at(action.line) + shown(action.chain) + "\n";
    for (const auto& file : step->files) text += "  file " + file.path + ":" + file.part + shown(file.chain) + "\n";
    for (const auto& hook : step->hooks) text += "  hook " + hook.id + at(hook.line) + shown(hook.chain) + "\n";
    for (const auto& call : step->unknown) text += "  unknown " + call.text + at(call.line) + shown(call.chain) + "\n";
    for (const auto& act : step->configured) text += "  act " + act.by + at(act.line) + shown(act.chain) + "\n";
    if (!step->ends_job.empty()) text += "  ends " + step->ends_job + "\n";
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
  if (names_ == Names::none) {
    auto tree = tree_of(files, model::FileMode::executable);
    return cache_.of(tree, shipped(), documents_, scripts_, profile_);
  }
  NamedTree tree(files), before(last_);
  const auto deltas = model::diff(before, tree);
  last_ = files;
  return cache_.of(tree, shipped(), documents_, scripts_, profile_, {before.identity(), &deltas});
}

void check_alike(const std::vector<Files>& trees) {
  for (const auto names : {Names::none, Names::identities}) {
    Asked together(names);
    for (const auto& files : trees) {
      const auto expected = Asked().of(files);
      CHECK(together.of(files) == expected);
      CHECK(together.of(files) == expected);
    }
  }
}

std::string job(const std::string& name, const std::string& extra, const std::vector<std::string>& commands) {
  return "  " + name + ":\n    runs-on: ubuntu-latest\n" + extra + "    steps:\n" + steps(commands);
}

}  // namespace tollbar::reach::test
