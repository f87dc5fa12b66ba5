// Seating people is matching: whoever can take several seats takes the one that leaves fewest empty.
#include "approval/quorum.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace tollbar::approval {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

const Quorum& or_anybody(const Quorum& quorum) {
  static const Quorum one_person{Seats{}};
  return quorum.empty() ? one_person : quorum;
}

std::string to_text(const Seats& seats) {
  if (seats.owners) {
    return fmt::format("{} of the owners", seats.count);
  }
  return seats.teams.empty() ? fmt::format("{} {}", seats.count, seats.count == 1 ? "person" : "people")
                             : fmt::format("{} of {}", seats.count, fmt::join(seats.teams, " or "));
}

}  // namespace

std::string to_text(const Quorum& quorum) {
  std::string text;
  for (const Seats& seats : or_anybody(quorum)) {
    text += (text.empty() ? "" : " and ") + to_text(seats);
  }
  return text;
}

bool may_take(const Person& person, const Seats& seats, const People& people, const std::set<std::string>& owners) {
  if (person.kind != Kind::person) {
    return false;
  }
  if (seats.owners) {
    return std::any_of(owners.begin(), owners.end(),
                       [&](const std::string& owner) { return people.is_owner(person, owner); });
  }
  return seats.teams.empty() || std::any_of(seats.teams.begin(), seats.teams.end(),
                                            [&](const std::string& team) { return people.in_team(person, team); });
}

Quorum empty_seats(const Quorum& quorum, const std::vector<const Person*>& agreeing, const People& people,
                   const std::set<std::string>& owners) {
  std::vector<const Seats*> chairs;
  for (const Seats& seats : or_anybody(quorum)) {
    chairs.insert(chairs.end(), static_cast<std::size_t>(std::max(seats.count, 1)), &seats);
  }
  std::vector<std::size_t> taken_by(chairs.size(), nobody);
  std::vector<bool> asked;
  const std::function<bool(std::size_t)> seat = [&](std::size_t person) {
    for (std::size_t chair = 0; chair < chairs.size(); ++chair) {
      if (asked[chair] || !may_take(*agreeing[person], *chairs[chair], people, owners)) {
        continue;
      }
      asked[chair] = true;
      if (taken_by[chair] == nobody || seat(taken_by[chair])) {
        taken_by[chair] = person;
        return true;
      }
    }
    return false;
  };
  for (std::size_t person = 0; person < agreeing.size(); ++person) {
    asked.assign(chairs.size(), false);
    seat(person);
  }
  Quorum empty;
  for (std::size_t chair = 0; chair < chairs.size(); ++chair) {
    if (taken_by[chair] != nobody) {
      continue;
    }
    Seats left = *chairs[chair];
    left.count = 1;
    if (!empty.empty() && empty.back().teams == left.teams && empty.back().owners == left.owners) {
      ++empty.back().count;
    } else {
      empty.push_back(std::move(left));
    }
  }
  return empty;
}

}  // namespace tollbar::approval
