// Proofs that a text is a key: checksums, signed tokens, and texts that are only words.
#include <doctest/doctest.h>

#include <string>

#include "rule/line_proofs.h"
#include "rule/placeholders.h"

using namespace tollbar::rule;

namespace {

bool proves(std::string_view name, std::string_view text) {
  const auto proof = find_line_proof(name);
  REQUIRE((proof != nullptr));
  return proof(text);
}

}  // namespace

TEST_CASE("the checksum of a token must fit") {
  const std::string token =
      "gh"
      "p_" +
      expand_placeholders("{{crc62}}", "seed");
  CHECK(proves("crc62", token));
  auto other = token;
  other.back() = other.back() == 'a' ? 'b' : 'a';
  CHECK_FALSE(proves("crc62", other));
  CHECK_FALSE(proves("crc62", token.substr(1, token.size() - 2)));
}

TEST_CASE("a signed token decodes") {
  const std::string header = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
  const std::string service = "eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0";
  CHECK(proves("jwt", header + "." + service + ".c2lnbmF0dXJl"));
  CHECK_FALSE(proves("jwt", header + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.c2lnbmF0dXJl"));
  CHECK_FALSE(proves("jwt", header + ".eyJub3RoaW5n.c2lnbmF0dXJl"));
  CHECK_FALSE(proves("jwt", header));
  CHECK_FALSE(proves("jwt", ".."));
}

TEST_CASE("words are no keys") {
  CHECK_FALSE(proves("not-words", "application-token-storage-1"));
  CHECK_FALSE(proves("not-words", "ABCDEFGH"));
  CHECK_FALSE(proves("not-words", "ZXhhbXBsZS1hcHAtc2VjcmV0"));  // words in base 64
  CHECK_FALSE(proves("not-words", "getUserTokenForRequest"));
  CHECK(proves("not-words", "q7Zr9XbT2mLw4KdV"));
  CHECK(proves("not-words", "sGBWkJkuNfjdkJddTGig"));
  CHECK(proves("not-words", "jc16t7swi3ngfm01dln1xz75p9"));  // small letters, but of no language
  CHECK_FALSE(proves("not-words", "kubernetes-token-2"));
  CHECK((find_line_proof("no such proof") == nullptr));
}

TEST_CASE("a short text must be a mixture") {
  CHECK(proves("random", "UTjL00hzwH#2"));
  CHECK(proves("random", "jc16t7swi3ngfm01dln1xz75p9"));
  CHECK_FALSE(proves("random", "Welcome2024A"));
  CHECK_FALSE(proves("random", "adminUser1234"));
}

TEST_CASE("a login is a user and a password") {
  CHECK(proves("login", "ZGVwbG95OnE3WnI5WGJUMm1MdzRLZFY="));
  CHECK_FALSE(proves("login", "ZGVwbG95OnBhc3N3b3Jk"));          // deploy:password
  CHECK_FALSE(proves("login", "VGhlIHF1aWNrIGJyb3duIGZveA=="));  // no colon
  CHECK_FALSE(proves("login", "q7Zr9XbT2mLw4KdVnPc8"));          // nothing that can be printed
}
