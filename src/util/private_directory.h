// A folder that only we can read, for programs that take files and no pipes.
#pragma once

#include <string>
#include <string_view>

namespace tollbar::util {

/// Below TMPDIR or /tmp, mode 0700; gone with all that is in it when this goes.
class PrivateDirectory {
 public:
  /// Throws Error where none can be made.
  PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;
  ~PrivateDirectory();

  /// The path of a file of this name in it.
  std::string file(std::string_view name) const;
  /// Writes a file and gives its path. Throws Error where it cannot be written.
  std::string write(std::string_view name, std::string_view bytes) const;

 private:
  std::string path_;
};

}  // namespace tollbar::util
