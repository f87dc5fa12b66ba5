// From one command to the next: directories and constant variables tracked, depth, cycles and the total bounded.
#include "reach/follower.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "document/shell_listing.h"
#include "reach/computed_call.h"
#include "reach/legs.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

constexpr std::size_t kDepthLimit = 8;
constexpr std::size_t kCommandBudget = 100'000;

/// `join_path` for directories: the root is the empty text; no value where the path leads out of the tree.
std::optional<std::string> join_directory(const std::string& directory, const std::string& path) {
  std::string joined = join_path(directory, path);
  if (joined.empty()) return std::nullopt;
  return joined == "." ? std::string() : joined;
}

bool by_module(const document::Command& command) {
  return std::any_of(command.argv.begin(), command.argv.end(), [](const auto& word) { return word.text == "-m"; }) &&
         std::any_of(command.argv.begin(), command.argv.end(),
                     [](const auto& word) { return word.text.substr(word.text.rfind('/') + 1).starts_with("python"); });
}

/// What a command sets for those after it: `A=b`, `export A=b`.
std::vector<document::Assignment> declared(const document::Command& command) {
  std::vector<document::Assignment> result;
  if (command.argv.empty()) result = command.assignments;
  if (!document::is_declaration(command.program())) return result;
  for (const auto& word : command.argv) {
    const auto name = document::assigned_name(word.text);
    if (!name.empty())
      result.push_back({std::string(name), {word.text.substr(name.size() + 1), word.dynamic, word.quoted, word.line}});
  }
  return result;
}

/// `cd`, `pushd` and constant assignments change what later commands mean.
void track(const document::Command& command, const std::string& own_directory, util::CopyOnWrite<Variables>& variables,
           std::optional<std::string>& directory) {
  if (command.context.in_substitution) return;
  for (const auto& assignment : declared(command)) {
    std::string value = literal(assignment.value, *variables, own_directory);
    if (value.empty() && assignment.value.dynamic) {
      if (variables->count(assignment.name) != 0) variables.edit().erase(assignment.name);
    } else {
      variables.edit()[assignment.name] = std::move(value);
    }
  }
  const bool moves = command.program() == "cd" || command.program() == "pushd";
  if (!moves || command.argv.size() < 2 || command.context.conditional) return;
  const std::string target = literal(command.argv[1], *variables, own_directory);
  if (directory && !target.empty() && target != "-") directory = join_directory(*directory, target);
}

/// `yarn run ember test`: where the package has no script of the name, yarn and bun run the tool.
void unwrap(document::Command& command) {
  const auto words = document::essential(command);
  if (words.size() < 3 || (words[0].text != "yarn" && words[0].text != "bun")) return;
  const auto run =
      std::find_if(words.begin() + 1, words.end(), [](const auto& word) { return !word.text.starts_with('-'); });
  if (run == words.end() || run->text != "run" || run + 1 == words.end() || (run + 1)->text.starts_with('-')) return;
  command.argv.assign(run + 1, words.end());
}

}  // namespace

Follower::Follower(model::Tree& tree, pipeline::DocumentCache& documents, ScriptCache& scripts,
                   PipelineExecution& execution)
    : tree_(tree), documents_(documents), scripts_(scripts), execution_(execution), budget_(kCommandBudget) {}

void Follower::note(const std::string& problem) {
  auto& problems = execution_.problems;
  if (std::find(problems.begin(), problems.end(), problem) == problems.end()) problems.push_back(problem);
}

std::optional<model::FileEntry> Follower::find(const std::string& path) {
  execution_.consulted.insert(path);
  auto entry = tree_.find(path);
  if (!entry || entry->mode != model::FileMode::symlink) return entry;
  const std::string link = scripts_.text(tree_, *entry);
  const auto target = link.empty() ? std::nullopt : join_directory(directory_of(path), link);
  if (!target) return std::nullopt;
  execution_.consulted.insert(*target);
  entry = tree_.find(*target);
  return entry && entry->mode != model::FileMode::symlink ? entry : std::nullopt;
}

std::string Follower::in_tree(const std::string& path) const {
  const auto found =
      std::find_if(checkouts_.begin(), checkouts_.end(), [&](const auto& prefix) { return path.starts_with(prefix); });
  return found == checkouts_.end() ? path : path.substr(found->size());
}

void Follower::follow(const pipeline::Pipeline& source, const pipeline::Job& job, const pipeline::Step& step,
                      ExecutedStep& into) {
  step_ = &into;
  visited_.clear();
  Place place;
  place.path = source.path;
  place.env = source.env;
  for (const auto& [name, value] : job.env) place.env.edit()[name] = value;
  place.entered = false;
  start_ = with_inputs(step.working_directory);
  checkouts_.clear();
  for (const auto& other : job.steps) {
    const auto path = other.with.find("path");
    if (other.uses != "actions/checkout" || path == other.with.end() || other.with.count("repository") != 0) continue;
    const std::string directory = join_path("", path->second);
    if (!directory.empty() && directory != ".") checkouts_.push_back(directory + "/");
  }
  follow_step(step, place);
}

/// `${{ inputs.NAME }}` of a called workflow, where the caller's value is a text; else the text as it is.
std::string Follower::with_inputs(std::string text) const {
  for (auto begin = text.find("${{"); begin != std::string::npos; begin = text.find("${{", begin + 1)) {
    const auto end = text.find("}}", begin);
    if (end == std::string::npos) break;
    const std::string body(text::trimmed(std::string_view(text).substr(begin + 3, end - begin - 3)));
    constexpr std::string_view prefix = "inputs.";
    const auto value = body.starts_with(prefix) ? inputs_.find(body.substr(prefix.size())) : inputs_.end();
    if (value == inputs_.end() || value->second.find("${{") != std::string::npos) continue;
    text.replace(begin, end + 2 - begin, value->second);
  }
  return text;
}

void Follower::follow_step(const pipeline::Step& step, const Place& place) {
  Place inner = place;
  for (const auto& [name, value] : step.env) inner.env.edit()[name] = value;
  for (const auto& [name, value] : *inner.env) {
    if (value.find('$') == std::string::npos) inner.variables.edit()[name] = value;
  }
  if (!step.working_directory.empty())
    inner.directory = place.entered ? step.working_directory : with_inputs(step.working_directory);
  if (!step.uses.empty()) follow_action(step, inner);
  follow_script(step.script, std::move(inner));
}

void Follower::follow_action(const pipeline::Step& step, const Place& place) {
  step_->actions.push_back({step.uses, step.uses_version, step.with, place.path, step.line, place.chain});
  if (follow_image_action(step, place)) return;
  follow_inputs(step, place);
  if (!step.uses.starts_with("./")) return;
  auto directory = join_directory("", step.uses);
  if (!directory) return;
  directory = in_tree(*directory);
  const std::string prefix = directory->empty() ? "" : *directory + "/";
  execution_.consulted.insert({prefix + "action.yml", prefix + "action.yaml"});
  auto action = pipeline::read_action(tree_, *directory, documents_);
  if (!action) return;
  execution_.called.push_back(std::make_shared<const pipeline::Pipeline>(std::move(*action)));
  const pipeline::Pipeline& composite = *execution_.called.back();
  execution_.consulted.insert(composite.files.begin(), composite.files.end());
  for (const auto& job : composite.jobs) {
    for (const auto& inner : job.steps) {
      Place within = place;
      within.handed_on += "\n" + std::to_string(inner.line);  // steps without names are several all the same
      if (!descend(within, composite.path, inner.name.empty() ? inner.id : inner.name, step.line, place.directory))
        continue;
      within.fatal = within.fatal && !inner.may_fail && !inner.is_cleanup;
      within.unreachable = within.unreachable || inner.condition.truth == pipeline::Truth::never;
      within.directory = "";
      for (const auto& [input, file] : inner.with) {
        if (!inner.run.empty() || input == "entrypoint-args" || input == "args") continue;
        const std::string path = join_path(*directory, file);
        if (!path.empty() && path != "." && find(path)) enter_image(path, "", inner.line, within);
      }
      follow_step(inner, within);
    }
  }
}

/// Actions that run what their inputs say: `command` of a retry, `script` of an emulator, `cmd1`, `cmd2` in parallel.
void Follower::follow_inputs(const pipeline::Step& step, const Place& place) {
  if (step.uses.starts_with("actions/")) return;
  const auto words = [&](const std::string& name) {
    const auto found = step.with.find(name);
    return found == step.with.end() ? std::string() : found->second;
  };
  std::vector<std::string> scripts;
  const std::string tool = step.uses.substr(step.uses.rfind('/') + 1);
  if (step.uses == "pre-commit/action" || tool == "prek-action") {
    for (const std::string input : {"extra_args", "extra-args"}) {
      if (!words(input).empty()) scripts.push_back("pre-commit run " + words(input));
    }
    if (scripts.empty()) scripts.emplace_back("pre-commit run --all-files");
  } else if (step.uses == "actions-rs/cargo" || step.uses == "houseabsolute/actions-rust-cross") {
    if (!words("command").empty()) scripts.push_back("cargo " + words("command") + " " + words("args"));
  } else if (tool == "actions-yarn") {
    if (!words("cmd").empty()) scripts.push_back("yarn " + words("cmd"));
  } else {
    for (const auto& [input, value] : step.with) {
      const bool numbered = input.starts_with("cmd") && input.find_first_not_of("0123456789", 3) == std::string::npos;
      constexpr std::array<std::string_view, 8> kScripts{"run",    "script",      "command",      "commands",
                                                         "runCmd", "run-command", "test-command", "custom-command"};
      if (numbered || std::find(kScripts.begin(), kScripts.end(), input) != kScripts.end()) scripts.push_back(value);
    }
  }
  for (const auto& script : scripts) {
    if (script.find_first_of(" \n") != std::string::npos || script.starts_with("./"))
      follow_script(document::parse_shell(script, {true, false, step.line}), place);
  }
}

void Follower::follow_script(const document::Script& script, Place place) {
  const std::string own = place.entered ? directory_of(place.path) : place.directory;
  std::optional<std::string> directory = place.directory;
  for (const auto& command : script.commands) {
    if (budget_ == 0) return note("command limit");
    --budget_;
    track(command, own, place.variables, directory);
    if (!directory) directory = place.directory;
    ExecutedCommand executed;
    executed.command = command;
    executed.path = place.path;
    executed.part = place.part;
    executed.line = command.line;
    executed.chain = place.chain;
    executed.fatal = place.fatal && command.context.fatal;
    executed.unreachable = place.unreachable || command.context.unreachable;
    executed.working_directory = *directory;
    executed.env = place.env;
    for (const auto& assignment : command.assignments) executed.env.edit()[assignment.name] = assignment.value.text;
    for (const auto& assignment : declared(command)) place.env.edit()[assignment.name] = assignment.value.text;
    const std::size_t at = step_->commands.size();
    step_->commands.push_back(std::move(executed));
    Place here = place;
    here.directory = *directory;
    here.env = step_->commands[at].env;
    here.fatal = step_->commands[at].fatal;
    here.unreachable = step_->commands[at].unreachable;
    const bool followed = follow_calls(command, script, here);
    step_->commands[at].followed = followed;
    if (!followed) unwrap(step_->commands[at].command);
  }
}

bool Follower::follow_calls(const document::Command& command, const document::Script& script, const Place& place) {
  const std::string own = place.entered ? directory_of(place.path) : place.directory;
  const auto words = document::essential(command);
  std::vector<std::vector<std::string>> calls(1);  // one for each value that a word has in the legs of the job
  for (const auto& word : words) {
    const auto text = literal(word, *place.variables, own);
    const bool open = text.empty() && calls.size() == 1 && step_->job != nullptr;
    const auto values = open ? leg_values(word, *step_->job, *place.env) : std::vector<std::string>();
    while (calls.size() < values.size()) calls.push_back(calls.front());
    for (std::size_t i = 0; i < calls.size(); ++i) calls[i].push_back(values.empty() ? text : values[i]);
  }
  bool followed = false;
  for (const auto& argv : calls) {
    if (is_computed_call(words, argv, command.context) && !place.unreachable)
      step_->unknown.push_back({command.text(), place.path, command.line, place.chain});
    for (const auto& call : calls_of(argv, by_module(command))) {
      Place here = place;
      here.certainty = call.certainty;
      followed = follow_call(call, command, script, here) || followed;
    }
  }
  return followed;
}

std::string Follower::locate(const Call& call, const Place& place) {
  // What a variable or another repository names as the place of the checkout can only be the root of this tree.
  const bool elsewhere = !place.directory.empty() && !find(place.directory);
  for (const std::string& from : {place.directory, elsewhere ? std::string() : start_}) {
    const auto directory = join_directory(from, call.directory.empty() ? "." : call.directory);
    if (!directory) continue;
    for (const auto& file : call.files) {
      const std::string path = in_tree(join_path(*directory, file));
      const bool wants_folder = call.kind == CallKind::sources || call.kind == CallKind::generate;
      if (path.empty() || (path == "." && !wants_folder)) continue;
      if (path == ".") return path;
      const auto entry = find(path);
      if (entry && (entry->mode == model::FileMode::directory) == wants_folder) return path;
    }
    if (!elsewhere && start_ == place.directory) break;
  }
  return {};
}

bool Follower::follow_call(const Call& call, const document::Command& command, const document::Script& script,
                           const Place& place) {
  std::string path = locate(call, place);
  // A workspace needs no manifest at its root.
  if (path.empty() && (call.recursive || !call.workspaces.empty())) path = join_path(place.directory, "package.json");
  if (path.empty()) return false;
  switch (call.kind) {
    case CallKind::script:
    case CallKind::sourced:
      return enter_script(call, command, script, path, place);
    case CallKind::program:
      if (call.parts.empty()) return enter_script(call, command, script, path, place);
      enter_tasks(call, command.line, path, place);
      return false;
    case CallKind::package:
      return enter_package(call, command.line, path, place);
    case CallKind::make:
    case CallKind::just:
      return enter_make(call, command.line, path, place);
    case CallKind::task:
      return enter_task(call, command.line, path, place);
    case CallKind::hooks:
      enter_hooks(call.parts, command.line, path, place);
      return false;
    case CallKind::image:
      enter_image(path, call.parts.empty() ? std::string() : call.parts.front(), command.line, place);
      return true;
    case CallKind::bake:
      return enter_bake(call, command.line, path, place);
    case CallKind::sources:
      enter_sources(path, command.line, place);
      return false;
    case CallKind::module_sources:
      enter_module_sources(call, command.line, path, place);
      return false;
    case CallKind::generate:
      enter_generated(path, command.line, place);
      return false;
    case CallKind::cargo:
      enter_cargo(call, command.line, path, place);
      return false;
    case CallKind::cargo_alias:
      return enter_cargo_alias(call, command, script, path, place);
    case CallKind::compose:
      enter_compose(call, command.line, path, place);
      return false;
    case CallKind::tox:
      enter_tox(call, command.line, path, place);
      return false;
    case CallKind::nox:
      enter_nox(call, command.line, path, place);
      return false;
  }
  return false;
}

bool Follower::descend(Place& place, std::string path, std::string part, std::uint32_t line,
                       const std::string& directory) {
  if (place.chain.size() >= kDepthLimit) {
    note("depth limit");
    return false;
  }
  const std::string key = path + '\0' + part + '\0' + directory + '\0' + (place.fatal ? "f" : "-") +
                          (place.unreachable ? "u" : "-") + place.handed_on;
  const bool cycle = std::any_of(place.chain.begin(), place.chain.end(),
                                 [&](const Link& link) { return link.path == path && link.part == part; });
  if (cycle) note("call cycle");
  if (cycle || !visited_.insert(key).second) return false;
  place.chain.push_back({path, part, line, std::max(place.certainty, place.at_best)});
  place.certainty = Certainty::verified;
  place.path = std::move(path);
  place.part = std::move(part);
  place.directory = directory;
  place.entered = true;
  step_->files.push_back({place.path, place.part, place.chain});
  return true;
}

}  // namespace tollbar::reach
