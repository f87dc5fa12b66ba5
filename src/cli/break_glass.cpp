// `tollbar break-glass`: signs that named rules shall not hold back an emergency; reviews such a record; lists them.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "approval/break_glass.h"
#include "approval/glass_records.h"
#include "approval/signing.h"
#include "approval/store.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "cli/signing.h"
#include "gate/approvals.h"
#include "gate/break_glass.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "git/settings.h"
#include "report/escape.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

using approval::GlassRecord;

/// What the command works with: the policy at HEAD and the store of this clone.
struct Scene {
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  rule::RuleSet rules = rule::load_builtin();
  gate::PolicySource policies;
  std::shared_ptr<const gate::LoadedPolicy> policy;
  util::Instant now = util::now();

  explicit Scene(const std::optional<std::string>& file) : policies(repository, rules, file) {
    policy = gate::current_policy(repository, policies);
    if (!policy->problems.empty()) {
      throw util::UsageError(policy->problems);
    }
  }

  std::string repository_name() const {
    const auto head = repository.resolve_commit("HEAD");
    if (!head) {
      throw util::UsageError("there is no commit yet: nothing can be pushed past the gate");
    }
    return gate::approval_repository(repository, policy->policy, {*head, repository.commit(*head).tree});
  }
};

std::string required(const Arguments& arguments, std::string_view flag, const Scene& scene) {
  return required_text(arguments, flag, scene.rules);
}

std::string own_principal() {
  const std::string principal = git::text_setting("user.email").value_or("");
  if (principal.empty()) {
    throw util::UsageError("who signs? git config user.email PRINCIPAL, as the allowed signers spell it");
  }
  return principal;
}

/// Signed, and in the store, or an error: nobody breaks the glass without a record.
std::string keep(Scene& scene, const attest::Statement& statement, const std::string& message) {
  const approval::StoredRecord stored = approval::sign_record(
      statement, approval::break_glass_fingerprint(scene.repository_name()), settings_that_verify(scene.repository));
  approval::add_to_store(scene.repository, {stored}, message);
  return stored.digest;
}

std::string full_reference(const std::string& name) {
  return name.empty() || name.starts_with("refs/") ? name : "refs/heads/" + name;
}

approval::BreakGlass record_of(const Arguments& arguments, const Scene& scene) {
  const gate::Policy& policy = scene.policy->policy;
  if (policy.break_glass.teams.empty()) {
    throw util::UsageError("the policy lets nobody break the glass: `break_glass: {teams: [...]}` is missing in it");
  }
  approval::BreakGlass record;
  record.repository = scene.repository_name();
  record.ref = full_reference(arguments.value("--ref").value_or(""));
  record.rules = arguments.values("--rule");
  record.incident = required(arguments, "--incident", scene);
  record.reason = required(arguments, "--reason", scene);
  record.principal = own_principal();
  record.version = TOLLBAR_VERSION;
  record.created = scene.now;
  const auto duration = util::parse_duration(required(arguments, "--expires", scene));
  if (!duration || *duration <= 0 || *duration > policy.break_glass.longest) {
    throw util::UsageError(fmt::format("--expires: a duration such as 90m or 12h, at most {}, is wanted",
                                       util::to_duration(policy.break_glass.longest)));
  }
  record.expires = record.created + *duration;
  if (record.rules.empty()) {
    throw util::UsageError("break-glass needs --rule: which rules shall not hold the push back?");
  }
  for (const std::string& rule : record.rules) {
    const std::vector<std::string> near = rule::suggestions(scene.rules, rule);
    if (scene.rules.find(rule) == nullptr) {
      throw util::UsageError(fmt::format("there is no rule `{}`{}", rule,
                                         near.empty() ? "" : fmt::format("; did you mean `{}`?", near.front())));
    }
    if (!approval::can_be_broken(rule)) {
      throw util::UsageError(fmt::format("{} protects the policy or its keys, which no emergency opens", rule));
    }
  }
  return record;
}

std::vector<GlassRecord> all_records(Scene& scene) {
  return gate::glass_records_at_head(scene.repository, scene.policies, scene.now);
}

int open_glass(const Arguments& arguments, Console& console, Scene& scene) {
  const approval::BreakGlass record = record_of(arguments, scene);
  const std::string digest = keep(scene, to_statement(record), "Break the glass for " + record.incident + "\n");
  console.out << report::escape(fmt::format("{} breaks the glass for {} until {}: {}", record.incident,
                                            fmt::join(record.rules, ", "), util::to_text(record.expires), digest))
              << '\n'
              << report::escape(fmt::format(
                     "somebody else reviews it by {}: tollbar break-glass review {} --reason TEXT",
                     util::to_text(record.created + scene.policy->policy.break_glass.review_within), record.incident))
              << '\n';
  for (const GlassRecord& kept : all_records(scene)) {
    if (kept.digest == digest && !kept.problem.empty()) {
      console.err << "warning: it opens nothing: " << report::escape(kept.problem) << '\n';
      return exit_allowed;
    }
  }
  console.err << "hint: it counts once the server has it: tollbar approvals push, or with the current branch in one "
                 "push: tollbar approvals push --atomic\n";
  return exit_allowed;
}

int review_glass(const Arguments& arguments, Console& console, Scene& scene) {
  const std::string& incident = arguments.words.at(1);
  const std::string reason = required(arguments, "--reason", scene);
  std::size_t reviewed = 0;
  for (const GlassRecord& record : all_records(scene)) {
    if (record.said.incident != incident || record.person.empty() || !record.reviewed_by.empty()) {
      continue;
    }
    const approval::Review review{scene.repository_name(), record.digest, incident, reason, scene.now, own_principal()};
    const approval::Person* reviewer = scene.policy->policy.people.by_principal(review.principal);
    if (reviewer != nullptr && reviewer->name == record.person) {
      throw util::UsageError(
          fmt::format("{} broke the glass for {}: somebody else reviews it", record.person, incident));
    }
    console.out << "reviewed " << record.digest << ": "
                << keep(scene, to_statement(review), "Review " + incident + "\n") << '\n';
    ++reviewed;
  }
  if (reviewed == 0) {
    throw util::UsageError(
        fmt::format("there is no break-glass record of {} here that owes a review; those of a server "
                    "come with: tollbar approvals fetch",
                    incident));
  }
  console.err << "hint: it counts once the server has it: tollbar approvals push\n";
  return exit_allowed;
}

int list_glass(Console& console, Scene& scene) {
  for (const GlassRecord& record : all_records(scene)) {
    const std::string review = !record.reviewed_by.empty() ? "reviewed by " + record.reviewed_by
                               : record.overdue(scene.now) ? "REVIEW OVERDUE since " + util::to_text(record.review_by)
                                                           : "review due by " + util::to_text(record.review_by);
    const std::string state = !record.problem.empty()     ? "counts for nothing: " + record.problem
                              : record.expired(scene.now) ? "ended " + util::to_text(record.said.expires)
                                                          : "open until " + util::to_text(record.said.expires);
    console.out << report::escape(fmt::format("{}  {}  {}  {}; {}", record.said.incident, record.said.principal,
                                              fmt::join(record.said.rules, ","), state, review))
                << '\n'
                << "    " << report::escape(record.said.reason) << '\n';
  }
  return exit_allowed;
}

}  // namespace

int run_break_glass(const Arguments& arguments, Console& console) {
  Scene scene(policy_file(arguments, console));
  const std::string what = arguments.words.empty() ? "" : arguments.words.front();
  if (what != "list") {
    refuse_agents(console, what == "review" ? "reviewing an emergency" : "breaking the glass");
  }
  if (what.empty()) {
    return open_glass(arguments, console, scene);
  }
  if (what == "review" && arguments.words.size() == 2) {
    return review_glass(arguments, console, scene);
  }
  if (what == "list" && arguments.words.size() == 1) {
    return list_glass(console, scene);
  }
  throw util::UsageError("break-glass takes flags alone, `review INCIDENT` or `list`");
}

}  // namespace tollbar::cli
