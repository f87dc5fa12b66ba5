// Whose OpenPGP keys count, and gpg's word on real signatures.
#include "attest/openpgp.h"

#include <doctest/doctest.h>

#include "attest/verifier.h"
#include "support/repository.h"
#include "util/error.h"
#include "util/process.h"

namespace tollbar::attest {
namespace {

const std::string fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567";

/// Keys made by gpg in a folder of their own.
class GpgKeys {
 public:
  /// `faked`: gpg's clock, as `20200101T000000`.
  explicit GpgKeys(std::string faked = {}) : faked_(std::move(faked)) {}
  ~GpgKeys() { run({"gpgconf", "--homedir", home_.path(), "--kill", "all"}); }
  GpgKeys(const GpgKeys&) = delete;
  GpgKeys& operator=(const GpgKeys&) = delete;

  static bool there_is_gpg() {
    try {
      return util::run({{"gpg", "--version"}, {}, ""}).succeeded();
    } catch (const util::Error&) {
      return false;
    }
  }

  void make(const std::string& address) const {
    gpg({"--passphrase", "", "--quick-generate-key", address, "ed25519", "sign", "1y"});
  }
  std::string fingerprint_of(const std::string& address) const {
    const std::string listed = gpg({"--with-colons", "--list-keys", address});
    const std::size_t at = listed.find("fpr:::::::::") + 12;
    return listed.substr(at, listed.find(':', at) - at);
  }
  std::string sign(const std::string& address, const std::string& message) const {
    return gpg({"--armor", "--detach-sign", "--local-user", address}, message);
  }
  std::string exported(const std::string& address) const { return gpg({"--armor", "--export", address}); }

 private:
  std::string gpg(std::vector<std::string> words, const std::string& input = {}) const {
    words.insert(words.begin(), {"gpg", "--homedir", home_.path(), "--batch", "--quiet"});
    if (!faked_.empty()) {
      words.insert(words.begin() + 1, {"--faked-system-time", faked_});
    }
    return run(words, input);
  }
  static std::string run(const std::vector<std::string>& words, const std::string& input = {}) {
    return util::run({words, {}, ""}, input).output;
  }

  test::TemporaryDirectory home_;
  std::string faked_;
};

Verifier verifier_with(const std::string& keys) {
  TrustAnchors anchors;
  anchors.openpgp = keys;
  anchors.openpgp_source = "openpgp_keys";
  return Verifier(std::move(anchors));
}

}  // namespace

TEST_CASE("lines of names and fingerprints stand beside the keys") {
  const OpenPgpKeys keys = read_openpgp_keys("# those who approve\n\ngrace@example.com,g@example.com " + fingerprint +
                                             "\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n"
                                             "-----END PGP PUBLIC KEY BLOCK-----\n");
  CHECK(keys.problems.empty());
  REQUIRE(keys.owners.size() == 1);
  CHECK(keys.owners.front().principals == std::vector<std::string>{"grace@example.com", "g@example.com"});
  CHECK(keys.owners.front().fingerprint == fingerprint);
  CHECK(keys.blocks.find("AAAA\n") != std::string::npos);
}

TEST_CASE("a line that cannot be read makes the whole file worthless") {
  for (const std::string& line :
       std::vector<std::string>{"grace@example.com", "grace@example.com ABCD", "*@example.com " + fingerprint,
                                "-----BEGIN PGP PUBLIC KEY BLOCK-----", "a b " + fingerprint}) {
    CAPTURE(line);
    CHECK(read_openpgp_keys(line + '\n').problems.size() == 1);
    CHECK_THROWS_AS(verifier_with(line + '\n'), util::UsageError);
  }
  const OpenPgpKeys twice = read_openpgp_keys("a@example.com " + fingerprint + "\nb@example.com " + fingerprint + '\n');
  REQUIRE(twice.problems.size() == 1);
  CHECK(twice.problems.front().kind == SignersProblem::Kind::shared_key);
  CHECK(twice.problems.front().line == 2);
}

TEST_CASE("a signature by a listed key is that person's, and no other's is") {
  if (!GpgKeys::there_is_gpg()) {
    MESSAGE("skipped: there is no gpg");
    return;
  }
  const GpgKeys gpg;
  gpg.make("grace@example.com");
  gpg.make("eve@example.com");
  const std::string keys = "grace@example.com " + gpg.fingerprint_of("grace@example.com") + '\n' +
                           gpg.exported("grace@example.com") + gpg.exported("eve@example.com");
  const Verifier verifier = verifier_with(keys);
  const std::string signature = gpg.sign("grace@example.com", "message");
  const Verification good = verifier.verify("message", signature, 0);
  CHECK(good.problem == "");
  REQUIRE(good.signer);
  CHECK(good.signer->principal == "grace@example.com");
  CHECK(good.signer->key == "OpenPGP:" + gpg.fingerprint_of("grace@example.com"));
  CHECK_FALSE(good.signer->touched);

  CHECK(verifier.verify("another", signature, 0).problem.find("does not fit") != std::string::npos);
  CHECK(verifier.verify("message", signature + signature, 0).problem != "");
  CHECK(verifier.verify("message", gpg.sign("eve@example.com", "message"), 0).problem.find("no line of openpgp_keys") !=
        std::string::npos);
  const Verifier others = verifier_with("eve@example.com " + gpg.fingerprint_of("eve@example.com") + '\n' +
                                        gpg.exported("eve@example.com"));
  CHECK(others.verify("message", signature, 0).problem.find("not among the OpenPGP keys") != std::string::npos);
  CHECK(Verifier({}).verify("message", signature, 0).problem.find("says whose keys count") != std::string::npos);
}

TEST_CASE("a key that has expired signs nothing any more") {
  if (!GpgKeys::there_is_gpg()) {
    return;
  }
  const GpgKeys gpg("20200101T000000");
  gpg.make("grace@example.com");
  const std::string keys =
      "grace@example.com " + gpg.fingerprint_of("grace@example.com") + '\n' + gpg.exported("grace@example.com");
  const Verification found = verifier_with(keys).verify("message", gpg.sign("grace@example.com", "message"), 0);
  CHECK_FALSE(found.signer);
  CHECK(found.problem.find("expired") != std::string::npos);
}

}  // namespace tollbar::attest
