// What is known about commands and actions, as data: which tools check, which flags disarm them, which actions deploy.
// Read from rules/data/; the shapes stand here because reach and rules share them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "document/shell.h"

namespace tollbar::reach {

enum class CheckKind : std::uint8_t { test, lint, types, format, scan, audit, build };
std::string_view to_string(CheckKind);

/// A tool that checks: how it is called, and what makes the call worthless or narrower.
struct CheckTool {
  std::string name;                        ///< `pytest`, `go test`, `cargo clippy`
  std::vector<std::string> words;          ///< leading words of the essential argv: {"go", "test"}
  CheckKind kind = CheckKind::test;
  std::vector<std::string> requires_any;   ///< flags without which the call is no check (`prettier --check`)
  std::vector<std::string> disarming;      ///< flags (globs) with which it cannot fail: `--exit-zero`, `--collect-only`, `-DskipTests*`
  std::vector<std::string> narrowing;      ///< flags (globs) that leave something out: `-k`, `--deselect*`, `--exclude*`
};

struct CheckAction {
  std::string uses;                        ///< glob over the action without version: `golangci/golangci-lint-action`
  CheckKind kind = CheckKind::lint;
  std::map<std::string, std::string> disarming;  ///< input -> glob of its value
};

/// A command or action that acts on the world outside: deploys, publishes, migrates, writes to a shared system.
struct Effect {
  std::string system;                      ///< `npm registry`, `aws`, `kubernetes`, `github`, `slack`, ...
  std::string action;                      ///< `publishes a package`, `deploys`, ...
  bool release = false;                    ///< counts as release-target; else shared-system-write
};
struct EffectTool {
  std::vector<std::string> words;          ///< leading words (globs) of the essential argv
  std::vector<std::string> requires_any;
  std::vector<std::string> unless_any;     ///< `--dry-run`, ...
  Effect effect;
};
struct EffectAction {
  std::string uses;
  std::map<std::string, std::string> requires_input;  ///< input -> glob: `push` -> `true`
  Effect effect;
};

struct Knowledge {
  std::vector<CheckTool> check_tools;
  std::vector<CheckAction> check_actions;
  std::vector<std::string> check_words;     ///< words in the name of a job, step, script or target that say "check"
  std::vector<std::string> skip_switches;   ///< globs over environment names that switch checks off: `SKIP_TESTS`, `SKIP`, `HUSKY=0`
  std::vector<EffectTool> effect_tools;
  std::vector<EffectAction> effect_actions;
  std::vector<std::string> hosted_runners;  ///< globs over runner labels that a platform hosts
  std::vector<std::string> long_lived_keys; ///< globs over credential names that are static cloud keys or personal tokens
  std::vector<std::string> privileged_events;
  std::set<std::string> required_checks;    ///< from the policy: job ids, names, step names or check contexts

  const CheckTool* check_tool(const document::Command&) const;   ///< null where the command is no known check
  const CheckAction* check_action(std::string_view uses) const;
  const Effect* effect(const document::Command&) const;
  const Effect* effect(std::string_view uses, const std::map<std::string, std::string>& with) const;
  bool names_a_check(std::string_view name) const;               ///< some word of `name` is a check word
};

/// Reads the data sections that a node of rules/data/*.yml holds into `knowledge`. Throws util::UsageError naming the place of a wrong entry.
void read_knowledge(const document::Node& root, Knowledge& knowledge);

}  // namespace tollbar::reach
