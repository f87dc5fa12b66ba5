// Made-up credentials for examples, so that no real-looking one stands in a rule file.
#pragma once

#include <string>
#include <string_view>

namespace tollbar::rule {

/// Replaces markers: `{{}}` nothing (splits a telling prefix), `{{base62 N}}`, `{{upper32 N}}`, `{{hex N}}`, `{{digits
/// N}}`, `{{base64 N}}`, `{{letters N}}`, `{{bech32 N}}` (upper case) N characters that look random, `{{crc62}}` 30
/// base-62 characters and their CRC-32 as GitHub and npm write it, `{{pem LABEL}}` an armoured block. Values depend
/// only on `seed`, the marker and its position in the text. Other `{{...}}` stay.
std::string expand_placeholders(std::string_view text, std::string_view seed);

/// Six base-62 digits of the CRC-32 of `body`: the checksum of GitHub and npm tokens.
std::string crc62(std::string_view body);

}  // namespace tollbar::rule
