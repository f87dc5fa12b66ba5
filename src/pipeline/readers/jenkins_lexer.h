// The tokens of Groovy as far as Jenkinsfiles are written in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::pipeline::jenkins {

struct Token {
  enum class Kind : std::uint8_t { name, string, number, symbol, newline, end };
  Kind kind = Kind::end;
  std::string text;           ///< names and symbols as written, strings decoded; `${...}` of a GString stays as written
  std::string written;        ///< of a string that Groovy interpolates: its source; else empty
  bool interpolated = false;  ///< a string with `${x}` or `$x` that Groovy replaces
  bool spaced = false;        ///< white space stands before it
  std::uint32_t line = 0;

  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  bool names(std::string_view name) const { return kind == Kind::name && text == name; }
};

struct Tokens {
  std::vector<Token> list;  ///< `end` last; a newline (or `;`) only where it ends a statement
  std::string problem;      ///< why reading stopped early; empty where it did not
  std::uint32_t problem_line = 0;
};

/// Never fails: what cannot be told apart is a symbol of one byte. An unterminated string or comment, a bracket that
/// does not match, or too many tokens end the list and set `problem`.
Tokens tokenize(std::string_view text);

}  // namespace tollbar::pipeline::jenkins
