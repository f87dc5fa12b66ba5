// SHA-256 against the vectors that NIST publishes (FIPS 180-4 examples and the CAVP short messages).
#include "util/sha256.h"

#include <doctest/doctest.h>

namespace tollbar::util {
namespace {

TEST_CASE("the published vectors") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
            "nopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(sha256_hex("\xbd") == "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces give the digest of the whole, whatever the cuts") {
  const std::string text(300, 'x');
  for (const std::size_t size : {1U, 55U, 56U, 63U, 64U, 65U, 127U}) {
    Sha256 hash;
    for (std::size_t from = 0; from < text.size(); from += size) {
      hash.update(std::string_view(text).substr(from, size));
    }
    Sha256 whole;
    whole.update(text);
    CHECK(hash.finish() == whole.finish());
  }
}

}  // namespace
}  // namespace tollbar::util
