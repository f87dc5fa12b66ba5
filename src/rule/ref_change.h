// What a push does to one reference, as rules judge it: as a fact, like everything else that is found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rule/fact.h"

namespace tollbar::rule {

struct RefChange {
  /// Forwarded: the commit before is an ancestor of the one after. Forced: it is none, or one of them is no commit.
  enum class Action : std::uint8_t { created, forwarded, forced, deleted };

  std::string ref;  ///< full name
  Action action = Action::created;
  std::string before, after;      ///< short ids; empty where absent
  std::string object = "commit";  ///< what it leads to (or led to, where it is deleted): `commit`, `tree`, `blob`
  unsigned tags = 0;              ///< tag objects on the way there
  bool is_protected = false;
  bool on_branch = true;  ///< a branch reaches its commit, once the push is through
  std::string problem;    ///< why a push may not do this to the store of approvals; empty where it may
};

/// `ref-created`, `ref-forwarded`, `ref-forced` or `ref-deleted` with the attributes
/// - `space`: `branch`, `tag`, `note`, `replace`, `record` (what tollbar keeps), `approvals` (what people sign),
///   `review` (pushed to ask for a review), `other`;
/// - `ref`, `name` (without the space's prefix), `object`, `tags` (`0`, `1`, `2`...);
/// - `protected`, `on_branch`, `release` (named like a release): `true` or `false`;
/// - `problem`: see RefChange.
Fact fact_of(const RefChange& change);

/// The kinds of facts that fact_of gives.
const std::vector<std::string_view>& ref_facts();

/// Empty for a word that is no action.
std::optional<RefChange::Action> parse_ref_action(std::string_view word);

}  // namespace tollbar::rule
