// What became of a change, said later by a person or a CI job in a statement of its own: the record that it speaks of
// is never rewritten.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "attest/statement.h"
#include "evidence/record.h"
#include "util/instant.h"

namespace tollbar::evidence {

inline constexpr std::string_view attachment_type = "https://tollbar.dev/attachment/v1";

struct Attachment {
  Link record;  ///< that it speaks of
  std::string outcome, validation, location, note;
  std::string by;  ///< the principal that the signer claims to be
  util::Instant created = 0;
  bool operator==(const Attachment&) const = default;
};

/// To be signed and put into the store of approvals under the digest of its record.
attest::Statement to_statement(const Attachment& attachment);
/// Throws util::Error naming `source` for another type and for a member that is missing, unknown or of the wrong type.
Attachment read_attachment(const attest::Statement& statement, std::string_view source);

/// What the log keeps of it. `earlier` is the record that it speaks of.
Record record_of(const Attachment& attachment, const Record& earlier);

}  // namespace tollbar::evidence
