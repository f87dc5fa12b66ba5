// The tip against what stood before: where the reference was, or where it left what others share.
#include "gate/push_net.h"

#include <string>

#include "git/revisions.h"

namespace tollbar::gate {

using model::ObjectId;

std::optional<Verdict> NetChange::judge(const Subject& subject) const {
  if (!subject.after || subject.is_store()) {
    return std::nullopt;
  }
  if (!subject.leads_to_commit()) {
    return without_history(subject);
  }
  const model::Commit shown = repository_.commit(subject.after->id);
  std::vector<ObjectId> bases = bases_of(subject);
  if (bases.empty() || (subject.commits.size() == 1 && shown.parents == bases)) {
    return std::nullopt;
  }
  Verdict net = since(bases, shown, subject.lane);
  if (net.status != model::Status::allowed && subject.update().creates() && !subject.lane.is_protected) {
    // Not what it inherits from another protected branch. Looked for only now, as it takes all references.
    const auto start = git::leaving_point(repository_, shown.id, subject.commits);
    if (start && standing_.new_commits({*start}, {true, subject.lane.policy}).empty()) {
      bases.push_back(*start);
      net = since(bases, shown, subject.lane);
    }
  }
  return net;
}

/// All of it is added, whatever name it will be read under.
Verdict NetChange::without_history(const Subject& subject) const {
  const std::string& ref = subject.update().ref;
  const bool is_tree = subject.after->type == git::ObjectType::tree;
  model::Commit shown;
  shown.id = subject.after->id;
  shown.tree = is_tree ? shown.id
                       : repository_.tree_of_file(ref.substr(ref.rfind('/') + 1), {shown.id, model::FileMode::regular});
  return judge_of(subject.lane).net(shown, subject.lane.policy, {repository_.empty_tree()});
}

Verdict NetChange::since(const std::vector<ObjectId>& bases, const model::Commit& shown, const Lane& lane) const {
  std::vector<ObjectId> trees;
  for (const ObjectId& base : bases) {
    trees.push_back(repository_.commit(base).tree);
  }
  return judge_of(lane).net(shown, lane.policy, trees);
}

/// The commits that the new tip is compared with: where the reference was, else where it left the default branch,
/// even if it brings no new commit: a commit whose harm was accepted because the next one undid it must not become a
/// tip. An unprotected branch that takes in the default branch is not to answer for what that brought; a protected
/// one answers for everything.
std::vector<ObjectId> NetChange::bases_of(const Subject& subject) const {
  const ObjectId& tip = subject.after->id;
  const bool existed = subject.led_to_commit();
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
  if (taken_in && (!existed || repository_.merge_base(*taken_in, bases.front()) != *taken_in)) {
    bases.push_back(*taken_in);
  }
  return bases;
}

}  // namespace tollbar::gate
