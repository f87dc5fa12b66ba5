// The action map of a tree under a policy: whose approval each way needs, where the record lies, what keeps a proof
// from being whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gate/policy.h"
#include "model/decision.h"
#include "model/tree.h"
#include "reach/action_map.h"
#include "rule/rule_set.h"

namespace tollbar::gate {

/// Where decisions on changes of a way are recorded.
inline constexpr std::string_view evidence_ref = "refs/tollbar/log";

enum class GapKind : std::uint8_t {
  no_owner,
  unregistered_credential,
  standing_key,
  no_check,
  unprotected_environment,
  unpinned_action,
  unknown_edge,
};

struct GapRow {
  GapKind kind;
  std::string_view name;     ///< `no-owner`
  std::string_view meaning;  ///< for legends
  std::string_view next;     ///< what closes it
};
/// In the order of GapKind.
const std::vector<GapRow>& gap_rows();
std::string_view to_string(GapKind kind);

/// Something that keeps a way from being proven.
struct Gap {
  GapKind kind = GapKind::no_owner;
  std::string what;  ///< `nobody owns scripts/publish.sh`
  std::string path;
  std::uint32_t line = 0;
};

/// What a change of anything on the way needs.
struct WayApproval {
  model::Decision decision = model::Decision::approve;
  model::Trigger trigger = model::Trigger::workflow_change;
  std::vector<std::string> owners;  ///< by CODEOWNERS, sorted
  std::string quorum;               ///< by policy: `2 of platform and 1 of security`; empty: it does not say
};

/// Which side of a difference something stands on.
enum class MapSide : std::uint8_t { same, added, removed, changed };
std::string_view to_string(MapSide side);

struct JudgedPath {
  reach::MapPath way;
  WayApproval approval;
  std::vector<Gap> gaps;
  MapSide side = MapSide::same;
  std::vector<Gap> opened, closed;       ///< of a difference: gaps that it brings and does away with
  std::vector<std::string> differences;  ///< of a changed one: `+ credential NPM_TOKEN`, `- owner @acme/release`
};

struct JudgedPipeline {
  std::string path, name, system;
  std::vector<reach::Actor> actors;
  std::vector<JudgedPath> paths;
  std::vector<std::string> problems;
  MapSide side = MapSide::same;

  /// Some way of it needs an approval (or is refused) by the policy.
  bool needs_approval() const;
};

struct ActionMap {
  std::string of;      ///< what was mapped, for people: `1a2b3c4d5e6f`, `main..topic`
  std::string policy;  ///< source
  bool difference = false;
  bool log_kept = true;  ///< there is a log of decisions in the repository
  std::vector<JudgedPipeline> pipelines;

  std::size_t path_count() const;
  /// How many gaps of a kind all ways have; of a difference those that it brings.
  std::size_t count(GapKind kind) const;
  /// How many a difference does away with.
  std::size_t closed(GapKind kind) const;
};

ActionMap map_tree(model::Tree& tree, const rule::RuleSet& rules, const Policy& policy);

/// What only one side has, and what changed in meaning; a way that merely moved is the same.
ActionMap map_difference(const ActionMap& before, const ActionMap& after);

}  // namespace tollbar::gate
