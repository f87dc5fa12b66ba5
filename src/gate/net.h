// The net change beside the commits that it is made of.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "gate/verdict.h"

namespace tollbar::gate {

/// What commits were reported for, by rule, path and subject.
class Reported {
 public:
  void add(const Verdict& commit);
  /// What the net change does and no commit was seen to do; empty where that is nothing.
  std::optional<Verdict> beyond(Verdict net) const;

 private:
  std::set<std::tuple<std::string, std::string, std::string>> keys_;
};

/// A commit whose harm the same push undoes again needs an approval at most: what would block and is no part of `net`
/// is weakened to that. Secrets stay blocked, as history keeps them, and so does everything where `net` is undecided.
void forgive_undone(Verdict& commit, const Verdict& net);

}  // namespace tollbar::gate
