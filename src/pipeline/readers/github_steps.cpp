// Steps of GitHub jobs and composite actions, with the shell each script is started by.
#include <algorithm>

#include "pipeline/credentials.h"
#include "pipeline/expression_values.h"
#include "pipeline/readers/github.h"
#include "pipeline/readers/script_shell.h"
#include "text/ascii.h"

namespace tollbar::pipeline::github {
namespace {

using document::Node;

/// How a shell is started: its program and the options that decide what a failure does.
struct ShellStart {
  std::string program;
  bool errexit = false, pipefail = false;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    result.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return result;
}

std::string base_name(std::string_view program) {
  if (const auto slash = program.find_last_of("/\\"); slash != std::string_view::npos) program.remove_prefix(slash + 1);
  if (program.ends_with(".exe")) program.remove_suffix(4);
  return std::string(program);
}

/// A template of one's own: `bash -euo pipefail {0}`, `./tools/in-container {0}`.
ShellStart custom_shell(const std::vector<std::string>& template_words) {
  const std::string& program = template_words.front();
  const bool of_the_tree = program.find('/') != std::string::npos && program.front() != '/';
  ShellStart start{of_the_tree ? program : base_name(program), false, false};
  for (std::size_t i = 1; i < template_words.size(); ++i) {
    const auto& word = template_words[i];
    if (word.size() < 2 || word[0] != '-' || word[1] == '-') continue;
    if (word.find('e') != std::string::npos) start.errexit = true;
    const bool named = word.back() == 'o' && i + 1 < template_words.size();
    if (named && template_words[i + 1] == "errexit") start.errexit = true;
    if (named && template_words[i + 1] == "pipefail") start.pipefail = true;
    if (named) ++i;
  }
  return start;
}

/// `bash -c "bash {0} || true"`: a failure of the script ends in the template that starts it.
bool swallows_failures(const std::string& shell) {
  if (shell.find(" -c ") == std::string::npos || shell.find("{0}") == std::string::npos) return false;
  const auto started = document::parse_shell(shell);
  return std::any_of(started.commands.begin(), started.commands.end(), [](const document::Command& command) {
    return !command.context.fatal && std::any_of(command.argv.begin(), command.argv.end(),
                                                 [](const document::Word& word) { return word.text == "{0}"; });
  });
}

void forgive_failures(document::Script& script) {
  for (auto& command : script.commands) {
    command.context.masked = command.context.masked || command.context.fatal;
    command.context.fatal = false;
  }
}

ShellStart shell_start(const std::string& written, const StepScope& scope) {
  if (written.empty()) return scope.windows ? ShellStart{"pwsh", false, false} : ShellStart{"bash", true, false};
  const auto template_words = words(written);
  if (template_words.size() > 1 && written.find("${{") == std::string::npos) return custom_shell(template_words);
  if (written == "sh") return {"sh", true, false};
  if (written == "bash") return {"bash", true, true};
  return {written, true, false};
}

/// The shell as written, or its value where an expression has only one.
std::string resolve_shell(const std::string& written, const LegSurroundings& legs) {
  if (written.find("${{") == std::string::npos) return written;
  std::string only;
  for (const auto& leg : legs) {
    const auto choices = template_alternatives(written, leg);
    if (choices.dynamic || choices.values.size() != 1) return normalise_template(written);
    const auto value = string_of(choices.values.front());
    if (!only.empty() && only != value) return normalise_template(written);
    only = value;
  }
  return only;
}

/// The script with every `${{ }}` that is a constant replaced by its value: `${{ format('{0} test', 'go') }}`.
std::string with_constants(const std::string& script) {
  if (script.find("${{") == std::string::npos || script.find('\'') == std::string::npos) return script;
  std::string result;
  for (const auto& piece : split_template(script)) {
    const auto folded = piece.expression ? fold_expression(piece.text, {}) : Folded{};
    const bool constant = folded.value && folded.value->is_scalar() && folded.contexts.empty();
    if (!piece.expression)
      result += piece.text;
    else
      result += constant ? string_of(*folded.value) : "${{" + std::string(piece.text) + "}}";
  }
  return result;
}

void read_script(const Node& step_node, const StepScope& scope, const LegSurroundings& legs, Step& step) {
  const auto* run = step_node.get("run");
  if (!run) return;
  step.run = text_of(run);
  step.run_line = script_line(*run);
  const auto* own = step_node.get("shell");
  const auto written = resolve_shell(own ? text_of(own) : scope.run.shell, legs);
  const auto start = shell_start(written, scope);
  step.shell = start.program;
  note_idle_shell(start.program, own ? own->line : step.run_line, step);
  // A computed shell is nearly always one of several POSIX shells: better read than left out.
  const bool computed = start.program.find("${{") != std::string::npos;
  if (computed || document::is_shell(start.program)) {
    step.script = document::parse_shell(with_constants(step.run), {start.errexit, start.pipefail, step.run_line});
  } else if (start.program == "pwsh" || start.program == "powershell") {
    step.script = read_plain_powershell(step.run, step.run_line);
  }
  if (swallows_failures(written)) forgive_failures(step.script);
}

std::vector<CredentialUse> step_credentials(const Node& node, const Step& step) {
  std::vector<CredentialUse> found;
  for (const auto& member : node.members) {
    const auto key = member.key.text();
    if (member.value.is_scalar()) {
      const auto line = key == "run" ? script_line(member.value) : member.value.line;
      add_credentials(found, credentials_in(member.value.scalar, {}, line, key == "if"));
    } else {
      add_credentials(found, credentials_in(member.value));
    }
  }
  if (const auto* with = node.get("with")) add_credentials(found, identities_in(step.uses, *with));
  return found;
}

LegSurroundings with_env(LegSurroundings legs, const Node& env) {
  for (auto& leg : legs) {
    auto& known = leg.values["env"];
    known.kind = document::NodeKind::mapping;
    for (const auto& member : env.members) {
      known.members.push_back(member);
      if (member.value.text().find("${{") != std::string_view::npos) known.members.back().value.tag = kUnknown;
    }
  }
  return legs;
}

Step read_step(const Node& node, const StepScope& scope, const LegSurroundings& legs) {
  Step step;
  step.line = node.line;
  step.id = text_of(node.get("id"));
  step.name = text_of(node.get("name"));
  if (const auto* uses = node.get("uses")) split_uses(uses->text(), step.uses, step.uses_version);
  step.with = text_map(node.get("with"));
  tell_inputs(step.with, legs);
  step.env = text_map(node.get("env"));
  step.timeout = text_of(node.get("timeout-minutes"));

  const auto* directory = node.get("working-directory");
  const auto written = directory ? text_of(directory) : scope.run.working_directory;
  step.working_directory = normalise_directory(written);
  const auto* env = node.get("env");
  const bool folds = node.get("if") || node.get("continue-on-error");
  const LegSurroundings own_legs = env && folds ? with_env(legs, *env) : LegSurroundings{};
  const auto& known = own_legs.empty() ? legs : own_legs;
  step.condition = read_condition(node.get("if"), known);
  read_may_fail(node.get("continue-on-error"), known, step.may_fail, step.may_fail_sometimes);
  read_script(node, scope, legs, step);
  step.credentials = step_credentials(node, step);
  return step;
}

/// The condition of some step asks the environment.
bool asks_environment(const Node& steps) {
  return std::any_of(steps.items.begin(), steps.items.end(), [](const Node& step) {
    return text_of(step.get("if")).find("env") != std::string::npos ||
           text_of(step.get("continue-on-error")).find("env") != std::string::npos;
  });
}

}  // namespace

void split_uses(std::string_view written, std::string& name, std::string& version) {
  name = written;
  version.clear();
  if (written.starts_with("$/")) name = "." + std::string(written.substr(1));  // of this repository, checked out or not
  if (written.starts_with("$/") || written.starts_with("./") || written.starts_with("../")) return;
  auto split = written.rfind('@');
  if (split == std::string_view::npos && written.starts_with("docker://")) {
    split = written.rfind(':');
    if (split == 6 || written.find('/', split) != std::string_view::npos) return;
  }
  if (split == std::string_view::npos) return;
  name = written.substr(0, split);
  version = written.substr(split + 1);
}

Condition read_condition(const Node* node, const LegSurroundings& legs) {
  Condition condition;
  if (!node || node->is_null()) return condition;
  condition.line = node->line;
  const auto written = text_of(node);
  bool any_always = false, any_never = false, any_depends = false, any_unlikely = false;
  const bool same_in_all = text::ascii_lower(written).find("matrix") == std::string::npos;
  for (const auto& leg : legs) {
    if (same_in_all && &leg != &legs.front()) break;
    const auto folded = fold_condition(written, leg);
    condition.text = folded.text;
    any_always = any_always || folded.truth == Truth::always;
    any_never = any_never || folded.truth == Truth::never;
    any_depends = any_depends || folded.truth == Truth::depends;
    any_unlikely = any_unlikely || folded.truth == Truth::unlikely;
  }
  if (any_depends || (any_always && (any_never || any_unlikely))) {
    condition.truth = Truth::depends;
  } else if (any_always) {
    condition.truth = Truth::always;
  } else {
    condition.truth = any_unlikely ? Truth::unlikely : Truth::never;
  }
  return condition;
}

void read_may_fail(const Node* node, const LegSurroundings& legs, bool& always, bool& sometimes) {
  always = sometimes = false;
  if (!node || node->is_null()) return;
  if (const auto plain = node->truth()) {
    always = *plain;
    return;
  }
  const auto condition = read_condition(node, legs);
  always = condition.truth == Truth::always && !condition.text.empty();
  sometimes = condition.truth == Truth::depends || condition.truth == Truth::unlikely;
}

bool sets_variables(const Node& step) {
  const auto uses = text_of(step.get("uses")), run = text_of(step.get("run"));
  return (!uses.empty() && !uses.starts_with("actions/")) || run.find("GITHUB_ENV") != std::string::npos;
}

std::vector<Step> read_steps(const Node* steps, const StepScope& scope, const LegSurroundings& legs) {
  std::vector<Step> result;
  if (!steps) return result;
  LegSurroundings own;  // the legs with what holds from step to step, where something does
  if (scope.env_known && asks_environment(*steps)) own = legs;
  for (auto& leg : own) leg.env_stays = true;
  for (const auto& node : steps->items) {
    if (!node.is_mapping()) continue;
    result.push_back(read_step(node, scope, own.empty() ? legs : own));
    const auto outputs = outputs_of(result.back());
    if (!outputs.empty() && own.empty()) own = legs;
    for (auto& leg : own) {
      // What stands in the environment stays as long as no step has set a variable.
      leg.env_stays = leg.env_stays && !sets_variables(node);
      if (!outputs.empty()) tell_outputs(leg.values["steps"], result.back().id, outputs);
    }
  }
  return result;
}

}  // namespace tollbar::pipeline::github
