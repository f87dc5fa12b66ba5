// Findings as facts.
#include "gate/fingerprint.h"

namespace tollbar::gate {

approval::Fact fact_of(const model::Finding& finding, std::string_view repository, std::string_view ref) {
  using approval::as_text;
  return {as_text(repository),      as_text(ref),
          as_text(finding.path),    as_text(finding.rule),
          as_text(finding.subject), as_text(finding.before),
          as_text(finding.after),   as_text(finding.context)};
}

}  // namespace tollbar::gate
