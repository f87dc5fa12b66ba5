// `tollbar approve` and `tollbar revoke`: shows what is approved, fact by fact, and signs what was shown.
#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <set>

#include "approval/signing.h"
#include "approval/store.h"
#include "attest/envelope.h"
#include "attest/signing_key.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "cli/signing.h"
#include "gate/approvals.h"
#include "gate/scan.h"
#include "git/repository.h"
#include "git/revisions.h"
#include "report/escape.h"
#include "rule/engine.h"
#include "util/error.h"
#include "util/instant.h"

namespace tollbar::cli {
namespace {

constexpr util::Instant usual_time =
    util::Instant{14} * 24 * 60 * 60;  // seconds that an approval holds where nobody says

/// What somebody signs as: `--as`, else the address of git's configuration.
std::string principal_of(const git::Repository& repository, const Arguments& arguments) {
  const auto principal = arguments.has("--as") ? arguments.value("--as") : repository.config("user.email");
  if (!principal || principal->empty()) {
    throw util::UsageError("as whom do you sign? Set user.email to your principal in the allowed signers, or say --as");
  }
  return *principal;
}

/// A revision with what the gate says about it for one reference.
struct Judged {
  std::string ref, repository, policy_digest;
  gate::Policy policy;
  std::vector<gate::Verdict> verdicts;
};

gate::PolicyBase base_of(const git::Repository& repository, const git::Range& range) {
  if (range.base) {
    return {*range.base, repository.commit(*range.base).tree};
  }
  const auto parents =
      range.commits.empty() ? std::vector<model::ObjectId>{} : repository.commit(range.commits.front()).parents;
  return parents.empty() ? gate::PolicyBase{{}, repository.empty_tree()}
                         : gate::PolicyBase{parents.front(), repository.commit(parents.front()).tree};
}

std::string full_ref(const std::string& name) {
  return name.starts_with("refs/") ? name : "refs/heads/" + name;
}

/// What the store holds already.
enum class Stored { left_out, honoured };

Judged judge(git::Repository& repository, const std::string& revision, const Arguments& arguments, Console& console,
             Stored stored = Stored::left_out) {
  const git::Range range = git::resolve_range(repository, revision);
  const rule::RuleSet rules = rule::load_builtin();
  const rule::Engine engine(rules);
  gate::ScanOptions options;
  options.policy_file = policy_file(arguments, console);
  gate::PolicySource policies(repository, rules, options.policy_file);
  const gate::PolicyBase base = base_of(repository, range);
  git::RepositoryTree tree(repository, base.tree);
  const auto policy = policies.named() ? policies.named() : policies.of_tree(tree);
  if (!policy->problems.empty()) {
    throw util::UsageError("the policy that judges it cannot be read:\n" + policy->problems);
  }
  Judged judged;
  judged.policy = policy->policy;
  judged.policy_digest = policy->policy.digest;
  judged.ref = gate::approval_target(repository, policy->policy,
                                     arguments.has("--ref") ? full_ref(*arguments.value("--ref")) : "");
  judged.repository = gate::approval_repository(repository, policy->policy, base);
  // What was approved already is signed again: only the server knows what was used up.
  options.approvals = stored == Stored::honoured;
  options.target = judged.ref;
  gate::ScanResult result = gate::scan_range(repository, engine, range, options);
  judged.verdicts = std::move(result.verdicts);
  if (result.net) {
    judged.verdicts.push_back(std::move(*result.net));
  }
  return judged;
}

/// A fact that wants approval, with what approvers need to know about it.
struct Wanted {
  approval::Fact fact;
  const model::Finding* finding = nullptr;
};

bool is_wanted(const model::Finding& finding, const std::vector<std::string>& only) {
  if (only.empty()) {
    return true;
  }
  return std::any_of(only.begin(), only.end(), [&](const std::string& word) {
    constexpr std::size_t fewest = 6;  // digits of a fingerprint
    return gate::names_rule(word, finding.rule) || (word.size() >= fewest && finding.fingerprint.starts_with(word));
  });
}

std::vector<Wanted> wanted_facts(const Judged& judged, const std::vector<std::string>& only) {
  std::vector<Wanted> wanted;
  std::set<std::string> known;
  const auto add = [&](const model::Finding& finding) {
    for (approval::Fact& fact : gate::facts_of(finding, judged.repository, judged.ref)) {
      if (known.insert(approval::fingerprint(fact)).second) {
        wanted.push_back({std::move(fact), &finding});
      }
    }
  };
  for (const gate::Verdict& verdict : judged.verdicts) {
    std::set<std::string> paths;
    for (const model::Finding& finding : verdict.findings) {
      if (gate::can_be_approved(finding) && is_wanted(finding, only)) {
        add(finding);
        paths.insert(finding.path);
      }
    }
    for (const model::Finding& implied : verdict.implied) {
      if (paths.count(implied.path) != 0) {
        add(implied);
      }
    }
  }
  return wanted;
}

void show(std::ostream& out, const Wanted& wanted) {
  const approval::Fact& fact = wanted.fact;
  out << report::escape(fmt::format("{}  {}  {}", fact.rule, fact.path, fact.subject)) << '\n';
  out << "  " << report::escape(wanted.finding->message) << '\n';
  for (const auto& [name, text] :
       {std::pair("before", &fact.before), std::pair("after", &fact.after), std::pair("context", &fact.context)}) {
    if (!text->empty()) {
      out << fmt::format("  {:<8} {}\n", name, report::escape(*text));
    }
  }
  out << fmt::format("  {:<8} {}\n", "binds to", model::to_string(wanted.finding->binding));
}

/// What still holds it back, as the gate says it: too few people, a change of one's own, a key that nobody lists.
void tell_what_is_missing(const Judged& judged, const std::vector<std::string>& only, Console& console) {
  std::set<std::string> told;
  for (const gate::Verdict& verdict : judged.verdicts) {
    for (const model::Finding& finding : verdict.findings) {
      if (!gate::can_be_approved(finding) || !finding.approved.empty() || !is_wanted(finding, only)) {
        continue;
      }
      for (const std::string& problem : finding.unapproved) {
        if (told.insert(problem).second) {
          console.err << "warning: not enough yet: " << report::escape(problem) << '\n';
        }
      }
    }
  }
}

/// A person at a terminal says yes, or --yes did.
void confirm(const Arguments& arguments, Console& console, const std::string& question) {
  if (arguments.has("--yes")) {
    return;
  }
  if (!console.out_is_terminal) {
    throw util::UsageError("nobody can be asked here; who has read what is approved says --yes");
  }
  console.out << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(console.in, answer);
  if (answer != "y" && answer != "yes") {
    throw util::UsageError("nothing was signed");
  }
}

util::Instant time_of(const Arguments& arguments, const gate::ApprovalTerms& terms) {
  const util::Instant most = terms.longest == 0 ? usual_time : std::min(terms.longest, usual_time);
  const auto text = arguments.value("--expires");
  if (!text) {
    return most;
  }
  const auto time = util::parse_duration(*text);
  if (!time) {
    throw util::UsageError(fmt::format("--expires is a time such as 12h, 30d or 8w, not `{}`", *text));
  }
  if (terms.longest != 0 && *time > terms.longest) {
    throw util::UsageError(fmt::format("--expires {} is longer than the policy grants: {} (max_expiry)", *text,
                                       util::to_duration(terms.longest)));
  }
  return *time;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// An approval of the store that is to be taken back.
struct Revoked {
  std::string digest, fingerprint;
};

std::vector<Revoked> approvals_named(git::Repository& repository, const std::string& word, const Arguments& arguments,
                                     Console& console) {
  const approval::Store store(repository);
  std::vector<Revoked> named;
  const auto add = [&](const approval::StoredRecord& record) {
    const attest::Envelope envelope = attest::read_envelope(record.envelope, record.digest);
    if (attest::read_statement(envelope.payload, record.digest).predicate_type == approval::approval_type) {
      named.push_back({record.digest, record.fingerprint});
    }
  };
  constexpr std::size_t fewest = 6;  // digits of a digest
  if (word.size() >= fewest) {
    store.each([&](const approval::StoredRecord& record) {
      if (record.digest.starts_with(word)) {
        add(record);
      }
    });
  }
  if (!named.empty()) {
    return named;
  }
  const Judged judged = judge(repository, word, arguments, console);
  for (const gate::Verdict& verdict : judged.verdicts) {
    for (const auto* findings : {&verdict.findings, &verdict.implied}) {
      for (const model::Finding& finding : *findings) {
        for (const approval::Fact& fact : gate::facts_of(finding, judged.repository, judged.ref)) {
          for (const approval::StoredRecord& record : store.about(approval::fingerprint(fact))) {
            add(record);
          }
        }
      }
    }
  }
  return named;
}

}  // namespace

int run_approve(const Arguments& arguments, Console& console) {
  refuse_agents(console, "approving");
  const std::string reason = required_text(arguments, "--reason", rule::load_builtin());
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const Judged judged = judge(repository, arguments.words.front(), arguments, console);
  const std::vector<Wanted> wanted = wanted_facts(judged, arguments.values("--only"));
  if (wanted.empty()) {
    const std::size_t others = arguments.has("--only") ? wanted_facts(judged, {}).size() : 0;
    if (others > 0) {
      throw util::UsageError(fmt::format("nothing in it that --only names waits for an approval; without --only: {}",
                                         counted(others, "fact")));
    }
    console.out << "Nothing in it waits for an approval.\n";
    return exit_allowed;
  }
  approval::Approval approval;
  approval.reason = reason;
  approval.created = util::now();
  approval.expires = approval.created + time_of(arguments, judged.policy.approvals);
  approval.approver = principal_of(repository, arguments);
  approval.relayed_for = arguments.value("--relay").value_or("");
  approval.version = TOLLBAR_VERSION;
  approval.policy = judged.policy_digest;
  const attest::SigningSettings settings = settings_that_verify(repository);

  for (const Wanted& each : wanted) {
    show(console.out, each);
  }
  if (arguments.has("--ref") && full_ref(*arguments.value("--ref")) != judged.ref) {
    console.out << report::escape(fmt::format("{} is not protected: what it holds is approved for {}.",
                                              full_ref(*arguments.value("--ref")), judged.ref))
                << '\n';
  }
  const std::string terms =
      fmt::format("{} for {} until {}", counted(wanted.size(), "fact"), judged.ref, util::to_text(approval.expires));
  confirm(arguments, console,
          fmt::format("Approve {} as {}?", report::escape(terms), report::escape(approval.approver)));

  std::vector<approval::StoredRecord> records;
  for (const Wanted& each : wanted) {
    approval.fact = each.fact;
    approval.binding = each.finding->binding;
    approval.nonce = approval::new_nonce();
    records.push_back(
        approval::sign_record(approval::to_statement(approval), approval::fingerprint(each.fact), settings));
  }
  approval::add_to_store(repository, records, fmt::format("Approve {}\n\n{}\n", terms, reason));
  console.out << report::escape(fmt::format("Approved {} as {}.", terms, approval.approver))
              << "\nTo hand it on: tollbar approvals push\n";
  tell_what_is_missing(judge(repository, arguments.words.front(), arguments, console, Stored::honoured),
                       arguments.values("--only"), console);
  return exit_allowed;
}

int run_revoke(const Arguments& arguments, Console& console) {
  refuse_agents(console, "revoking");
  const std::string reason = required_text(arguments, "--reason", rule::load_builtin());
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const std::vector<Revoked> named = approvals_named(repository, arguments.words.front(), arguments, console);
  if (named.empty()) {
    throw util::UsageError(
        fmt::format("`{}` names no approval and nothing that was approved", arguments.words.front()));
  }
  const attest::SigningSettings settings = settings_that_verify(repository);
  std::vector<approval::StoredRecord> records;
  for (const Revoked& each : named) {
    const approval::Revocation revocation{each.digest, each.fingerprint, reason, util::now(),
                                          principal_of(repository, arguments)};
    console.out << fmt::format("revoked  {}\n", each.digest.substr(0, 12));
    records.push_back(approval::sign_record(approval::to_statement(revocation), each.fingerprint, settings));
  }
  approval::add_to_store(repository, records,
                         fmt::format("Revoke {}\n\n{}\n", counted(named.size(), "approval"), reason));
  console.out << "To hand it on: tollbar approvals push\n";
  return exit_allowed;
}

}  // namespace tollbar::cli
