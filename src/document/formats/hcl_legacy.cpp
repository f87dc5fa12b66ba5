#include "document/formats/hcl_legacy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace tollbar::document {
namespace {

constexpr std::string_view kOpening = "\"${";
constexpr std::string_view kClosing = "}\"";
constexpr auto kOpeningWidth = static_cast<std::uint32_t>(kOpening.size());

/// The words that were quoted; `list(string)` never could be.
constexpr std::array<std::string_view, 5> kQuotedTypes{"string", "list", "map", "number", "bool"};

}  // namespace

std::optional<std::vector<HclToken>> sole_interpolation(const HclToken& token) {
  const std::string_view text = token.text;
  if (token.kind != HclToken::Kind::string || !text.starts_with(kOpening) || !text.ends_with(kClosing)) {
    return std::nullopt;
  }
  try {
    auto tokens = hcl_tokens(text.substr(kOpening.size(), text.size() - kOpening.size() - kClosing.size()));
    for (HclToken& inner : tokens) {
      if (inner.position.line == 1) inner.position.column += token.position.column + kOpeningWidth - 1;
      inner.position.line += token.position.line - 1;
      inner.end_line += token.position.line - 1;
    }
    return tokens;
  } catch (const HclSyntaxError&) {
    return std::nullopt;  // several of them, or one within other text
  }
}

void unquote_type(Node& variable) {
  for (Member& member : variable.members) {
    Node& type = member.value;
    if (member.key.scalar != "type" || !type.is_scalar() || type.plain) continue;
    if (std::find(kQuotedTypes.begin(), kQuotedTypes.end(), type.scalar) == kQuotedTypes.end()) continue;
    type.plain = true;
    type.tag = expression_tag;
    type.hash = 0;
  }
}

}  // namespace tollbar::document
