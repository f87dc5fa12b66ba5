// Files of the tree that the policy comes from, unless the server's configuration names others.
#include "gate/trust.h"

#include <fmt/format.h>

#include <string>

#include "util/error.h"

namespace tollbar::gate {
namespace {

/// The bytes of a file of the base tree, or of one that git's configuration names instead.
std::optional<std::string> trusted_file(const git::Repository& repository, const PolicyBase& base, const char* setting,
                                        const std::string& path, std::string& source) {
  if (const auto file = repository.config(setting)) {
    source = *file;
    return read_policy_file(*file);
  }
  source = base.commit.short_hex() + ':' + path;
  git::RepositoryTree tree(repository, base.tree);
  const auto entry = path.empty() ? std::nullopt : tree.find(path);
  if (!entry) {
    return std::nullopt;
  }
  const model::Content content = tree.read(*entry);
  if (entry->mode != model::FileMode::regular || content.state != model::ContentState::present) {
    throw util::Error(fmt::format("read {}: it is no regular file that is here", source));
  }
  return *content.bytes;
}

}  // namespace

std::optional<attest::Verifier> trusted_verifier(const git::Repository& repository, const Policy& policy,
                                                 const PolicyBase& base) {
  const ApprovalTerms& terms = policy.approvals;
  attest::TrustAnchors anchors;
  auto signers =
      trusted_file(repository, base, "tollbar.allowedSigners", terms.allowed_signers, anchors.allowed_signers_source);
  if (!signers) {
    return std::nullopt;
  }
  anchors.allowed_signers = std::move(*signers);
  const std::string revoked = terms.revoked.empty() ? ".tollbar/revoked" : terms.revoked;
  anchors.revoked = trusted_file(repository, base, "tollbar.revoked", revoked, anchors.revoked_source);
  if (!anchors.revoked && !terms.revoked.empty()) {
    throw util::Error(fmt::format("read {}: the policy names it, and it is not there", anchors.revoked_source));
  }
  return std::optional<attest::Verifier>(std::in_place, std::move(anchors));
}

}  // namespace tollbar::gate
