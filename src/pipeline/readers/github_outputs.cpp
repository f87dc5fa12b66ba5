// What steps and jobs surely hand on: outputs that a script writes and nothing computes.
#include <algorithm>
#include <array>

#include "document/shell_nested.h"
#include "pipeline/expression_values.h"
#include "pipeline/readers/github.h"
#include "text/words.h"

namespace tollbar::pipeline::github {
namespace {

using document::Command;
using document::Node;

constexpr std::string_view kFile = "GITHUB_OUTPUT";

bool names_outputs(const document::Word& word) {
  return word.text == "$GITHUB_OUTPUT" || word.text == "${GITHUB_OUTPUT}";
}

/// `>> "$GITHUB_OUTPUT"`, `| tee -a $GITHUB_OUTPUT`.
bool writes_outputs(const Command& command) {
  return std::any_of(command.redirections.begin(), command.redirections.end(),
                     [](const auto& redirection) { return names_outputs(redirection.target); }) ||
         (command.program() == "tee" && std::any_of(command.argv.begin(), command.argv.end(), names_outputs));
}

/// It writes to no file that is not named on its line.
bool is_quiet(const Command& command) {
  constexpr std::array<std::string_view, 10> quiet{"", "echo", "printf", "set", "cd", "export", "test", "[", "[[", ":"};
  return std::find(quiet.begin(), quiet.end(), command.program()) != quiet.end();
}

/// `run=false` out of a line that is written; what does not read like this may set anything.
bool take_line(std::string_view line, StringMap& outputs) {
  line = text::trimmed(line);
  if (line.empty()) return true;
  const auto equals = line.find('=');
  const auto name = line.substr(0, equals);
  if (equals == std::string_view::npos || name.find_first_of("$`<") != std::string_view::npos) return false;
  const auto value = line.substr(equals + 1);
  if (value.find_first_of("$`\\") == std::string_view::npos)
    outputs[std::string(name)] = value;
  else
    outputs.erase(std::string(name));
  return true;
}

/// What the script has surely written when it ends well: a later line has the last word.
StringMap written_outputs(const document::Script& script) {
  StringMap outputs;
  for (const auto& command : script.commands) {
    const auto& context = command.context;
    if (context.unreachable || context.in_substitution) continue;
    const bool writes = writes_outputs(command);
    if (!writes && is_quiet(command)) continue;
    const bool sure = !context.conditional && !context.guarded && !context.background && context.function.empty();
    const std::string text = command.piped.empty() ? document::printed_text(command) : command.piped;
    bool told = writes && sure && !text.empty();
    for (std::string_view rest = text; told && !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      told = take_line(rest.substr(0, end), outputs);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!told) outputs.clear();
  }
  return outputs;
}

Node mapping_of(const StringMap& texts) {
  Node node;
  node.kind = document::NodeKind::mapping;
  for (const auto& [name, text] : texts) node.members.push_back({string_value(name), string_value(text)});
  return node;
}

}  // namespace

void tell_outputs(Node& context, const std::string& id, const StringMap& outputs) {
  if (id.empty() || outputs.empty()) return;
  Node told;
  told.kind = context.kind = document::NodeKind::mapping;
  told.members.push_back({string_value("outputs"), mapping_of(outputs)});
  context.members.push_back({string_value(id), std::move(told)});
}

StringMap outputs_of(const Step& step) {
  const bool sure = step.condition.truth == Truth::always && !step.may_fail && !step.may_fail_sometimes;
  if (!sure || step.id.empty() || step.run.find(kFile) == std::string::npos) return {};
  return written_outputs(step.script);
}

StringMap outputs_of(const Job& job, const Node* outputs, const Surroundings& known) {
  if (outputs == nullptr || job.condition.truth != Truth::always || job.may_fail || job.may_fail_sometimes) return {};
  Surroundings all = known;
  for (const auto& step : job.steps) tell_outputs(all.values["steps"], step.id, outputs_of(step));
  StringMap told;
  for_each_member(outputs, [&](std::string_view name, const Node& value) {
    const auto choices = template_alternatives(text_of(&value), all);
    if (!choices.dynamic && choices.values.size() == 1) told[std::string(name)] = string_of(choices.values.front());
  });
  return told;
}

}  // namespace tollbar::pipeline::github
