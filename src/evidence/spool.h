// Decisions that wait for the log: those of refused pushes, which leave nothing in git, and those that a hook was about
// to write when it was ended. Files in a directory of the server, outside of quarantine.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/record.h"
#include "gate/ref_update.h"
#include "git/repository.h"

namespace tollbar::evidence {

class Spool {
 public:
  /// What git's configuration names as `tollbar.spool`, else `tollbar/spool` in the repository's own directory.
  explicit Spool(const git::Repository& repository);
  explicit Spool(std::string directory) : directory_(std::move(directory)) {}

  enum class Why {
    refused,  ///< the push was refused: to be logged as it is
    pending,  ///< the push is about to be accepted: post-receive logs it and takes this away
    late,     ///< the push was accepted, and the log could not be written
  };

  /// Written whole, or not at all. `name` tells it from others; the same name again takes its place. Throws util::Error
  /// where it cannot be written, or where refused pushes fill the spool.
  void put(Why why, const std::string& name, const std::vector<Record>& records) const;
  void remove(Why why, const std::string& name) const;

  struct Waiting {
    Why why;
    std::string name;
    std::vector<Record> records;
  };
  /// Calls `work` with everything that waits, alone among all processes; where `work` returns, all of that is gone.
  /// Pending ones count once no hook can still be at work on them. Does nothing where nothing waits. Files that cannot
  /// be read stay, and are told as `problem`.
  void take(const std::function<void(std::vector<Waiting> waiting)>& work,
            const std::function<void(const std::string& problem)>& problem) const;

  const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
};

/// Names what was decided about one reference of a push, the same in every hook that looks at it.
std::string name_of(const gate::RefUpdate& update);

}  // namespace tollbar::evidence
