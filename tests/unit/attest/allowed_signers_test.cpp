// The file of allowed signers: what ssh-keygen reads we read, and what it passes over we tell.
#include "attest/allowed_signers.h"

#include <doctest/doctest.h>

#include "attest/pattern_list.h"
#include "attest/ssh_signature.h"
#include "ssh_keys.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

constexpr const char* key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL0CkV+7wQ0fSxEOGZTJFZKH5wGYsZ2wjLkJX+L0QyZK";
constexpr const char* other_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::string problem_of(const std::string& line) {
  const AllowedSigners read = read_allowed_signers(line);
  CHECK(read.signers.empty());
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems.front().line == 1);
  return read.problems.front().text;
}

AllowedSigner signer_of(const std::string& line) {
  const AllowedSigners read = read_allowed_signers(line);
  REQUIRE_MESSAGE(read.problems.empty(), read.problems.front().text);
  REQUIRE(read.signers.size() == 1);
  return read.signers.front();
}

TEST_CASE("lists of patterns as OpenSSH matches them") {
  const struct {
    const char* word;
    const char* list;
    bool matches;
  } cases[] = {{"ada@example.org", "ada@example.org", true},
               {"ada@example.org", "Ada@example.org", false},
               {"ada@example.org", "bob@example.org,ada@example.org", true},
               {"ada@example.org", "*", true},
               {"ada@example.org", "*@example.org", true},
               {"ada@example.org", "?da@*.org", true},
               {"ada@example.org", "??da@*.org", false},
               {"ada@example.org", "*,!ada@*", false},
               {"ada@example.org", "!ada@*,*", false},
               {"ada@example.org", "!bob@*", false},
               {"ada@example.org", "!bob@*,*", true},
               {"", "*", true},
               {"", "?", false},
               {"aab", "a*ab", true},
               {"abcbcd", "a*bcd", true},
               {"abc", "*a*b*c*", true}};
  for (const auto& each : cases) {
    CAPTURE(std::string(each.word));
    CAPTURE(std::string(each.list));
    CHECK(matches_pattern_list(each.word, each.list) == each.matches);
  }
  CHECK_FALSE(matches_pattern_list(std::string(5000, 'a'), "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"));
  CHECK(literal_names("ada@a,*@b,!eve@a,eve@a,?") == std::vector<std::string>{"ada@a"});
}

TEST_CASE("a line with everything in it") {
  const AllowedSigner signer = signer_of(
      std::string(" \tada@example.org,*@x  cert-authority,namespaces=\"git,tollbar\",valid-after=\"20260101Z\",")
          .append("valid-before=\"20270101123045Z\" \t")
          .append(key) +
      " Ada's key\r\n");
  CHECK(signer.principals == "ada@example.org,*@x");
  CHECK(signer.authority);
  CHECK(signer.namespaces == "git,tollbar");
  CHECK(signer.valid_after == 1'767'225'600);
  CHECK(signer.valid_before == 1'798'806'645);
  CHECK(signer.key.type == "ssh-ed25519");
}

TEST_CASE("options in any case, principals in quotes, blanks in quotes") {
  CHECK(signer_of(std::string("ada NAMESPACES=\"tollbar\",Cert-Authority ") + key).authority);
  CHECK(signer_of(std::string("\"ada,bob\" namespaces=\"tollbar\" ") + key).principals == "ada,bob");
  CHECK(signer_of(std::string("ada namespaces=\"a b,tollbar\" ") + key).namespaces == "a b,tollbar");
  CHECK(signer_of(std::string("ada namespaces=\"a\\\"b,tollbar\" ") + key).namespaces == "a\"b,tollbar");
}

TEST_CASE("comments and empty lines are nothing, and lines keep their numbers") {
  const AllowedSigners read =
      read_allowed_signers(std::string("# who\n\n  # more\n\t\r\nada namespaces=\"tollbar\" ") + key + "\nnonsense\n");
  REQUIRE(read.signers.size() == 1);
  CHECK(read.signers.front().line == 5);
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems.front().line == 6);
}

TEST_CASE("what is no signer is told, and why") {
  const std::string good_key = key;
  const std::pair<std::string, const char*> cases[] = {
      {"ada@example.org", "there is no key"},
      {"ada namespaces=\"tollbar\"", "there is no key"},
      {"ada namespaces=\"tollbar\" ssh-ed25519", "key is damaged"},
      {"ada namespaces=\"tollbar\" ssh-ed25519 AAAA", "key is damaged"},
      {"ada namespaces=\"tollbar\" ssh-rsa " + good_key.substr(12), "key is damaged"},
      {"ada namespaces=\"tollbar\" " + good_key.substr(0, good_key.size() - 2), "key is damaged"},
      {"ada namespaces=\"tollbar\" " + good_key + "AAAA", "key is damaged"},
      {"ada namespaces=\"tollbar\" ssh-dss AAAAB3NzaC1kc3M=", "no kind of key"},
      {"ada namespaces=\"tollbar\",touch-required " + good_key, "`touch-required` is neither"},
      {"ada namespaces=tollbar " + good_key, "in no quotes"},
      {"ada namespaces=\"tollbar " + good_key, "quotes are not closed"},
      {"\"ada namespaces=tollbar " + good_key, "quotes are not closed"},
      {"ada namespaces=\"\" " + good_key, "names none"},
      {"ada namespaces=\"tollbar\",namespaces=\"git\" " + good_key, "stands twice"},
      {"ada namespaces=\"tollbar\", " + good_key, "parted by commas"},
      {"ada namespaces=\"tollbar\";cert-authority " + good_key, "parted by commas"},
      {"ada namespaces=\"tollbar\",valid-after=\"2026\" " + good_key, "is no time"},
      {"ada namespaces=\"tollbar\",valid-after=\"20260230\" " + good_key, "is no time"},
      {"ada namespaces=\"tollbar\",valid-after=\"20261301\" " + good_key, "is no time"},
      {"ada namespaces=\"tollbar\",valid-after=\"202606152500\" " + good_key, "is no time"},
      {"ada namespaces=\"tollbar\",valid-after=\"tomorrow\" " + good_key, "is no time"},
      {"ada namespaces=\"tollbar\",valid-after=\"Z\" " + good_key, "is no time"},
      {"ada namespaces=\"tollbar\",valid-after=\"20270101\",valid-before=\"20260101\" " + good_key, "comes before"},
      {"ada,,bob namespaces=\"tollbar\" " + good_key, "a name is empty"},
      {"!ada namespaces=\"tollbar\" " + good_key, "nobody is named"},
      {"\"ada bob\" namespaces=\"tollbar\" " + good_key, "blanks"},
      {"\xEF\xBB\xBF"
       "ada namespaces=\"tollbar\" " +
           good_key,
       "byte order mark"},
      {std::string("ada namespaces=\"tollbar\" ") + '\0' + good_key, "zero byte"},
      {"ada " + good_key, "signs for every purpose"},
      {"ada cert-authority " + good_key, "signs for every purpose"},
      {"ada namespaces=\"tollbar\" " + SshKeys::shared().public_key("certified"), "a certificate is no signer"},
  };
  for (const auto& [line, why] : cases) {
    CAPTURE(line);
    const std::string problem = problem_of(line + '\n');
    CHECK_MESSAGE(problem.find(why) != std::string::npos, problem);
  }
}

TEST_CASE("a key is one person's") {
  const std::string ada = std::string("ada namespaces=\"tollbar\" ") + key + '\n';
  const std::string bob = std::string("bob namespaces=\"tollbar\" ") + key + '\n';
  const AllowedSigners shared = read_allowed_signers(ada + bob);
  REQUIRE(shared.problems.size() == 1);
  CHECK(shared.problems.front().kind == SignersProblem::Kind::shared_key);
  CHECK(shared.problems.front().line == 2);
  CHECK(read_allowed_signers(ada + ada).problems.empty());
  CHECK(read_allowed_signers(ada + "bob namespaces=\"git\" " + key + '\n').problems.empty());
  CHECK(read_allowed_signers(ada + "* cert-authority,namespaces=\"tollbar\" " + key + '\n').problems.empty());
  CHECK(read_allowed_signers(ada + "bob namespaces=\"tollbar\" " + other_key + '\n').problems.empty());
}

TEST_CASE("a verifier names every line that it cannot read, and is not made") {
  const std::string text = "ada\nbob namespaces=\"tollbar\" " + std::string(key) + "\neve " + key + '\n';
  try {
    const Verifier verifier({text, ".tollbar/allowed_signers", std::string("nonsense\n"), ".tollbar/revoked"});
    FAIL("it was made");
  } catch (const util::UsageError& error) {
    CHECK(std::string(error.what()) ==
          ".tollbar/allowed_signers:1: there is no key\n"
          ".tollbar/allowed_signers:3: the key of eve signs for every purpose: it has no namespaces=\n"
          ".tollbar/revoked: line 1 is neither a public key nor SHA256:...");
  }
}

TEST_CASE("hostile bytes in signers and signatures are read to the end") {
  const SshKeys& keys = SshKeys::shared();
  const std::string line =
      "ada,!b* cert-authority,namespaces=\"tollbar\",valid-after=\"20260101Z\" " + std::string(key) + '\n';
  const std::string signature = keys.sign("certified", "message");
  for (const std::string& seed : {line, signature}) {
    for (std::size_t at = 0; at < seed.size(); ++at) {
      for (const int bit : {0, 1, 5, 7}) {
        std::string changed = seed;
        changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
        for (const std::string& text : {changed, seed.substr(0, at), seed.substr(at), changed + changed}) {
          const AllowedSigners read = read_allowed_signers(text);
          CHECK(read.signers.size() + read.problems.size() <= text.size());
          try {
            parse_ssh_signature(text);
          } catch (const util::Error& error) {
            CHECK(std::string(error.what()).starts_with("no SSH signature: "));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace tollbar::attest
