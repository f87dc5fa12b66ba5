// Reading whole files.
#include "util/file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "util/error.h"

namespace tollbar::util {

std::optional<std::string> file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (file.is_open() && file.peek() != std::ifstream::traits_type::eof()) {
    bytes << file.rdbuf();  // which fails for an empty file
  }
  const bool read = file.is_open() && !file.bad() && bytes;
  return read ? std::optional(bytes.str()) : std::nullopt;
}

std::string read_file(const std::string& path, std::string_view what) {
  std::optional<std::string> text = file_text(path);
  if (!text) {
    throw Error(fmt::format("read {} {}: {}", what, path, std::strerror(errno)));
  }
  return std::move(*text);
}

}  // namespace tollbar::util
