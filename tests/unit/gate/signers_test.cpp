// The files of signers and of revoked keys: a named one that is missing makes every signature worthless.
#include "gate/signers.h"

#include <doctest/doctest.h>

#include "model/memory_tree.h"
#include "support/repository.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

std::string complaint_of(model::Tree& tree, const ApprovalTerms& terms) {
  try {
    read_anchors({}, tree, terms, "1a2b3c:");
  } catch (const util::UsageError& error) {
    return error.what();
  }
  return "none";
}

using Files = std::map<std::string, model::MemoryTree::File>;

TEST_CASE("both files come from the tree, under the names that messages use") {
  model::MemoryTree without(Files{{".tollbar/allowed_signers", {"ada"}}});
  CHECK_FALSE(read_anchors({}, without, {}, "1a2b3c:").revoked);
  model::MemoryTree tree(Files{{".tollbar/allowed_signers", {"ada"}}, {".tollbar/revoked", {""}}});
  const attest::TrustAnchors anchors = read_anchors({}, tree, {}, "1a2b3c:");
  CHECK(anchors.allowed_signers == "ada");
  CHECK(anchors.allowed_signers_source == "1a2b3c:.tollbar/allowed_signers");
  CHECK(anchors.revoked == "");
  CHECK(anchors.revoked_source == "1a2b3c:.tollbar/revoked");
}

TEST_CASE("a named file that is missing or no file refuses") {
  model::MemoryTree nothing;
  CHECK(complaint_of(nothing, {}) ==
        "nobody may sign approvals: there is no 1a2b3c:.tollbar/allowed_signers where the policy stands, and "
        "tollbar.allowedSigners is not set");
  Files files{{".tollbar/allowed_signers", {"ada"}}};
  ApprovalTerms terms;
  terms.revoked = "keys/revoked.krl";
  model::MemoryTree missing(files);
  CHECK(complaint_of(missing, terms) ==
        "the list of revoked keys 1a2b3c:keys/revoked.krl is missing: no signature can be trusted");
  files["keys/revoked.krl"] = {"../elsewhere", model::FileMode::symlink};
  model::MemoryTree linked(files);
  CHECK(complaint_of(linked, terms) == "1a2b3c:keys/revoked.krl cannot be read");
}

TEST_CASE("files that the server names take the place of those of the tree") {
  const test::TemporaryDirectory directory;
  test::write_file(directory / "signers", "bob");
  model::MemoryTree tree(Files{{".tollbar/allowed_signers", {"ada"}}, {".tollbar/revoked", {"lost"}}});
  const attest::TrustAnchors anchors = read_anchors({directory / "signers", std::nullopt}, tree, {}, "1a2b3c:");
  CHECK(anchors.allowed_signers == "bob");
  CHECK(anchors.allowed_signers_source == directory / "signers");
  CHECK(anchors.revoked == "lost");
  CHECK_THROWS_AS(read_anchors({std::nullopt, directory / "missing"}, tree, {}, ""), util::UsageError);
}

}  // namespace
}  // namespace tollbar::gate
