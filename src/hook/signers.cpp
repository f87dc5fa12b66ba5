// The readers that verification uses, asked for what they cannot read.
#include "hook/signers.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string_view>

#include "approval/signing.h"
#include "attest/allowed_signers.h"
#include "attest/openpgp.h"
#include "attest/revocation.h"
#include "gate/policy_source.h"
#include "gate/signers.h"
#include "git/settings.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

using attest::SignersProblem;
using Health = Diagnosis::Health;

/// Who reads a file: git, for which a careless line is one that signs too much, or tollbar, for which it makes the
/// whole file worthless.
enum class Reader { git, tollbar };

std::string mend_of(SignersProblem::Kind kind) {
  switch (kind) {
    case SignersProblem::Kind::any_purpose:
      return "put namespaces=\"tollbar\" before its type";
    case SignersProblem::Kind::shared_key:
      return "give each person a key of their own";
    case SignersProblem::Kind::malformed:
      break;
  }
  return "write it as: person@example.org namespaces=\"tollbar\" ssh-ed25519 AAAA...";
}

void examine_signers(std::vector<Diagnosis>& found, std::string_view bytes, const std::string& source, Reader reader) {
  const attest::AllowedSigners read = attest::read_allowed_signers(bytes);
  std::size_t keys = read.signers.size();
  for (const SignersProblem& problem : read.problems) {
    const bool malformed = problem.kind == SignersProblem::Kind::malformed;
    keys += malformed ? 0 : 1;
    const Health health = malformed || reader == Reader::tollbar ? Health::bad : Health::doubtful;
    found.push_back(
        {health, "signers",
         fmt::format("{}:{}: {}{}", source, problem.line, problem.text, malformed ? "; ssh-keygen passes over it" : ""),
         mend_of(problem.kind)});
  }
  if (reader == Reader::tollbar && !read.problems.empty()) {
    found.push_back({Health::bad, "signers", source + ": no signature counts until every line can be read",
                     "mend the lines above on the default branch"});
    return;
  }
  found.push_back({keys == 0 ? Health::bad : Health::good, "signers",
                   fmt::format("{}: {} key{}", source, keys, keys == 1 ? "" : "s"),
                   keys == 0 ? "add the keys of those who approve" : ""});
}

void examine_openpgp(std::vector<Diagnosis>& found, std::string_view bytes, const std::string& source) {
  const attest::OpenPgpKeys read = attest::read_openpgp_keys(bytes);
  for (const SignersProblem& problem : read.problems) {
    found.push_back({Health::bad, "OpenPGP keys", fmt::format("{}:{}: {}", source, problem.line, problem.text),
                     "write it as: person@example.org FINGERPRINT, and below it what gpg --armor --export prints"});
  }
  if (read.problems.empty()) {
    found.push_back({Health::good, "OpenPGP keys",
                     fmt::format("{}: {} key{}", source, read.owners.size(), read.owners.size() == 1 ? "" : "s"), ""});
  }
}

void examine_revoked(std::vector<Diagnosis>& found, std::string_view bytes, const std::string& source) {
  try {
    attest::RevocationList::read(bytes);
    found.push_back({Health::good, "revoked keys", source});
  } catch (const util::Error& error) {
    found.push_back({Health::bad, "revoked keys", fmt::format("{}: {}: no signature is accepted", source, error.what()),
                     "make it anew: ssh-keygen -k -f FILE KEY.pub..., or one public key or SHA256:... a line"});
  }
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return file.is_open() && !file.bad() ? std::optional(bytes.str()) : std::nullopt;
}

Diagnosis unreadable(const std::string& subject, const std::string& path, const std::string& setting) {
  return {Health::bad, subject, path + " cannot be read: no signature is accepted",
          fmt::format("put it back, or git config {} FILE", setting)};
}

/// Empty where nothing is judged yet, and where the policy cannot be read, which is told under its own name.
std::optional<gate::TrustedPlace> readable_place(const git::Repository& repository,
                                                 const std::optional<std::string>& policy_file) {
  try {
    const rule::RuleSet rules = rule::load_builtin();
    gate::PolicySource policies(repository, rules, policy_file);
    auto place = gate::trusted_place(repository, policies);
    return place && place->policy->problems.empty() ? place : std::nullopt;
  } catch (const util::UsageError&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<Diagnosis> examine_git_signers() {
  std::vector<Diagnosis> found;
  if (const auto path = git::path_setting("gpg.ssh.allowedSignersFile", git::Scope::effective)) {
    if (const auto bytes = read_file(*path)) {
      examine_signers(found, *bytes, *path, Reader::git);
    } else {
      found.push_back(unreadable("signers", *path, "gpg.ssh.allowedSignersFile"));
    }
  }
  if (const auto path = git::path_setting("gpg.ssh.revocationFile", git::Scope::effective)) {
    if (const auto bytes = read_file(*path)) {
      examine_revoked(found, *bytes, *path);
    } else {
      found.push_back(unreadable("revoked keys", *path, "gpg.ssh.revocationFile"));
    }
  }
  return found;
}

std::vector<Diagnosis> examine_trusted_signers(const git::Repository& repository,
                                               const std::optional<std::string>& policy_file) {
  std::vector<Diagnosis> found;
  const auto place = readable_place(repository, policy_file);
  if (!place) {
    return found;
  }
  const gate::Policy& policy = place->policy->policy;
  git::RepositoryTree tree(repository, place->tree);
  if (policy.people.empty() && !tree.find(policy.approvals.allowed_signers) && !tree.find(gate::openpgp_keys_path)) {
    return found;
  }
  try {
    const attest::TrustAnchors anchors =
        gate::read_anchors(gate::server_files(repository), tree, policy.approvals, place->name);
    if (!anchors.openpgp || !anchors.allowed_signers.empty()) {
      examine_signers(found, anchors.allowed_signers, anchors.allowed_signers_source, Reader::tollbar);
    }
    if (anchors.openpgp) {
      examine_openpgp(found, *anchors.openpgp, anchors.openpgp_source);
    }
    if (anchors.revoked) {
      examine_revoked(found, *anchors.revoked, anchors.revoked_source);
    }
  } catch (const util::UsageError& error) {
    found.push_back({Health::bad, "signers", error.what(), "commit the file to the default branch"});
  }
  if (const auto reason = repository.is_bare() ? std::nullopt
                                               : attest::never_verified(approval::signing_settings(),
                                                                        gate::trusts_openpgp(repository)
                                                                            ? attest::OpenPgp::counts
                                                                            : attest::OpenPgp::counts_for_nothing)) {
    found.push_back({Health::doubtful, "signing", *reason, "only those who approve need a key"});
  }
  return found;
}

}  // namespace tollbar::hook
