// The one text that a JSON value has under RFC 8785: what is digested and compared.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tollbar::attest {

/// Sorted keys (by UTF-16 units), shortest escapes, no white space. Text that is no UTF-8 goes in byte by byte. Throws
/// util::Error for a number that is no integer of at most 53 bits: records hold none.
std::string canonical_json(const nlohmann::json& value);

}  // namespace tollbar::attest
