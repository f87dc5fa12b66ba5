// Quoting for a POSIX shell.
#include "util/shell_word.h"

namespace tollbar::util {

std::string shell_quoted(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return word + "'";
}

}  // namespace tollbar::util
