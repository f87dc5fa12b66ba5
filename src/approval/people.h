// Who is who: the people, services and agents that a policy names, by every name they go under.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::approval {

/// Only persons approve.
enum class Kind : std::uint8_t { person, service, agent };

std::string_view to_string(Kind kind);
std::optional<Kind> parse_kind(std::string_view word);

struct Person {
  std::string name;
  Kind kind = Kind::person;
  std::vector<std::string> principals;  ///< as allowed signers spell them
  std::vector<std::string> emails;      ///< in commits
  std::vector<std::string> logins;      ///< as the server calls whoever pushes
  bool relays = false;                  ///< a service that may pass on approvals of persons
};

class People {
 public:
  void add(Person person);
  void add_team(const std::string& name, std::vector<std::string> members);

  bool empty() const { return people_.empty(); }
  const std::vector<Person>& all() const { return people_; }
  const std::map<std::string, std::set<std::string>>& teams() const { return teams_; }

  /// Null for a name that nobody has. Addresses and logins fold case, names and principals do not.
  const Person* named(std::string_view name) const;
  const Person* by_principal(std::string_view principal) const;
  const Person* by_email(std::string_view email) const;
  const Person* by_login(std::string_view login) const;
  bool in_team(const Person& person, std::string_view team) const;
  /// `owner` is how CODEOWNERS calls people: `@login`, an address, `@org/team` (the policy's team of that name, with
  /// or without `@org/`).
  bool is_owner(const Person& person, std::string_view owner) const;

 private:
  std::vector<Person> people_;
  std::map<std::string, std::set<std::string>> teams_;
};

}  // namespace tollbar::approval
