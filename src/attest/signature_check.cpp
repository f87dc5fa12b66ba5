// SSH's forms of keys and signatures, brought into those of OpenSSL.
#include "attest/signature_check.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "attest/wire.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

template <auto free>
struct Freed {
  template <typename T>
  void operator()(T* handle) const {
    free(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string digest_of(const char* algorithm, std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, algorithm, nullptr, bytes.data(), bytes.size(),
                   reinterpret_cast<unsigned char*>(digest.data()), &size) != 1) {
    throw util::Error(std::string("compute a digest: OpenSSL has no ") + algorithm);
  }
  digest.resize(size);
  return digest;
}

struct Curve {
  std::string_view name;
  std::string_view group;  ///< as OpenSSL calls it
  const EVP_MD* (*digest)();
};
constexpr std::array<Curve, 3> curves{
    {{"nistp256", "P-256", EVP_sha256}, {"nistp384", "P-384", EVP_sha384}, {"nistp521", "P-521", EVP_sha512}}};

/// Null for Ed25519, which has none and digests by itself.
const Curve* curve_of(const PublicKey& key) {
  const auto* found =
      std::find_if(curves.begin(), curves.end(), [&](const Curve& curve) { return curve.name == key.curve; });
  return found == curves.end() ? nullptr : found;
}

/// Null where the point is none of the curve.
Key ecdsa_key(const PublicKey& key, const Curve& curve) {
  std::string group(curve.group);
  std::string point = key.point;
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end(),
  };
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) {
    throw util::Error("read an ECDSA key: OpenSSL has no elliptic curves");
  }
  // OSSL_PARAM's interface takes no constants, yet changes nothing.
  return EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters)) == 1
             ? Key(made)
             : nullptr;
}

Key native_key(const PublicKey& key, const Curve* curve) {
  return curve != nullptr
             ? ecdsa_key(key, *curve)
             : Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(key.point), key.point.size()));
}

/// Two numbers as SSH has them, in the form that OpenSSL reads (X.509's). Empty where they are no two numbers.
std::string ecdsa_signature(std::string_view blob) {
  WireReader reader(blob);
  const std::string_view r = reader.positive_integer();
  const std::string_view s = reader.positive_integer();
  constexpr std::size_t most = 66;  // bytes of a number below the order of the largest curve
  if (!reader.done() || r.size() > most || s.size() > most) {
    return {};
  }
  const EcdsaSignature signature(ECDSA_SIG_new());
  Number first(BN_bin2bn(bytes_of(r), static_cast<int>(r.size()), nullptr));
  Number second(BN_bin2bn(bytes_of(s), static_cast<int>(s.size()), nullptr));
  if (signature == nullptr || first == nullptr || second == nullptr) {
    throw std::bad_alloc();
  }
  ECDSA_SIG_set0(signature.get(), first.release(), second.release());
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &encoded);
  if (size <= 0) {
    return {};
  }
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(encoded,
                                                                       [](unsigned char* p) { OPENSSL_free(p); });
  return {reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size)};
}

/// A security key signs digests of the application and of the message, and what it saw of its user.
std::string seen_by_hardware(const SshSignature& signature, std::string_view message) {
  return digest_of("SHA256", signature.signer.key.application) + static_cast<char>(signature.flags) +
         wire_uint32(signature.count) + digest_of("SHA256", message);
}

}  // namespace

bool is_checked_natively(const SshSignature& signature) {
  return !signature.signer.certificate && signature.signer.key.kind != KeyKind::rsa;
}

bool fits(const SshSignature& signature, std::string_view message) {
  const PublicKey& key = signature.signer.key;
  const Curve* curve = curve_of(key);
  const Key native = native_key(key, curve);
  const std::string encoded = curve == nullptr ? signature.bytes : ecdsa_signature(signature.bytes);
  if (native == nullptr || encoded.empty()) {
    return false;
  }
  const std::string digest = digest_of(signature.hash == "sha256" ? "SHA256" : "SHA512", message);
  std::string text = signed_bytes(signature, digest);
  if (key.hardware()) {
    text = seen_by_hardware(signature, text);
  }
  const DigestContext context(EVP_MD_CTX_new());
  return context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, curve == nullptr ? nullptr : curve->digest(), nullptr,
                              native.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(encoded), encoded.size(), bytes_of(text), text.size()) == 1;
}

}  // namespace tollbar::attest
