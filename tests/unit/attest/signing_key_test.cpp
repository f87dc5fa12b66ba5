// Signing as git would be told to: paths, literals, the agent, other programs.
#include "attest/signing_key.h"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/stat.h>

#include "ssh_keys.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

SigningSettings with_key(const std::string& key) {
  SigningSettings settings;
  settings.format = "ssh";
  settings.key = key;
  return settings;
}

void check_signs(const std::string& name, const SigningSettings& settings) {
  const SshKeys& keys = SshKeys::shared();
  Question question;
  const Signed made = sign(question.message, settings);
  CHECK(made.keyid == keys.fingerprint(name));
  question.signature = made.signature;
  question.signers = "ada namespaces=\"tollbar\" " + keys.public_key(name) + '\n';
  CHECK(verified_by_us(question).signer);
  CHECK(keys.verified_by_ssh_keygen(question, "ada"));
}

std::string complaint_of(const SigningSettings& settings) {
  try {
    sign("message", settings);
  } catch (const util::Error& error) {
    return error.what();
  }
  return "none";
}

TEST_CASE("a key is a private file, a public one beside it, or a path from home") {
  const SshKeys& keys = SshKeys::shared();
  check_signs("ed25519", with_key(keys.path("ed25519")));
  check_signs("ecdsa384", with_key(keys.path("ecdsa384.pub")));
  check_signs("rsa", with_key(keys.path("rsa.pub")));
  const std::string path = keys.path("ed25519.pub");
  const std::size_t slash = path.rfind('/');
  const test::ScopedVariable home("HOME", path.substr(0, slash));
  check_signs("ed25519", with_key("~" + path.substr(slash)));
}

TEST_CASE("a literal key signs through the agent") {
  const SshKeys& keys = SshKeys::shared();
  const std::string socket = keys.path("agent");
  const std::string started = keys.run({"ssh-agent", "-s", "-a", socket});
  const std::size_t at = started.find("SSH_AGENT_PID=") + 14;
  const auto agent = static_cast<pid_t>(std::stol(started.substr(at)));
  {
    const test::ScopedVariable variable("SSH_AUTH_SOCK", socket);
    keys.run({"ssh-add", "-q", keys.path("other")});
    check_signs("other", with_key("key::" + keys.public_key("other")));
    check_signs("other", with_key(keys.public_key("other")));
    SigningSettings asked = with_key("");
    asked.key_command = "ssh-add -L";
    check_signs("other", asked);
    CHECK(complaint_of(with_key("key::" + keys.public_key("ed25519"))).find("sign with ssh-keygen: ") == 0);
  }
  ::kill(agent, SIGTERM);
}

TEST_CASE("what is missing is said, with what to set") {
  CHECK(complaint_of(with_key("")).find("git config --global user.signingkey") != std::string::npos);
  CHECK(complaint_of(with_key("/nowhere/key")).find("/nowhere/key cannot be read") != std::string::npos);
  SigningSettings silent = with_key("");
  silent.key_command = "true";
  CHECK(complaint_of(silent).find("prints no key") != std::string::npos);
  SigningSettings unknown = with_key("key");
  unknown.format = "x509";
  CHECK(complaint_of(unknown).find("`x509` is none") != std::string::npos);
  CHECK(complaint_of(SigningSettings{}).find("there is no key to sign with") != std::string::npos);
  SigningSettings broken = with_key(SshKeys::shared().path("ed25519"));
  broken.ssh_program = "false";
  CHECK(complaint_of(broken) == "sign with false: exit status 1");
}

TEST_CASE("what nobody verifies is known beforehand") {
  CHECK_FALSE(never_verified(with_key("key"), OpenPgp::counts_for_nothing));
  CHECK(never_verified(SigningSettings{}, OpenPgp::counts_for_nothing));
  SigningSettings openpgp;
  openpgp.format = "openpgp";
  CHECK(never_verified(openpgp, OpenPgp::counts_for_nothing)->find("gpg.format ssh") != std::string::npos);
  CHECK_FALSE(never_verified(openpgp, OpenPgp::counts));
  SigningSettings other;
  other.format = "x509";
  CHECK(never_verified(other, OpenPgp::counts)->find("x509") != std::string::npos);
}

TEST_CASE("gpg signs where git is set so") {
  const test::TemporaryDirectory home;
  SigningSettings settings;
  settings.format = "openpgp";
  settings.key = "ada@example.org";
  settings.gpg_program = home / "gpg";
  test::write_file(settings.gpg_program,
                   "#!/bin/sh\necho \"$*\" >&2\necho '[GNUPG:] SIG_CREATED D 22 8 00 1781524800 0123ABCD' >&2\n"
                   "echo signature over $(cat)\n");
  ::chmod(settings.gpg_program.c_str(), 0755);
  const Signed made = sign("message", settings);
  CHECK(made.keyid == "0123ABCD");
  CHECK(made.signature == "signature over message\n");
}

}  // namespace
}  // namespace tollbar::attest
