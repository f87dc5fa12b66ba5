// One change from its trees to its verdict.
#include "gate/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "gate/binding.h"
#include "gate/decide.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

/// `commit:` before every line of a policy's problems.
std::string at_commit(const model::ObjectId& commit, const std::string& problems) {
  const std::string prefix = commit.short_hex() + ":";
  std::string text = prefix;
  for (const char c : problems) {
    text += c;
    if (c == '\n') {
      text += prefix;
    }
  }
  return text;
}

bool touches_policy(const std::vector<model::FileDelta>& deltas) {
  return std::any_of(deltas.begin(), deltas.end(), [](const model::FileDelta& delta) {
    return std::any_of(std::begin(PolicySource::tree_paths), std::end(PolicySource::tree_paths), [&](auto path) {
      // A file named `.github` takes the place of the directory.
      return delta.path == path || path.substr(0, path.find('/')) == delta.path;
    });
  });
}

}  // namespace

void keep_common_paths(std::vector<std::vector<model::FileDelta>*> lists) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto* list : lists) {
    for (const model::FileDelta& delta : *list) {
      ++seen[delta.path];
    }
  }
  for (auto* list : lists) {
    std::erase_if(*list, [&](const model::FileDelta& delta) { return seen[delta.path] != lists.size(); });
  }
}

Judge::Judge(const git::Repository& repository, const rule::Engine& engine, PolicySource& policies,
             const ScanOptions& options, std::optional<PolicyBase> base, std::string branch)
    : repository_(repository),
      engine_(engine),
      policies_(policies),
      blob_limit_(options.blob_limit),
      base_(base),
      branch_(std::move(branch)) {
  if (options.profile) {
    caches_.profile.start("other");
  }
}

Verdict Judge::commit(const model::ObjectId& id) {
  Verdict verdict;
  verdict.commit.id = id;
  try {
    verdict.commit = repository_.commit(id);
    verdict.agents = rule::claimed_agents(engine_.rules().agents, verdict.commit, branch_);
    judge(verdict);
  } catch (const std::exception& error) {
    give_up(verdict, error.what());
  }
  return verdict;
}

Verdict Judge::trees(Verdict::Of of, const model::Commit& shown, const std::optional<PolicyBase>& policy,
                     const model::ObjectId& before, const model::ObjectId& after, const model::Commit* proposed) {
  Verdict verdict;
  verdict.of = of;
  verdict.commit = shown;
  try {
    const std::vector<ParentChange> changes{{before, git::diff_trees(repository_, before, after)}};
    judge_changes(verdict, changes, after, policy, proposed);
  } catch (const std::exception& error) {
    give_up(verdict, error.what());
  }
  return verdict;
}

Verdict Judge::net(const model::Commit& shown, const std::optional<PolicyBase>& policy,
                   const std::vector<model::ObjectId>& before) {
  Verdict verdict;
  verdict.of = Verdict::Of::net;
  verdict.commit = shown;
  try {
    judge_changes(verdict, changes_since(before, shown.tree), shown.tree, policy, nullptr);
  } catch (const std::exception& error) {
    give_up(verdict, error.what());
  }
  return verdict;
}

void Judge::judge(Verdict& verdict) {
  std::optional<PolicyBase> first_parent;
  const std::vector<ParentChange> changes = changes_of(verdict.commit, first_parent);
  judge_changes(verdict, changes, verdict.commit.tree, base_ ? base_ : first_parent, &verdict.commit);
}

std::vector<Judge::ParentChange> Judge::changes_of(const model::Commit& commit,
                                                   std::optional<PolicyBase>& first_parent) {
  std::vector<model::ObjectId> trees;
  for (const model::ObjectId& parent : commit.parents) {
    trees.push_back(repository_.commit(parent).tree);
    if (!first_parent) {
      first_parent = PolicyBase{parent, trees.back()};
    }
  }
  if (trees.empty()) {
    trees.push_back(repository_.empty_tree());
  }
  return changes_since(trees, commit.tree);
}

std::vector<Judge::ParentChange> Judge::changes_since(const std::vector<model::ObjectId>& before,
                                                      const model::ObjectId& after) {
  std::vector<ParentChange> changes;
  for (const model::ObjectId& tree : before) {
    changes.push_back({tree, git::diff_trees(repository_, tree, after)});
    if (changes.back().deltas.empty()) {
      break;  // the same as one of them: nothing can differ from all
    }
  }
  if (changes.size() > 1) {
    std::vector<std::vector<model::FileDelta>*> lists;
    for (ParentChange& change : changes) {
      lists.push_back(&change.deltas);
    }
    keep_common_paths(lists);
  }
  return changes;
}

void Judge::judge_changes(Verdict& verdict, const std::vector<ParentChange>& changes, const model::ObjectId& after,
                          const std::optional<PolicyBase>& policy_base, const model::Commit* commit) {
  if (changes.empty() || changes.back().deltas.empty()) {
    return;
  }
  const std::shared_ptr<const LoadedPolicy> loaded = policy_for(verdict, policy_base);
  if (!loaded->problems.empty()) {
    give_up(verdict, "the policy that judges it cannot be read:\n" + at_commit(policy_base->commit, loaded->problems));
    return;
  }
  git::RepositoryTree after_tree(repository_, after, blob_limit_);
  std::vector<std::vector<model::Finding>> findings;
  std::vector<std::vector<model::Finding>> implied;
  for (const ParentChange& change : changes) {
    git::RepositoryTree before_tree(repository_, change.tree, blob_limit_);
    rule::Change judged(engine_.rules(), loaded->policy.view, caches_, before_tree, after_tree, change.deltas, commit,
                        changes.size() > 1 ? rule::Deltas::some : rule::Deltas::all);
    findings.push_back(engine_.judge(judged, &implied.emplace_back()));
    bind_findings(findings.back(), before_tree, after_tree);
    bind_findings(implied.back(), before_tree, after_tree);
  }
  verdict.implied = common_findings(std::move(implied));
  decide(verdict, common_findings(std::move(findings)), loaded->policy, today_);

  if (!base_ && changes.size() == 1 && policy_ == loaded && !touches_policy(changes.front().deltas)) {
    policy_trees_ = {changes.front().tree, after};
  }
}

std::shared_ptr<const LoadedPolicy> Judge::policy_for(Verdict& verdict, const std::optional<PolicyBase>& base) {
  if (policies_.named()) {
    verdict.policy = policies_.named()->policy.source;
    return policies_.named();
  }
  if (!base) {
    verdict.policy = policies_.builtin()->policy.source;
    return policies_.builtin();
  }
  const bool known = std::find(policy_trees_.begin(), policy_trees_.end(), base->tree) != policy_trees_.end();
  if (!policy_ || !known) {
    git::RepositoryTree tree(repository_, base->tree, blob_limit_);
    policy_ = policies_.of_tree(tree);
    policy_trees_ = {base->tree};
  }
  verdict.policy = policies_.title(policy_, *base);
  return policy_;
}

}  // namespace tollbar::gate
