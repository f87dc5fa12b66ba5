// Base64 (RFC 4648, section 4) as envelopes and signatures carry it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollbar::attest {

std::string to_base64(std::string_view bytes);
/// Empty where the text is no base64: a foreign character, missing padding, white space or bits that say
/// nothing.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace tollbar::attest
