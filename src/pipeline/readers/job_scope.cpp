// What the jobs of a pipeline share or add up to: events, needs behind a manual gate, credentials known by their names.
#include "pipeline/readers/job_scope.h"

#include <algorithm>

#include "pipeline/credentials.h"
#include "text/ascii.h"

namespace tollbar::pipeline {
namespace {

using document::Node;

void add_event(const Event& event, std::vector<Event>& events) {
  const auto known =
      std::find_if(events.begin(), events.end(), [&](const Event& other) { return other.name == event.name; });
  if (known == events.end()) {
    events.push_back(event);
    return;
  }
  for (auto filter = known->filters.begin(); filter != known->filters.end();) {
    const auto more = event.filters.find(filter->first);
    if (more == event.filters.end()) {
      filter = known->filters.erase(filter);
      continue;
    }
    auto& values = filter->second;
    const bool ignores = filter->first.ends_with("-ignore");
    const auto missing = [](const std::vector<std::string>& from) {
      return [&from](const std::string& value) { return std::find(from.begin(), from.end(), value) == from.end(); };
    };
    if (ignores) {
      values.erase(std::remove_if(values.begin(), values.end(), missing(more->second)), values.end());
    } else {
      std::copy_if(more->second.begin(), more->second.end(), std::back_inserter(values), missing(values));
    }
    ++filter;
  }
}

int strength(Truth truth) {
  switch (truth) {
    case Truth::never:
      return 3;
    case Truth::unlikely:
      return 2;
    case Truth::depends:
      return 1;
    case Truth::always:
      return 0;
  }
  return 0;
}

bool is_name_byte(char c) {
  return (c >= '0' && c <= '9') || c == '_' || (text::ascii_lower(c) >= 'a' && text::ascii_lower(c) <= 'z');
}

/// The name between `opening` and `closing`, for every place where it is one.
void enclosed_names(std::string_view text, std::string_view opening, std::string_view closing,
                    std::vector<std::string>& names) {
  for (auto at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at + 1)) {
    const auto begin = at + opening.size();
    auto end = begin;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    if (end > begin && text.substr(end).starts_with(closing)) names.emplace_back(text.substr(begin, end - begin));
  }
}

}  // namespace

std::vector<Event> events_of_jobs(const std::vector<Job>& jobs) {
  std::vector<Event> events;
  for (const auto& job : jobs) {
    if (job.hidden) continue;
    for (const auto& event : job.events) add_event(event, events);
  }
  // An empty list of ignored branches ignores none.
  for (auto& event : events) {
    std::erase_if(event.filters,
                  [](const auto& filter) { return filter.first.ends_with("-ignore") && filter.second.empty(); });
  }
  return events;
}

void spread_gates(std::vector<Job>& jobs) {
  std::set<std::string> gated;
  for (const auto& job : jobs) {
    if (job.gated) gated.insert(job.id);
  }
  for (bool grown = !gated.empty(); grown;) {
    grown = false;
    for (auto& job : jobs) {
      if (job.gated || std::none_of(job.needs.begin(), job.needs.end(),
                                    [&](const std::string& need) { return gated.count(need) != 0; }))
        continue;
      job.gated = grown = true;
      gated.insert(job.id);
    }
  }
}

Condition both(const Condition& outer, const Condition& inner) {
  Condition result = strength(inner.truth) >= strength(outer.truth) ? inner : outer;
  if (outer.text.empty() || inner.text.empty()) {
    if (result.text.empty()) result.text = outer.text + inner.text;
    if (result.line == 0) result.line = std::max(outer.line, inner.line);
    return result;
  }
  result.text = outer.text + " and " + inner.text;
  return result;
}

void add_assigned(const document::Script& script, VariableNames& names) {
  for (const auto& command : script.commands) {
    for (const auto& assignment : command.assignments) names.defined.insert(assignment.name);
    const auto program = command.program();
    const bool declares = program == "export" || program == "local" || program == "declare" || program == "set";
    if (!declares && program != "read") continue;
    for (const auto& word : command.argv) {
      // `export NAME` alone passes on what was there; `read NAME` sets it.
      const auto equals = word.text.find('=');
      if (equals != std::string::npos || program == "read") names.defined.insert(word.text.substr(0, equals));
    }
  }
}

std::vector<CredentialUse> named_credentials(std::string_view text, std::string_view bound_to, std::uint32_t line,
                                             const VariableNames& names) {
  auto candidates = variables_in(text);
  enclosed_names(text, "%", "%", candidates);
  enclosed_names(text, "$env:", "", candidates);
  enclosed_names(text, "${env:", "}", candidates);
  if (names.macros) enclosed_names(text, "$(", ")", candidates);
  std::vector<CredentialUse> found;
  for (const auto& name : candidates) {
    const bool own = !names.platform_prefix.empty() && name.starts_with(names.platform_prefix);
    if (own || names.defined.count(name) != 0 || !looks_like_credential(name)) continue;
    CredentialUse use;
    use.name = name;
    use.source = names.source;
    use.bound_to = bound_to;
    use.line = line;
    add_credentials(found, {use});
  }
  return found;
}

std::vector<CredentialUse> named_credentials(const Node& node, std::string_view bound_to, const VariableNames& names) {
  std::vector<CredentialUse> found;
  if (node.is_scalar()) found = named_credentials(node.scalar, bound_to, node.line, names);
  for (const auto& item : node.items) add_credentials(found, named_credentials(item, bound_to, names));
  for (const auto& member : node.members)
    add_credentials(found, named_credentials(member.value, member.key.text(), names));
  return found;
}

void add_named_credentials(Job& job, VariableNames names) {
  // A variable that is set from a variable of the same name is not defined here: `NPM_TOKEN: $NPM_TOKEN`.
  const auto define = [&](const StringMap& env) {
    for (const auto& [name, value] : env) {
      if (value.find('$') == std::string::npos) names.defined.insert(name);
    }
  };
  define(job.env);
  for (const auto& [name, value] : job.env)
    add_credentials(job.credentials, named_credentials(value, name, job.line, names));
  for (const auto& step : job.steps) add_assigned(step.script, names);
  for (auto& step : job.steps) {
    define(step.env);
    add_credentials(step.credentials, named_credentials(step.run, {}, step.run_line, names));
    for (const auto* values : {&step.env, &step.with}) {
      for (const auto& [name, value] : *values)
        add_credentials(step.credentials, named_credentials(value, name, step.line, names));
    }
    add_credentials(job.credentials, step.credentials);
  }
}

}  // namespace tollbar::pipeline
