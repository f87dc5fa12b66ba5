// The canonical JSON of a fact and its digest.
#include "gate/fingerprint.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "util/sha256.h"

namespace tollbar::gate {
namespace {

/// RFC 8785, section 3.2.2.2: two-character escapes where JSON has them, \u00xx for other control characters, the rest
/// as it is.
void append_string(std::string& json, std::string_view text) {
  constexpr std::array<std::pair<char, char>, 7> short_escapes{
      {{'"', '"'}, {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}}};
  json += '"';
  for (const char c : text) {
    char escape = 0;
    for (const auto& [character, letter] : short_escapes) {
      if (c == character) {
        escape = letter;
      }
    }
    if (escape != 0) {
      json += '\\';
      json += escape;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      json += c;
    }
  }
  json += '"';
}

}  // namespace

std::string fingerprint(const model::Finding& finding, std::string_view repository, std::string_view ref) {
  constexpr int schema = 1;
  std::string json = "{";
  const auto member = [&](std::string_view key, std::string_view value) {
    append_string(json, key);
    json += ':';
    append_string(json, value);
    json += ',';
  };
  // In the order of the keys.
  member("after", finding.after);
  member("before", finding.before);
  member("context", finding.context);
  member("path", finding.path);
  member("ref", ref);
  member("repository", repository);
  member("rule", finding.rule);
  json += fmt::format("\"schema\":{},", schema);
  member("subject", finding.subject);
  json.back() = '}';
  return util::sha256_hex(json);
}

}  // namespace tollbar::gate
