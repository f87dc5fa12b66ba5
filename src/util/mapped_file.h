// A file's bytes without copying them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollbar::util {

/// A file mapped for reading. Only for files that are replaced and never written in place, such as git's own.
class MappedFile {
 public:
  /// Empty where there is no such file. Throws Error where it cannot be read.
  static std::optional<MappedFile> open(const std::string& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
};

}  // namespace tollbar::util
