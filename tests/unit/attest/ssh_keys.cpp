// ssh-keygen in a folder of its own; security keys over OpenSSL.
#include "ssh_keys.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <ctime>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "attest/base64.h"
#include "attest/wire.h"
#include "util/sha256.h"

namespace tollbar::attest {
namespace {

std::string without_comment(const std::string& line) {
  return line.substr(0, line.find_first_of(" \n", line.find(' ') + 1));
}

std::string digest_of(std::string_view bytes) {
  const util::Sha256Digest digest = util::sha256(bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string local_time(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm date{};
  ::gmtime_r(&time, &date);
  std::string text(20, '\0');
  text.resize(std::strftime(text.data(), text.size(), "%Y%m%d%H%M%SZ", &date));
  return text;
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string sign_raw(EVP_PKEY* key, const EVP_MD* digest, const std::string& text) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(256, '\0');
  std::size_t size = signature.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) !=
          1) {
    throw std::runtime_error("sign");
  }
  signature.resize(size);
  return signature;
}

std::string wire_number(const BIGNUM* number) {
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  return wire_text((bytes.front() & 0x80) != 0 ? '\0' + bytes : bytes);
}

std::string wire_ecdsa(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  return wire_number(ECDSA_SIG_get0_r(signature.get())) + wire_number(ECDSA_SIG_get0_s(signature.get()));
}

/// The raw public key: what ends the form that X.509 gives it.
std::string raw_public_key(EVP_PKEY* key, std::size_t size) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key, &der);
  const std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return bytes.substr(bytes.size() - size);
}

}  // namespace

SshKeys::SshKeys() {
  make("ed25519", {"-t", "ed25519"});
  make("other", {"-t", "ed25519"});
  make("authority", {"-t", "ed25519"});
  make("ecdsa256", {"-t", "ecdsa", "-b", "256"});
  make("ecdsa384", {"-t", "ecdsa", "-b", "384"});
  make("ecdsa521", {"-t", "ecdsa", "-b", "521"});
  make("rsa", {"-t", "rsa", "-b", "2048"});
  certify("certified", "other", {"-n", "ada@example.org,admin@example.org", "-z", "7", "-V", "20260101:20270101"});
  certify("certified-rsa", "rsa", {"-n", "ada@example.org", "-z", "8", "-V", "20260101:20270101"});
  certify("expired", "other", {"-n", "ada@example.org", "-V", "20240101:20250101"});
}

const SshKeys& SshKeys::shared() {
  static const SshKeys keys;
  return keys;
}

std::string SshKeys::run(const std::vector<std::string>& words, std::string_view input) const {
  const util::Completed completed = util::run({words, {}, directory_.path()}, input);
  if (!completed.succeeded()) {
    throw std::runtime_error(words.front() + ": " + completed.errors + completed.output);
  }
  return completed.output;
}

void SshKeys::make(const std::string& name, const std::vector<std::string>& options) const {
  std::vector<std::string> words{"ssh-keygen", "-q", "-N", "", "-C", "", "-f", name};
  words.insert(words.end(), options.begin(), options.end());
  run(words);
}

void SshKeys::certify(const std::string& name, const std::string& key, const std::vector<std::string>& options) const {
  std::filesystem::copy(path(key), path(name));
  std::filesystem::copy(path(key + ".pub"), path(name + ".pub"));
  std::vector<std::string> words{"ssh-keygen", "-q", "-s", "authority", "-I", "id of " + name};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(name + ".pub");
  run(words);
  // As a public key of this name it signs with its certificate.
  std::filesystem::rename(path(name + "-cert.pub"), path(name + ".pub"));
}

std::string SshKeys::public_key(const std::string& name) const {
  return without_comment(test::read_file(path(name + ".pub")));
}

std::string SshKeys::fingerprint(const std::string& name) const {
  const std::string line = run({"ssh-keygen", "-l", "-f", name + ".pub"});
  const std::size_t at = line.find("SHA256:");
  return line.substr(at, line.find(' ', at) - at);
}

std::string SshKeys::sign(const std::string& name, const std::string& message, const std::string& name_space) const {
  return run({"ssh-keygen", "-q", "-Y", "sign", "-n", name_space, "-f", name + ".pub"}, message);
}

std::string SshKeys::krl(const std::string& specification) const {
  test::write_file(path("specification"), specification);
  std::filesystem::remove(path("krl"));
  run({"ssh-keygen", "-q", "-k", "-f", "krl", "-s", "authority.pub", "specification"});
  return test::read_file(path("krl"));
}

bool SshKeys::verified_by_ssh_keygen(const Question& question, const std::string& principal) const {
  test::write_file(path("signers"), question.signers);
  test::write_file(path("signature"), question.signature);
  std::vector<std::string> words{"ssh-keygen", "-Y", "verify",    "-f",
                                 "signers",    "-I", principal,   "-n",
                                 "tollbar",    "-s", "signature", "-Overify-time=" + local_time(question.now)};
  if (question.revoked) {
    test::write_file(path("revoked"), *question.revoked);
    words.insert(words.end(), {"-r", "revoked"});
  }
  return util::run({words, {}, directory_.path()}, question.message).succeeded();
}

Verification verified_by_us(const Question& question) {
  const Verifier verifier({question.signers, "signers", question.revoked, "revoked"});
  return verifier.verify(question.message, question.signature, question.now);
}

HardwareSignature sign_with_hardware(HardwareKind kind, const std::string& message, bool touched) {
  const bool curve = kind == HardwareKind::ecdsa;
  const Key key(
      curve ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256") : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"),
      EVP_PKEY_free);
  const std::string type = curve ? "sk-ecdsa-sha2-nistp256@openssh.com" : "sk-ssh-ed25519@openssh.com";
  const std::string blob = wire_text(type) + (curve ? wire_text("nistp256") : "") +
                           wire_text(raw_public_key(key.get(), curve ? 65 : 32)) + wire_text("ssh:");
  const std::string to_sign =
      "SSHSIG" + wire_text("tollbar") + wire_text("") + wire_text("sha256") + wire_text(digest_of(message));
  const std::string seen = std::string(1, touched ? '\x01' : '\x00') + wire_uint32(42);
  const std::string raw =
      sign_raw(key.get(), curve ? EVP_sha256() : nullptr, digest_of("ssh:") + seen + digest_of(to_sign));
  const std::string inner = wire_text(type) + wire_text(curve ? wire_ecdsa(raw) : raw) + seen;
  const std::string whole = "SSHSIG" + wire_uint32(1) + wire_text(blob) + wire_text("tollbar") + wire_text("") +
                            wire_text("sha256") + wire_text(inner);
  return {type + ' ' + to_base64(blob), armour_ssh_signature(whole)};
}

}  // namespace tollbar::attest
