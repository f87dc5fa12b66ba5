#include "text/json_string.h"

namespace tollbar::text {

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char byte : text) {
    if (byte == '\n') {
      result += "\\n";
      continue;
    }
    if (byte == '"' || byte == '\\') result += '\\';
    result += byte;
  }
  return result + '"';
}

}  // namespace tollbar::text
