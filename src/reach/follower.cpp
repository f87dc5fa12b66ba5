// From one command to the next: directories and constant variables tracked, depth, cycles and the total bounded.
#include "reach/follower.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "document/shell_listing.h"
#include "reach/arrays.h"
#include "reach/call_words.h"
#include "reach/defaults.h"
#include "reach/function_arguments.h"
#include "reach/held_command.h"
#include "reach/settled_tests.h"
#include "reach/sourced_functions.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

constexpr std::size_t kDepthLimit = 8;
constexpr std::size_t kCommandBudget = 100'000;

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

/// Makes no copy of what others hold where it says so already.
void put(util::CopyOnWrite<std::map<std::string, std::string>>& values, const std::string& name, std::string value) {
  const auto known = values->find(name);
  if (known == values->end() || known->second != value) values.edit()[name] = std::move(value);
}

/// `(a b)` of `x=(a b)` and of `x+=(a b)`; no value where no array is assigned.
std::optional<document::Word> array_in(const document::Assignment& assignment) {
  document::Word array = assignment.value;
  const std::string itself = "${" + assignment.name + "}";
  if (array.text.starts_with(itself)) array.text.erase(0, itself.size());
  return array.text.starts_with('(') && array.text.ends_with(')') ? std::optional(std::move(array)) : std::nullopt;
}

/// `cd`, `pushd` and constant assignments change what later commands mean.
void track(const document::Command& command, const std::string& script, util::CopyOnWrite<Variables>& variables,
           std::optional<std::string>& directory) {
  if (command.context.in_substitution) return;
  for (const auto& assignment : declared(command)) {
    const auto array = array_in(assignment);
    std::string value = literal(array.value_or(assignment.value), {*variables, script, directory.value_or("")});
    if (array) {  // one with unknown elements is better than none
      const bool grows = array->text.size() < assignment.value.text.size();
      const auto known = variables->find(assignment.name);
      const std::string text = value.empty() ? array->text : value;
      value = !grows ? text
                     : assigned(known == variables->end() ? "" : known->second, assignment.name,
                                "${" + assignment.name + "}" + text);
    }
    if (value.empty() && assignment.value.dynamic) {
      if (variables->count(assignment.name) != 0) variables.edit().erase(assignment.name);
    } else {
      put(variables, assignment.name, std::move(value));
    }
  }
  if (!changes_directory(command) || command.argv.size() < 2 || command.context.conditional) return;
  const std::string target = literal(command.argv[1], {*variables, script, directory.value_or("")});
  if (directory && !target.empty() && target != "-") directory = join_directory(*directory, target);
}

/// `yarn run ember test`: where the package has no script of the name, yarn and bun run the tool.
void unwrap(ExecutedCommand& executed) {
  const auto words = document::essential(*executed.command);
  if (words.size() < 3 || (words[0].text != "yarn" && words[0].text != "bun")) return;
  const auto run =
      std::find_if(words.begin() + 1, words.end(), [](const auto& word) { return !word.text.starts_with('-'); });
  if (run == words.end() || run->text != "run" || run + 1 == words.end() || (run + 1)->text.starts_with('-')) return;
  auto command = *executed.command;
  command.argv.assign(run + 1, words.end());
  executed.command = std::make_shared<const document::Command>(std::move(command));
}

}  // namespace

Follower::Follower(model::Tree& tree, pipeline::DocumentCache& documents, ScriptCache& scripts, Runs& runs,
                   PipelineExecution& execution)
    : tree_(tree),
      documents_(documents),
      scripts_(scripts),
      runs_(runs),
      execution_(execution),
      budget_(kCommandBudget) {}

void Follower::note(const std::string& problem) {
  auto& problems = execution_.problems;
  if (std::find(problems.begin(), problems.end(), problem) == problems.end()) problems.push_back(problem);
}

std::optional<model::FileEntry> Follower::find(const std::string& path) {
  execution_.dependence.consulted.insert(path);
  auto entry = tree_.find(path);
  if (!entry || entry->mode != model::FileMode::symlink) return entry;
  const std::string link = scripts_.text(tree_, *entry);
  const auto target = link.empty() ? std::nullopt : join_directory(directory_of(path), link);
  if (!target) return std::nullopt;
  execution_.dependence.consulted.insert(*target);
  entry = tree_.find(*target);
  return entry && entry->mode != model::FileMode::symlink ? entry : std::nullopt;
}

std::optional<model::FileEntry> Follower::seek(const std::string& path) {
  auto entry = tree_.find(path);
  if (entry && entry->mode == model::FileMode::symlink) return find(path);
  execution_.dependence.sought.insert(path);
  return entry;
}

std::string Follower::in_tree(const std::string& path) const {
  const auto found =
      std::find_if(checkouts_.begin(), checkouts_.end(), [&](const auto& prefix) { return path.starts_with(prefix); });
  return found == checkouts_.end() ? path : path.substr(found->size());
}

void Follower::begin_job(std::shared_ptr<const pipeline::Pipeline> source, const pipeline::Job& job,
                         const std::map<std::string, std::string>& inputs) {
  holder_ = std::move(source);
  source_ = holder_->path;
  env_ = holder_->env;
  for (const auto& [name, value] : job.env) env_.edit()[name] = value;
  checkouts_.clear();
  for (const auto& step : job.steps) {
    const auto path = step.with.find("path");
    if (step.uses != "actions/checkout" || path == step.with.end() || step.with.count("repository") != 0) continue;
    const std::string directory = join_path("", path->second);
    if (!directory.empty() && directory != ".") checkouts_.push_back(directory + "/");
  }
  legs_ = Legs(job.legs);
  job_ = {};
  for (const auto& [name, value] : inputs) {
    if (value.find('$') == std::string::npos) job_.variables["inputs." + name] = value;
  }
}

void Follower::follow(const pipeline::Step& step, StepItems& into) {
  step_ = &into;
  visited_.clear();
  Place place;
  place.variables = job_.variables;
  place.path = source_;
  place.env = env_;
  place.entered = false;
  follow_step(step, place);
}

/// `${{ inputs.dir }}` and `${{ env.DIR }}` become what they are known to be; the text stays where one is not known.
std::string Follower::step_directory(const pipeline::Step& step, const Place& place) {
  const std::string& written = step.working_directory;
  if (written.find('$') == std::string::npos) return written;
  const std::string told = literal({written, true, false, step.line}, {*place.variables, "step", ""});
  return told.empty() ? written : join_directory("", told).value_or(written);
}

void Follower::follow_step(const pipeline::Step& step, const Place& place) {
  Place inner = place;
  for (const auto& [name, value] : step.env) inner.env.edit()[name] = value;
  for (const auto& [name, value] : *inner.env) {
    const bool dynamic = value.find('$') != std::string::npos;
    std::string text = dynamic ? literal({value, true, false, 0}, {*inner.variables, "step", ""}) : value;
    if (!dynamic || !text.empty()) inner.variables.edit()[name] = std::move(text);
  }
  if (!step.working_directory.empty()) inner.directory = step_directory(step, inner);
  if (!place.entered) start_ = inner.directory;
  if (!step.uses.empty()) follow_action(step, inner);
  follow_shell(step, inner);
  const auto assignments = settling_assignments(tested_names(step.script), [&](const std::string& name) {
    const auto found = inner.env->find(name);
    return found == inner.env->end() ? nullptr : &found->second;
  });
  const auto script = with_tests_settled(written(step), step.run, {true, true, step.run_line}, assignments);
  follow_script(script, std::move(inner));
}

void Follower::follow_script(document::Script script, Place place) {
  follow_script(std::make_shared<const document::Script>(std::move(script)), std::move(place));
}

void Follower::follow_script(const std::shared_ptr<const document::Script>& script, Place place) {
  const std::string own = standing_in(place);
  std::optional<std::string> directory = place.directory;
  const document::Command* previous = nullptr;
  std::set<std::string> asked;      // variables that the script has asked for being unset
  std::set<std::string> redefined;  // programs for which a sourced file has put functions in their places
  const auto functions = iterations_of_functions(*script);
  const document::HandingFunctions handing(*script);
  for (const auto& command : script->commands) {
    if (budget_ == 0) return note("command limit");
    --budget_;
    const auto function = functions.find(command.context.function);
    place.loops = function == functions.end() ? &script->iterations : &function->second;
    const bool bound = bind_arguments(command, place);
    track(command, own, place.variables, directory);
    move_openly(command, place, directory);
    keep_for_job(command, {*place.variables, own, directory.value_or("")});
    note_names(command, {*place.variables, own, directory.value_or("")});
    if (!directory) directory = place.directory;
    ExecutedCommand executed;
    executed.command = {script, &command};
    executed.path = place.path;
    executed.part = place.part;
    executed.line = command.line;
    executed.chain = place.chain;
    executed.fatal = place.fatal && command.context.fatal;
    executed.unreachable = place.unreachable || command.context.unreachable;
    executed.working_directory = *directory;
    executed.env = place.env;
    if (auto held = held_command(command, *executed.env))
      executed.command = std::make_shared<const document::Command>(std::move(*held));
    else if (auto handed = handed_by_function(command, handing))
      executed.command = std::make_shared<const document::Command>(std::move(*handed));
    if (redefined.count(std::string(command.program())) != 0) executed.command = as_redefined(*executed.command);
    for (const auto& assignment : command.assignments) {
      const bool stays = is_itself(assignment.name, assignment.value.text) && executed.env->count(assignment.name) != 0;
      if (!stays) put(executed.env, assignment.name, assignment.value.text);
    }
    if (auto name = asked_unset(command); !name.empty()) asked.insert(std::move(name));
    for (const auto& assignment : declared(command)) {
      const auto known = place.env->find(assignment.name);
      const bool set = known != place.env->end() && !known->second.empty();
      if (set && is_default(assignment, command, asked)) continue;
      auto value = own_default(assignment).value_or(assignment.value.text);
      const std::string held = known == place.env->end() ? std::string() : known->second;
      put(place.env, assignment.name, assigned(held, assignment.name, value));
    }
    const std::size_t at = step_->commands.size();
    step_->commands.push_back(std::move(executed));
    Place here = place;
    here.handing = &handing;
    here.directory = *directory;
    here.env = step_->commands[at].env;
    here.fatal = step_->commands[at].fatal;
    here.began_fatal = place.fatal;
    here.unreachable = step_->commands[at].unreachable;
    bool followed = follow_calls(command, *script, here);
    followed = follow_input(command, previous, *script, here) || followed;
    previous = &command;
    if (command.program() == "." || command.program() == "source") redefined.merge(functions_defined(*step_, at + 1));
    auto& noted = step_->commands.edit()[at];
    noted.followed = followed;
    if (!followed) unwrap(noted);
    if (bound) unbind_arguments(place);
  }
}

void Follower::keep_for_job(const document::Command& command, const Standpoint& here) {
  const bool kept = std::any_of(command.redirections.begin(), command.redirections.end(), [](const auto& redirection) {
    return redirection.target.text.find("GITHUB_ENV") != std::string::npos;
  });
  if (!kept || command.argv.size() != 2 || command.program() != "echo") return;
  const auto& word = command.argv[1];
  const auto name = document::assigned_name(word.text);
  if (name.empty()) return;
  std::string value = literal({word.text.substr(name.size() + 1), word.dynamic, false, 0}, here);
  if (!value.empty() || !word.dynamic) job_.variables[std::string(name)] = std::move(value);
}

std::string Follower::standing_in(const Place& place) {
  if (place.entered) return place.path;
  return place.directory.empty() ? "step" : place.directory + "/step";
}

std::string Follower::locate(const Call& call, const Place& place) {
  // What a variable or another repository names as the place of the checkout can only be the root of this tree.
  const bool elsewhere = !place.directory.empty() && !seek(place.directory);
  std::vector<std::string> places{place.directory, elsewhere ? std::string() : start_};
  const bool looks_up = call.kind == CallKind::package || call.kind == CallKind::just || call.kind == CallKind::task;
  if (looks_up && call.directory.empty()) {
    for (std::string above = place.directory; !above.empty(); places.push_back(above)) above = directory_of(above);
  }
  for (const std::string& from : places) {
    const auto directory = join_directory(from, call.directory.empty() ? "." : call.directory);
    if (!directory) continue;
    for (const auto& file : call.files) {
      const std::string path = in_tree(join_path(*directory, file));
      const bool wants_folder = call.kind == CallKind::sources || call.kind == CallKind::generate ||
                                call.kind == CallKind::configuration_folder || call.kind == CallKind::mage;
      if (path.empty() || (path == "." && !wants_folder)) continue;
      if (path == ".") return path;
      const auto entry = seek(path);
      if (!entry || (entry->mode == model::FileMode::directory) != wants_folder) continue;
      if (!call.if_executable || entry->mode == model::FileMode::executable) return path;
    }
    if (!elsewhere && !looks_up && start_ == place.directory) break;
  }
  return {};
}

bool Follower::follow_call(const Call& call, const document::Command& command, const document::Script& script,
                           const Place& place) {
  if (const auto directories = open_directories(place); !directories.empty()) {
    return std::count_if(directories.begin(), directories.end(), [&](const std::string& directory) {
             Place here = place;
             here.directory = directory;
             return follow_call(call, command, script, here);
           }) > 0;
  }
  std::string path = locate(call, place);
  // A workspace needs no manifest at its root.
  const bool of_package = call.kind == CallKind::package && (call.recursive || !call.workspaces.empty());
  if (path.empty() && of_package) path = join_path(place.directory, "package.json");
  if (path.empty()) return false;
  if (call.kind != CallKind::program) find(path);  // it is read
  switch (call.kind) {
    case CallKind::script:
    case CallKind::sourced:
      return enter_script(call, command, script, path, place);
    case CallKind::configuration:
      enter_configuration(path, command.line, place);
      return false;
    case CallKind::configuration_folder:
      enter_configurations(path, command.line, place);
      return false;
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
      return enter_cargo_alias(call, command.line, path, place);
    case CallKind::compose:
      enter_compose(call, command.line, path, place);
      return false;
    case CallKind::tox:
      enter_tox(call, command.line, path, place);
      return false;
    case CallKind::ruby_tasks:
      return enter_ruby_tasks(call, command.line, path, place);
    case CallKind::python_tasks:
      enter_python_tasks(call, command.line, path, place);
      return false;
    case CallKind::rush:
      return enter_rush(call, command.line, path, place);
    case CallKind::gradle:
      enter_gradle(call, command.line, path, place);
      return false;
    case CallKind::maven:
      enter_maven(call, command.line, path, place);
      return false;
    case CallKind::cloud_build:
      enter_cloud_build(command.line, path, place);
      return true;
    case CallKind::mage:
      return enter_mage(call, command.line, path, place);
    case CallKind::nx:
      return enter_nx(call, command.line, path, place);
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
  if (cycle || visited_.holds(key)) return false;
  visited_.add(key);
  visited_.add(path);
  place.chain = place.chain.with({path, part, line, std::max(place.certainty, place.at_best)});
  place.certainty = Certainty::verified;
  place.path = std::move(path);
  place.part = std::move(part);
  place.directory = directory;
  place.entered = true;
  forget_arguments(place);
  step_->files.push_back({place.path, place.part, place.chain});
  return true;
}

}  // namespace tollbar::reach
