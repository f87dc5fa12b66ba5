// `tollbar policy`: checks a policy, shows the one that judges, prints the schema.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "gate/policy.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "report/escape.h"
#include "report/rules.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

/// The policy that lies in the work tree, relative to where we are.
std::string work_tree_policy() {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  for (const std::string_view path : gate::PolicySource::tree_paths) {
    const std::filesystem::path file = std::filesystem::path(repository.work_directory()) / path;
    if (!repository.work_directory().empty() && std::filesystem::exists(file)) {
      return std::filesystem::proximate(file).string();
    }
  }
  throw util::UsageError("there is no .tollbar.yml or .github/tollbar.yml here; name the file to check");
}

void warn_of_expired(Console& console, const gate::Policy& policy) {
  const gate::Date today = gate::Date::today();
  for (const gate::Waiver& waiver : policy.waivers) {
    if (waiver.expires < today) {
      console.err << report::escape(fmt::format("{}:{}: the waiver of {} for {} expired on {}", policy.source,
                                                waiver.line, waiver.owner, waiver.rule, waiver.expires.text()))
                  << '\n';
    }
  }
}

/// What judges a change that starts from HEAD.
std::shared_ptr<const gate::LoadedPolicy> current_policy(const rule::RuleSet& rules,
                                                         const std::optional<std::string>& file) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  gate::PolicySource source(repository, rules, file);
  auto loaded = gate::current_policy(repository, source);
  if (!loaded->problems.empty()) {
    throw util::UsageError(loaded->problems);
  }
  return loaded;
}

}  // namespace

int run_policy_check(const Arguments& arguments, Console& console) {
  std::optional<std::string> file = policy_file(arguments, console);
  if (!arguments.words.empty()) {
    file = arguments.words.front();
  }
  const std::string path = file ? *file : work_tree_policy();
  const rule::RuleSet rules = rule::load_builtin();
  const gate::Policy policy = gate::read_policy(gate::read_policy_file(path), path, rules);
  warn_of_expired(console, policy);
  console.out << report::escape(path) << ": valid\n";
  return exit_allowed;
}

int run_policy_show(const Arguments& arguments, Console& console) {
  const rule::RuleSet rules = rule::load_builtin();
  const auto loaded = current_policy(rules, policy_file(arguments, console));
  const gate::Policy& policy = loaded->policy;
  console.out << "# " << report::escape(policy.source) << ", sha256 " << policy.digest << '\n';
  report::write_policy(console.out, policy, arguments.has("--effective") ? &rules.rules : nullptr);
  return exit_allowed;
}

int run_policy_schema(const Arguments&, Console& console) {
  console.out << gate::policy_schema();
  return exit_allowed;
}

}  // namespace tollbar::cli
