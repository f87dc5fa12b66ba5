// Both forms that `ssh-keygen -Y verify -r` takes, and fingerprints among the lines of the first.
#include "attest/revocation.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "attest/base64.h"
#include "attest/wire.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::attest {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view krl_magic = "SSHKRL\n\0"sv;
constexpr std::size_t sha1_size = 20;
constexpr std::size_t sha256_size = 32;

std::string sha256_bytes(std::string_view bytes) {
  const util::Sha256Digest digest = util::sha256(bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string sha1_bytes(std::string_view bytes) {
  std::string digest(sha1_size, '\0');
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA1", nullptr, bytes.data(), bytes.size(),
                   reinterpret_cast<unsigned char*>(digest.data()), &size) != 1) {
    throw util::Error("compute a digest: OpenSSL has no SHA1, which the revocation list uses");
  }
  return digest;
}

/// The bytes of `SHA256:...`, which lacks its padding. Empty where it is none.
std::optional<std::string> digest_of_fingerprint(std::string_view word) {
  constexpr std::string_view prefix = "SHA256:";
  if (!word.starts_with(prefix)) {
    return std::nullopt;
  }
  const auto digest = from_base64(std::string(word.substr(prefix.size())) + '=');
  return digest && digest->size() == sha256_size ? digest : std::nullopt;
}

std::string_view take_word(std::string_view& rest) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t start = std::min(rest.find_first_not_of(blanks), rest.size());
  const std::size_t end = std::min(rest.find_first_of(blanks, start), rest.size());
  const std::string_view word = rest.substr(start, end - start);
  rest.remove_prefix(end);
  return word;
}

}  // namespace

RevocationList RevocationList::read(std::string_view bytes) {
  RevocationList list;
  if (bytes.starts_with(krl_magic)) {
    list.binary_ = true;
    list.read_krl(bytes.substr(krl_magic.size()));
  } else {
    list.read_lines(bytes);
  }
  return list;
}

void RevocationList::read_lines(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string_view word = take_word(rest);
    if (word.empty() || word.starts_with('#')) {
      continue;
    }
    if (const auto digest = digest_of_fingerprint(word)) {
      digests_.insert(*digest);
    } else if (const auto read = read_key_words(word, take_word(rest))) {
      keys_.insert(read->key.blob);
    } else {
      throw util::Error(fmt::format("line {} is neither a public key nor SHA256:...", number));
    }
  }
}

void RevocationList::read_krl(std::string_view bytes) {
  WireReader reader(bytes);
  constexpr std::uint32_t known_version = 1;
  const std::uint32_t version = reader.uint32();
  reader.uint64();  // the list's own number
  reader.uint64();  // when it was made
  reader.uint64();  // flags, of which none is known
  reader.text();    // reserved
  reader.text();    // a comment
  if (!reader.broken() && version != known_version) {
    throw util::Error(fmt::format("a KRL of version {}, which is not known", version));
  }
  enum Section : std::uint8_t { certificates = 1, explicit_keys = 2, sha1_fingerprints = 3, sha256_fingerprints = 5 };
  while (reader.has_more()) {
    const std::uint8_t type = reader.byte();
    WireReader section(reader.text());
    if (reader.broken() || type == certificates) {
      continue;
    }
    if (type != explicit_keys && type != sha1_fingerprints && type != sha256_fingerprints) {
      throw util::Error(fmt::format("a KRL with a section of type {}, which is not known", type));
    }
    while (section.has_more()) {
      const std::string_view item = section.text();
      const std::size_t size = type == sha1_fingerprints ? sha1_size : sha256_size;
      if (type != explicit_keys && item.size() != size) {
        section.refuse();
      }
      (type == explicit_keys ? keys_ : digests_).emplace(item);
    }
    if (section.broken()) {
      reader.refuse();
    }
  }
  if (!reader.done()) {
    throw util::Error("a KRL that is cut off or damaged");
  }
}

bool RevocationList::holds(std::string_view key_blob) const {
  if (keys_.find(key_blob) != keys_.end()) {
    return true;
  }
  return !digests_.empty() &&
         (digests_.count(sha256_bytes(key_blob)) != 0 || digests_.count(sha1_bytes(key_blob)) != 0);
}

bool RevocationList::revokes(const KeyOrCertificate& signer) const {
  return holds(signer.key.blob) || (signer.certificate && holds(signer.certificate->authority));
}

}  // namespace tollbar::attest
