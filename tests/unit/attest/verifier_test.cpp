// Our verification against ssh-keygen's, over signatures that ssh-keygen made.
#include "attest/verifier.h"

#include <doctest/doctest.h>

#include <time.h>

#include "attest/allowed_signers.h"
#include "attest/base64.h"
#include "ssh_keys.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

constexpr const char* ada = "ada@example.org";

std::string line_for(const std::string& key, const std::string& options = R"(namespaces="tollbar")",
                     const std::string& principals = ada) {
  return principals + ' ' + options + ' ' + key + " of a test\n";
}

Question signed_by(const std::string& name, const std::string& options = R"(namespaces="tollbar")",
                   const std::string& principals = ada) {
  const SshKeys& keys = SshKeys::shared();
  Question question;
  question.signature = keys.sign(name, question.message);
  question.signers = line_for(keys.public_key(name), options, principals);
  return question;
}

Question signed_by_certificate(const std::string& name,
                               const std::string& options = "cert-authority,namespaces=\"tollbar\"",
                               const std::string& principals = ada) {
  Question question = signed_by(name);
  question.signers = line_for(SshKeys::shared().public_key("authority"), options, principals);
  return question;
}

std::string armoured_bytes(const std::string& signature) {
  std::string base64;
  for (std::size_t at = signature.find('\n') + 1; signature[at] != '-';) {
    const std::size_t end = signature.find('\n', at);
    base64 += signature.substr(at, end - at);
    at = end + 1;
  }
  return from_base64(base64).value();
}

void check_both_take(const Question& question) {
  const Verification verification = verified_by_us(question);
  CHECK(verification.problem == "");
  REQUIRE(verification.signer);
  CHECK(verification.signer->principal == ada);
  CHECK(SshKeys::shared().verified_by_ssh_keygen(question, ada));
}

void check_both_refuse(const Question& question, const std::string& why) {
  const Verification verification = verified_by_us(question);
  CHECK_FALSE(verification.signer);
  CHECK_MESSAGE(verification.problem.find(why) != std::string::npos, verification.problem);
  CHECK_FALSE(SshKeys::shared().verified_by_ssh_keygen(question, ada));
}

TEST_CASE("every kind of key that ssh-keygen makes verifies, under its fingerprint") {
  for (const std::string name : {"ed25519", "ecdsa256", "ecdsa384", "ecdsa521", "rsa"}) {
    CAPTURE(name);
    const Question question = signed_by(name);
    check_both_take(question);
    const Signer signer = verified_by_us(question).signer.value();
    CHECK(signer.key == SshKeys::shared().fingerprint(name));
    CHECK_FALSE(signer.hardware);
    CHECK_FALSE(signer.touched);
  }
}

TEST_CASE("a security key says whether its user touched it") {
  for (const HardwareKind kind : {HardwareKind::ed25519, HardwareKind::ecdsa}) {
    for (const bool touched : {true, false}) {
      Question question;
      const HardwareSignature made = sign_with_hardware(kind, question.message, touched);
      question.signature = made.signature;
      question.signers = line_for(made.public_key);
      check_both_take(question);
      const Signer signer = verified_by_us(question).signer.value();
      CHECK(signer.hardware);
      CHECK(signer.touched == touched);
      question.message += '.';
      check_both_refuse(question, "does not fit");
    }
  }
}

TEST_CASE("a touch cannot be claimed afterwards") {
  Question question;
  const HardwareSignature made = sign_with_hardware(HardwareKind::ed25519, question.message, false);
  std::string bytes = armoured_bytes(made.signature);
  constexpr std::size_t flags_from_end = 5;
  bytes[bytes.size() - flags_from_end] = 1;
  question.signature = armour_ssh_signature(bytes);
  question.signers = line_for(made.public_key);
  check_both_refuse(question, "does not fit");
}

TEST_CASE("certificates are those of their authority, for the names that both spell out") {
  for (const std::string name : {"certified", "certified-rsa"}) {
    CAPTURE(name);
    check_both_take(signed_by_certificate(name));
    check_both_take(signed_by_certificate(name, "cert-authority,namespaces=\"tollbar\"", "*@example.org"));
  }
  const Question question =
      signed_by_certificate("certified", "cert-authority,namespaces=\"tollbar\"", "*@example.org");
  const Signer signer = verified_by_us(question).signer.value();
  CHECK(signer.principals == std::vector<std::string>{ada, "admin@example.org"});
  CHECK(signer.key == SshKeys::shared().fingerprint("other"));

  check_both_refuse(signed_by_certificate("expired"), "ssh-keygen does not verify it");
  check_both_refuse(signed_by_certificate("certified", "namespaces=\"tollbar\""), "is none of signers");
  check_both_refuse(signed_by_certificate("certified", "cert-authority,namespaces=\"tollbar\"", "bob@example.org"),
                    "names nobody for this certificate");
  check_both_refuse(signed_by_certificate("certified", "cert-authority,namespaces=\"git\""), "may not sign");
  Question late = signed_by_certificate("certified");
  late.now += 400L * 24 * 60 * 60;
  check_both_refuse(late, "expired");
  Question tampered = signed_by_certificate("certified");
  tampered.message += ' ';
  check_both_refuse(tampered, "ssh-keygen does not verify it");
}

TEST_CASE("each refusal says which rule it breaks") {
  const SshKeys& keys = SshKeys::shared();
  Question question = signed_by("ed25519");
  question.signature = keys.sign("ed25519", question.message, "git");
  check_both_refuse(question, "signed in the namespace `git`, not in `tollbar`");

  check_both_refuse(signed_by("ed25519", R"(namespaces="git,file")"), "signers:1: the key of ada@example.org may not");
  check_both_refuse(signed_by("ed25519", R"(namespaces="tollbar",valid-before="20260101Z")"), "has expired");
  check_both_refuse(signed_by("ed25519", R"(namespaces="tollbar",valid-after="20261231Z")"), "not valid yet");

  question = signed_by("ed25519");
  question.signers = line_for(keys.public_key("other"));
  check_both_refuse(question, "the key " + keys.fingerprint("ed25519") + " is none of signers");
  question.signers = "# nobody\n";
  check_both_refuse(question, "is none of signers");

  question = signed_by("ed25519");
  question.message += '\n';
  check_both_refuse(question, "does not fit");
  question.signature = keys.sign("other", question.message);
  check_both_refuse(question, "is none of signers");

  question = signed_by("rsa");
  question.message += '\n';
  check_both_refuse(question, "ssh-keygen does not verify it");
}

TEST_CASE("an empty and a large message are messages") {
  const SshKeys& keys = SshKeys::shared();
  for (const std::string& message : {std::string(), std::string(100'000, '\0')}) {
    Question question = signed_by("ecdsa256");
    question.message = message;
    question.signature = keys.sign("ecdsa256", message);
    check_both_take(question);
  }
}

TEST_CASE("the digest may be SHA-256, too") {
  const SshKeys& keys = SshKeys::shared();
  Question question = signed_by("ed25519");
  question.signature = keys.run(
      {"ssh-keygen", "-q", "-Y", "sign", "-n", "tollbar", "-Ohashalg=sha256", "-f", "ed25519.pub"}, question.message);
  check_both_take(question);
}

TEST_CASE("the lines of one person are tried one after the other") {
  const SshKeys& keys = SshKeys::shared();
  Question question = signed_by("ed25519");
  question.signers = line_for(keys.public_key("ed25519"), R"(namespaces="tollbar",valid-before="20260101Z")") +
                     line_for(keys.public_key("ed25519"), R"(namespaces="tollbar",valid-after="20260601Z")");
  check_both_take(question);
}

TEST_CASE("a key that stands under a pattern alone is nobody's; ssh-keygen takes it for anybody's") {
  const Question question = signed_by("ed25519", R"(namespaces="tollbar")", "*@example.org,!bob@example.org");
  CHECK(verified_by_us(question).problem.find("names nobody for this key") != std::string::npos);
  CHECK(SshKeys::shared().verified_by_ssh_keygen(question, ada));
  CHECK(SshKeys::shared().verified_by_ssh_keygen(question, "eve@example.org"));
}

TEST_CASE("several names of a line are all names of its one person") {
  const Question question =
      signed_by("ed25519", R"(namespaces="tollbar")", "ada@example.org,*@home.example,ada@home.example");
  check_both_take(question);
  CHECK(verified_by_us(question).signer->principals == std::vector<std::string>{ada, "ada@home.example"});
}

TEST_CASE("both ends of a key's time agree with ssh-keygen to the second, in any time zone") {
  const SshKeys& keys = SshKeys::shared();
  for (const char* zone : {"UTC", "America/New_York", "Asia/Kolkata"}) {
    const test::ScopedVariable variable("TZ", zone);
    ::tzset();
    for (const char* time :
         {"20260615", "20260615Z", "202606151200", "20260615120000", "20260615120000Z", "202601151200"}) {
      for (const char* end : {"valid-after", "valid-before"}) {
        Question question = signed_by("ed25519", std::string(R"(namespaces="tollbar",)") + end + "=\"" + time + '"');
        const AllowedSigners read = read_allowed_signers(question.signers);
        REQUIRE(read.signers.size() == 1);
        const AllowedSigner& signer = read.signers.front();
        const std::int64_t bound = signer.valid_after ? *signer.valid_after : signer.valid_before.value();
        for (const std::int64_t second : {bound - 1, bound, bound + 1}) {
          CAPTURE(zone);
          CAPTURE(question.signers);
          CAPTURE(second - bound);
          question.now = second;
          CHECK(verified_by_us(question).signer.has_value() == keys.verified_by_ssh_keygen(question, ada));
        }
      }
    }
  }
  ::tzset();
}

TEST_CASE("no cut and no changed byte of a signature verifies, for us as for ssh-keygen") {
  const Question whole = signed_by("ecdsa256");
  const SshKeys& keys = SshKeys::shared();
  for (std::size_t size = 0; size < whole.signature.size(); ++size) {
    Question cut = whole;
    cut.signature.resize(size);
    CAPTURE(size);
    CHECK_FALSE(verified_by_us(cut).signer);
  }
  const std::string bytes = armoured_bytes(whole.signature);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x80);
    Question question = whole;
    question.signature = armour_ssh_signature(changed);
    CAPTURE(at);
    CHECK_FALSE(verified_by_us(question).signer);
    CHECK_FALSE(keys.verified_by_ssh_keygen(question, ada));
  }
}

TEST_CASE("what ssh-keygen passes over in a signature is refused") {
  const Question whole = signed_by("ed25519");
  const SshKeys& keys = SshKeys::shared();
  const std::string bytes = armoured_bytes(whole.signature);
  constexpr std::size_t version_at = 9;
  std::string older = bytes;
  older[version_at] = 0;
  const std::string text = whole.signature;
  for (const std::string& signature :
       {armour_ssh_signature(older), text + "and more\n", text.substr(0, text.size() - 1),
        std::string(text).insert(text.find('\n') + 1, "\n")}) {
    Question question = whole;
    question.signature = signature;
    CAPTURE(signature);
    CHECK_FALSE(verified_by_us(question).signer);
    CHECK(keys.verified_by_ssh_keygen(question, ada));
  }
}

TEST_CASE("an OpenPGP signature is refused by its name") {
  Question question = signed_by("ed25519");
  question.signature = "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n";
  CHECK(verified_by_us(question).problem.find("OpenPGP") != std::string::npos);
}

TEST_CASE("without ssh-keygen native keys verify and the others say what is missing") {
  const Question native = signed_by("ed25519");
  const Question other = signed_by("rsa");
  const Question certificate = signed_by_certificate("certified");
  const test::ScopedVariable path("PATH", "/nowhere");
  CHECK(verified_by_us(native).signer);
  CHECK(verified_by_us(other).problem.find("an RSA key cannot be verified here without ssh-keygen") !=
        std::string::npos);
  CHECK(verified_by_us(certificate).problem.find("a certificate cannot be verified here without ssh-keygen") !=
        std::string::npos);
}

}  // namespace
}  // namespace tollbar::attest
