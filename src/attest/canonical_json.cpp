// RFC 8785, as far as records need it.
#include "attest/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "util/error.h"

namespace tollbar::attest {
namespace {

using Json = nlohmann::json;

/// Section 3.2.2.2: two-character escapes where JSON has them, \u00xx for other control characters, the rest as it is.
void append_string(std::string& text, const std::string& value) {
  constexpr std::array<std::pair<char, char>, 7> short_escapes{
      {{'"', '"'}, {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}}};
  text += '"';
  for (const char c : value) {
    const auto found =
        std::find_if(short_escapes.begin(), short_escapes.end(), [&](const auto& escape) { return escape.first == c; });
    if (found != short_escapes.end()) {
      text += '\\';
      text += found->second;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      text += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  text += '"';
}

/// Section 3.2.2.3: only integers that every reader of JSON holds exactly.
void append_number(std::string& text, const Json& value) {
  constexpr std::int64_t exact = (std::int64_t{1} << 53) - 1;
  const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(exact)
                                               : value.is_number_integer() && value.get<std::int64_t>() >= -exact;
  if (!fits) {
    throw util::Error("write a record: " + value.dump() + " is no integer that every reader of JSON holds");
  }
  text += value.dump();
}

/// Section 3.2.3 sorts by UTF-16 units: like bytes, but for surrogates (U+10000 and above) before U+E000 to U+FFFF.
bool key_less(const std::string& a, const std::string& b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at == a.end() || other == b.end()) {
    return at == a.end() && other != b.end();
  }
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? 0xED : static_cast<int>(byte);  // 0xEE and 0xEF begin U+E000 to U+FFFF
  };
  return rank(*at) != rank(*other) ? rank(*at) < rank(*other)
                                   : static_cast<unsigned char>(*at) < static_cast<unsigned char>(*other);
}

void append(std::string& text, const Json& value) {
  if (value.is_string()) {
    append_string(text, value.get_ref<const std::string&>());
  } else if (value.is_number()) {
    append_number(text, value);
  } else if (value.is_array()) {
    const char* separator = "[";
    for (const Json& item : value) {
      text += separator;
      append(text, item);
      separator = ",";
    }
    text += value.empty() ? "[]" : "]";
  } else if (value.is_object()) {
    std::vector<Json::const_iterator> members;
    for (auto member = value.begin(); member != value.end(); ++member) {
      members.push_back(member);
    }
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return key_less(a.key(), b.key()); });
    const char* separator = "{";
    for (const auto& member : members) {
      text += separator;
      append_string(text, member.key());
      text += ':';
      append(text, member.value());
      separator = ",";
    }
    text += members.empty() ? "{}" : "}";
  } else {
    text += value.dump();  // null, true, false
  }
}

}  // namespace

std::string canonical_json(const Json& value) {
  std::string text;
  append(text, value);
  return text;
}

}  // namespace tollbar::attest
