// Ranges as users write them, turned into commits.
#include "git/revisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "util/error.h"

namespace tollbar::git {
namespace {

using model::ObjectId;

ObjectId resolve(const Repository& repository, std::string_view revision) {
  const std::string_view name = revision.empty() ? std::string_view("HEAD") : revision;
  const auto id = repository.resolve_commit(name);
  if (!id) {
    throw util::UsageError(fmt::format("unknown revision: {}", name));
  }
  return *id;
}

Range between(const Repository& repository, std::string text, const std::optional<ObjectId>& base,
              const ObjectId& tip) {
  Range range{std::move(text), {}, base, tip};
  range.commits = repository.commits({tip}, base ? std::vector{*base} : std::vector<ObjectId>{});
  std::reverse(range.commits.begin(), range.commits.end());
  return range;
}

/// `main` of `refs/heads/main`, `origin/main` of `refs/remotes/origin/main`.
std::string_view short_name(std::string_view reference) {
  for (const std::string_view prefix : {"refs/heads/", "refs/remotes/"}) {
    if (reference.starts_with(prefix)) {
      return reference.substr(prefix.size());
    }
  }
  return reference;
}

/// The full name of the branch that `text` means to git, or empty.
std::string branch_named(const Repository& repository, std::string_view text) {
  if (text.starts_with("refs/heads/") || text.starts_with("refs/remotes/")) {
    return repository.reference(text) ? std::string(text) : std::string();
  }
  if (text == "HEAD" || text == "@") {
    return {};
  }
  // git prefers a tag to a branch of the same name.
  const std::string name(text);
  if (repository.reference("refs/tags/" + name)) {
    return {};
  }
  for (const char* prefix : {"refs/heads/", "refs/remotes/"}) {
    if (repository.reference(prefix + name)) {
      return prefix + name;
    }
  }
  return {};
}

/// `origin/main` tracks the same branch as `main`.
bool same_branch(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view name) {
    name = short_name(name);
    return name.starts_with("origin/") ? name.substr(7) : name;
  };
  return plain(a) == plain(b);
}

Range single(const ObjectId& id, std::string_view text) {
  return {std::string(text), {id}, {}, {}};
}

/// A branch since it left the default one. The default branch itself: what it has that its remote counterpart lacks,
/// else its last commit.
Range branch_range(const Repository& repository, const std::string& branch, const ObjectId& tip) {
  const std::string start = repository.default_branch();
  const std::string_view name = short_name(branch);
  if (start.empty() || start == branch) {
    return single(tip, name);
  }
  const auto base = repository.merge_base(resolve(repository, start), tip);
  Range range = between(repository, fmt::format("{}..{}", short_name(start), name), base, tip);
  return range.commits.empty() && same_branch(start, branch) ? single(tip, name) : range;
}

Range current_range(const Repository& repository) {
  const std::string branch = repository.head_branch();
  const auto tip = repository.resolve_commit("HEAD");
  if (!tip) {
    return {branch.empty() ? "HEAD" : std::string(short_name(branch)), {}, {}, {}};
  }
  return branch_range(repository, branch.empty() ? "HEAD" : branch, *tip);
}

}  // namespace

Range resolve_range(const Repository& repository, std::string_view text) {
  if (text.empty()) {
    return current_range(repository);
  }
  if (const std::size_t dots = text.find("..."); dots != std::string_view::npos) {
    const ObjectId left = resolve(repository, text.substr(0, dots));
    const ObjectId tip = resolve(repository, text.substr(dots + 3));
    return between(repository, std::string(text), repository.merge_base(left, tip), tip);
  }
  if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    const ObjectId base = resolve(repository, text.substr(0, dots));
    return between(repository, std::string(text), base, resolve(repository, text.substr(dots + 2)));
  }
  const ObjectId id = resolve(repository, text);
  const std::string branch = branch_named(repository, text);
  return branch.empty() ? single(id, text) : branch_range(repository, branch, id);
}

std::optional<ObjectId> leaving_point(const Repository& repository, ObjectId tip,
                                      const std::vector<ObjectId>& commits) {
  const std::unordered_set<ObjectId> wanted(commits.begin(), commits.end());
  while (wanted.contains(tip)) {
    const model::Commit commit = repository.commit(tip);
    if (commit.parents.empty()) {
      return std::nullopt;
    }
    tip = commit.parents.front();
  }
  return tip;
}

Range all_commits(const Repository& repository) {
  std::vector<ObjectId> tips;
  for (const Reference& reference : repository.references()) {
    if (const auto commit = repository.peel_to_commit(reference.id)) {
      tips.push_back(*commit);
    }
  }
  if (const auto head = repository.resolve_commit("HEAD")) {
    tips.push_back(*head);
  }
  Range range{"--all", repository.commits(tips, {}), {}, {}};
  std::reverse(range.commits.begin(), range.commits.end());
  return range;
}

}  // namespace tollbar::git
