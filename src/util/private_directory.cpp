// mkdtemp, and its end.
#include "util/private_directory.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "util/error.h"

namespace tollbar::util {

PrivateDirectory::PrivateDirectory() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  path_ = (parent / "tollbar-XXXXXX").string();
  if (error || ::mkdtemp(path_.data()) == nullptr) {
    throw Error(fmt::format("create a temporary directory: {}", error ? error.message() : std::strerror(errno)));
  }
}

PrivateDirectory::~PrivateDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string PrivateDirectory::file(std::string_view name) const {
  return path_ + '/' + std::string(name);
}

std::string PrivateDirectory::write(std::string_view name, std::string_view bytes) const {
  const std::string path = file(name);
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.close();
  if (!out) {
    throw Error("write " + path);
  }
  return path;
}

}  // namespace tollbar::util
