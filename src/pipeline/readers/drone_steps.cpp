// Steps of Drone and of Woodpecker, which grew out of it: one syntax, few differences.
#include "pipeline/readers/drone_steps.h"

#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/everything.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"

namespace tollbar::pipeline::drone {
namespace {

using document::Node;

struct EventName {
  std::string_view written, model;
};
constexpr std::array kEventNames{
    EventName{"promote", "deployment"},
    EventName{"cron", "schedule"},
    EventName{"custom", "manual"},
};

std::string model_name(const std::string& written) {
  for (const auto& entry : kEventNames) {
    if (entry.written == written) return std::string(entry.model);
  }
  return written;
}

constexpr std::array<std::string_view, 3> kByDefault{"push", "pull_request", "tag"};

bool listed(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> event_names(const Node& trigger, std::uint32_t& line) {
  std::vector<std::string> names;
  const auto* node = trigger.get("event");
  if (node) line = node->line;
  const auto filter = read_filter(node);
  for (const auto& name : filter.include) names.push_back(model_name(name));
  if (node && filter.empty() && node->is_sequence()) return names;  // `event: []`
  if (names.empty()) names.assign(kByDefault.begin(), kByDefault.end());
  std::erase_if(names, [&](const std::string& name) {
    return std::any_of(filter.exclude.begin(), filter.exclude.end(),
                       [&](const std::string& other) { return model_name(other) == name; });
  });
  return names;
}

std::vector<Event> events_of_one(const Node& trigger) {
  std::vector<Event> events;
  std::uint32_t line = trigger.line;
  for (auto& name : event_names(trigger, line)) {
    Event event;
    event.name = std::move(name);
    event.line = line;
    for_each_member(&trigger, [&](std::string_view key, const Node& value) {
      if (key == "event" || key == "status") return;
      const auto filter = read_filter(&value);
      const auto plural = key == "branch" ? std::string("branches")
                          : key == "path" ? std::string("paths")
                                          : std::string(key);
      if (!filter.include.empty()) event.filters[plural] = filter.include;
      if (!filter.exclude.empty()) event.filters[plural + "-ignore"] = filter.exclude;
    });
    events.push_back(std::move(event));
  }
  return events;
}

/// A single alternative of `when`.
Truth truth_of(const Node& when, const std::vector<Event>& events) {
  if (const auto* evaluate = when.get("evaluate"); evaluate && evaluate->truth()) {
    if (!*evaluate->truth()) return Truth::never;
  }
  bool narrows = false;
  for (const auto& member : when.members) {
    const auto key = member.key.text();
    if (key == "branch" || key == "path") {
      const auto excluded = read_filter(&member.value).exclude;
      if (std::any_of(excluded.begin(), excluded.end(), meets_every_name)) return Truth::never;
    }
    if (key != "status" && key != "event" && !(key == "evaluate" && member.value.truth())) narrows = true;
  }
  const auto statuses = read_filter(when.get("status")).include;
  if (!statuses.empty() && !listed(statuses, "success")) narrows = true;
  const auto* event = when.get("event");
  if (!event) return narrows ? Truth::depends : Truth::always;
  std::uint32_t line = 0;
  const auto names = event_names(when, line);
  const auto meets = [&](const Event& candidate) { return listed(names, candidate.name); };
  if (std::none_of(events.begin(), events.end(), meets)) return Truth::never;
  const bool judged =
      std::any_of(events.begin(), events.end(), [&](const Event& candidate) { return candidate.judges_changes(); });
  const bool judges = std::any_of(events.begin(), events.end(), [&](const Event& candidate) {
    return meets(candidate) && candidate.judges_changes();
  });
  if (judged && !judges) return Truth::unlikely;
  const bool all = std::all_of(events.begin(), events.end(),
                               [&](const Event& candidate) { return meets(candidate) || !candidate.judges_changes(); });
  return all && !narrows ? Truth::always : Truth::depends;
}

void use(std::string name, std::string_view source, std::string bound_to, std::uint32_t line, Step& step) {
  CredentialUse credential;
  credential.name = std::move(name);
  credential.source = source;
  credential.bound_to = std::move(bound_to);
  credential.line = line;
  add_credentials(step.credentials, {credential});
}

/// Every `from_secret` of a tree, bound to the key under which it stands.
void read_secrets(const Node& node, std::string_view key, const Dialect& dialect, Step& step) {
  for (const auto& item : node.items) read_secrets(item, key, dialect, step);
  for (const auto& member : node.members) {
    if (member.key.text() == "from_secret" && member.value.is_scalar())
      use(member.value.scalar, dialect.secrets, std::string(key), member.value.line, step);
    else
      read_secrets(member.value, member.key.text(), dialect, step);
  }
}

/// `secrets: [name, {source: name, target: VARIABLE}]`, the older form.
void read_secret_list(const Node* secrets, const Dialect& dialect, Step& step) {
  if (!secrets) return;
  for (const auto& item : secrets->items) {
    const auto name = text_of(item.is_mapping() ? item.get("source") : &item);
    const auto target = text_of(item.is_mapping() ? item.get("target") : &item);
    if (!name.empty()) use(name, dialect.secrets, target, item.line, step);
  }
}

void read_environment(const Node* environment, Step& step) {
  if (!environment) return;
  for_each_member(environment, [&](std::string_view key, const Node& value) {
    if (!value.get("from_secret")) step.env[std::string(key)] = text_of(&value);
  });
  for (const auto& item : environment->items) {
    const auto text = text_of(&item);
    const auto split = text.find('=');
    if (split != std::string::npos) step.env[text.substr(0, split)] = text.substr(split + 1);
  }
}

/// The commands run one after the other in a shell with errexit.
void read_commands(const Node& commands, const Dialect& dialect, const Job& job, Step& step) {
  const auto section = read_section(commands);
  step.run = section.text;
  step.run_line = section.line;
  const bool windows = listed(job.runner.labels, "windows");
  step.shell = windows ? "pwsh" : "sh";
  if (!windows) step.script = document::parse_shell(section.padded, {true, false, section.line});
  for (const auto& name : variables_in(step.run)) {
    const bool bound = std::any_of(step.credentials.begin(), step.credentials.end(),
                                   [&](const CredentialUse& known) { return known.bound_to == name; });
    if (!looks_like_credential(name) || bound || step.env.count(name) || job.env.count(name)) continue;
    use(name, dialect.variables, name, section.line, step);
  }
}

bool is_on(const Node* node) {
  return node && node->truth().value_or(false);
}

void read_container(const Node& node, Job& job) {
  if (is_on(node.get("privileged"))) add_image(job.container_options, "--privileged");
  if (is_on(node.get("detach"))) add_image(job.container_options, "--detach");
  if (const auto* network = node.get("network_mode")) add_image(job.container_options, "--network=" + text_of(network));
  if (const auto* volumes = node.get("volumes")) {
    for (const auto& volume : volumes->items) {
      if (volume.is_scalar()) add_image(job.container_options, "--volume=" + volume.scalar);
    }
  }
}

void read_step(std::string_view name, const Node& node, const Dialect& dialect, const std::vector<Event>& events,
               Job& job) {
  Step step;
  step.name = name;
  step.line = node.line;
  read_environment(node.get("environment"), step);
  for (const auto* key : {"environment", "settings"}) {
    if (const auto* part = node.get(key)) read_secrets(*part, key, dialect, step);
  }
  read_secret_list(node.get("secrets"), dialect, step);
  step.condition = read_when(node.get("when"), events);
  step.may_fail = text_of(node.get("failure")) == "ignore" || is_on(node.get("detach"));
  step.working_directory = normalise_directory(text_of(node.get("directory")));
  const auto* commands = node.get("commands");
  if (!commands) commands = node.get("command");
  const auto image = text_of(node.get("image"));
  if (commands && !commands->is_null()) {
    add_image(job.services, image);
    read_commands(*commands, dialect, job, step);
  } else {
    split_image(image, step.uses, step.uses_version);
    step.with = text_map(node.get("settings"));
  }
  if (const auto* account = node.get({"backend_options", "kubernetes", "serviceAccountName"}))
    add_credentials(step.credentials, {service_account(*account, "kubernetes-service-account")});
  read_container(node, job);
  add_credentials(job.credentials, step.credentials);
  job.steps.push_back(std::move(step));
}

}  // namespace

Filter read_filter(const Node* node) {
  Filter filter;
  if (!node) return filter;
  if (!node->is_mapping()) {
    filter.include = node->texts();
    return filter;
  }
  filter.include = texts_of(node->get("include"));
  filter.exclude = texts_of(node->get("exclude"));
  if (filter.empty()) filter.include = {node->brief(kWholeText)};
  return filter;
}

std::vector<Event> read_events(const Node* trigger) {
  if (!trigger || trigger->is_null()) return events_of_one({});
  if (!trigger->is_sequence()) return events_of_one(*trigger);
  std::vector<Event> events;
  for (const auto& item : trigger->items) add_events(events, events_of_one(item));
  return events;
}

void add_events(std::vector<Event>& to, const std::vector<Event>& from) {
  for (const auto& event : from) {
    const auto known = std::find_if(to.begin(), to.end(), [&](const Event& other) { return other.name == event.name; });
    if (known == to.end()) {
      to.push_back(event);
    } else if (known->filters != event.filters) {
      // One alternative lets through what the other keeps out: no filter holds for both.
      std::erase_if(known->filters, [&](const auto& filter) {
        const auto other = event.filters.find(filter.first);
        return other == event.filters.end() || other->second != filter.second;
      });
    }
  }
}

Condition read_when(const Node* when, const std::vector<Event>& events) {
  Condition condition;
  if (!when || when->is_null()) return condition;
  condition.line = when->line;
  condition.text = "when " + when->brief(kWholeText);
  if (!when->is_sequence()) {
    condition.truth = truth_of(*when, events);
    return condition;
  }
  bool always = false, depends = false, unlikely = false;
  for (const auto& item : when->items) {
    const auto truth = truth_of(item, events);
    always = always || truth == Truth::always;
    depends = depends || truth == Truth::depends;
    unlikely = unlikely || truth == Truth::unlikely;
  }
  condition.truth = always ? Truth::always : depends ? Truth::depends : unlikely ? Truth::unlikely : Truth::never;
  return condition;
}

void read_steps(const Node* steps, const Dialect& dialect, const std::vector<Event>& events, Job& job) {
  if (!steps) return;
  for (const auto& item : steps->items) {
    if (item.is_mapping()) read_step(text_of(item.get("name")), item, dialect, events, job);
  }
  for_each_member(steps, [&](std::string_view name, const Node& node) {
    if (node.is_mapping()) read_step(name, node, dialect, events, job);
  });
}

void read_services(const Node* services, const Dialect& dialect, Job& job) {
  if (!services) return;
  const auto add = [&](const Node& node) {
    add_image(job.services, text_of(node.get("image")));
    read_container(node, job);
    Step step;
    read_secrets(node, {}, dialect, step);
    add_credentials(job.credentials, step.credentials);
  };
  for (const auto& item : services->items) {
    add(item);
    job.service_hosts.push_back(text_of(item.get("name")));
  }
  for (const auto& member : services->members) {
    add(member.value);
    job.service_hosts.emplace_back(member.key.text());
  }
}

void add_labels(const Node* labels, Job& job) {
  if (!labels) return;
  if (job.runner.line == 0) job.runner.line = labels->line;
  for_each_member(labels, [&](std::string_view key, const Node& value) {
    job.runner.labels.push_back(std::string(key) + "=" + text_of(&value));
  });
  for (const auto& item : labels->items) job.runner.labels.push_back(text_of(&item));
  std::sort(job.runner.labels.begin(), job.runner.labels.end());
}

}  // namespace tollbar::pipeline::drone
