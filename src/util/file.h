// Whole files of this machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollbar::util {

/// The bytes of a file; empty where it cannot be read, and errno says why.
std::optional<std::string> file_text(const std::string& path);
/// The same. Throws Error naming what it is (`policy`), the path and the reason where it cannot be read.
std::string read_file(const std::string& path, std::string_view what = "file");
/// Puts a file in its place whole and on disk, or not at all, so that nobody reads half of it. Throws Error where it
/// cannot be written.
void write_whole_file(const std::string& path, std::string_view bytes);

}  // namespace tollbar::util
