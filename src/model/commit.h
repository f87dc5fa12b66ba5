// A commit as far as judging needs it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/object_id.h"

namespace tollbar::model {

/// A name in a commit. A claim, never a proof.
struct Signature {
  std::string name;
  std::string email;
  std::int64_t time = 0;  ///< seconds since 1970, UTC
  int offset_minutes = 0;
};

struct Commit {
  ObjectId id;
  ObjectId tree;
  std::vector<ObjectId> parents;
  Signature author;
  Signature committer;
  std::string message;  ///< bytes as stored

  /// The first line of the message.
  std::string subject() const;
};

}  // namespace tollbar::model
