// References before the push, protection by name, and the old policies.
#include "gate/standing.h"

#include <algorithm>

#include "text/ascii.h"

namespace tollbar::gate {
namespace {

constexpr std::string_view branches = "refs/heads/";
/// What pushes to these brought has been judged; other namespaces may hold what servers fetched from elsewhere.
const std::vector<std::string>& judged_namespaces() {
  static const std::vector<std::string> names{"refs/heads", "refs/tags", "refs/notes"};
  return names;
}

bool is_judged(std::string_view ref) {
  const auto& names = judged_namespaces();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return ref.substr(0, name.size()) == name && ref.substr(name.size()).starts_with('/');
  });
}

bool any_matches(const std::vector<text::Glob>& globs, std::string_view name) {
  return std::any_of(globs.begin(), globs.end(), [&](const text::Glob& glob) { return glob.matches(name); });
}

}  // namespace

Standing::Standing(const git::Repository& repository, PolicySource& policies, const std::vector<RefUpdate>& updates)
    : repository_(repository), policies_(policies) {
  for (const RefUpdate& update : updates) {
    updates_.emplace(update.ref, update);
    moved_ = moved_ || repository.reference(update.ref).value_or(model::ObjectId{}) != update.before;
  }
  head_branch_ = repository.head_branch();
  default_branch_ = head_branch_;
  default_tip_ = reference(default_branch_);
  if (!default_tip_) {
    const std::string other = repository.default_branch();
    default_branch_ = other.empty() || !reference(other) ? default_branch_ : other;
    default_tip_ = reference(default_branch_);
  }
  for (const std::string& pattern : policy_of(base_at(default_tip_))->policy.view.protected_refs) {
    // Patterns are anchored: `main` is no `feature/main`.
    if (pattern.starts_with("refs/")) {
      protected_refs_.emplace_back(pattern);
    } else {
      protected_branches_.emplace_back('/' + pattern);
    }
  }
}

bool Standing::is_protected(std::string_view ref) const {
  // Globs fold case, and so does this: on some servers `Main` lies where `main` lies.
  const std::string folded = text::ascii_lower(ref);
  return folded == text::ascii_lower(default_branch_) || folded == text::ascii_lower(head_branch_) ||
         any_matches(protected_refs_, ref) ||
         (ref.starts_with(branches) && any_matches(protected_branches_, ref.substr(branches.size())));
}

Lane Standing::lane_of(const RefUpdate& update) const {
  const bool guarded = is_protected(update.ref);
  const auto own = guarded && !update.creates() ? repository_.peel_to_commit(update.before) : std::nullopt;
  return {guarded, base_at(own ? own : default_tip_)};
}

std::shared_ptr<const LoadedPolicy> Standing::policy_of(const PolicyBase& base) const {
  if (policies_.named()) {
    return policies_.named();
  }
  git::RepositoryTree tree(repository_, base.tree);
  return policies_.of_tree(tree);
}

std::vector<model::ObjectId> Standing::new_commits(const std::vector<model::ObjectId>& tips, const Lane& lane) const {
  std::vector<model::ObjectId> commits;
  if (lane.is_protected) {
    commits = repository_.commits(tips, protected_tips(lane.policy));
  } else if (!moved_) {
    commits = repository_.commits(tips, {}, judged_namespaces());
  } else {
    std::vector<model::ObjectId> hidden;
    for (const git::Reference& known : references()) {
      if (is_judged(known.name)) {
        hidden.push_back(known.id);
      }
    }
    commits = repository_.commits(tips, hidden);
  }
  std::reverse(commits.begin(), commits.end());
  return commits;
}

std::optional<model::ObjectId> Standing::reference(std::string_view ref) const {
  const auto pushed = updates_.find(ref);
  if (pushed == updates_.end()) {
    return repository_.reference(ref);
  }
  return pushed->second.creates() ? std::nullopt : std::optional(pushed->second.before);
}

std::vector<git::Reference> Standing::references() const {
  std::vector<git::Reference> before = repository_.references();
  std::erase_if(before, [&](const git::Reference& each) { return updates_.count(each.name) != 0; });
  for (const auto& [name, update] : updates_) {
    if (!update.creates()) {
      before.push_back({name, update.before});
    }
  }
  return before;
}

PolicyBase Standing::base_at(const std::optional<model::ObjectId>& commit) const {
  const auto peeled = commit ? repository_.peel_to_commit(*commit) : std::nullopt;
  return peeled ? PolicyBase{*peeled, repository_.commit(*peeled).tree}
                : PolicyBase{{}, repository_.empty_tree()};  // which holds no policy: the built-in one judges
}

std::vector<model::ObjectId> Standing::protected_tips(const PolicyBase& policy) const {
  const auto judging = policy_of(policy);
  std::vector<model::ObjectId> tips;
  for (const git::Reference& known : references()) {
    const auto tip = is_protected(known.name) ? repository_.peel_to_commit(known.id) : std::nullopt;
    if (tip && policy_of(base_at(tip)) == judging) {
      tips.push_back(*tip);
    }
  }
  return tips;
}

}  // namespace tollbar::gate
