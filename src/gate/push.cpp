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

#include "approval/store.h"
#include "gate/break_glass.h"
#include "gate/decide.h"
#include "gate/judge.h"
#include "gate/net.h"
#include "gate/policy_source.h"
#include "gate/standing.h"
#include "git/revisions.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

using model::ObjectId;

/// One reference on its way to a verdict.
struct Subject {
  RefVerdict verdict;
  Lane lane;
  std::optional<git::Peeled> before, after;  ///< without tags; empty where absent
  std::vector<ObjectId> commits;             ///< new to it, oldest first

  const RefUpdate& update() const { return verdict.update; }
  bool leads_to_commit() const { return after && after->type == git::ObjectType::commit; }
  /// Its commits hold what people signed, which is judged as a whole: see approval::problem_of_growth.
  bool is_store() const { return update().ref == approval::store_ref; }
};

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
    if (std::optional<Verdict> net = net_change(subject)) {
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
    const auto& end = subject.after ? subject.after : subject.before;
    verdict.commit.id = end ? end->id : subject.update().before;
    try {
      const auto policy = standing_.policy_of(subject.lane.policy);
      subject.verdict.policy = policy;
      verdict.policy = policies_.title(policy, subject.lane.policy);
      if (!policy->problems.empty()) {
        give_up(verdict, "the policy that judges it cannot be read:\n" + policy->problems);
        return verdict;
      }
      decide(verdict, engine_.judge(change_of(subject, off_branches)), policy->policy, Date::today());
    } catch (const std::exception& error) {
      give_up(verdict, error.what());
    }
    return verdict;
  }

  rule::RefChange change_of(const Subject& subject, const std::set<ObjectId>& off_branches) const {
    const RefUpdate& update = subject.update();
    const auto& end = subject.after ? subject.after : subject.before;
    rule::RefChange change;
    change.ref = update.ref;
    change.action = action_of(subject);
    change.before = update.creates() ? "" : update.before.short_hex();
    change.after = update.deletes() ? "" : update.after.short_hex();
    change.object = end ? std::string(to_string(end->type)) : "unknown";
    change.tags = end ? end->tags : 0;
    change.is_protected = subject.lane.is_protected;
    change.on_branch = !subject.after || off_branches.count(subject.after->id) == 0;
    change.problem = subject.is_store() ? problem_of_store(subject) : "";
    return change;
  }

  std::string problem_of_store(const Subject& subject) const {
    if (!subject.after) {
      return "its records are kept for good";
    }
    if (!subject.leads_to_commit() || subject.after->tags != 0) {
      return "it leads to no commit";
    }
    const auto before = subject.before ? std::optional(subject.before->id) : std::nullopt;
    return approval::problem_of_growth(repository_, before, subject.after->id).value_or("");
  }

  rule::RefChange::Action action_of(const Subject& subject) const {
    using Action = rule::RefChange::Action;
    if (subject.update().creates()) {
      return Action::created;
    }
    if (subject.update().deletes()) {
      return Action::deleted;
    }
    const bool commits = subject.leads_to_commit() && subject.before && subject.before->type == git::ObjectType::commit;
    return commits && is_ancestor(subject.before->id, subject.after->id) ? Action::forwarded : Action::forced;
  }

  bool is_ancestor(const ObjectId& ancestor, const ObjectId& commit) const {
    return repository_.merge_base(ancestor, commit) == ancestor;
  }

  /// What the reference's content becomes as a whole; empty where its commits have said it all.
  std::optional<Verdict> net_change(const Subject& subject) const {
    if (!subject.after || subject.is_store()) {
      return std::nullopt;
    }
    if (!subject.leads_to_commit()) {
      // No history to judge: all of it is added, whatever name it will be read under.
      model::Commit shown;
      shown.id = subject.after->id;
      shown.tree =
          subject.after->type == git::ObjectType::tree
              ? shown.id
              : repository_.tree_of_file(file_name(subject.update().ref), {shown.id, model::FileMode::regular});
      return judge(subject.lane).net(shown, subject.lane.policy, {repository_.empty_tree()});
    }
    const model::Commit shown = repository_.commit(subject.after->id);
    std::vector<ObjectId> bases = bases_of(subject);
    if (bases.empty() || (subject.commits.size() == 1 && shown.parents == bases)) {
      return std::nullopt;
    }
    Verdict net = net_since(bases, shown, subject.lane);
    if (net.status != model::Status::allowed && subject.update().creates() && !subject.lane.is_protected) {
      // Not what it inherits from another protected branch. Looked for only now, as it takes all references.
      const auto start = git::leaving_point(repository_, shown.id, subject.commits);
      if (start && standing_.new_commits({*start}, {true, subject.lane.policy}).empty()) {
        bases.push_back(*start);
        net = net_since(bases, shown, subject.lane);
      }
    }
    return net;
  }

  Judge judge(const Lane& lane) const { return Judge(repository_, engine_, policies_, scan_, lane.policy); }

  Verdict net_since(const std::vector<ObjectId>& bases, const model::Commit& shown, const Lane& lane) const {
    std::vector<ObjectId> trees;
    for (const ObjectId& base : bases) {
      trees.push_back(repository_.commit(base).tree);
    }
    return judge(lane).net(shown, lane.policy, trees);
  }

  /// The commits that the new tip is compared with: where the reference was, else where it left the default branch,
  /// even if it brings no new commit: a commit whose harm was accepted because the next one undid it must not become a
  /// tip. An unprotected branch that takes in the default branch is not to answer for what that brought; a protected
  /// one answers for everything.
  std::vector<ObjectId> bases_of(const Subject& subject) const {
    const ObjectId& tip = subject.after->id;
    const bool existed = subject.before && subject.before->type == git::ObjectType::commit;
    if (!existed && subject.lane.is_protected) {
      const auto start = git::leaving_point(repository_, tip, subject.commits);
      return start ? std::vector{*start} : std::vector<ObjectId>{};
    }
    std::vector<ObjectId> bases;
    if (existed) {
      bases.push_back(subject.before->id);
    }
    const auto& main = standing_.default_tip();
    const auto taken_in = main && !subject.lane.is_protected ? repository_.merge_base(*main, tip) : std::nullopt;
    if (taken_in && (!existed || !is_ancestor(*taken_in, bases.front()))) {
      bases.push_back(*taken_in);
    }
    return bases;
  }

  static std::string file_name(const std::string& ref) { return ref.substr(ref.rfind('/') + 1); }

  git::Repository& repository_;
  const rule::Engine& engine_;
  mutable PolicySource policies_;
  Standing standing_;
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
