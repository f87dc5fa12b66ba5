// Which bytes of a program are code, which are text it holds, and which say nothing. Internal to src/document.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "document/language.h"

namespace tollbar::document {

enum class ByteKind : std::uint8_t { code, string, comment };

/// One for every byte. The quotes of a string are code; here-documents are comments.
std::vector<ByteKind> byte_kinds(std::string_view text, Language language);

}  // namespace tollbar::document
