// The tokens of HCL 2 (Terraform, Packer, Nomad): comments dropped, templates and here-documents kept whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats/reading.h"

namespace tollbar::document {

struct HclToken {
  enum class Kind : std::uint8_t { word, number, string, heredoc, symbol, new_line, end };
  Kind kind = Kind::end;
  std::string_view
      text;  ///< as written; a string with its quotes, a here-document from its first content line to its last
  Position position;
  std::uint32_t end_line = 0;
  bool indented = false;  ///< `<<-`: common indentation does not count

  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
};

struct HclSyntaxError {
  std::uint32_t line = 0;
  std::string message;
  Problem::Kind kind = Problem::Kind::syntax_error;
};

/// All tokens with an `end` as the last. Throws HclSyntaxError.
std::vector<HclToken> hcl_tokens(std::string_view text);

/// The value of a string or here-document token. One that holds `${` or `%{` is returned as written.
std::string hcl_string(const HclToken& token);

}  // namespace tollbar::document
