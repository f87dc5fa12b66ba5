// Actions of a step: composite ones of the tree entered, those of others followed as far as their inputs say what runs.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "reach/follower.h"
#include "reach/later_verdict.h"
#include "reach/manifest_calls.h"
#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

/// What an input of this name holds is read by people or names files; it runs nothing.
bool is_prose(const std::string& input) {
  constexpr std::array<std::string_view, 18> kParts{"message", "title", "body",    "description", "comment", "text",
                                                    "name",    "label", "subject", "note",        "summary", "path",
                                                    "file",    "glob",  "key",     "prompt",      "pattern", "reason"};
  const auto lower = folded(input);
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

/// Some line begins as a call of a file or of something that runs files; cheap, as every input is asked.
bool begins_as_call(std::string_view text) {
  constexpr std::array<std::string_view, 18> kLaunchers{"npm",  "pnpm", "yarn",   "bun",     "make", "just",
                                                        "task", "node", "python", "python3", "bash", "sh",
                                                        "ruby", "php",  "deno",   "go",      "npx",  "composer"};
  constexpr std::size_t longest = 4096;
  if (text.size() > longest || text.find(' ') == std::string_view::npos) return false;
  for (std::size_t at = 0; at < text.size(); at = std::min(text.find('\n', at), text.size() - 1) + 1) {
    const auto begin = text.find_first_not_of(" \t\r\n", at);
    if (begin == std::string_view::npos) return false;
    at = begin;
    const auto word = text.substr(begin, std::min(text.find_first_of(" \t\r\n", begin), text.size()) - begin);
    if (word.starts_with("./") || std::find(kLaunchers.begin(), kLaunchers.end(), word) != kLaunchers.end())
      return true;
  }
  return false;
}

constexpr std::size_t kMostVariants = 32;

/// The step with the inputs that each leg of the job gives it, each once; as it is where no leg has a say.
std::vector<pipeline::Step> in_each_leg(const pipeline::Step& step, const Legs& legs,
                                        const std::map<std::string, std::string>& env) {
  std::vector<pipeline::Step> variants;
  const bool asks = std::any_of(step.with.begin(), step.with.end(),
                                [](const auto& input) { return input.second.find("matrix") != std::string::npos; });
  if (asks) legs.ask({{}, true});
  for (std::size_t leg = 0; asks && leg < legs.size(); ++leg) {
    pipeline::Step variant = step;
    for (auto& [name, value] : variant.with) {
      const auto words = legs.words_in(leg, {value, true, true, step.line}, env);
      if (!words.empty()) value = words.front().text;
    }
    const bool is_new = std::none_of(variants.begin(), variants.end(),
                                     [&](const pipeline::Step& other) { return other.with == variant.with; });
    if (is_new && variants.size() < kMostVariants) variants.push_back(std::move(variant));
  }
  if (variants.empty()) variants.push_back(step);
  return variants;
}

}  // namespace

bool Follower::calls_tree(const std::string& text, const Place& place) {
  if (!begins_as_call(text)) return false;
  const auto script = document::parse_shell(text);
  return std::any_of(script.commands.begin(), script.commands.end(), [&](const document::Command& command) {
    for (const auto& argv : words_of(document::essential(command), place))
      for (const auto& call : calls_of(argv, false))
        if (!locate(call, place).empty()) return true;
    return false;
  });
}

void Follower::follow_action(const pipeline::Step& step, const Place& place) {
  step_->actions.push_back({step.uses, step.uses_version, step.with, place.path, step.line, place.chain});
  if (!builds_images(step)) return enter_action(step, place);
  for (const auto& variant : in_each_leg(step, legs_, *place.env)) follow_image_action(variant, place);
}

/// The manifest that the tool of an action reads.
void Follower::follow_tool_action(const pipeline::Step& step, const Place& place) {
  const auto words = tool_command(step.uses, step.with);
  if (words.empty()) return;
  const auto script = document::parse_shell(words, {true, false, step.line});
  for (const auto& command : script.commands) follow_calls(command, script, place);
}

void Follower::enter_action(const pipeline::Step& step, const Place& place) {
  follow_inputs(step, place);
  follow_tool_action(step, place);
  if (!step.uses.starts_with("./")) return;
  auto directory = join_directory("", step.uses);
  if (!directory) return;
  directory = in_tree(*directory);
  const std::string prefix = directory->empty() ? "" : *directory + "/";
  execution_.dependence.consulted.insert({prefix + "action.yml", prefix + "action.yaml"});
  const auto handed = handed_inputs(step, place);
  const auto action = pipeline::read_action(tree_, *directory, documents_, &handed);
  if (action == nullptr) return;
  execution_.called.push_back(action);
  const pipeline::Pipeline& composite = *action;
  execution_.dependence.consulted.insert(composite.files.begin(), composite.files.end());
  for (const auto& job : composite.jobs) {
    for (const auto& inner : job.steps) {
      Place within = place;
      within.handed_on += "\n" + std::to_string(inner.line);  // steps without names are several all the same
      if (!descend(within, composite.path, inner.name.empty() ? inner.id : inner.name, step.line, place.directory))
        continue;
      within.fatal = within.fatal && (!inner.may_fail || judged_later(job, inner)) && !inner.is_cleanup;
      within.unreachable = within.unreachable || inner.condition.truth == pipeline::Truth::never;
      within.directory = "";
      set_inputs(handed, composite, *directory, within);
      for (const auto& [input, file] : inner.with) {
        if (!inner.run.empty() || input == "entrypoint-args" || input == "args") continue;
        const std::string path = join_path(*directory, file);
        if (path.empty() || path == "." || !find(path)) continue;
        enter_image(path, "", inner.line, within);
        enter_entrypoint(path, *directory, inner.line, within);
      }
      const auto outer = std::exchange(holder_, action);
      follow_step(inner, within);
      holder_ = outer;
    }
  }
}

pipeline::HandedInputs Follower::handed_inputs(const pipeline::Step& step, const Place& place) {
  pipeline::HandedInputs handed = step.with;
  for (auto& [input, value] : handed) {
    if (value.find('$') == std::string::npos) continue;
    auto told = literal({value, true, false, 0}, {*place.variables, "step", ""});
    if (!told.empty()) value = std::move(told);
  }
  return handed;
}

void Follower::set_inputs(const pipeline::HandedInputs& handed, const pipeline::Pipeline& action,
                          const std::string& directory, Place& place) {
  Variables& variables = place.variables.edit();
  variables["GITHUB_ACTION_PATH"] = std::string(1, kTreeRoot) + "/" + directory;
  for (const auto& event : action.events)
    for (const auto& [name, parameter] : event.parameters)
      if (!parameter.default_value.empty()) variables["inputs." + name] = parameter.default_value;
  for (const auto& [input, value] : handed)
    if (!value.empty() && value.find('$') == std::string::npos) variables["inputs." + input] = value;
}

/// Actions that run what their inputs say: `command` of a retry, `script` of an emulator, `cmd1`, `cmd2` in parallel;
/// and under any other name what is plainly a call of something in the tree: `publish: pnpm run release`.
void Follower::follow_inputs(const pipeline::Step& step, const Place& place) {
  if (step.uses == "actions/github-script") return follow_modules(step, place);
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
  } else if (tool == "gradle-build-action" || tool == "setup-gradle" || tool == "gradle-cache-action") {
    if (!words("arguments").empty()) scripts.push_back("gradle " + words("arguments"));
  } else if (tool == "actions-yarn") {
    if (!words("cmd").empty()) scripts.push_back("yarn " + words("cmd"));
  } else {
    for (const auto& [input, value] : step.with) {
      const bool numbered = input.starts_with("cmd") && input.find_first_not_of("0123456789", 3) == std::string::npos;
      constexpr std::array<std::string_view, 8> kScripts{"run",    "script",      "command",      "commands",
                                                         "runCmd", "run-command", "test-command", "custom-command"};
      const bool named = numbered || std::find(kScripts.begin(), kScripts.end(), input) != kScripts.end();
      if (named || (!is_prose(input) && calls_tree(value, place))) scripts.push_back(value);
    }
  }
  for (const auto& script : scripts) {
    if (script.find_first_of(" \n") != std::string::npos || script.starts_with("./"))
      follow_script(document::parse_shell(script, {true, false, step.line}), place);
  }
}

}  // namespace tollbar::reach
