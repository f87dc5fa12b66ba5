// Told from the two ends of a reference and what lies between them.
#include "gate/push_reference.h"

#include <optional>
#include <string>

namespace tollbar::gate {
namespace {

std::string problem_of_store(const git::Repository& repository, const Subject& subject) {
  if (!subject.after) {
    return "its records are kept for good";
  }
  if (!subject.leads_to_commit() || subject.after->tags != 0) {
    return "it leads to no commit";
  }
  const auto before = subject.before ? std::optional(subject.before->id) : std::nullopt;
  return approval::problem_of_growth(repository, before, subject.after->id).value_or("");
}

rule::RefChange::Action action_of(const git::Repository& repository, const Subject& subject) {
  using Action = rule::RefChange::Action;
  if (subject.update().creates()) {
    return Action::created;
  }
  if (subject.update().deletes()) {
    return Action::deleted;
  }
  const bool commits = subject.leads_to_commit() && subject.led_to_commit();
  const bool builds_on = commits && repository.merge_base(subject.before->id, subject.after->id) == subject.before->id;
  return builds_on ? Action::forwarded : Action::forced;
}

}  // namespace

rule::RefChange reference_change(const git::Repository& repository, const Subject& subject,
                                 const std::set<model::ObjectId>& off_branches) {
  const RefUpdate& update = subject.update();
  const auto& end = subject.end();
  rule::RefChange change;
  change.ref = update.ref;
  change.action = action_of(repository, subject);
  change.before = update.creates() ? "" : update.before.short_hex();
  change.after = update.deletes() ? "" : update.after.short_hex();
  change.object = end ? std::string(to_string(end->type)) : "unknown";
  change.tags = end ? end->tags : 0;
  change.is_protected = subject.lane.is_protected;
  change.on_branch = !subject.after || off_branches.count(subject.after->id) == 0;
  change.problem = subject.is_store() ? problem_of_store(repository, subject) : "";
  return change;
}

}  // namespace tollbar::gate
