// One reference of a push on its way to a verdict.
#pragma once

#include <optional>
#include <vector>

#include "approval/store.h"
#include "gate/push.h"
#include "gate/standing.h"
#include "git/revisions.h"
#include "model/object_id.h"

namespace tollbar::gate {

struct Subject {
  RefVerdict verdict;
  Lane lane;
  std::optional<git::Peeled> before, after;  ///< without tags; empty where absent
  std::vector<model::ObjectId> commits;      ///< new to it, oldest first

  const RefUpdate& update() const { return verdict.update; }
  bool leads_to_commit() const { return after && after->type == git::ObjectType::commit; }
  /// It led to a commit before.
  bool led_to_commit() const { return before && before->type == git::ObjectType::commit; }
  /// What it leads to, or led to where it goes; empty where neither is there.
  const std::optional<git::Peeled>& end() const { return after ? after : before; }
  /// Its commits hold what people signed, which is judged as a whole: see approval::problem_of_growth.
  bool is_store() const { return update().ref == approval::store_ref; }
};

}  // namespace tollbar::gate
