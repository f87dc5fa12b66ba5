// The files of signers and of revoked keys: a named one that is missing makes every signature worthless.
#include "gate/signers.h"

#include <doctest/doctest.h>

#include "model/memory_tree.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

std::string complaint_of(model::Tree& tree, const ApprovalTerms& terms) {
  try {
    read_anchors(tree, terms, "1a2b3c:");
  } catch (const util::UsageError& error) {
    return error.what();
  }
  return "none";
}

using Files = std::map<std::string, model::MemoryTree::File>;

TEST_CASE("both files come from the tree, under the names that messages use") {
  model::MemoryTree without(Files{{".tollbar/allowed_signers", {"ada"}}});
  CHECK_FALSE(read_anchors(without, {}, "1a2b3c:").revoked);
  model::MemoryTree tree(Files{{".tollbar/allowed_signers", {"ada"}}, {".tollbar/revoked", {""}}});
  const attest::TrustAnchors anchors = read_anchors(tree, {}, "1a2b3c:");
  CHECK(anchors.allowed_signers == "ada");
  CHECK(anchors.allowed_signers_source == "1a2b3c:.tollbar/allowed_signers");
  CHECK(anchors.revoked == "");
  CHECK(anchors.revoked_source == "1a2b3c:.tollbar/revoked");
}

TEST_CASE("a named file that is missing or no file refuses") {
  model::MemoryTree nothing;
  CHECK(complaint_of(nothing, {}) ==
        "1a2b3c:.tollbar/allowed_signers: there is no such file, so nobody's signature counts");
  Files files{{".tollbar/allowed_signers", {"ada"}}};
  ApprovalTerms terms;
  terms.revoked = "keys/revoked.krl";
  model::MemoryTree missing(files);
  CHECK(complaint_of(missing, terms) ==
        "1a2b3c:keys/revoked.krl: the list of revoked keys is missing, so no signature counts");
  files["keys/revoked.krl"] = {"../elsewhere", model::FileMode::symlink};
  model::MemoryTree linked(files);
  CHECK(complaint_of(linked, terms) == "1a2b3c:keys/revoked.krl: cannot be read, so no signature counts");
}

}  // namespace
}  // namespace tollbar::gate
