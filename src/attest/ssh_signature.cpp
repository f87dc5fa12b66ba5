// Strict: whatever ssh-keygen would pass over (text around the armour, a lower version, bytes in what is reserved)
// makes a signature unreadable.
#include "attest/ssh_signature.h"

#include "attest/base64.h"
#include "attest/wire.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

constexpr std::string_view magic = "SSHSIG";
constexpr std::string_view first_line = "-----BEGIN SSH SIGNATURE-----\n";
constexpr std::string_view last_line = "-----END SSH SIGNATURE-----\n";
constexpr std::size_t line_length = 70;
constexpr std::size_t most_bytes = 64U << 10;  // of a whole signature; an RSA certificate has some 3 KiB

[[noreturn]] void refuse(const std::string& problem) {
  throw util::Error("no SSH signature: " + problem);
}

std::string without_armour(std::string_view text) {
  if (!text.starts_with(first_line)) {
    refuse("it does not begin with " + std::string(first_line.substr(0, first_line.size() - 1)));
  }
  text.remove_prefix(first_line.size());
  if (text.size() > most_bytes) {
    refuse("it is too long");
  }
  std::string base64;
  while (!text.empty() && !text.starts_with('-')) {
    const std::size_t end = text.find('\n');
    if (end == 0 || end == std::string_view::npos) {
      refuse("its lines are broken");
    }
    base64 += text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (text != last_line) {
    refuse("it does not end with " + std::string(last_line.substr(0, last_line.size() - 1)));
  }
  std::optional<std::string> bytes = from_base64(base64);
  if (!bytes) {
    refuse("it is no base64");
  }
  return std::move(*bytes);
}

/// The key's own signature: its algorithm, its bytes, and what a security key adds.
void read_inner(std::string_view blob, SshSignature& signature) {
  WireReader reader(blob);
  signature.algorithm = reader.text();
  signature.bytes = reader.text();
  if (signature.signer.key.hardware() && signature.algorithm == signature.signer.key.type) {
    signature.flags = reader.byte();
    signature.count = reader.uint32();
  }
  const bool plain = signature.algorithm == signature.signer.key.type && signature.signer.key.kind != KeyKind::rsa;
  const bool rsa = signature.signer.key.kind == KeyKind::rsa &&
                   (signature.algorithm == "rsa-sha2-256" || signature.algorithm == "rsa-sha2-512");
  if (!reader.broken() && !plain && !rsa) {
    refuse("a key of type " + signature.signer.key.type + " does not sign with this algorithm");
  }
  if (!reader.done()) {
    refuse("the key's own signature holds too much or too little");
  }
}

}  // namespace

SshSignature parse_ssh_signature(std::string_view armoured) {
  const std::string bytes = without_armour(armoured);
  WireReader reader(bytes);
  if (reader.fixed(magic.size()) != magic) {
    refuse("it does not hold SSHSIG");
  }
  constexpr std::uint32_t version = 1;
  if (reader.uint32() != version) {
    refuse("its version is not 1");
  }
  SshSignature signature;
  signature.key_blob = reader.text();
  signature.name_space = reader.text();
  const std::string_view reserved = reader.text();
  signature.hash = reader.text();
  const std::string_view inner = reader.text();
  if (!reader.done()) {
    refuse("it holds too much or too little");
  }
  if (!reserved.empty()) {
    refuse("it says something where nothing is to be said");
  }
  if (signature.hash != "sha256" && signature.hash != "sha512") {
    refuse("its digest is neither sha256 nor sha512");
  }
  std::optional<KeyOrCertificate> signer = read_key_blob(signature.key_blob);
  if (!signer) {
    refuse("its key is damaged or of a kind that does not sign here");
  }
  signature.signer = std::move(*signer);
  read_inner(inner, signature);
  return signature;
}

std::string armour_ssh_signature(std::string_view bytes) {
  const std::string base64 = to_base64(bytes);
  std::string text(first_line);
  for (std::size_t at = 0; at < base64.size(); at += line_length) {
    text += base64.substr(at, line_length) + '\n';
  }
  return text.append(last_line);
}

std::string signed_bytes(const SshSignature& signature, std::string_view message_digest) {
  return std::string(magic) + wire_text(signature.name_space) + wire_text({}) + wire_text(signature.hash) +
         wire_text(message_digest);
}

}  // namespace tollbar::attest
