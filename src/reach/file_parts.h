// What of a file decides what runs by it, for files of which much decides nothing. Internal to src/reach.
#pragma once

#include <string>
#include <string_view>

namespace tollbar::reach {

/// Reads a part from the text of a file. Has no state, so that its address names what it reads.
using ReadPart = std::string (*)(std::string_view text);

/// On what a run depends in the file at `path`, line by line; null where it is all of it.
ReadPart executed_in(std::string_view path);

/// On what following depends there: less than what runs by it.
ReadPart followed_in(std::string_view path);

/// Of a package.json: what it names, calls and keeps together, and where that stands.
std::string followed_in_manifest(std::string_view text);

}  // namespace tollbar::reach
