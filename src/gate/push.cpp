// One push from its references to its verdicts.
#include "gate/push.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "gate/break_glass.h"
#include "gate/decide.h"
#include "gate/net.h"
#include "gate/policy_source.h"
#include "gate/push_net.h"
#include "gate/push_reference.h"
#include "gate/push_subject.h"
#include "gate/standing.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

using model::ObjectId;

/// Lanes of one protection and one policy.
using LaneKey = std::pair<bool, ObjectId>;
LaneKey key_of(const Lane& lane) {
  return {lane.is_protected, lane.policy.tree};
}

class PushJudge {
 public:
  PushJudge(git::Repository& repository, const rule::Engine& engine, const std::vector<RefUpdate>& updates,
            const PushOptions& options)
      : repository_(repository),
        engine_(engine),
        policies_(repository, engine.rules(), std::nullopt),
        standing_(repository, policies_, updates),
        net_(repository, engine, policies_, standing_, scan_),
        bringer_(options.bringer),
        used_unwritten_(options.used_unwritten) {
    scan_.threads = options.threads;
    scan_.blob_limit = options.blob_limit;
    scan_.keep_allowed = false;
    incident_ = options.incident;
    for (const RefUpdate& update : updates) {
      subjects_.push_back(subject_of(update));
    }
  }

  PushResult run() {
    find_new_commits();
    judge_commits();
    const std::set<ObjectId> tagged = tagged_off_branches();
    PushResult result;
    for (Subject& subject : subjects_) {
      judge_reference(subject, tagged);
      look_for_broken_glass(subject, result);
      result.refs.push_back(std::move(subject.verdict));
    }
    return result;
  }

 private:
  Subject subject_of(const RefUpdate& update) const {
    Subject subject;
    subject.verdict.update = update;
    subject.lane = standing_.lane_of(update);
    subject.verdict.is_protected = subject.lane.is_protected;
    subject.verdict.base = subject.lane.policy;
    subject.before = update.creates() ? std::nullopt : repository_.peel(update.before);
    subject.after = update.deletes() ? std::nullopt : repository_.peel(update.after);
    if (!update.deletes() && !subject.after) {
      throw util::Error("look up what " + update.ref + " would name: " + update.after.hex() + " is missing");
    }
    return subject;
  }

  /// One walk a lane, however many references are pushed.
  void find_new_commits() {
    std::map<LaneKey, std::vector<Subject*>> lanes;
    for (Subject& subject : subjects_) {
      if (subject.leads_to_commit() && !subject.is_store()) {
        lanes[key_of(subject.lane)].push_back(&subject);
      }
    }
    for (const auto& lane : lanes) {
      std::vector<ObjectId> tips;
      for (const Subject* subject : lane.second) {
        tips.push_back(subject->after->id);
      }
      const std::vector<ObjectId> fresh = standing_.new_commits(tips, lane.second.front()->lane);
      for (Subject* subject : lane.second) {
        subject->commits = lane.second.size() == 1 ? fresh : reached_from(subject->after->id, fresh);
        subject->verdict.commits = subject->commits.size();
      }
    }
  }

  /// Those of `fresh` that `tip` reaches, in their order.
  std::vector<ObjectId> reached_from(const ObjectId& tip, const std::vector<ObjectId>& fresh) const {
    const std::unordered_set<ObjectId> known(fresh.begin(), fresh.end());
    std::unordered_set<ObjectId> reached;
    std::vector<ObjectId> pending{tip};
    while (!pending.empty()) {
      const ObjectId id = pending.back();
      pending.pop_back();
      if (known.count(id) != 0 && reached.insert(id).second) {
        const std::vector<ObjectId> parents = repository_.commit(id).parents;
        pending.insert(pending.end(), parents.begin(), parents.end());
      }
    }
    std::vector<ObjectId> ordered;
    std::copy_if(fresh.begin(), fresh.end(), std::back_inserter(ordered),
                 [&](const ObjectId& id) { return reached.count(id) != 0; });
    return ordered;
  }

  /// Each commit once a policy, whatever number of references brings it.
  void judge_commits() {
    std::map<ObjectId, std::pair<PolicyBase, std::vector<ObjectId>>> by_policy;
    std::set<std::pair<ObjectId, ObjectId>> seen;
    for (const Subject& subject : subjects_) {
      const PolicyBase& policy = subject.lane.policy;
      auto& batch = by_policy[policy.tree];
      batch.first = policy;
      for (const ObjectId& id : subject.commits) {
        if (seen.insert({policy.tree, id}).second) {
          batch.second.push_back(id);
        }
      }
    }
    for (auto& batch : by_policy) {
      ScanOptions options = scan_;
      options.policy_base = batch.second.first;
      ScanResult scanned = scan_commits(repository_, engine_, batch.second.second, options);
      for (Verdict& verdict : scanned.verdicts) {
        judged_[batch.first].emplace(verdict.commit.id, std::move(verdict));
      }
    }
  }

  /// The commits of new tags that no branch holds once the push is through.
  std::set<ObjectId> tagged_off_branches() const {
    std::vector<ObjectId> tagged;
    std::vector<ObjectId> branches;
    for (const Subject& subject : subjects_) {
      if (subject.leads_to_commit()) {
        const bool tag = subject.update().ref.starts_with("refs/tags/");
        const bool branch = subject.update().ref.starts_with("refs/heads/");
        if (tag && subject.update().creates()) {
          tagged.push_back(subject.after->id);
        } else if (branch) {
          branches.push_back(subject.after->id);
        }
      }
    }
    if (tagged.empty()) {
      return {};
    }
    const std::vector<ObjectId> off = repository_.commits(tagged, branches, {"refs/heads"});
    return {off.begin(), off.end()};
  }

  void judge_reference(Subject& subject, const std::set<ObjectId>& off_branches) {
    std::vector<Verdict> verdicts{of_reference(subject, off_branches)};
    Reported reported;
    const auto& judged = judged_[subject.lane.policy.tree];
    for (const ObjectId& id : subject.commits) {
      if (const auto found = judged.find(id); found != judged.end()) {
        verdicts.push_back(found->second);
        reported.add(found->second);
      }
    }
    if (std::optional<Verdict> net = net_.judge(subject)) {
      for (Verdict& verdict : verdicts) {
        if (verdict.of == Verdict::Of::commit) {
          forgive_undone(verdict, *net);
        }
      }
      if (std::optional<Verdict> beyond = reported.beyond(std::move(*net))) {
        verdicts.push_back(std::move(*beyond));
      }
    }
    honour_approvals(subject, verdicts);
    std::erase_if(verdicts, [](const Verdict& verdict) {
      return verdict.findings.empty() && verdict.status == model::Status::allowed;
    });
    subject.verdict.verdicts = std::move(verdicts);
  }

  /// An unprotected reference holds what is meant for the default branch.
  void honour_approvals(const Subject& subject, std::vector<Verdict>& verdicts) {
    if (std::none_of(verdicts.begin(), verdicts.end(),
                     [](const Verdict& verdict) { return can_be_approved(verdict); })) {
      return;
    }
    if (!approvals_) {
      approvals_.emplace(repository_, engine_.rules(), bringer_, pushed_store(),
                         used_unwritten_ ? used_unwritten_() : std::vector<approval::Use>{});
    }
    const auto policy = standing_.policy_of(subject.lane.policy);
    const std::string& ref = subject.lane.is_protected ? subject.update().ref : standing_.default_branch();
    for (Verdict& verdict : verdicts) {
      const bool whole = verdict.of != Verdict::Of::commit;
      approvals_->honour(verdict, *policy, subject.lane.policy, ref,
                         whole ? subject.commits : std::vector{verdict.commit.id});
    }
  }

  /// Approvals may come in the same push as what they approve.
  std::optional<ObjectId> pushed_store() const {
    for (const Subject& subject : subjects_) {
      if (subject.update().ref == approval::store_ref && subject.leads_to_commit()) {
        return subject.after->id;
      }
    }
    return std::nullopt;
  }

  approval::Store store() const {
    const auto pushed = pushed_store();
    return pushed ? approval::Store(repository_, *pushed) : approval::Store(repository_);
  }

  void look_for_broken_glass(Subject& subject, PushResult& result) {
    RefVerdict& ref = subject.verdict;
    if (!ref.policy || !ref.policy->problems.empty() || ref.policy->policy.break_glass.teams.empty()) {
      return;
    }
    const util::Instant now = util::now();
    const Policy& policy = ref.policy->policy;
    const auto records = glass_records(repository_, store(), policy, subject.lane.policy, now);
    break_glass({ref, policy, records, incident_, now});
    for (const approval::GlassRecord& record : records) {
      const std::string text = overdue_text(record);
      if (record.overdue(now) &&
          std::find(result.overdue.begin(), result.overdue.end(), text) == result.overdue.end()) {
        result.overdue.push_back(text);
      }
    }
  }

  Verdict of_reference(Subject& subject, const std::set<ObjectId>& off_branches) const {
    Verdict verdict;
    verdict.of = Verdict::Of::ref;
    const auto& end = subject.end();
    verdict.commit.id = end ? end->id : subject.update().before;
    try {
      const auto policy = standing_.policy_of(subject.lane.policy);
      subject.verdict.policy = policy;
      verdict.policy = policies_.title(policy, subject.lane.policy);
      if (!policy->problems.empty()) {
        give_up(verdict, "the policy that judges it cannot be read:\n" + policy->problems);
        return verdict;
      }
      decide(verdict, engine_.judge(reference_change(repository_, subject, off_branches)), policy->policy,
             Date::today());
    } catch (const std::exception& error) {
      give_up(verdict, error.what());
    }
    return verdict;
  }

  git::Repository& repository_;
  const rule::Engine& engine_;
  mutable PolicySource policies_;
  Standing standing_;
  NetChange net_;
  Bringer bringer_;
  std::function<std::vector<approval::Use>()> used_unwritten_;
  std::optional<Approvals> approvals_;
  ScanOptions scan_;
  std::string incident_;
  std::vector<Subject> subjects_;
  std::map<ObjectId, std::unordered_map<ObjectId, Verdict>> judged_;  ///< by policy tree and commit
};

}  // namespace

bool RefVerdict::refuses(const Verdict& verdict) const {
  switch (verdict.status) {
    case model::Status::blocked:
    case model::Status::undecided:
      return true;
    case model::Status::needs_approval:
      return is_protected;
    default:
      return false;
  }
}

bool RefVerdict::refused() const {
  return std::any_of(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) { return refuses(verdict); });
}

bool PushResult::refused() const {
  return std::any_of(refs.begin(), refs.end(), [](const RefVerdict& ref) { return ref.refused(); });
}

int PushResult::exit_code() const {
  ScanResult counted;
  for (const RefVerdict& ref : refs) {
    for (const Verdict& verdict : ref.verdicts) {
      if (ref.refuses(verdict)) {
        counted.count(verdict);
      }
    }
  }
  return counted.exit_code();
}

PushResult judge_push(git::Repository& repository, const rule::Engine& engine, const std::vector<RefUpdate>& updates,
                      const PushOptions& options) {
  return PushJudge(repository, engine, updates, options).run();
}

}  // namespace tollbar::gate
