// Steps of CircleCI jobs: scripts, built-in steps, commands and orbs, conditions.
#include <algorithm>
#include <array>

#include "pipeline/readers/circleci.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"

namespace tollbar::pipeline::circleci {
namespace {

using document::Node;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxSteps = 2000;
constexpr std::size_t kMaxLists = 5000;  // commands that call themselves many times

constexpr std::array<std::string_view, 10> kBuiltIn{
    "checkout",         "save_cache",           "restore_cache", "store_artifacts",     "store_test_results",
    "attach_workspace", "persist_to_workspace", "add_ssh_keys",  "setup_remote_docker", "setup_docker"};

class StepReader {
 public:
  StepReader(const StepSettings& settings, std::vector<Step>& steps) : settings_(settings), steps_(steps) {}

  void read_all(const Node* steps, const Values& values, const Scope& scope, const Condition& condition, int depth) {
    if (!steps || depth > kMaxDepth || ++lists_ > kMaxLists) return;
    for (const auto& item : steps->items) {
      if (steps_.size() >= kMaxSteps) return;
      const Node known = substituted(item, values);
      if (known.is_sequence()) {
        read_all(&known, values, scope, condition, depth + 1);
      } else if (known.is_scalar()) {
        read(known.scalar, known, nullptr, values, scope, condition, depth);
      } else if (known.is_mapping() && !known.members.empty()) {
        const auto& [name, arguments] = known.members.front();
        read(name.text(), name, &arguments, values, scope, condition, depth);
      }
    }
  }

 private:
  void read(std::string_view name, const Node& place, const Node* arguments, const Values& values, const Scope& scope,
            const Condition& condition, int depth) {
    const auto command = scope.find("commands", name);
    if ((name == "run" || (name == "deploy" && !command.node)) && arguments)
      return add_run(*arguments, place.line, condition);
    if ((name == "when" || name == "unless") && arguments) {
      const auto* statement = arguments->get("condition");
      auto own = statement ? evaluate(*statement) : Condition{};
      if (name == "unless") own = negated(std::move(own));
      return read_all(arguments->get("steps"), values, scope, both(condition, own), depth + 1);
    }
    if (name == "steps") return read_all(arguments, values, scope, condition, depth + 1);
    if (command.node) {
      const auto inside = inner_values(command.node->get("parameters"), arguments, values);
      return read_all(command.node->get("steps"), inside, scope.inside(*command.root), condition, depth + 1);
    }
    add_other(name, place.line, arguments, scope, condition);
  }

  void add_run(const Node& run, std::uint32_t line, const Condition& condition) {
    Step step;
    step.line = line;
    step.condition = condition;
    const auto* command = run.is_mapping() ? run.get("command") : &run;
    step.name = text_of(run.get("name"));
    step.env = text_map(run.get("environment"));
    step.timeout = text_of(run.get("no_output_timeout"));
    const auto* directory = run.get("working_directory");
    step.working_directory = directory ? directory_of(text_of(directory)) : std::string();
    const auto* background = run.get("background");
    step.may_fail = background && background->truth() == true;
    const auto when = text_of(run.get("when"));
    if (when == "on_fail") step.condition = both(condition, {Truth::depends, "on_fail", line});
    const auto* own_shell = run.get("shell");
    const auto shell = own_shell ? text_of(own_shell) : settings_.shell;
    auto start = shell.empty() ? ShellStart{settings_.windows ? "powershell" : "bash", true, true} : read_shell(shell);
    if (command && (command->is_scalar() || command->is_sequence())) give_script(*command, start, step);
    steps_.push_back(std::move(step));
  }

  void add_other(std::string_view name, std::uint32_t line, const Node* arguments, const Scope& scope,
                 const Condition& condition) {
    Step step;
    step.line = line;
    step.condition = condition;
    step.with = text_map(arguments);
    if (std::find(kBuiltIn.begin(), kBuiltIn.end(), name) != kBuiltIn.end()) {
      step.name = name;
    } else if (const auto* orb = scope.published(name)) {
      step.uses = orb->name + std::string(name.substr(name.find('/')));
      step.uses_version = orb->version;
    } else {
      step.uses = name;
    }
    steps_.push_back(std::move(step));
  }

  /// Relative to the job's directory, which is where the tree is checked out: `~/project` unless the job says
  /// otherwise.
  std::string directory_of(std::string path) const {
    for (const std::string_view root : {std::string_view(settings_.working_directory), std::string_view("~/project"),
                                        std::string_view("~/repo"), std::string_view("/home/circleci/project")}) {
      if (root.empty() || !path.starts_with(root)) continue;
      path.erase(0, root.size());
      path.erase(0, path.find_first_not_of('/'));
      break;
    }
    return path.starts_with('~') ? std::string() : normalise_directory(path);
  }

  const StepSettings& settings_;
  std::vector<Step>& steps_;
  std::size_t lists_ = 0;
};

}  // namespace

std::vector<Step> read_steps(const Node* steps, const Values& values, const Scope& scope,
                             const StepSettings& settings) {
  std::vector<Step> result;
  StepReader(settings, result).read_all(steps, values, scope, {}, 0);
  return result;
}

Scope::Found Scope::find(std::string_view kind, std::string_view name) const {
  if (const auto slash = name.find('/'); slash != std::string_view::npos) {
    const auto orb = orbs.find(name.substr(0, slash));
    if (orb == orbs.end() || !orb->second.source) return {};
    return {orb->second.source->get({kind, name.substr(slash + 1)}), orb->second.source};
  }
  return {root ? root->get({kind, name}) : nullptr, root};
}

const Orb* Scope::published(std::string_view name) const {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return nullptr;
  const auto orb = orbs.find(name.substr(0, slash));
  return orb == orbs.end() || orb->second.source ? nullptr : &orb->second;
}

Scope Scope::inside(const Node& other) const {
  return &other == root ? *this : scope_of(other);
}

Scope scope_of(const Node& root) {
  Scope scope;
  scope.root = &root;
  for_each_member(root.get("orbs"), [&](std::string_view alias, const Node& node) {
    Orb orb;
    if (node.is_mapping()) {
      orb.source = &node;
    } else {
      const auto text = node.text();
      const auto at = text.find('@');
      orb.name = text.substr(0, at);
      if (at != std::string_view::npos) orb.version = text.substr(at + 1);
    }
    scope.orbs[std::string(alias)] = std::move(orb);
  });
  return scope;
}

}  // namespace tollbar::pipeline::circleci
