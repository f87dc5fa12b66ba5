// A table of events and who stands behind each.
#include "reach/actors.h"

#include <algorithm>
#include <string_view>

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
    {"schedule", "the clock", false},
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
    {"branch_protection_rule", "who can change the protection of branches", false},
    {"deployment", "who can deploy", false},
    {"deployment_status", "who can deploy", false},
};

constexpr std::size_t most_paths = 2;  // of a filter

std::string written(const pipeline::Event& event) {
  std::string text = event.name;
  const char* separator = ": ";
  for (const auto& [filter, values] : event.filters) {
    if (values.empty()) continue;
    text += separator + filter;
    separator = "; ";
    const std::size_t shown = filter.starts_with("paths") && values.size() > most_paths ? most_paths : values.size();
    for (std::size_t i = 0; i < shown; ++i) text += " " + values[i];
    if (shown < values.size()) text += " and " + std::to_string(values.size() - shown) + " more";
  }
  return text;
}

/// Some condition never holds when just this event starts the pipeline.
bool excluded(const pipeline::Event& event, const std::vector<std::string>& conditions) {
  const std::vector<pipeline::Event> alone{event};
  pipeline::Surroundings surroundings;
  surroundings.events = &alone;
  return std::any_of(conditions.begin(), conditions.end(), [&](const std::string& condition) {
    return pipeline::fold_condition(condition, surroundings).truth == pipeline::Truth::never;
  });
}

}  // namespace

std::vector<Actor> actors_of(const std::vector<pipeline::Event>& happening,
                             const std::vector<std::string>& conditions) {
  std::vector<Actor> actors;
  for (const auto& event : happening) {
    if (excluded(event, conditions)) continue;
    if (event.name == "workflow_call" && happening.size() > 1) continue;
    const auto row =
        std::find_if(std::begin(events), std::end(events), [&](const auto& one) { return one.event == event.name; });
    Actor actor{written(event), "who can cause it", false};
    if (row != std::end(events)) {
      actor.who = row->who;
      actor.stranger = row->stranger;
    }
    actors.push_back(std::move(actor));
  }
  return actors;
}

}  // namespace tollbar::reach
