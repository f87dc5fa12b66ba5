// From a verdict that needs approval to one that has it, or that says why it has not.
#include "gate/approvals.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "approval/difference.h"
#include "gate/decide.h"
#include "gate/fingerprint.h"
#include "gate/signers.h"
#include "rule/agents.h"
#include "rule/codeowners.h"
#include "text/ascii.h"
#include "util/error.h"
#include "util/instant.h"

namespace tollbar::gate {
namespace {

using approval::Involved;

constexpr std::size_t most_compared = 3;  // findings of one judgement whose near approvals are looked for

/// The addresses of `Co-authored-by:` lines.
std::vector<std::string> co_authors(const std::string& message) {
  constexpr std::string_view key = "co-authored-by:";
  std::vector<std::string> addresses;
  std::string_view rest = message;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (text::ascii_lower(line.substr(0, key.size())) != key) {
      continue;
    }
    const std::size_t open = line.find('<');
    const std::size_t close = line.find('>', open == std::string_view::npos ? 0 : open);
    addresses.emplace_back(close == std::string_view::npos ? "" : line.substr(open + 1, close - open - 1));
  }
  return addresses;
}

}  // namespace

std::string approval_repository(const git::Repository& repository, const Policy& policy, const PolicyBase& base) {
  if (!policy.repository.empty()) {
    return policy.repository;
  }
  if (const auto configured = repository.config("tollbar.repository"); configured && !configured->empty()) {
    return *configured;
  }
  if (base.commit.is_zero()) {
    return "empty";
  }
  model::ObjectId root = base.commit;
  for (auto parents = repository.commit(root).parents; !parents.empty(); parents = repository.commit(root).parents) {
    root = parents.front();
  }
  return "root " + root.hex();
}

std::string approval_target(const git::Repository& repository, const Policy& policy, const std::string& ref) {
  constexpr std::string_view branches = "refs/heads/";
  const std::string head = ref.empty() ? repository.head_branch() : ref;
  const std::string_view name = head.starts_with(branches) ? std::string_view(head).substr(branches.size()) : "";
  const auto is_protected = [&](const std::string& pattern) {
    return pattern.starts_with("refs/") ? text::Glob(pattern).matches(head) : text::Glob('/' + pattern).matches(name);
  };
  if (!head.empty() &&
      std::any_of(policy.view.protected_refs.begin(), policy.view.protected_refs.end(), is_protected)) {
    return head;
  }
  constexpr std::string_view tracked = "refs/remotes/origin/";
  std::string branch = repository.default_branch();
  if (branch.starts_with(tracked)) {
    branch = std::string(branches) + branch.substr(tracked.size());
  }
  return branch.empty() ? head : branch;
}

std::vector<approval::Fact> facts_of(const model::Finding& finding, std::string_view repository, std::string_view ref) {
  if (finding.parts.empty()) {
    return {fact_of(finding, repository, ref)};
  }
  std::vector<approval::Fact> facts;
  for (const model::Part& part : finding.parts) {
    model::Finding place;
    place.path = finding.path;
    place.rule = finding.rule;
    place.subject = part.subject;
    place.before = part.before;
    place.after = part.after;
    place.context = part.context;
    facts.push_back(fact_of(place, repository, ref));
  }
  return facts;
}

bool can_be_approved(const model::Finding& finding) {
  return finding.waived.empty() && !finding.undecided &&
         (finding.decision == model::Decision::approve ||
          (finding.decision == model::Decision::block && finding.approvable));
}

bool can_be_approved(const Verdict& verdict) {
  const bool refused = verdict.status == model::Status::needs_approval || verdict.status == model::Status::blocked;
  return refused && std::any_of(verdict.findings.begin(), verdict.findings.end(),
                                [](const model::Finding& finding) { return can_be_approved(finding); });
}

/// What judging under one policy rests on.
struct Approvals::Ground {
  Ground(const LoadedPolicy& policy_, const git::Repository& repository_, const PolicyBase& base)
      : policy(policy_),
        tree(repository_, base.tree),
        repository(approval_repository(repository_, policy_.policy, base)) {}

  const LoadedPolicy& policy;
  git::RepositoryTree tree;
  std::string repository;
  std::string no_verifier;
  std::optional<attest::Verifier> verifier;
  std::optional<rule::OwnersFile> owners;
  std::optional<approval::Examiner> examiner;

  std::set<std::string> owners_of(const std::string& path) {
    if (!owners) {
      owners = rule::read_owners(tree);
    }
    return rule::owners_of(*owners, path).owners;
  }
};

Approvals::Approvals(const git::Repository& repository, const rule::RuleSet& rules, Bringer bringer,
                     const std::optional<model::ObjectId>& store, std::vector<approval::Use> used_unwritten)
    : repository_(repository),
      rules_(rules),
      bringer_(std::move(bringer)),
      store_(store ? approval::Store(repository, *store) : approval::Store(repository)),
      used_unwritten_(std::move(used_unwritten)) {}

std::string Approvals::use_of(std::string_view fingerprint, std::string_view record) const {
  const auto found = std::find_if(used_unwritten_.begin(), used_unwritten_.end(), [&](const approval::Use& use) {
    return use.fingerprint == fingerprint && use.record == record;
  });
  return found != used_unwritten_.end() ? approval::to_text(*found)
                                        : approval::use_of(repository_, fingerprint, record);
}

Approvals::Ground& Approvals::ground_of(const LoadedPolicy& policy, const PolicyBase& base) {
  auto& ground = grounds_[{&policy, base.tree}];
  if (ground) {
    return *ground;
  }
  auto made = std::make_shared<Ground>(policy, repository_, base);
  try {
    made->verifier.emplace(read_anchors(server_files(repository_), made->tree, policy.policy.approvals, ""));
  } catch (const util::UsageError& error) {
    made->no_verifier = error.what();
  }
  made->examiner.emplace(approval::Evidence{
      store_, made->verifier ? &*made->verifier : nullptr, made->no_verifier, policy.policy.people,
      [this](std::string_view fingerprint, std::string_view record) { return use_of(fingerprint, record); },
      util::now()});
  ground = std::move(made);
  return *ground;
}

bool Approvals::is_agent(std::string_view email) const {
  const std::string folded = text::ascii_lower(email);
  const std::string plain = folded.substr(folded.find('+') == std::string::npos ? 0 : folded.find('+') + 1);
  return std::any_of(rules_.agents.begin(), rules_.agents.end(), [&](const rule::Agent& agent) {
    return std::find(agent.emails.begin(), agent.emails.end(), plain) != agent.emails.end();
  });
}

void Approvals::add_involved(const model::Commit& commit, std::vector<Involved>& involved) const {
  const std::string id = commit.id.short_hex();
  const auto add = [&](const std::string& email, std::string_view role) {
    if (is_agent(email)) {
      return;  // who runs it is asked for below
    }
    Involved one{Involved::By::email, email, fmt::format("the {} of commit {}", role, id)};
    if (std::none_of(involved.begin(), involved.end(), [&](const Involved& other) { return other.name == email; })) {
      involved.push_back(std::move(one));
    }
  };
  add(commit.author.email, "author");
  add(commit.committer.email, "committer");
  for (const std::string& email : co_authors(commit.message)) {
    add(email, "co-author");
  }
  const bool nobody = is_agent(commit.author.email) && is_agent(commit.committer.email);
  if (nobody && bringer_.known != Bringer::Known::login) {
    involved.push_back({Involved::By::email, "", fmt::format("whoever runs the agent that made commit {}", id)});
  }
}

std::vector<Involved> Approvals::involved_in(const std::vector<model::ObjectId>& commits) const {
  std::vector<Involved> involved;
  if (bringer_.known == Bringer::Known::login) {
    involved.push_back({Involved::By::login, bringer_.login, "the one who pushes"});
  } else if (bringer_.known == Bringer::Known::unknown) {
    involved.push_back({Involved::By::login, "", "the one who pushes (the server has no tollbar.provider that tells)"});
  }
  for (const model::ObjectId& id : commits) {
    add_involved(repository_.commit(id), involved);
  }
  return involved;
}

void Approvals::judge(model::Finding& finding, Ground& ground, const std::string& ref,
                      const std::vector<Involved>& involved) {
  approval::Terms terms;
  terms.quorum = ground.policy.policy.quorum(finding, ref);
  terms.longest = ground.policy.policy.approvals.longest;
  terms.touch = ground.policy.policy.approvals.touch;
  if (std::any_of(terms.quorum.begin(), terms.quorum.end(), [](const auto& seats) { return seats.owners; })) {
    terms.owners = ground.owners_of(finding.path);
  }
  const std::vector<approval::Fact> facts = facts_of(finding, ground.repository, ref);
  std::vector<approval::Ruling> rulings;
  std::transform(facts.begin(), facts.end(), std::back_inserter(rulings),
                 [&](const approval::Fact& fact) { return ground.examiner->examine(fact, terms, involved); });
  const auto is_approved = [](const approval::Ruling& ruling) { return ruling.approved; };
  const auto open = std::find_if_not(rulings.begin(), rulings.end(), is_approved);
  if (open != rulings.end()) {
    const approval::Fact& fact = facts.at(static_cast<std::size_t>(open - rulings.begin()));
    finding.unapproved = std::move(open->problems);
    if (!finding.unapproved.empty()) {
      return;
    }
    if (std::any_of(rulings.begin(), rulings.end(), is_approved)) {
      finding.unapproved = {
          fmt::format("what it does elsewhere is approved, but not this: {}", approval::described(fact))};
    } else if (compared_++ < most_compared) {
      finding.unapproved = ground.examiner->near(fact);
    }
    return;
  }
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (const approval::Counted& counted : rulings.at(i).counted) {
      finding.approved.push_back({counted.person->name, counted.principal, counted.record,
                                  approval::fingerprint(facts.at(i)), counted.approval.reason,
                                  util::to_text(counted.approval.expires), counted.key});
    }
  }
}

void Approvals::judge_implied(Verdict& verdict, Ground& ground, const std::string& ref,
                              const std::vector<Involved>& involved) {
  std::vector<model::Finding> kept;
  for (model::Finding& implied : verdict.implied) {
    // As long as what speaks for it holds the change back, there is nothing to add.
    const bool spoken_for =
        std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const model::Finding& finding) {
          return finding.path == implied.path && finding.trigger == implied.trigger && finding.waived.empty() &&
                 finding.decision != model::Decision::allow && finding.approved.empty();
        });
    if (!spoken_for) {
      judge(implied, ground, ref, involved);
    }
    if (spoken_for || !implied.approved.empty()) {
      kept.push_back(std::move(implied));
    } else {
      verdict.findings.insert(verdict.findings.begin(), std::move(implied));
    }
  }
  verdict.implied = std::move(kept);
}

void Approvals::honour(Verdict& verdict, const LoadedPolicy& policy, const PolicyBase& base, const std::string& ref,
                       const std::vector<model::ObjectId>& commits) {
  if (store_.empty() || !can_be_approved(verdict)) {
    return;
  }
  try {
    Ground& ground = ground_of(policy, base);
    const std::vector<Involved> involved = involved_in(commits);
    bool any = false;
    for (model::Finding& finding : verdict.findings) {
      if (can_be_approved(finding)) {
        judge(finding, ground, ref, involved);
        any = any || !finding.approved.empty();
      }
    }
    if (any) {
      judge_implied(verdict, ground, ref, involved);
    }
  } catch (const util::Error& error) {
    for (model::Finding& finding : verdict.findings) {
      finding.approved.clear();
      finding.unapproved = {fmt::format("approvals could not be read: {}", error.what())};
    }
  }
  weigh(verdict);
  // What still holds the change back comes first: it is what a refusal tells.
  std::stable_partition(verdict.findings.begin(), verdict.findings.end(),
                        [](const model::Finding& finding) { return finding.approved.empty(); });
}

std::vector<approval::Use> Approvals::uses(const std::vector<Verdict>& verdicts, const std::string& ref,
                                           const model::ObjectId& tip) {
  std::vector<approval::Use> uses;
  for (const Verdict& verdict : verdicts) {
    for (const auto* findings : {&verdict.findings, &verdict.implied}) {
      for (const model::Finding& finding : *findings) {
        for (const model::Approved& approved : finding.approved) {
          uses.push_back({approved.fact, approved.record, ref, tip.hex()});
        }
      }
    }
  }
  return uses;
}

}  // namespace tollbar::gate
