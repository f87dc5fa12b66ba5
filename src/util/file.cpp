// Whole files, read and renamed into place.
#include "util/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "util/error.h"

namespace tollbar::util {
namespace {

/// False, and errno says why, where not all of it came onto the disk.
bool write_to_disk(const std::string& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return false;
  }
  bool good = true;
  while (good && !bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    good = written >= 0 || errno == EINTR;
    bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  good = good && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return good;
}

}  // namespace

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

void write_whole_file(const std::string& path, std::string_view bytes) {
  const std::string unfinished = fmt::format("{}.{}.tmp", path, ::getpid());
  if (!write_to_disk(unfinished, bytes) || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(unfinished.c_str());
    throw Error(fmt::format("write {}: {}", path, std::strerror(error)));
  }
}

}  // namespace tollbar::util
