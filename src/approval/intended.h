// Approvals that an accepted push is about to use up. Between the answer of pre-receive and the end of post-receive no
// reference says so yet, and a hook that is ended in between never says so: what is intended stands in a file before.
#pragma once

#include <string>
#include <vector>

#include "approval/used.h"
#include "git/repository.h"

namespace tollbar::approval {

class IntendedUses {
 public:
  /// `directory` is the server's own, outside of quarantine; it need not be there.
  explicit IntendedUses(std::string directory) : directory_(std::move(directory)) {}

  /// What one reference of a push uses up when it moves, under the name of that move. Throws util::Error where it
  /// cannot be written.
  void put(const std::string& name, const std::vector<Use>& uses) const;
  void remove(const std::string& name) const;

  struct Move {
    std::string name;
    std::vector<Use> uses;
    bool forgotten = false;  ///< so old that no hook can still be at work on it
  };
  /// All that are not written as used yet. Throws util::Error for one that cannot be read: it may forbid something.
  std::vector<Move> all() const;

 private:
  std::string directory_;
};

/// The reference holds what the use lets through, or did at one of `tips`.
bool has_landed(const git::Repository& repository, const Use& use, const std::vector<model::ObjectId>& tips = {});

}  // namespace tollbar::approval
