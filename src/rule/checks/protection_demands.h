// What documents demand of a change before it may be merged: required checks, reviews, rules, wherever such data
// stands.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "document/edit.h"
#include "document/node.h"

namespace tollbar::rule {

/// One demand: a check that must pass, a number of approvals, a switch that is on.
struct Demand {
  int strength = 1;  ///< counts, levels; a lower one asks for less
  std::string text;  ///< as it is written
  std::uint32_t line = 0;
};

/// What is demanded of one protected thing: a branch, a repository, a ruleset.
struct ProtectedThing {
  document::NodePath path;
  std::map<std::string, Demand>
      demands;  ///< `check test`, `approvals`, `enforce_admins`; alternatives as `check a or b`
  std::map<std::string, Demand> allowances;  ///< ways round: bypass actors, forced pushes, excluded branches
  bool open = false;                         ///< some checks are named by an expression that is not known here
  std::uint32_t line = 0;
};

/// By place: `branches[main]`, `repos.api`, `resource.github_branch_protection.main`, "" for a document that is one
/// ruleset.
using Protection = std::map<std::string, ProtectedThing>;

/// Protection is recognised by its keys, never by the name of the file; only bors.toml needs its `dialect`, as its keys
/// are plain words.
enum class ProtectionDialect : std::uint8_t { data, bors };
Protection read_protection(const document::Document& document, ProtectionDialect dialect = ProtectionDialect::data);

/// The text cannot hold what read_protection() looks for.
bool without_protection(std::string_view text);

/// As above, for data that no name of a file speaks for: of keys that mean nothing else.
bool without_certain_protection(std::string_view text);

/// The path leads through data that only protects: a Terraform resource, a `protection` key.
bool leads_to_protection(const document::NodePath& path);

}  // namespace tollbar::rule
