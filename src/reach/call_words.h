// Small questions about the words of a command line; internal to the files that tell calls from words.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "reach/calls.h"
#include "text/words.h"

namespace tollbar::reach {

using Words = std::vector<std::string>;
using text::is_one_of;

/// Stands for the script that holds the call, at the beginning of the part of a package.
inline constexpr std::string_view kOwnScript = "\x1d";

bool is_flag(std::string_view word);
/// The value of a flag that is written `-C dir`, `-Cdir` or `--dir=x`, with the index moved past it; false where the
/// word at `index` is another.
bool takes(const Words& argv, std::size_t& index, std::initializer_list<std::string_view> flags, std::string& value);
Call make_call(CallKind kind, Words files);
/// The words from `index` on.
Words words_from(const Words& argv, std::size_t index);
/// The path of what bears the name in the directory; "" is the root.
std::string below(const std::string& directory, std::string_view name);
/// The folder itself or the nearest above it of which `holds` is true; the folder where there is none.
template <typename Holds>
std::string nearest_above(const std::string& folder, Holds holds) {
  for (std::string above = folder;; above = text::directory_of(above)) {
    if (holds(above)) return above;
    if (above.empty()) return folder;
  }
}
/// A path that a file in `folder` writes, in a build below `root`: kTreeRoot marks what starts there.
std::string written_path(const std::string& written, const std::string& folder, const std::string& root);
/// `cd x`, `pushd x`: what follows runs elsewhere.
bool changes_directory(const document::Command& command);
/// `a,b` as `a` and `b`, blanks trimmed, empty ones left out.
Words split_at_commas(std::string_view text);

}  // namespace tollbar::reach
