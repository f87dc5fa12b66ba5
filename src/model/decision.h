// The words of the user's policy: what is decided, what set it off, how much is at stake.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tollbar::model {

/// Ordered by strength: a commit's decision is the strongest of its findings.
enum class Decision : std::uint8_t { allow, approve, block };

enum class Trigger : std::uint8_t {
  workflow_change,
  credentialed_action,
  shared_system_write,
  release_target,
  disabled_check,
  unmanaged_secret_read,
  static_key,
  destructive_production,
};

enum class Risk : std::uint8_t { low, medium, high, critical };

/// What became of a commit or ref update once policy, waivers and approvals were applied.
enum class Status : std::uint8_t { allowed, needs_approval, approved, blocked, break_glass, undecided };

/// How much must stay as it is for an approval to hold: what a finding says, the file that it stands in, or everything
/// that decides who may do what (policy, owners, keys).
enum class Binding : std::uint8_t { fact, file, tree };

/// The spelling used in every output and policy: `allow`, `workflow-change`, `needs-approval`, ...
std::string_view to_string(Decision);
std::string_view to_string(Trigger);
std::string_view to_string(Risk);
std::string_view to_string(Status);
std::string_view to_string(Binding);

/// The reverse of to_string; empty for a word that is none of them.
std::optional<Decision> parse_decision(std::string_view);
std::optional<Trigger> parse_trigger(std::string_view);
std::optional<Risk> parse_risk(std::string_view);
std::optional<Binding> parse_binding(std::string_view);

}  // namespace tollbar::model
