// The canonical JSON of a fact and its digest.
#include "gate/fingerprint.h"

#include <nlohmann/json.hpp>

#include "attest/canonical_json.h"
#include "util/sha256.h"

namespace tollbar::gate {

std::string fingerprint(const model::Finding& finding, std::string_view repository, std::string_view ref) {
  constexpr int schema = 1;
  return util::sha256_hex(attest::canonical_json({
      {"schema", schema},
      {"repository", repository},
      {"ref", ref},
      {"path", finding.path},
      {"rule", finding.rule},
      {"subject", finding.subject},
      {"before", finding.before},
      {"after", finding.after},
      {"context", finding.context},
  }));
}

}  // namespace tollbar::gate
