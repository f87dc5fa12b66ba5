// A signature, its key, the key's line, its time: each may refuse, and says so.
#include "attest/verifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "attest/allowed_signers.h"
#include "attest/openpgp.h"
#include "attest/pattern_list.h"
#include "attest/revocation.h"
#include "attest/signature_check.h"
#include "attest/ssh_keygen.h"
#include "attest/ssh_signature.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

Verification refused(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

/// Principals of a certificate may hold what no name holds; what they are compared with, and shown as, are names.
bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
    return static_cast<unsigned char>(byte) > ' ' && byte != '\x7F' && byte != ',' && byte != '"';
  });
}

}  // namespace

struct Verifier::State {
  TrustAnchors anchors;
  std::vector<AllowedSigner> signers;
  RevocationList revoked;
  OpenPgpKeys openpgp;

  bool signs(const AllowedSigner& line, const KeyOrCertificate& signer) const {
    return signer.certificate ? line.authority && line.key.blob == signer.certificate->authority
                              : !line.authority && line.key.blob == signer.key.blob;
  }

  /// Why this line does not let its key sign at `now`; empty where it does.
  std::string problem_of(const AllowedSigner& line, std::int64_t now) const {
    const std::string place = fmt::format("{}:{}", anchors.allowed_signers_source, line.line);
    if (!matches_pattern_list(signature_namespace, line.namespaces)) {
      return fmt::format("{}: the key of {} may not sign in the namespace `{}`", place, line.principals,
                         signature_namespace);
    }
    if (line.valid_after && now < *line.valid_after) {
      return fmt::format("{}: the key of {} is not valid yet", place, line.principals);
    }
    if (line.valid_before && now > *line.valid_before) {
      return fmt::format("{}: the key of {} has expired", place, line.principals);
    }
    return {};
  }

  /// Whose OpenPGP signature it is. Such keys have no namespaces: what is signed says itself what it is (DSSE's
  /// pre-authentication encoding), and so does all else that git signs with them.
  Verification judge_openpgp(std::string_view message, std::string_view armoured) const {
    if (!anchors.openpgp) {
      return refused(fmt::format("it is signed with OpenPGP, and there is no {} that says whose keys count",
                                 anchors.openpgp_source.empty() ? "file" : anchors.openpgp_source));
    }
    OpenPgpVerdict verdict;
    try {
      verdict = ask_gpg(message, armoured, openpgp.blocks);
    } catch (const util::Error& error) {
      return refused(fmt::format("an OpenPGP signature cannot be verified here without gpg: {}", error.what()));
    }
    if (!verdict.problem.empty()) {
      return refused(fmt::format("{} (OpenPGP, {})", verdict.problem, anchors.openpgp_source));
    }
    const auto owner = std::find_if(openpgp.owners.begin(), openpgp.owners.end(),
                                    [&](const OpenPgpOwner& each) { return each.fingerprint == verdict.fingerprint; });
    if (owner == openpgp.owners.end()) {
      return refused(fmt::format("no line of {} says whose key {} is", anchors.openpgp_source, verdict.fingerprint));
    }
    Signer signer;
    signer.principal = owner->principals.front();
    signer.principals = owner->principals;
    signer.key = "OpenPGP:" + verdict.fingerprint;
    return {std::move(signer), ""};
  }

  std::vector<std::string> principals_of(const AllowedSigner& line, const KeyOrCertificate& signer) const {
    if (!signer.certificate) {
      return literal_names(line.principals);
    }
    std::vector<std::string> names = signer.certificate->principals;
    std::erase_if(
        names, [&](const std::string& name) { return !is_name(name) || !matches_pattern_list(name, line.principals); });
    return names;
  }

  /// What is wrong with the signature itself; empty where it is one over `message`.
  std::string problem_of(const SshSignature& signature, std::string_view armoured, std::string_view message,
                         const AllowedSigner& line, const std::string& principal, std::int64_t now) const {
    if (is_checked_natively(signature)) {
      return fits(signature, message) ? "" : "the signature does not fit what it stands under";
    }
    try {
      return problem_by_others(signature, armoured, message, line, principal, now);
    } catch (const util::Error& error) {
      const std::string_view what = signature.signer.certificate ? "a certificate" : "an RSA key";
      return fmt::format("a signature by {} cannot be verified here without ssh-keygen: {}", what, error.what());
    }
  }

  /// As ssh-keygen sees it, which does not tell a revoked certificate from a signature that does not fit.
  std::string problem_by_others(const SshSignature& signature, std::string_view armoured, std::string_view message,
                                const AllowedSigner& line, const std::string& principal, std::int64_t now) const {
    const bool may_revoke = signature.signer.certificate && revoked.is_binary();
    const std::string_view krl = may_revoke ? std::string_view(*anchors.revoked) : std::string_view();
    const std::string problem = problem_by_ssh_keygen(message, armoured, line, principal, krl, now).value_or("");
    const bool revoked_alone =
        may_revoke && !problem.empty() && !problem_by_ssh_keygen(message, armoured, line, principal, {}, now);
    return revoked_alone ? fmt::format("the certificate of {} is revoked by {}", principal, anchors.revoked_source)
                         : problem;
  }

  Verification judge(const SshSignature& signature, std::string_view armoured, std::string_view message,
                     const AllowedSigner& line, std::int64_t now) const {
    if (std::string problem = problem_of(line, now); !problem.empty()) {
      return refused(std::move(problem));
    }
    std::vector<std::string> principals = principals_of(line, signature.signer);
    if (principals.empty()) {
      return refused(fmt::format("{}:{}: {} names nobody for this {}", anchors.allowed_signers_source, line.line,
                                 line.principals, signature.signer.certificate ? "certificate" : "key"));
    }
    if (std::string problem = problem_of(signature, armoured, message, line, principals.front(), now);
        !problem.empty()) {
      return refused(std::move(problem));
    }
    Signer signer;
    signer.principal = principals.front();
    signer.principals = std::move(principals);
    signer.key = fingerprint_of(signature.signer.key.blob);
    signer.hardware = signature.signer.key.hardware();
    signer.touched = signature.touched();
    return {std::move(signer), ""};
  }
};

Verifier::Verifier(TrustAnchors anchors) : state_(std::make_unique<State>()) {
  AllowedSigners read = read_allowed_signers(anchors.allowed_signers);
  std::string problems;
  for (const SignersProblem& problem : read.problems) {
    problems += fmt::format("{}{}:{}: {}", problems.empty() ? "" : "\n", anchors.allowed_signers_source, problem.line,
                            problem.text);
  }
  if (anchors.revoked) {
    try {
      state_->revoked = RevocationList::read(*anchors.revoked);
    } catch (const util::Error& error) {
      problems += fmt::format("{}{}: {}", problems.empty() ? "" : "\n", anchors.revoked_source, error.what());
    }
  }
  if (anchors.openpgp) {
    state_->openpgp = read_openpgp_keys(*anchors.openpgp);
    for (const SignersProblem& problem : state_->openpgp.problems) {
      problems +=
          fmt::format("{}{}:{}: {}", problems.empty() ? "" : "\n", anchors.openpgp_source, problem.line, problem.text);
    }
  }
  if (!problems.empty()) {
    throw util::UsageError(problems);
  }
  state_->signers = std::move(read.signers);
  state_->anchors = std::move(anchors);
}

Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;
Verifier::~Verifier() = default;

Verification Verifier::verify(const Envelope& envelope, std::int64_t now) const {
  if (envelope.payload_type != in_toto_type) {
    return refused(fmt::format("it is of type {}, not {}", envelope.payload_type, in_toto_type));
  }
  if (envelope.signatures.size() != 1) {
    return refused(fmt::format("it has {} signatures, not one", envelope.signatures.size()));
  }
  return verify(pre_authentication_encoding(envelope.payload_type, envelope.payload), envelope.signatures.front().bytes,
                now);
}

Verification Verifier::verify(std::string_view message, std::string_view armoured_signature, std::int64_t now) const {
  if (armoured_signature.starts_with("-----BEGIN PGP ")) {
    return state_->judge_openpgp(message, armoured_signature);
  }
  SshSignature signature;
  try {
    signature = parse_ssh_signature(armoured_signature);
  } catch (const util::Error& error) {
    return refused(error.what());
  }
  if (signature.name_space != signature_namespace) {
    return refused(
        fmt::format("it was signed in the namespace `{}`, not in `{}`", signature.name_space, signature_namespace));
  }
  const std::string key = fingerprint_of(signature.signer.key.blob);
  if (state_->revoked.revokes(signature.signer)) {
    return refused(fmt::format("the key {} is revoked by {}", key, state_->anchors.revoked_source));
  }
  Verification verification =
      refused(fmt::format("the key {} is none of {}", key, state_->anchors.allowed_signers_source));
  for (const AllowedSigner& line : state_->signers) {
    if (!verification.signer && state_->signs(line, signature.signer)) {
      verification = state_->judge(signature, armoured_signature, message, line, now);
    }
  }
  return verification;
}

}  // namespace tollbar::attest
