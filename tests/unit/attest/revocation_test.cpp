// Lists of revoked keys, against ssh-keygen's reading of the same lists.
#include "attest/revocation.h"

#include <doctest/doctest.h>

#include "ssh_keys.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

constexpr const char* ada = "ada@example.org";

Question question_about(const std::string& name, const std::string& signer, const std::string& options) {
  const SshKeys& keys = SshKeys::shared();
  Question question;
  question.signature = keys.sign(name, question.message);
  question.signers = std::string(ada) + ' ' + options + "namespaces=\"tollbar\" " + keys.public_key(signer) + '\n';
  return question;
}

Question by_key(const std::string& name) {
  return question_about(name, name, "");
}

Question by_certificate() {
  return question_about("certified", "authority", "cert-authority,");
}

void check_both(Question question, const std::string& list, bool revoked) {
  question.revoked = list;
  const Verification verification = verified_by_us(question);
  CHECK(verification.signer.has_value() == !revoked);
  CHECK(SshKeys::shared().verified_by_ssh_keygen(question, ada) == !revoked);
  if (revoked) {
    CHECK_MESSAGE(verification.problem.find("revoke") != std::string::npos, verification.problem);
  }
}

TEST_CASE("a list of public keys revokes those keys") {
  const SshKeys& keys = SshKeys::shared();
  const std::string list = "# left\n\n" + keys.public_key("other") + " a comment\n";
  check_both(by_key("other"), list, true);
  check_both(by_key("ed25519"), list, false);
  check_both(by_certificate(), list, true);
  check_both(by_certificate(), keys.public_key("authority") + '\n', true);
  check_both(by_key("rsa"), keys.public_key("rsa") + '\n', true);
  check_both(by_key("rsa"), list, false);
  check_both(by_key("other"), "", false);
  check_both(by_key("other"), "# nobody yet\n", false);
}

TEST_CASE("among them may stand fingerprints, which ssh-keygen knows in the making of a KRL alone") {
  const SshKeys& keys = SshKeys::shared();
  Question question = by_key("ed25519");
  question.revoked = keys.fingerprint("ed25519") + '\n';
  CHECK(verified_by_us(question).problem == "the key " + keys.fingerprint("ed25519") + " is revoked by revoked");
  question.revoked = keys.fingerprint("other") + " Bob's laptop\n";
  CHECK(verified_by_us(question).signer);
}

TEST_CASE("a KRL revokes by key and by fingerprint, and certificates by number and name") {
  const SshKeys& keys = SshKeys::shared();
  const std::string other = keys.public_key("other");
  for (const std::string& specification :
       {other, "key: " + other, "sha1: " + other, "sha256: " + other, "hash: " + keys.fingerprint("other")}) {
    CAPTURE(specification);
    const std::string krl = keys.krl(specification + '\n');
    check_both(by_key("other"), krl, true);
    check_both(by_key("ed25519"), krl, false);
    check_both(by_certificate(), krl, true);
  }
  check_both(by_certificate(), keys.krl("serial: 7\n"), true);
  check_both(by_certificate(), keys.krl("serial: 1-9\n"), true);
  check_both(by_certificate(), keys.krl("serial: 8\n"), false);
  check_both(by_certificate(), keys.krl("id: id of certified\n"), true);
  check_both(by_certificate(), keys.krl("id: another\n"), false);
  check_both(by_certificate(), keys.krl("key: " + keys.public_key("authority") + '\n'), true);
  check_both(by_key("rsa"), keys.krl("key: " + keys.public_key("rsa") + '\n'), true);
  check_both(by_key("ecdsa521"), keys.krl(""), false);
}

TEST_CASE("a list that is understood in part is none") {
  const SshKeys& keys = SshKeys::shared();
  for (const std::string& text : {std::string("nonsense\n"), keys.public_key("other").substr(0, 40),
                                  std::string("SHA256:short\n"), std::string("MD5:00:11\n"), std::string("SSHKRL\n")}) {
    CAPTURE(text);
    CHECK_THROWS_AS(RevocationList::read(text), util::Error);
  }
}

TEST_CASE("a KRL that is cut off or has unknown parts is refused, and hostile bytes end") {
  const SshKeys& keys = SshKeys::shared();
  const std::string krl =
      keys.krl("key: " + keys.public_key("other") + "\nsha256: " + keys.public_key("rsa") + "\nserial: 1-9\n");
  constexpr std::size_t magic = 8;
  const std::size_t header = 44;  // up to where the sections begin: without them it is a whole KRL
  std::size_t whole = 0;
  for (std::size_t size = magic; size < krl.size(); ++size) {
    try {
      RevocationList::read(krl.substr(0, size));
      ++whole;
      CHECK(size >= header);
    } catch (const util::Error&) {
    }
  }
  CHECK(whole <= 3);  // at the ends of sections alone
  for (std::size_t at = 0; at < krl.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = krl;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      try {
        RevocationList::read(changed);
      } catch (const util::Error& error) {
        CHECK(std::string(error.what()) != "");
      }
    }
  }
}

}  // namespace
}  // namespace tollbar::attest
