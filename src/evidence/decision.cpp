// Fields are filled from the finding, the commit, the tree before and the policy; what none of them says stays empty.
#include "evidence/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "pipeline/readers.h"
#include "rule/codeowners.h"
#include "text/glob.h"

namespace tollbar::evidence {
namespace {

bool is_pipeline(std::string_view path) {
  const std::string folded = text::fold_path(path);
  const auto& all = pipeline::readers();
  return std::any_of(all.begin(), all.end(), [&](const pipeline::Reader& reader) { return reader.is_live(folded); });
}

/// `NAME <ADDRESS>`, a claim.
std::string person(const model::Signature& signature) {
  return signature.email.empty() ? signature.name : fmt::format("{} <{}>", signature.name, signature.email);
}

std::string waiver_text(const model::Waived& waived) {
  std::string text = waived.reason;
  text += waived.owner.empty() ? "" : fmt::format(" ({})", waived.owner);
  text += waived.expires.empty() ? "" : fmt::format(" until {}", waived.expires);
  return text;
}

/// The commit whose CODEOWNERS answers for a change: nothing that is pushed names its own owners.
std::optional<model::ObjectId> base_of(const git::Repository& repository, const gate::RefUpdate& update,
                                       const model::Commit& judged) {
  if (!update.creates()) {
    return repository.peel_to_commit(update.before);
  }
  return judged.parents.empty() ? std::nullopt : std::optional(judged.parents.front());
}

class Writer {
 public:
  Writer(const git::Repository& repository, const gate::RefVerdict& ref, const Circumstances& circumstances)
      : repository_(repository), ref_(ref), circumstances_(circumstances) {}

  Record record(const gate::Verdict& verdict) {
    read_owners_before(verdict.commit);
    Record record;
    record.time = circumstances_.time;
    record.version = circumstances_.version;
    record.repository = circumstances_.repository;
    record.actor = circumstances_.actor;
    record.pull_request = circumstances_.pull_request;
    record.ref = ref_.update.ref;
    record.before = ref_.update.creates() ? "none" : ref_.update.before.hex();
    record.after = ref_.update.deletes() ? "none" : ref_.update.after.hex();
    record.agents = verdict.agents;
    describe_object(verdict, record);
    record.decision = model::to_string(verdict.decision);
    record.status = model::to_string(verdict.status);
    record.outcome = circumstances_.accepted ? "accepted" : "refused";
    record.undecided = verdict.undecided;
    record.policy = verdict.policy;
    record.policy_digest = ref_.policy ? ref_.policy->policy.digest : "";
    for (const model::Finding& finding : verdict.findings) {
      if (finding.decision != model::Decision::allow) {
        record.facts.push_back(fact(finding));
      }
    }
    // What was approved along with them: an approval that is used up shows in the record of what it let through.
    for (const model::Finding& implied : verdict.implied) {
      if (!implied.approved.empty()) {
        record.facts.push_back(fact(implied));
      }
    }
    return record;
  }

 private:
  void describe_object(const gate::Verdict& verdict, Record& record) const {
    const bool of_reference = verdict.of == gate::Verdict::Of::ref;
    record.of = of_reference ? "reference" : verdict.of == gate::Verdict::Of::net ? "net" : "commit";
    record.object = verdict.commit.id.hex();
    const auto header = repository_.header(verdict.commit.id);
    record.object_type = header ? git::to_string(header->type) : "";
    if (header && header->type == git::ObjectType::commit) {
      const model::Commit commit = of_reference ? repository_.commit(verdict.commit.id) : verdict.commit;
      record.title = commit.subject();
      record.author = person(commit.author);
      record.committer = person(commit.committer);
    }
  }

  void read_owners_before(const model::Commit& judged) {
    const auto base = base_of(repository_, ref_.update, judged);
    if (base == base_) {
      return;
    }
    base_ = base;
    owners_ = {};
    if (base && repository_.header(*base)) {
      git::RepositoryTree tree(repository_, repository_.commit(*base).tree);
      owners_ = rule::read_owners(tree);
    }
  }

  JudgedFact fact(const model::Finding& finding) const {
    JudgedFact fact;
    fact.rule = finding.rule;
    fact.trigger = model::to_string(finding.trigger);
    fact.decision = model::to_string(finding.decision);
    fact.risk = model::to_string(finding.risk);
    fact.fingerprint = finding.fingerprint;
    fact.path = finding.path;
    fact.subject = finding.subject;
    fact.before = finding.before;
    fact.after = finding.after;
    fact.action = finding.action;
    fact.message = finding.message;
    fact.line = finding.line;
    fact.line_before = finding.line_before;
    fact.credential = finding.authority.credential;
    fact.credential_source = finding.authority.source;
    fact.credential_scope = finding.authority.scope;
    fact.system = finding.target.system;
    fact.environment = finding.target.environment;
    fact.target = finding.target.name;
    fact.reach = finding.reach;
    fact.waiver = finding.waived.empty() ? "" : waiver_text(finding.waived.front());
    place(finding, fact);
    own(fact);
    for (const model::Approved& approved : finding.approved) {
      fact.approvers.push_back(approver(approved, finding));
    }
    if (!finding.broken.empty()) {
      const model::Broken& broken = finding.broken.front();
      fact.emergency = Emergency{broken.incident, broken.reason,  broken.principal, broken.key,
                                 broken.record,   broken.expires, broken.review_by};
    }
    return fact;
  }

  Approver approver(const model::Approved& approved, const model::Finding& finding) const {
    Approver approver{approved.principal, "", approved.key, approved.reason, "", approved.record, approved.expires};
    if (ref_.policy) {
      const approval::Person* signer = ref_.policy->policy.people.by_principal(approved.principal);
      approver.relayed_for = signer != nullptr && signer->name != approved.person ? approved.person : "";
      approver.team = seats_of(approved.person, finding);
    }
    return approver;
  }

  /// For whom somebody approves: the seats that the policy keeps for their teams, else all teams that it puts them in.
  std::string seats_of(const std::string& name, const model::Finding& finding) const {
    const gate::Policy& policy = ref_.policy->policy;
    const approval::Person* person = policy.people.named(name);
    std::set<std::string> asked_for, all;
    for (const auto& [team, members] : policy.people.teams()) {
      if (members.count(name) != 0) {
        all.insert(team);
      }
    }
    for (const approval::Seats& seats : policy.quorum(finding, ref_.update.ref)) {
      if (seats.owners && person != nullptr && owns(*person, finding.path)) {
        asked_for.insert("the owners");
      }
      for (const std::string& team : seats.teams) {
        if (all.count(team) != 0) {
          asked_for.insert(team);
        }
      }
    }
    return fmt::format("{}", fmt::join(asked_for.empty() ? all : asked_for, ", "));
  }

  bool owns(const approval::Person& person, const std::string& path) const {
    const rule::Owners found = rule::owners_of(owners_, path).owners;
    return std::any_of(found.begin(), found.end(),
                       [&](const std::string& owner) { return ref_.policy->policy.people.is_owner(person, owner); });
  }

  /// A pipeline is the workflow itself; any other file is the tool that some workflow starts, if reach knows which.
  static void place(const model::Finding& finding, JudgedFact& fact) {
    if (finding.path.empty() || finding.path.starts_with("refs/")) {
      return;
    }
    if (is_pipeline(finding.path)) {
      fact.workflow = finding.path;
      fact.job = finding.subject;
      return;
    }
    fact.tool = finding.path;
    for (const std::string& link : finding.reach) {
      const std::size_t colon = link.find(": ");
      if (const std::string path = link.substr(0, colon); is_pipeline(path)) {
        fact.workflow = path;
        fact.job = colon == std::string::npos ? "" : link.substr(colon + 2);
        return;
      }
    }
  }

  /// The policy knows the owner of a credential, CODEOWNERS that of a path.
  void own(JudgedFact& fact) const {
    if (ref_.policy && !fact.credential.empty()) {
      for (const auto& registered : ref_.policy->policy.view.credentials) {
        if (registered.name == fact.credential) {
          fact.owners = {registered.owner};
          fact.owner_source = "policy, credential " + registered.name;
          fact.credential_purpose = registered.purpose;
          return;
        }
      }
    }
    const rule::Owners found = rule::owners_of(owners_, fact.path).owners;
    if (!found.empty()) {
      fact.owners.assign(found.begin(), found.end());
      fact.owner_source = fmt::format("{} at {}", owners_.path, base_->short_hex());
    }
  }

  const git::Repository& repository_;
  const gate::RefVerdict& ref_;
  const Circumstances& circumstances_;
  std::optional<model::ObjectId> base_;
  rule::OwnersFile owners_;
};

}  // namespace

std::vector<Record> records_of(const git::Repository& repository, const gate::RefVerdict& ref,
                               const Circumstances& circumstances, const rule::Redactor& redactor) {
  Writer writer(repository, ref, circumstances);
  std::vector<Record> records;
  for (const gate::Verdict& verdict : ref.verdicts) {
    if (verdict.decision == model::Decision::allow && verdict.status == model::Status::allowed) {
      continue;
    }
    records.push_back(writer.record(verdict));
    redact(records.back(), redactor);
  }
  return records;
}

namespace {

/// What people wrote in their own words.
std::vector<std::string*> typed_in(Record& record) {
  std::vector<std::string*> texts{&record.title,    &record.validation, &record.final_outcome,
                                  &record.location, &record.note,       &record.incident};
  for (JudgedFact& fact : record.facts) {
    texts.insert(texts.end(), {&fact.waiver, &fact.credential_purpose});
    for (Approver& approver : fact.approvers) {
      texts.push_back(&approver.reason);
    }
    if (fact.emergency) {
      texts.insert(texts.end(), {&fact.emergency->incident, &fact.emergency->reason});
    }
  }
  return texts;
}

}  // namespace

void redact(Record& record, const rule::Redactor& redactor) {
  std::vector<std::string*> texts{&record.repository, &record.ref,        &record.pull_request,  &record.actor,
                                  &record.title,      &record.author,     &record.committer,     &record.undecided,
                                  &record.policy,     &record.validation, &record.final_outcome, &record.location,
                                  &record.note,       &record.signer,     &record.incident};
  const auto add = [&](std::initializer_list<std::string*> more) { texts.insert(texts.end(), more); };
  const auto add_list = [&](std::vector<std::string>& list) {
    for (std::string& text : list) {
      texts.push_back(&text);
    }
  };
  add_list(record.agents);
  for (JudgedFact& fact : record.facts) {
    add({&fact.path, &fact.subject, &fact.before, &fact.after, &fact.action, &fact.message, &fact.owner_source,
         &fact.workflow, &fact.job, &fact.tool, &fact.credential, &fact.credential_source, &fact.credential_scope,
         &fact.credential_purpose, &fact.system, &fact.environment, &fact.target, &fact.waiver});
    add_list(fact.owners);
    add_list(fact.reach);
    for (Approver& approver : fact.approvers) {
      add({&approver.principal, &approver.team, &approver.reason, &approver.relayed_for});
    }
    if (fact.emergency) {
      add({&fact.emergency->incident, &fact.emergency->reason, &fact.emergency->principal});
    }
  }
  for (std::string* text : typed_in(record)) {
    *text = rule::without_named_secrets(*text);
  }
  redactor.redact(texts);
}

}  // namespace tollbar::evidence
