// One record as a file: an in-toto bundle (https://github.com/in-toto/attestation/blob/main/spec/v1/bundle.md) of the
// record and, for a decision, a SLSA verification summary.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "attest/envelope.h"
#include "attest/signing_key.h"
#include "evidence/record.h"

namespace tollbar::evidence {

/// https://slsa.dev/spec/v1.1/verification_summary
inline constexpr std::string_view summary_type = "https://slsa.dev/verification_summary/v1";

/// Signs a text in the server's name.
using Signer = std::function<attest::Signed(std::string_view message)>;

/// Lines of canonical JSON. Without a signer the envelopes carry no signature: the chain alone holds them together.
std::string write_bundle(const Record& record, const Signer& signer);

struct Bundle {
  Record record;
  attest::Envelope envelope;  ///< of the record
  std::optional<attest::Envelope> summary;
};

/// Throws util::Error naming `source` and what is wrong: a line too many or too few, a summary that speaks of another
/// record, or anything that write_bundle() would have written differently.
Bundle read_bundle(std::string_view bytes, std::string_view source);

}  // namespace tollbar::evidence
