// Finds and caches policies.
#include "gate/policy_source.h"

#include <fmt/format.h>

#include <utility>

#include "util/error.h"
#include "util/file.h"

namespace tollbar::gate {

std::string read_policy_file(const std::string& path) {
  try {
    return util::read_file(path, "policy");
  } catch (const util::Error& error) {
    throw util::UsageError(error.what());
  }
}

PolicySource::PolicySource(const git::Repository& repository, const rule::RuleSet& rules,
                           const std::optional<std::string>& file)
    : rules_(rules), builtin_(std::make_shared<LoadedPolicy>(LoadedPolicy{builtin_policy(rules), ""})) {
  const std::optional<std::string> path = file ? file : repository.config("tollbar.policy");
  if (path) {
    named_ = std::make_shared<LoadedPolicy>(LoadedPolicy{read_policy(read_policy_file(*path), *path, rules), ""});
  }
}

std::shared_ptr<const LoadedPolicy> PolicySource::of_tree(model::Tree& tree) {
  for (const std::string_view path : tree_paths) {
    if (const auto entry = tree.find(path)) {
      return load(tree, *entry, path);
    }
  }
  return builtin_;
}

std::string PolicySource::title(const std::shared_ptr<const LoadedPolicy>& policy, const PolicyBase& base) const {
  const bool in_tree = policy != named_ && policy != builtin_;
  return in_tree ? base.commit.short_hex() + ":" + policy->policy.source : policy->policy.source;
}

std::shared_ptr<const LoadedPolicy> PolicySource::load(model::Tree& tree, const model::FileEntry& entry,
                                                       std::string_view path) {
  const std::string key = fmt::format("{:o} {} {}", static_cast<std::uint32_t>(entry.mode), path, entry.id.hex());
  const std::lock_guard lock(mutex_);
  if (const auto known = by_blob_.find(key); known != by_blob_.end()) {
    return known->second;
  }
  auto loaded = std::make_shared<LoadedPolicy>();
  loaded->policy.source = path;
  if (entry.mode != model::FileMode::regular && entry.mode != model::FileMode::executable) {
    loaded->problems = fmt::format("{}:1: the policy is no regular file", path);
  } else if (const model::Content content = tree.read(entry); content.state != model::ContentState::present) {
    const bool large = content.state == model::ContentState::too_large;
    loaded->problems = fmt::format("{}:1: the policy is {}", path, large ? "too large" : "missing in the repository");
  } else {
    try {
      loaded->policy = read_policy(*content.bytes, path, rules_);
    } catch (const util::UsageError& error) {
      loaded->problems = error.what();
    }
  }
  by_blob_.emplace(key, loaded);
  return loaded;
}

std::shared_ptr<const LoadedPolicy> current_policy(const git::Repository& repository, PolicySource& policies) {
  const auto head = policies.named() ? std::nullopt : repository.resolve_commit("HEAD");
  if (!head) {
    return policies.named() ? policies.named() : policies.builtin();
  }
  git::RepositoryTree tree(repository, repository.commit(*head).tree);
  return policies.of_tree(tree);
}

}  // namespace tollbar::gate
