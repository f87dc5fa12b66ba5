// Inputs are known by their names, which all actions that run something share.
#include "rule/step_inputs.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "document/far_commands.h"
#include "document/program_calls.h"
#include "text/ascii.h"

namespace tollbar::rule {
namespace {

constexpr std::array<std::string_view, 9> script_inputs{"script",  "commands",     "command", "run",   "cmd",
                                                        "scripts", "inlinescript", "inline",  "runcmd"};
/// Tools after which actions and tasks are named, as the name holds them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> tools{{{"pulumi", "pulumi"},
                                                                              {"terragrunt", "terragrunt"},
                                                                              {"terraform", "terraform"},
                                                                              {"opentofu", "tofu"},
                                                                              {"helmfile", "helmfile"},
                                                                              {"helm", "helm"},
                                                                              {"kubernetes", "kubectl"},
                                                                              {"kubectl", "kubectl"},
                                                                              {"serverless", "serverless"}}};

bool is_script(std::string_view name) {
  return std::find(script_inputs.begin(), script_inputs.end(), text::ascii_lower(name)) != script_inputs.end();
}

/// `pulumi destroy --stack-name acme/prod`; empty where the action is named after no tool or given no command.
std::string command_of_tool(const pipeline::Step& step) {
  const auto uses = text::ascii_lower(step.uses);
  const auto tool = std::find_if(tools.begin(), tools.end(),
                                 [&](const auto& one) { return uses.find(one.first) != std::string::npos; });
  const auto given = std::find_if(step.with.begin(), step.with.end(),
                                  [](const auto& input) { return text::ascii_lower(input.first) == "command"; });
  const bool destroys = uses.ends_with("-destroy");  // `dflook/terraform-destroy`
  const bool is_given = given != step.with.end() && !given->second.empty();
  if (tool == tools.end() || !(is_given || destroys)) return {};
  std::string command = std::string(tool->second) + ' ' + (is_given ? given->second : "destroy");
  for (const auto& [name, value] : step.with) {
    if ((is_given && name == given->first) || value.empty() || value.find('\n') != std::string::npos) continue;
    const auto folded = text::ascii_lower(name);
    if (folded == "args" || folded == "arguments" || folded == "commandoptions")
      command.append(" ").append(value);
    else
      command.append(" --").append(folded).append("='").append(value).append("'");
  }
  return command;
}

/// What a step runs that hands its script to an interpreter: `shell: python`.
document::Script commands_of_program(const pipeline::Step& step) {
  static constexpr std::array<std::string_view, 7> interpreters{"python", "node", "ruby", "perl", "php", "deno", "bun"};
  const bool reads = std::any_of(interpreters.begin(), interpreters.end(),
                                 [&](std::string_view name) { return step.shell.starts_with(name); });
  if (!reads) return {};
  auto script = document::program_commands(step.run);
  for (auto& command : script.commands) command.line += std::max(step.run_line, 1U) - 1;
  return script;
}

}  // namespace

document::Script commands_of_inputs(const pipeline::Step& step) {
  document::ShellOptions options;
  options.failures = document::Failures::left_out;
  options.first_line = step.line;
  if (step.uses.empty()) return commands_of_program(step);
  if (const auto script = step.with.find("script");
      script != step.with.end() && step.uses.find("github-script") != std::string::npos) {
    auto commands = document::program_commands(script->second);
    for (auto& command : commands.commands) command.line = step.line;
    return commands;
  }
  if (const auto command = command_of_tool(step); !command.empty()) return document::parse_shell(command, options);
  document::Script all;
  const auto host = step.with.find("host");
  for (const auto& [name, value] : step.with) {
    if (!is_script(name) || value.find_first_of(" \n") == std::string::npos) continue;
    for (auto& command : document::parse_shell(value, options).commands) {
      command.line = step.line;
      if (host != step.with.end())
        command.assignments.push_back({std::string(document::standing_place), {host->second, false, false, 0}});
      all.commands.push_back(std::move(command));
    }
  }
  return all;
}

}  // namespace tollbar::rule
