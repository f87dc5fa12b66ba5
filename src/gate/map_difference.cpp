// Two maps compared way by way: what a way is called says which is which, what it means says whether it changed.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "gate/action_map.h"

namespace tollbar::gate {
namespace {

/// What makes a way the same one after a change.
auto name_of(const JudgedPath& path) {
  return std::tie(path.way.job, path.way.step, path.way.action, path.way.system, path.way.host);
}

/// Of several ways of one name rather the one that does it by the same words.
auto find_same(std::vector<const JudgedPath*>& among, const JudgedPath& path) {
  const auto exact = std::find_if(among.begin(), among.end(), [&](const JudgedPath* old) {
    return name_of(*old) == name_of(path) && old->way.by == path.way.by;
  });
  if (exact != among.end()) return exact;
  return std::find_if(among.begin(), among.end(),
                      [&](const JudgedPath* old) { return name_of(*old) == name_of(path); });
}

/// Gaps of one side that the other does not have.
std::vector<Gap> only_in(const std::vector<Gap>& gaps, const std::vector<Gap>& others) {
  std::vector<Gap> result;
  for (const auto& gap : gaps)
    if (std::none_of(others.begin(), others.end(),
                     [&](const Gap& other) { return other.kind == gap.kind && other.what == gap.what; }))
      result.push_back(gap);
  return result;
}

void mark(JudgedPath& path, MapSide side) {
  path.side = side;
  if (side == MapSide::added) path.opened = path.gaps;
  if (side == MapSide::removed) path.closed = path.gaps;
}

/// Everything that a way means, one text an aspect; no line numbers.
std::set<std::string> aspects(const JudgedPath& path) {
  const auto& way = path.way;
  std::set<std::string> all{fmt::format("does: {}", way.by),
                            fmt::format("how sure: {}", reach::to_string(way.certainty)),
                            fmt::format("decision: {}", model::to_string(path.approval.decision))};
  std::string chain;
  for (const auto& link : way.chain) chain += " -> " + link.path + (link.part.empty() ? "" : ": " + link.part);
  if (!chain.empty()) all.insert("through:" + chain);
  for (const auto& actor : way.actors) all.insert("started by " + actor.event);
  for (const auto& condition : way.conditions) all.insert("only if " + condition);
  for (const auto& use : way.authority.credentials) all.insert("credential " + use.name);
  for (const auto& permission : way.authority.permissions) all.insert("permission " + permission);
  if (!way.authority.environment.empty()) all.insert("environment " + way.authority.environment);
  for (const auto& label : way.authority.runner) all.insert("runner " + label);
  for (const auto& file : way.files) all.insert("runs " + file.path + (file.part.empty() ? "" : ": " + file.part));
  for (const auto& more : way.also) all.insert("also does: " + more);
  for (const auto& action : way.foreign) all.insert("uses " + action.uses);
  for (const auto& owner : path.approval.owners) all.insert("owner " + owner);
  if (!path.approval.quorum.empty()) all.insert("approval by " + path.approval.quorum);
  for (const auto& gap : path.gaps) all.insert(fmt::format("gap {}: {}", to_string(gap.kind), gap.what));
  return all;
}

std::vector<std::string> differences(const JudgedPath& before, const JudgedPath& after) {
  const auto was = aspects(before), is = aspects(after);
  std::vector<std::string> lost, gained, result;
  std::set_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(lost));
  std::set_difference(is.begin(), is.end(), was.begin(), was.end(), std::back_inserter(gained));
  for (const auto& text : lost) result.push_back("- " + text);
  for (const auto& text : gained) result.push_back("+ " + text);
  return result;
}

void mark_all(JudgedPipeline& pipeline, MapSide side) {
  pipeline.side = side;
  for (auto& path : pipeline.paths) mark(path, side);
}

JudgedPipeline compare(const JudgedPipeline& before, const JudgedPipeline& after) {
  JudgedPipeline result = after;
  result.paths.clear();
  result.problems.clear();
  std::set_difference(after.problems.begin(), after.problems.end(), before.problems.begin(), before.problems.end(),
                      std::back_inserter(result.problems));
  std::vector<const JudgedPath*> left;
  for (const auto& path : before.paths) left.push_back(&path);
  for (const auto& path : after.paths) {
    JudgedPath now = path;
    const auto same = find_same(left, path);
    if (same == left.end()) {
      mark(now, MapSide::added);
    } else {
      now.differences = differences(**same, path);
      now.opened = only_in(path.gaps, (*same)->gaps);
      now.closed = only_in((*same)->gaps, path.gaps);
      now.side = now.differences.empty() ? MapSide::same : MapSide::changed;
      left.erase(same);
    }
    if (now.side != MapSide::same) result.paths.push_back(std::move(now));
  }
  for (const auto* path : left) {
    result.paths.push_back(*path);
    mark(result.paths.back(), MapSide::removed);
  }
  result.side = result.paths.empty() && result.problems.empty() ? MapSide::same : MapSide::changed;
  return result;
}

}  // namespace

ActionMap map_difference(const ActionMap& before, const ActionMap& after) {
  ActionMap result;
  result.of = before.of + ".." + after.of;
  result.policy = after.policy;
  result.difference = true;
  result.log_kept = after.log_kept;
  const auto find = [](const ActionMap& map, const std::string& path) {
    return std::find_if(map.pipelines.begin(), map.pipelines.end(),
                        [&](const JudgedPipeline& pipeline) { return pipeline.path == path; });
  };
  for (const auto& pipeline : after.pipelines) {
    const auto old = find(before, pipeline.path);
    JudgedPipeline judged = old == before.pipelines.end() ? pipeline : compare(*old, pipeline);
    if (old == before.pipelines.end()) mark_all(judged, MapSide::added);
    if (judged.side != MapSide::same) result.pipelines.push_back(std::move(judged));
  }
  for (const auto& pipeline : before.pipelines) {
    if (find(after, pipeline.path) != after.pipelines.end()) continue;
    result.pipelines.push_back(pipeline);
    mark_all(result.pipelines.back(), MapSide::removed);
  }
  return result;
}

}  // namespace tollbar::gate
