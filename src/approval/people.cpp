// Looking people up: policies name dozens, not thousands.
#include "approval/people.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace tollbar::approval {
namespace {

constexpr std::array<std::string_view, 3> kinds{"person", "service", "agent"};

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool holds_folded(const std::vector<std::string>& names, std::string_view name) {
  const std::string folded = text::ascii_lower(name);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& each) { return text::ascii_lower(each) == folded; });
}

template <typename Test>
const Person* find(const std::vector<Person>& people, const Test& test) {
  const auto found = std::find_if(people.begin(), people.end(), test);
  return found == people.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_string(Kind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> parse_kind(std::string_view word) {
  const auto* const found = std::find(kinds.begin(), kinds.end(), word);
  return found == kinds.end() ? std::nullopt : std::optional(static_cast<Kind>(found - kinds.begin()));
}

void People::add(Person person) {
  std::erase_if(people_, [&](const Person& other) { return other.name == person.name; });
  people_.push_back(std::move(person));
}

void People::add_team(const std::string& name, std::vector<std::string> members) {
  teams_[name] = {members.begin(), members.end()};
}

const Person* People::named(std::string_view name) const {
  return find(people_, [&](const Person& person) { return person.name == name; });
}

const Person* People::by_principal(std::string_view principal) const {
  return find(people_, [&](const Person& person) { return holds(person.principals, principal); });
}

const Person* People::by_email(std::string_view email) const {
  return find(people_, [&](const Person& person) { return holds_folded(person.emails, email); });
}

const Person* People::by_login(std::string_view login) const {
  return find(people_, [&](const Person& person) { return holds_folded(person.logins, login); });
}

bool People::in_team(const Person& person, std::string_view team) const {
  const auto found = teams_.find(std::string(team));
  return found != teams_.end() && found->second.count(person.name) != 0;
}

bool People::is_owner(const Person& person, std::string_view owner) const {
  if (!owner.starts_with('@')) {
    return holds_folded(person.emails, owner);
  }
  const std::string_view name = owner.substr(1);
  const std::size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) {
    return holds_folded(person.logins, name);
  }
  const auto is_team = [&](const std::string& team) {
    const std::string folded = text::ascii_lower(team);
    const std::string wanted = text::ascii_lower(name);
    return folded == wanted || folded == '@' + wanted || folded == wanted.substr(slash + 1);
  };
  return std::any_of(teams_.begin(), teams_.end(),
                     [&](const auto& team) { return is_team(team.first) && team.second.count(person.name) != 0; });
}

}  // namespace tollbar::approval
