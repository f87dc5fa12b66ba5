// Force first, then legs, events, conditions and arguments, then the place.
#include "reach/check_pair.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "reach/check_coverage.h"
#include "reach/enforcement.h"
#include "text/pattern.h"

namespace tollbar::reach {
namespace {

using Words = std::vector<std::string>;

Words missing_from(const Words& wanted, const Words& present) {
  Words result;
  for (const auto& word : wanted) {
    if (std::find(present.begin(), present.end(), word) == present.end()) result.push_back(word);
  }
  return result;
}

/// The arguments that are no flags, nor the value of a flag that the other call lacks (`-n auto`); paths always count.
Words positional(const Check& check, const Check& other) {
  Words result;
  for (std::size_t i = 0; i < check.arguments.size(); ++i) {
    const std::string& argument = check.arguments[i];
    if (argument.starts_with('-')) continue;
    const bool path = argument == "." || argument.find_first_of("/:") != std::string::npos;
    const bool after_flag = i > 0 && check.arguments[i - 1].starts_with('-') &&
                            check.arguments[i - 1].find('=') == std::string::npos &&
                            missing_from({check.arguments[i - 1]}, other.arguments).size() == 1;
    if (path || !after_flag) result.push_back(argument);
  }
  return result;
}

bool subset(const Words& part, const Words& whole) {
  return missing_from(part, whole).empty();
}

const Words* filter(const pipeline::Event& event, const std::string& name) {
  const auto found = event.filters.find(name);
  return found == event.filters.end() ? nullptr : &found->second;
}

/// What an event's filters newly leave out; empty where they let as much through as before.
std::string narrower(const pipeline::Event& before, const pipeline::Event& after) {
  for (const std::string name : {"branches", "paths", "types"}) {
    const Words* now = filter(after, name);
    const Words* then = filter(before, name);
    if (now && (!then || !missing_from(*then, *now).empty())) {
      return after.name + " now only for " + name +
             (now->empty() ? "" : " " + now->front() + (now->size() > 1 ? ", ..." : ""));
    }
  }
  for (const std::string name : {"branches-ignore", "paths-ignore"}) {
    const Words* now = filter(after, name);
    if (!now) continue;
    const Words* then = filter(before, name);
    const Words more = missing_from(*now, then ? *then : Words());
    if (!more.empty()) return after.name + " now ignores " + more.front();
  }
  return {};
}

std::string narrower_events(const Check& before, const Check& after) {
  for (const auto& event : before.events) {
    const auto same = std::find_if(after.events.begin(), after.events.end(),
                                   [&](const auto& other) { return other.name == event.name; });
    if (same == after.events.end()) return event.name + " no longer starts it";
    if (std::string text = narrower(event, *same); !text.empty()) return text;
  }
  return {};
}

/// `releases/**`, `hotfix-*`: branches from which versions go out.
bool is_of_releases(std::string_view branch) {
  static const text::Pattern named(
      R"((?i)^(?:refs/heads/)?(?:releases?|rel|stable|hotfix(?:es)?|deploy|production)[-_/.])");
  return named.matches(branch);
}

bool is_one_branch(std::string_view name) {
  return name.find_first_of("*?+[!") == std::string_view::npos;
}

bool is_pushed_to(const pipeline::Event& event, bool (*wanted)(std::string_view)) {
  const Words* branches = event.name == "push" ? filter(event, "branches") : nullptr;
  return branches != nullptr && !branches->empty() && std::all_of(branches->begin(), branches->end(), wanted);
}

/// A push to branches that are named one by one: changes arrive there when they are merged.
bool comes_with_the_merge(const pipeline::Event& event) {
  return is_pushed_to(event, is_one_branch);
}

/// The same of branches from which versions go out, of whatever name.
bool comes_after_the_merge(const pipeline::Event& event) {
  return is_pushed_to(event, [](std::string_view name) { return is_one_branch(name) || is_of_releases(name); });
}

/// It judged changes before they were merged, and now does so only where they are.
bool judges_too_late(const Check& before, const Check& after) {
  return !after.events.empty() && std::all_of(after.events.begin(), after.events.end(), comes_with_the_merge) &&
         !std::all_of(before.events.begin(), before.events.end(), comes_after_the_merge);
}

/// The directory in which the call stands, as one that names nothing has it.
bool is_everything(std::string_view place) {
  return place == "." || place == "./" || place == "./...";
}

/// What the call newly leaves out, told from its words.
std::string narrower_call(const Check& before, const Check& after) {
  Words more = missing_from(after.narrowing, before.narrowing);
  std::erase_if(more, [&](const std::string& word) { return widens(after, before, word); });
  if (!more.empty()) return "now with " + more.front();
  if (before.tool != after.tool || !before.known_tool) return {};
  if (const Words lost = missing_from(before.strictness, after.arguments); !lost.empty())
    return "no longer with " + lost.front();
  if (const std::string part = part_judged(before, after); !part.empty()) return "now only " + part;
  const Words then = positional(before, after), now = positional(after, before);
  if (then == now || !subset(now, then.empty() ? now : then)) return {};
  if (then.empty()) {
    const bool as_before = after.arguments == before.arguments || std::any_of(now.begin(), now.end(), is_everything);
    return as_before ? "" : "now only " + now.front();
  }
  const Words lost = missing_from(then, now);  // empty where words only moved or stood twice
  return now.empty() || lost.empty() ? "" : "no longer covers " + lost.front();
}

std::string fewer_legs(const Check& before, const Check& after) {
  if (after.legs.size() >= before.legs.size()) return {};
  const Words lost = missing_from(before.legs, after.legs);
  if (lost.empty()) return {};
  return lost.size() == 1 ? "leg " + lost.front() + " is gone"
                          : std::to_string(before.legs.size() - after.legs.size()) + " legs fewer";
}

/// People read `|| true after pytest`.
std::string explain(const Check& before, const Check& after) {
  const bool follows = after.why.starts_with("|| ") || after.why.starts_with("-");
  const std::string& name = before.shown.empty() ? before.tool : before.shown;
  return follows && !after.hollow ? after.why + (after.why.front() == '-' ? " given to " : " after ") + name
                                  : after.why;
}

/// Called from the same place to the same place; by which prerequisites and scripts in between does not matter.
bool same_ends(const Check& a, const Check& b) {
  const auto same = [](const Link& x, const Link& y) { return x.path == y.path && x.part == y.part; };
  if (a.chain.empty() || b.chain.empty()) return a.chain.empty() && b.chain.empty();
  return same(a.chain.front(), b.chain.front()) && same(a.chain.back(), b.chain.back());
}

std::string place_of(const Check& check) {
  return check.chain.empty() ? check.pipeline + ": " + check.job : check.chain.back().path;
}

CheckChange change(CheckFate fate, const Check& before, const Check& after, std::string what) {
  return {fate, before, after, std::move(what), !before.context.empty()};
}

}  // namespace

/// From where to where, as closely as it takes to tell the two apart.
std::string ways_between(const Check& before, const Check& after) {
  const auto within = [](const Check& check) {
    return check.chain.empty() || check.chain.back().part.empty() ? check.pipeline + ": " + check.job
                                                                  : place_of(check) + ": " + check.chain.back().part;
  };
  std::string from = place_of(before), to = place_of(after);
  if (from == to) from = within(before), to = within(after);
  if (from == to) from = before.pipeline + ": " + before.job, to = after.pipeline + ": " + after.job;
  return from == to ? "by another way in " + to : "from " + from + " to " + to;
}

bool same_job(const Check& a, const Check& b) {
  return a.pipeline == b.pipeline && a.job == b.job;
}

bool same_step(const Check& a, const Check& b) {
  return same_job(a, b) && a.step_name == b.step_name;
}

/// Without it the tool only reports.
std::string lost_force(const Check& before, const Check& after) {
  if (before.force.empty() || !after.force.empty() || before.tool != after.tool) return {};
  return "no longer with " + before.force.front() + ", it only reports";
}

bool judges(const Check& check) {
  return !check.events.empty();
}

std::size_t runs(const Check& check) {
  return std::max<std::size_t>(1, check.legs.size()) - std::min(check.disarmed_legs.size(), check.legs.size());
}

std::string part_judged(const Check& before, const Check& after) {
  if (before.tool != after.tool || !before.known_tool) return {};
  const Words then = positional(before, after), now = positional(after, before);
  const auto computed = [](const std::string& word) { return word.find_first_of("$`") != std::string::npos; };
  if (std::any_of(now.begin(), now.end(), computed)) return {};
  for (const auto& place : then) {
    const auto keeps = [&](const auto& word) { return word == place || holds_part(after, word, before, place); };
    if (std::any_of(now.begin(), now.end(), keeps)) continue;
    const auto part =
        std::find_if(now.begin(), now.end(), [&](const auto& word) { return holds_part(before, place, after, word); });
    if (part != now.end()) return *part + " of " + place;
  }
  return {};
}

std::optional<CheckChange> judge_pair(const Check& before, const Check& after) {
  if (!before.enforced) {
    if (after.enforced) return change(CheckFate::restored, before, after, "no longer: " + before.why);
    return std::nullopt;
  }
  if (!after.enforced) return change(CheckFate::neutered, before, after, explain(before, after));
  if (std::string what = lost_force(before, after); !what.empty())
    return change(CheckFate::neutered, before, after, std::move(what));
  if (after.disarmed_legs.size() > before.disarmed_legs.size()) {
    return change(CheckFate::neutered, before, after,
                  "it cannot fail in leg " + missing_from(after.disarmed_legs, before.disarmed_legs).front());
  }
  const bool leg_may_fail = !missing_from({std::string(kLegsMayFail)}, before.narrowing).empty() &&
                            missing_from({std::string(kLegsMayFail)}, after.narrowing).empty();
  if (leg_may_fail && after.legs.size() <= before.legs.size())
    return change(CheckFate::neutered, before, after, "the failure of a leg that counted before is now allowed");
  if (judges_too_late(before, after))
    return change(CheckFate::neutered, before, after, "it runs only when changes are merged already");
  for (auto* const reason : {&fewer_legs, &narrower_events, &narrower_call}) {
    if (std::string what = reason(before, after); !what.empty())
      return change(CheckFate::narrowed, before, after, std::move(what));
  }
  const bool unseen = before.known_tool && !after.known_tool;
  if (unseen) return change(CheckFate::moved, before, after, "replaced by `" + after.identity + "`");
  if (same_job(before, after) && same_ends(before, after)) return std::nullopt;
  return change(CheckFate::moved, before, after, ways_between(before, after));
}

}  // namespace tollbar::reach
