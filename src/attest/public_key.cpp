// Takes key blobs apart (RFC 4253, RFC 5656, RFC 8709; OpenSSH's PROTOCOL.certkeys and PROTOCOL.u2f).
#include "attest/public_key.h"

#include <algorithm>
#include <array>

#include "attest/base64.h"
#include "attest/wire.h"
#include "util/sha256.h"

namespace tollbar::attest {
namespace {

struct KeyType {
  std::string_view name;
  KeyKind kind;
  std::string_view curve;
  std::size_t point_size;  ///< bytes
  std::string_view certificate;
};
constexpr std::array<KeyType, 7> key_types{{
    {"ssh-ed25519", KeyKind::ed25519, "", 32, "ssh-ed25519-cert-v01@openssh.com"},
    {"ssh-rsa", KeyKind::rsa, "", 0, "ssh-rsa-cert-v01@openssh.com"},
    {"ecdsa-sha2-nistp256", KeyKind::ecdsa, "nistp256", 65, "ecdsa-sha2-nistp256-cert-v01@openssh.com"},
    {"ecdsa-sha2-nistp384", KeyKind::ecdsa, "nistp384", 97, "ecdsa-sha2-nistp384-cert-v01@openssh.com"},
    {"ecdsa-sha2-nistp521", KeyKind::ecdsa, "nistp521", 133, "ecdsa-sha2-nistp521-cert-v01@openssh.com"},
    {"sk-ssh-ed25519@openssh.com", KeyKind::sk_ed25519, "", 32, "sk-ssh-ed25519-cert-v01@openssh.com"},
    {"sk-ecdsa-sha2-nistp256@openssh.com", KeyKind::sk_ecdsa, "nistp256", 65,
     "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"},
}};

/// Null for a type that is not known.
const KeyType* find_type(std::string_view word) {
  const auto* found = std::find_if(key_types.begin(), key_types.end(),
                                   [&](const KeyType& type) { return type.name == word || type.certificate == word; });
  return found == key_types.end() ? nullptr : found;
}

/// The fields of a key behind its type, which a certificate holds in the same order.
PublicKey read_fields(WireReader& reader, const KeyType& type) {
  PublicKey key;
  key.type = type.name;
  key.kind = type.kind;
  key.curve = type.curve;
  key.blob = wire_text(type.name);
  if (type.kind == KeyKind::rsa) {
    key.blob += wire_text(reader.text());  // the exponent
    key.blob += wire_text(reader.text());  // the modulus
    return key;
  }
  if (!type.curve.empty()) {
    if (reader.text() != type.curve) {
      reader.refuse();
    }
    key.blob += wire_text(type.curve);
  }
  key.point = reader.text();
  constexpr char uncompressed = 4;
  if (key.point.size() != type.point_size || (!type.curve.empty() && key.point.front() != uncompressed)) {
    reader.refuse();
  }
  key.blob += wire_text(key.point);
  if (key.hardware()) {
    key.application = reader.text();
    key.blob += wire_text(key.application);
  }
  return key;
}

Certificate read_certificate(WireReader& reader) {
  constexpr std::uint32_t user = 1;
  Certificate certificate;
  reader.uint64();  // the serial number
  certificate.for_user = reader.uint32() == user;
  reader.text();  // the key id
  for (WireReader names(reader.text()); names.has_more();) {
    certificate.principals.emplace_back(names.text());
    if (names.broken()) {
      reader.refuse();
    }
  }
  reader.uint64();  // valid after
  reader.uint64();  // valid before
  reader.text();    // critical options
  reader.text();    // extensions
  reader.text();    // reserved
  certificate.authority = reader.text();
  reader.text();  // the authority's signature
  return certificate;
}

}  // namespace

std::optional<KeyOrCertificate> read_key_blob(std::string_view blob) {
  WireReader reader(blob);
  const std::string_view name = reader.text();
  const KeyType* type = find_type(name);
  if (type == nullptr) {
    return std::nullopt;
  }
  KeyOrCertificate read;
  const bool certified = name == type->certificate;
  if (certified) {
    reader.text();  // a nonce
  }
  read.key = read_fields(reader, *type);
  if (certified) {
    read.certificate = read_certificate(reader);
  }
  return reader.done() ? std::optional(std::move(read)) : std::nullopt;
}

bool is_key_type(std::string_view word) {
  return find_type(word) != nullptr;
}

std::optional<KeyOrCertificate> read_key_words(std::string_view type, std::string_view base64) {
  const auto blob = from_base64(base64);
  if (!blob || WireReader(*blob).text() != type) {
    return std::nullopt;
  }
  return read_key_blob(*blob);
}

std::string fingerprint_of(std::string_view key_blob) {
  const util::Sha256Digest digest = util::sha256(key_blob);
  std::string text = to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  text.erase(text.find('='));
  return "SHA256:" + text;
}

}  // namespace tollbar::attest
