// What a consumer of verification summaries (SLSA) is told about a decision. Internal to src/evidence.
#pragma once

#include <string_view>

#include "attest/statement.h"
#include "evidence/record.h"

namespace tollbar::evidence {

/// `envelope_digest`: SHA-256 of the record's envelope. A change that still needs an approval has not passed, even
/// where its branch was allowed to take it.
attest::Statement summary_of(const Record& record, std::string_view envelope_digest);

}  // namespace tollbar::evidence
