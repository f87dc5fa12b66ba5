// A table of events and who stands behind each.
#include "reach/actors.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "pipeline/expression.h"

namespace tollbar::reach {
namespace {

struct EventRow {
  std::string_view event, who;
  bool stranger;
};

constexpr EventRow events[] = {
    {"push", "who can push", false},
    {"tag", "who can push a tag", false},
    {"pull_request", "anyone who opens a pull request", true},
    {"pull_request_target", "anyone who opens a pull request", true},
    {"pull_request_review", "anyone who reviews", true},
    {"pull_request_review_comment", "anyone who comments", true},
    {"issue_comment", "anyone who comments", true},
    {"issues", "anyone who opens an issue", true},
    {"discussion", "anyone who opens a discussion", true},
    {"discussion_comment", "anyone who comments", true},
    {"fork", "anyone who forks", true},
    {"watch", "anyone who stars", true},
    {"schedule", "a schedule", false},
    {"manual", "who can start it by hand", false},
    {"workflow_dispatch", "who can start it by hand", false},
    {"api", "who holds a token of the platform", false},
    {"repository_dispatch", "who holds a token of the platform", false},
    {"release", "who can publish a release", false},
    {"create", "who can push", false},
    {"delete", "who can push", false},
    {"merge_group", "who can merge", false},
    {"workflow_run", "the end of another workflow", false},
    {"workflow_call", "a workflow that calls it", false},
    {"pipeline", "a pipeline of another project", false},
    {"parent_pipeline", "the pipeline that starts it", false},
    {"branch_protection_rule", "who can change the protection of branches", false},
    {"deployment", "who can deploy", false},
    {"deployment_status", "who can deploy", false},
};

constexpr std::size_t most_paths = 2;  // of a filter

/// Jenkins takes several schedules, a line each.
std::string on_one_line(std::string text) {
  for (const std::string_view end : {"\\n", "\n"})
    for (auto at = text.find(end); at != std::string::npos; at = text.find(end)) text.replace(at, end.size(), "; ");
  return text;
}

std::string written(const pipeline::Event& event) {
  std::string text = event.name;
  const char* separator = ": ";
  for (const auto& [filter, values] : event.filters) {
    if (values.empty()) continue;
    text += separator + filter;
    separator = "; ";
    const std::size_t shown = filter.starts_with("paths") && values.size() > most_paths ? most_paths : values.size();
    for (std::size_t i = 0; i < shown; ++i) text += " " + on_one_line(values[i]);
    if (shown < values.size()) text += " and " + std::to_string(values.size() - shown) + " more";
  }
  return text;
}

/// What the git reference of a run begins with; empty where the event may come with any.
std::string_view ref_kind(const pipeline::Event& event) {
  constexpr std::string_view branches = "refs/heads/", tags = "refs/tags/", pulls = "refs/pull/";
  constexpr std::pair<std::string_view, std::string_view> kinds[] = {
      {"pull_request", pulls},           {"pull_request_review", pulls},   {"pull_request_review_comment", pulls},
      {"pull_request_target", branches}, {"issue_comment", branches},      {"issues", branches},
      {"discussion", branches},          {"discussion_comment", branches}, {"schedule", branches},
      {"workflow_run", branches},        {"merge_group", branches},        {"release", tags},
  };
  const auto* found =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const auto& one) { return one.first == event.name; });
  if (found != std::end(kinds)) return found->second;
  if (event.name != "push") return {};
  const auto filtered = [&](const char* by) { return event.filters.count(by) != 0; };
  const bool by_branch = filtered("branches") || filtered("branches-ignore");
  const bool by_tag = filtered("tags") || filtered("tags-ignore");
  if (by_branch == by_tag) return {};
  return by_branch ? branches : tags;
}

/// The texts in quotes of an expression.
std::vector<std::string> quoted(const std::string& expression) {
  std::vector<std::string> texts;
  for (const auto& token : pipeline::tokenize(expression))
    if (token.kind == pipeline::Token::Kind::string) texts.push_back(token.text);
  return texts;
}

/// The expression with the values of some contexts put in.
std::string with_values(const std::string& expression, const std::map<std::string, std::string>& values) {
  const auto goes_on = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
  };
  std::string result;
  bool in_text = false;
  for (std::size_t at = 0; at < expression.size();) {
    if (expression[at] == '\'') in_text = !in_text;
    std::size_t end = at;
    while (!in_text && end < expression.size() && goes_on(expression[end])) ++end;
    if (end == at) {
      result += expression[at++];
      continue;
    }
    const auto name = expression.substr(at, end - at);
    const auto value = values.find(name);
    result += value == values.end() ? name : "'" + value->second + "'";
    at = end;
  }
  return result;
}

/// References of a kind that the conditions can tell apart, and one that they do not name.
std::vector<std::string> distinct_refs(std::string_view kind, const std::vector<std::string>& conditions) {
  std::vector<std::string> refs{std::string(kind) + "another-one"};
  for (const auto& condition : conditions)
    for (const auto& text : quoted(condition)) {
      if (text.find('\'') != std::string::npos) continue;
      if (text.starts_with(kind)) refs.push_back(text);
      if (!text.starts_with("refs/")) refs.push_back(std::string(kind) + text);
    }
  return refs;
}

/// Some condition never holds when just this event starts the pipeline, whatever it comes with. `after` is the event of
/// the workflow that it follows.
bool excluded(const pipeline::Event& event, const std::vector<std::string>& conditions, const std::string& after) {
  const std::vector<pipeline::Event> alone{event};
  pipeline::Surroundings surroundings;
  surroundings.events = &alone;
  const auto never = [&](const std::map<std::string, std::string>& values) {
    return std::any_of(conditions.begin(), conditions.end(), [&](const std::string& condition) {
      return pipeline::fold_condition(with_values(condition, values), surroundings).truth == pipeline::Truth::never;
    });
  };
  std::map<std::string, std::string> values;
  if (!after.empty()) values["github.event.workflow_run.event"] = after;
  const auto kind = ref_kind(event);
  if (kind.empty() || conditions.empty()) return never(values);
  const auto refs = distinct_refs(kind, conditions);
  return std::all_of(refs.begin(), refs.end(), [&](const std::string& ref) {
    values["github.ref"] = ref;
    if (!kind.starts_with("refs/pull")) values["github.ref_name"] = ref.substr(kind.size());
    values["github.ref_type"] = kind.starts_with("refs/tags") ? "tag" : "branch";
    return never(values);
  });
}

Actor actor_of(const pipeline::Event& event) {
  Actor actor{written(event), "who can cause it", false};
  const auto* row =
      std::find_if(std::begin(events), std::end(events), [&](const auto& one) { return one.event == event.name; });
  if (row != std::end(events)) {
    actor.who = row->who;
    actor.stranger = row->stranger;
  }
  return actor;
}

/// Whoever starts the workflows that the event follows; none where they are not of this tree.
std::vector<Actor> followed(const pipeline::Event& event, const StartedPlace& place) {
  std::vector<Actor> actors;
  const auto names = event.filters.find("workflows");
  if (place.workflows == nullptr || names == event.filters.end()) return actors;
  for (const auto& name : names->second) {
    const auto before = place.workflows->find(name);
    if (before == place.workflows->end()) return {};
    for (const auto& first : before->second) {
      if (first.name == "workflow_call" || excluded(event, place.conditions, first.name)) continue;
      auto actor = actor_of(first);
      actor.event = "workflow_run of " + name + ", " + actor.event;
      actors.push_back(std::move(actor));
    }
  }
  return actors;
}

}  // namespace

std::vector<Actor> actors_of(const std::vector<pipeline::Event>& happening, const StartedPlace& place) {
  std::vector<Actor> actors;
  for (const auto& event : happening) {
    if (excluded(event, place.conditions, "")) continue;
    if (event.name == "workflow_call" && happening.size() > 1) continue;
    const auto before = event.name == "workflow_run" ? followed(event, place) : std::vector<Actor>();
    actors.insert(actors.end(), before.begin(), before.end());
    if (!before.empty()) continue;
    auto actor = actor_of(event);
    if (event.name == "pull_request" && place.power) {
      actor.who = "who can push a branch; forks get no secrets";
      actor.stranger = false;
    }
    if (event.name == "pull_request" && place.system == pipeline::System::gitlab) {
      actor.event.replace(0, event.name.size(), "merge_request");
      actor.who = "who can push a branch; forks run in their own project";
      actor.stranger = false;
    }
    actors.push_back(std::move(actor));
  }
  return actors;
}

}  // namespace tollbar::reach
