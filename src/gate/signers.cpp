// A file that is not there is never taken for an empty one, but for the list of revoked keys that nobody named.
#include "gate/signers.h"

#include <fmt/format.h>

#include "util/error.h"

namespace tollbar::gate {
namespace {

/// Empty where there is no such path. Throws util::UsageError where it is no file, or its bytes cannot be had.
std::optional<std::string> read_file(model::Tree& tree, const std::string& path, const std::string& source) {
  const auto entry = tree.find(path);
  if (!entry) {
    return std::nullopt;
  }
  const bool file = entry->mode == model::FileMode::regular || entry->mode == model::FileMode::executable;
  const model::Content content = file ? tree.read(*entry) : model::Content{model::ContentState::missing, 0, nullptr};
  if (content.state != model::ContentState::present) {
    throw util::UsageError(fmt::format("{}: cannot be read, so no signature counts", source));
  }
  return *content.bytes;
}

}  // namespace

attest::TrustAnchors read_anchors(model::Tree& tree, const ApprovalTerms& terms, std::string_view place) {
  attest::TrustAnchors anchors;
  anchors.allowed_signers_source = fmt::format("{}{}", place, terms.allowed_signers);
  auto signers = read_file(tree, terms.allowed_signers, anchors.allowed_signers_source);
  if (!signers) {
    throw util::UsageError(
        fmt::format("{}: there is no such file, so nobody's signature counts", anchors.allowed_signers_source));
  }
  anchors.allowed_signers = std::move(*signers);
  const std::string revoked = terms.revoked.empty() ? std::string(default_revoked) : terms.revoked;
  anchors.revoked_source = fmt::format("{}{}", place, revoked);
  anchors.revoked = read_file(tree, revoked, anchors.revoked_source);
  if (!anchors.revoked && !terms.revoked.empty()) {
    throw util::UsageError(
        fmt::format("{}: the list of revoked keys is missing, so no signature counts", anchors.revoked_source));
  }
  return anchors;
}

attest::Verifier default_signers(const git::Repository& repository, PolicySource& policies) {
  const std::string branch = repository.default_branch();
  const auto commit = repository.resolve_commit(branch.empty() ? "HEAD" : branch);
  if (!commit) {
    throw util::UsageError("there is no commit yet, so there are no signers");
  }
  git::RepositoryTree tree(repository, repository.commit(*commit).tree);
  const auto loaded = policies.named() ? policies.named() : policies.of_tree(tree);
  if (!loaded->problems.empty()) {
    throw util::UsageError(loaded->problems);
  }
  return attest::Verifier(read_anchors(tree, loaded->policy.approvals, commit->short_hex() + ':'));
}

}  // namespace tollbar::gate
