// A file that is not there is never taken for an empty one, but for the list of revoked keys that nobody named.
#include "gate/signers.h"

#include <fmt/format.h>

#include "util/error.h"
#include "util/file.h"

namespace tollbar::gate {
namespace {

std::string read_file(const std::string& path) {
  std::optional<std::string> bytes = util::file_text(path);
  if (!bytes) {
    throw util::UsageError(fmt::format("{} cannot be read", path));
  }
  return std::move(*bytes);
}

/// Empty where there is no such path.
std::optional<std::string> read_in_tree(model::Tree& tree, const std::string& path, std::string_view place) {
  const auto entry = tree.find(path);
  if (!entry) {
    return std::nullopt;
  }
  const bool file = entry->mode == model::FileMode::regular || entry->mode == model::FileMode::executable;
  const model::Content content = file ? tree.read(*entry) : model::Content{model::ContentState::missing, 0, nullptr};
  if (content.state != model::ContentState::present) {
    throw util::UsageError(fmt::format("{}{} cannot be read", place, path));
  }
  return *content.bytes;
}

}  // namespace

attest::TrustAnchors read_anchors(const ServerFiles& server, model::Tree& tree, const ApprovalTerms& terms,
                                  std::string_view place) {
  attest::TrustAnchors anchors;
  anchors.allowed_signers_source = server.allowed_signers.value_or(fmt::format("{}{}", place, terms.allowed_signers));
  anchors.openpgp_source = server.openpgp_keys.value_or(fmt::format("{}{}", place, openpgp_keys_path));
  anchors.openpgp = server.openpgp_keys ? std::optional(read_file(*server.openpgp_keys))
                                        : read_in_tree(tree, std::string(openpgp_keys_path), place);
  const auto signers = server.allowed_signers ? std::optional(read_file(*server.allowed_signers))
                                              : read_in_tree(tree, terms.allowed_signers, place);
  if (!signers && !anchors.openpgp) {
    throw util::UsageError(
        fmt::format("nobody may sign approvals: there is no {} where the policy stands, and tollbar.allowedSigners is "
                    "not set",
                    anchors.allowed_signers_source));
  }
  anchors.allowed_signers = signers.value_or("");
  const std::string revoked = terms.revoked.empty() ? std::string(default_revoked) : terms.revoked;
  anchors.revoked_source = server.revoked.value_or(fmt::format("{}{}", place, revoked));
  anchors.revoked = server.revoked ? std::optional(read_file(*server.revoked)) : read_in_tree(tree, revoked, place);
  if (!anchors.revoked && !terms.revoked.empty()) {
    throw util::UsageError(
        fmt::format("the list of revoked keys {} is missing: no signature can be trusted", anchors.revoked_source));
  }
  return anchors;
}

ServerFiles server_files(const git::Repository& repository) {
  return {repository.config("tollbar.allowedSigners"), repository.config("tollbar.revoked"),
          repository.config("tollbar.openpgpKeys")};
}

std::optional<attest::Verifier> signers_of(const git::Repository& repository, const Policy& policy,
                                           const PolicyBase& base) {
  const ServerFiles server = server_files(repository);
  git::RepositoryTree tree(repository, base.tree);
  if (!server.allowed_signers && !server.openpgp_keys && !tree.find(policy.approvals.allowed_signers) &&
      !tree.find(openpgp_keys_path)) {
    return std::nullopt;
  }
  return attest::Verifier(read_anchors(server, tree, policy.approvals, base.commit.short_hex() + ':'));
}

bool trusts_openpgp(const git::Repository& repository) {
  if (server_files(repository).openpgp_keys) {
    return true;
  }
  const std::string branch = repository.default_branch();
  const auto commit = repository.resolve_commit(branch.empty() ? "HEAD" : branch);
  return commit && git::RepositoryTree(repository, repository.commit(*commit).tree).find(openpgp_keys_path);
}

std::optional<TrustedPlace> trusted_place(const git::Repository& repository, PolicySource& policies) {
  const std::string branch = repository.default_branch();
  const auto commit = repository.resolve_commit(branch.empty() ? "HEAD" : branch);
  if (!commit) {
    return std::nullopt;
  }
  const model::ObjectId root = repository.commit(*commit).tree;
  git::RepositoryTree tree(repository, root);
  return TrustedPlace{commit->short_hex() + ':', root, policies.named() ? policies.named() : policies.of_tree(tree)};
}

attest::Verifier default_signers(const git::Repository& repository, PolicySource& policies) {
  const auto place = trusted_place(repository, policies);
  if (!place) {
    throw util::UsageError("there is no commit yet, so there are no signers");
  }
  if (!place->policy->problems.empty()) {
    throw util::UsageError(place->policy->problems);
  }
  git::RepositoryTree tree(repository, place->tree);
  return attest::Verifier(read_anchors(server_files(repository), tree, place->policy->policy.approvals, place->name));
}

}  // namespace tollbar::gate
