// What people sign becomes a record, and each signing one of its own.
#include "approval/signing.h"

#include <doctest/doctest.h>

#include "approval/record.h"
#include "support/repository.h"
#include "util/process.h"

using namespace tollbar;
using namespace tollbar::approval;

TEST_CASE("two approvals of one fact, signed by one key within one second, are two records") {
  test::GitRepository git;
  util::run({{"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "grace", "-f", git.beside("grace")}, {}, ""});
  attest::SigningSettings settings;
  settings.format = "ssh";
  settings.key = git.beside("grace");
  const auto approve = [&] {
    Approval approval;
    approval.fact = {"acme/shop", "refs/heads/main", "ci.yml",      "workflow/runner-changed",
                     "job test",  "ubuntu-24.04",    "self-hosted", ""};
    approval.reason = "read and wanted";
    approval.created = 1'795'411'000;
    approval.expires = approval.created + 3600;
    approval.approver = "grace@example.com";
    approval.version = "0.1.0";
    approval.policy = std::string(64, 'a');
    approval.nonce = new_nonce();
    return sign_record(to_statement(approval), fingerprint(approval.fact), settings);
  };
  const StoredRecord first = approve(), second = approve();
  CHECK(first.fingerprint == second.fingerprint);
  CHECK(first.digest != second.digest);
}
