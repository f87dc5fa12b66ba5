// How many people of which teams must agree. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "approval/people.h"

namespace tollbar::approval {

/// `count` people of any of the teams; with `owners` of those whom CODEOWNERS names for the path; with neither anybody
/// whom the policy names.
struct Seats {
  std::vector<std::string> teams;
  bool owners = false;
  int count = 1;
  bool operator==(const Seats&) const = default;
};

/// All seats must be taken, each by somebody else. Empty: one person whom the policy names.
using Quorum = std::vector<Seats>;

/// `2 of platform and 1 of security`.
std::string to_text(const Quorum& quorum);

bool may_take(const Person& person, const Seats& seats, const People& people, const std::set<std::string>& owners);

/// The seats that stay empty when as many as possible are taken, each person taking one at most; empty where the quorum
/// is reached. `owners` are those of the path.
Quorum empty_seats(const Quorum& quorum, const std::vector<const Person*>& agreeing, const People& people,
                   const std::set<std::string>& owners);

}  // namespace tollbar::approval
