// What a caller hands to a workflow or an action, as its expressions see it.
#include <algorithm>

#include "pipeline/expression_values.h"
#include "pipeline/readers/github.h"
#include "text/ascii.h"

namespace tollbar::pipeline::github {
namespace {

using document::Node;

Node value_of(const std::string& text, const std::string& type) {
  Node value = type == "boolean" ? boolean_value(text == "true") : string_value(text);
  if (text.find("${{") != std::string::npos) {
    value = string_value(text);
    value.tag = kUnknown;
  }
  return value;
}

/// A dispatch of the same workflow has inputs of its own.
bool is_handed(const Event& event) {
  return event.name == "workflow_call" || event.name == "action";
}

/// Names of inputs have no case.
HandedInputs::const_iterator find_input(const HandedInputs& handed, std::string_view name) {
  const auto folded = text::ascii_lower(name);
  return std::find_if(handed.begin(), handed.end(),
                      [&](const auto& input) { return text::ascii_lower(input.first) == folded; });
}

bool asks_inputs(std::string_view text) {
  return text.find("inputs.") != std::string_view::npos;
}

bool asks_inputs(const StringMap& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const auto& text) { return asks_inputs(text.second); });
}

}  // namespace

Node inputs_node(const std::vector<Event>& events, const HandedInputs& handed) {
  Node node;
  node.kind = document::NodeKind::mapping;
  for (const auto& event : events) {
    if (!is_handed(event)) continue;
    for (const auto& [name, parameter] : event.parameters) {
      if (parameter.type == "secret") continue;
      const auto given = find_input(handed, name);
      const auto& text = given == handed.end() ? parameter.default_value : given->second;
      node.members.push_back({string_value(name), value_of(text, parameter.type)});
    }
  }
  return node;
}

void tell_inputs(StringMap& texts, const LegSurroundings& legs) {
  if (legs.front().values.count("inputs") == 0) return;
  for (auto& [name, text] : texts) {
    if (!asks_inputs(text) || text.find("${{") == std::string::npos) continue;
    const auto told = template_alternatives(text, legs.front());
    if (!told.dynamic && told.values.size() == 1) text = string_of(told.values.front());
  }
}

bool heeds_inputs(const Pipeline& pipeline) {
  return std::any_of(pipeline.jobs.begin(), pipeline.jobs.end(), [](const Job& job) {
    return job.may_fail_sometimes || job.runner.dynamic || asks_inputs(job.condition.text) ||
           asks_inputs(job.environment) || asks_inputs(job.with) ||
           std::any_of(job.steps.begin(), job.steps.end(), [](const Step& step) {
             return step.may_fail_sometimes || asks_inputs(step.condition.text) || asks_inputs(step.with);
           });
  });
}

}  // namespace tollbar::pipeline::github
