// One reference of a push, as git tells its hooks.
#pragma once

#include <string>

#include "model/object_id.h"

namespace tollbar::gate {

struct RefUpdate {
  std::string ref;         ///< full name
  model::ObjectId before;  ///< the zero id where the reference is created
  model::ObjectId after;   ///< the zero id where it is deleted

  bool creates() const { return before.is_zero(); }
  bool deletes() const { return after.is_zero(); }
};

}  // namespace tollbar::gate
