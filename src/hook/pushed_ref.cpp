// Reads lines from the right, and finds the commits that a push brings.
#include "hook/pushed_ref.h"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <optional>

#include "util/error.h"

namespace tollbar::hook {
namespace {

using model::ObjectId;

/// Takes the last word off `line`.
std::string_view take_last(std::string_view& line) {
  const std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos) {
    return {};
  }
  const std::string_view word = line.substr(space + 1);
  line.remove_suffix(line.size() - space);
  return word;
}

std::optional<PushedRef> parse(std::string_view line) {
  const auto remote = ObjectId::from_hex(take_last(line));
  const std::string_view remote_ref = take_last(line);
  const auto local = ObjectId::from_hex(take_last(line));
  if (!remote || !local || remote_ref.empty() || line.empty()) {
    return std::nullopt;
  }
  return PushedRef{std::string(line), *local, std::string(remote_ref), *remote};
}

}  // namespace

std::vector<PushedRef> read_pushed_refs(std::istream& in) {
  std::vector<PushedRef> refs;
  std::string line;
  while (std::getline(in, line)) {
    auto pushed = parse(line);
    if (!pushed) {
      throw util::Error(fmt::format("read what is pushed: `{}` is no ref update", line));
    }
    refs.push_back(std::move(*pushed));
  }
  return refs;
}

std::string known_namespace(const git::Repository& repository, std::string_view remote) {
  const std::string tracking = fmt::format("refs/remotes/{}", remote);
  const std::vector<git::Reference> references = repository.references();
  const bool tracked = std::any_of(references.begin(), references.end(), [&](const git::Reference& reference) {
    return reference.name.starts_with(tracking + '/');
  });
  return tracked ? tracking : "refs/remotes";
}

git::Range new_commits(const git::Repository& repository, const PushedRef& pushed, const std::string& known,
                       const std::vector<ObjectId>& judged) {
  git::Range range{pushed.remote_ref, {}, std::nullopt, repository.peel_to_commit(pushed.local)};
  if (!range.tip) {
    return range;
  }
  std::vector<ObjectId> hidden = judged;
  if (!pushed.remote.is_zero()) {
    range.base = repository.peel_to_commit(pushed.remote);
  }
  if (range.base) {
    hidden.push_back(*range.base);
  }
  range.commits = repository.commits({*range.tip}, hidden, {known});
  std::reverse(range.commits.begin(), range.commits.end());
  if (!range.base) {
    range.base = git::leaving_point(repository, *range.tip, range.commits);
  }
  return range;
}

}  // namespace tollbar::hook
