// What is known about commands and actions, as data: which tools check, which flags disarm them, which actions deploy.
// Read from rules/data/; the shapes stand here because reach and rules share them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/node.h"
#include "document/shell.h"
#include "reach/word_glob.h"
#include "reach/word_index.h"

namespace tollbar::reach {

enum class CheckKind : std::uint8_t { test, lint, types, format, scan, audit, build };
std::string_view to_string(CheckKind);
std::optional<CheckKind> parse_check_kind(std::string_view);

/// A tool that checks: how it is called, and what makes the call worthless or narrower.
struct CheckTool {
  std::string name;                ///< `pytest`, `go test`, `cargo clippy`
  std::vector<std::string> words;  ///< leading words of the essential argv: {"go", "test"}
  CheckKind kind = CheckKind::test;
  std::vector<std::string> requires_any;  ///< flags without which the call is no check (`prettier --check`)
  std::vector<std::string>
      disarming;  ///< flags (globs) with which it cannot fail: `--exit-zero`, `--collect-only`, `-DskipTests*`
  std::vector<std::string> force;      ///< flags (globs) and variables by which alone findings fail the call
  std::vector<std::string> narrowing;  ///< flags (globs) that leave something out: `-k`, `--deselect*`, `--exclude*`
  std::vector<std::string>
      switches;  ///< environment names (globs) that switch off just this tool: `SKIP` of pre-commit
  std::vector<std::string>
      options_from;         ///< environment names whose value is read as further arguments: `PYTEST_ADDOPTS`
  std::string hands_on_to;  ///< the tool that reads what stands behind `--`: `itself` (libtest of `cargo test`),
                            ///< another, empty where those words are no flags
  bool anywhere = false;    ///< the words after the program may stand behind other arguments (`mvn -B clean verify`)
  bool auxiliary =
      false;  ///< backs another check (`git diff --exit-code` after a generator): its loss alone says little
  std::vector<std::string> unless_any;   ///< flags with which the call is something else: `tflint --init`
  std::vector<std::string> only_judges;  ///< flags without which it also produces something, as a step of a build does:
                                         ///< `tsc --noEmit`; none where it never does
};

struct CheckAction {
  std::string uses;  ///< glob over the action without version: `golangci/golangci-lint-action`
  CheckKind kind = CheckKind::lint;
  std::map<std::string, std::string> disarming;  ///< input -> glob of its value
  std::vector<std::string> force;                ///< inputs by which alone findings fail it
  std::vector<std::string> tolerates;            ///< inputs that list needs of its job whose failure it lets pass
  std::string tool;      ///< the tool it runs, where its name does not say so: `cargo test` for tarpaulin
  bool carrier = false;  ///< it runs a script of its inputs: that is the check, where it is known
};

/// How clearly a name says that something checks: `Run e2e tests` is strong; `Check for changes`, `Upload test results`
/// and `quality` are weak.
enum class NameStrength : std::uint8_t { none, weak, strong };

/// A file that a tool reads by itself, and the lines in it that switch the check off.
struct ObeyedFile {
  std::vector<std::string> tools;  ///< names of check tools (globs)
  std::vector<std::string> files;  ///< relative to where the tool runs or to the root
  std::vector<std::string> lines;  ///< globs over its lines, blanks squeezed out, case folded
  WordGlobs matching;              ///< the same, ready to match
};

/// A command or action that acts on the world outside: deploys, publishes, migrates, writes to a shared system.
struct Effect {
  std::string system;    ///< `npm registry`, `aws`, `kubernetes`, `github`, `slack`, ...
  std::string action;    ///< `publishes a package`, `deploys`, ...
  bool release = false;  ///< counts as release-target; else shared-system-write
};
struct EffectTool {
  std::vector<std::string> words;  ///< leading words (globs) of the essential argv
  std::vector<std::string> requires_any;
  std::vector<std::string> and_any;     ///< needed beside one of requires_any: the method that writes
  std::vector<std::string> unless_any;  ///< `--dry-run`, ...
  Effect effect;
};
struct EffectAction {
  std::string uses;
  std::map<std::string, std::string> requires_input;  ///< input -> glob: `push` -> `true`
  std::map<std::string, std::string> unless_input;    ///< input -> glob; any of them
  Effect effect;
};

/// The names under which credentials of a system are kept: `NPM_TOKEN` of the npm registry.
struct SystemCredentials {
  std::string system;
  std::vector<std::string> names;  ///< globs, case does not count
};

/// What a tool that acts does besides, by a section of its configuration: `brews` of goreleaser.
struct ConfiguredEffect {
  std::string tool;               ///< the program, and a part of the names of actions that run it
  std::string files;              ///< glob over the name of its configuration
  std::vector<std::string> keys;  ///< sections that are not empty; any of them
  std::string needs;              ///< what an item of the section must switch on: `publish`; empty where nothing
  Effect effect;
};

/// Why a call of a check tool is worthless or narrower, as far as its own words and environment tell.
struct Disarming {
  std::string why;                     ///< `--exit-zero`, `SKIP_TESTS: true`; empty where the call can fail
  std::vector<std::string> narrowing;  ///< what leaves something out, as written
};

struct Knowledge {
  std::vector<CheckTool> check_tools;
  std::vector<std::string> common_disarming;   ///< flags that turn any tool into a mere print: `--version`, `--help`
  std::vector<std::string> common_strictness;  ///< flags without which any tool lets more pass: `-Werror`, `--strict`
  std::vector<CheckAction> check_actions;
  std::map<std::string, std::vector<std::string>> successors;  ///< tool -> tools whose place it can take
  std::vector<std::string> check_words;         ///< words in the name of a job, step, script or target that say "check"
  std::vector<std::string> strong_check_words;  ///< those of them that leave no doubt: `tests`, `lint`
  std::vector<std::string> preparing_words;     ///< words that say something else is meant: `install`, `upload`
  std::vector<std::shared_ptr<const ObeyedFile>> obeyed_files;  ///< none is null
  std::vector<std::string>
      skip_switches;  ///< globs over environment names that switch checks off: `SKIP_TESTS`, `SKIP`, `HUSKY=0`
  std::vector<EffectTool> effect_tools;
  std::vector<EffectAction> effect_actions;
  std::vector<ConfiguredEffect> configured_effects;
  /// Where tools and actions act besides what their own entries say; told on the map, no matter of a verdict.
  std::vector<EffectTool> further_tools;
  std::vector<EffectAction> further_actions;
  std::vector<std::string> hosted_runners;  ///< globs over runner labels that a platform hosts
  std::vector<std::string>
      long_lived_keys;  ///< globs over credential names that are static cloud keys or personal tokens
  std::vector<std::string> identity_systems;  ///< systems of effects that take workload identity in place of a key
  std::vector<SystemCredentials> system_credentials;
  std::vector<std::string> identity_platforms;  ///< CI systems whose jobs have one
  std::vector<std::string> token_systems;       ///< systems of effects that the platform's own token can act on
  std::vector<std::string> privileged_events;
  std::vector<std::vector<std::string>>
      setup_tools;  ///< leading words of commands that only prepare: `npm ci`, `apt-get`, `mkdir`
  std::vector<std::vector<std::string>>
      halting_tools;  ///< leading words of commands that end the job as a success: `circleci-agent step halt`
  std::map<std::string, std::vector<std::string>>
      value_flags;                        ///< program -> flags whose value is the next word: `npm` -> `--prefix`
  std::set<std::string> required_checks;  ///< from the policy: job ids, names, step names or check contexts

  /// Call when the lists are complete. Without it tools and actions are searched for one by one, and names say nothing.
  void index_tools();

  const CheckTool* check_tool(const document::Command&) const;  ///< null where the command is no known check
  /// The tool that a hook of this name runs: `ruff-format`, `eslint`. Null where the name is nobody's.
  const CheckTool* check_tool_named(std::string_view name) const;
  /// `after` judges what `before` did, once it is set up to: typos and codespell, ruff and flake8.
  bool succeeds(std::string_view after, std::string_view before) const;
  const CheckAction* check_action(std::string_view uses) const;
  /// What takes the force from a call of `tool` (null: of an unknown command), in its arguments and in the environment
  /// it runs in.
  Disarming disarming(const CheckTool* tool, const std::vector<std::string>& arguments,
                      const std::map<std::string, std::string>& env) const;
  /// What of the call and its environment makes findings fail it; empty where the tool fails by itself.
  std::vector<std::string> force(const CheckTool& tool, const std::vector<std::string>& arguments,
                                 const std::map<std::string, std::string>& env) const;
  /// The input that disarms the action, as `exit-code: 0`; empty where none does.
  std::string disarming(const CheckAction& action, const std::map<std::string, std::string>& with) const;
  /// A skip switch that `name: value` sets for checks of this kind.
  bool switches_off(CheckKind kind, std::string_view name, std::string_view value) const;
  bool is_setup(const document::Command&) const;  ///< it prepares and judges nothing
  bool halts(const document::Command&) const;     ///< it ends the job as a success
  const Effect* effect(const document::Command&) const;
  const Effect* effect(std::string_view uses, const std::map<std::string, std::string>& with) const;
  bool names_a_check(std::string_view name) const;  ///< some word of `name` is a check word
  NameStrength name_strength(std::string_view name) const;
  bool may_prepare(std::string_view name) const;        ///< some word of `name` says that something else is meant
  bool names_preparation(std::string_view name) const;  ///< `Install dependencies`, `Set up Node`; no word of a check
  /// The effect of a command whose leading words are variables of constant value: `$HUB` in an environment where HUB is
  /// `bin/hub api`.
  const Effect* effect(const document::Command&, const std::map<std::string, std::string>& env) const;
  /// The same for every task of a build tool: `gradle publish githubRelease` does two things.
  std::vector<const Effect*> effects(const document::Command&, const std::map<std::string, std::string>& env) const;
  /// Where the command or action acts besides: a release tool that also pushes tags.
  std::vector<const Effect*> further_effects(const document::Command&,
                                             const std::map<std::string, std::string>& env) const;
  std::vector<const Effect*> further_effects(std::string_view uses,
                                             const std::map<std::string, std::string>& with) const;
  bool is_hosted(std::string_view runner_label) const;
  bool is_long_lived(std::string_view credential) const;
  /// The credential may be one of the system, by its name or by what it is bound to.
  bool is_credential_of(std::string_view system, std::string_view name, std::string_view bound_to) const;

 private:
  const CheckTool* check_tool(const std::vector<std::string>& words) const;
  struct NameSays {
    bool check = false, strong = false, preparing = false;
  };
  /// What some words of the name say.
  NameSays said_by(std::string_view name) const;

  WordIndex check_index_, effect_index_;                                // by the first word of a command
  WordIndex check_action_index_, effect_action_index_;                  // by the folded name of an action
  std::map<std::string, std::size_t, std::less<>> check_action_names_;  // by the folded name of its repository
  std::optional<WordGlobs> switch_index_;                               // skip_switches
  std::unordered_map<std::string, NameSays> name_index_;                // check_words and the like, by word
};

/// The essential argv (wrappers such as `env`, `sudo`, `npx`, `bundle exec` stripped) as texts, the program without its
/// directory.
std::vector<std::string> essential_words(const document::Command&);

/// Reads the data sections that a node of rules/data/*.yml holds into `knowledge`. Throws util::UsageError naming the
/// place of a wrong entry.
void read_knowledge(const document::Node& root, Knowledge& knowledge);

}  // namespace tollbar::reach
