// Edits of a Maven build that a publishing build evaluates but does not act by.
#pragma once

#include <string_view>

namespace tollbar::rule {

/// A pom, or one of the files by which Maven itself starts: extensions, options, the wrapper's address.
bool is_maven_file(std::string_view path);

/// What differs names libraries, versions or people, or says how something is compiled, tested, documented or packed.
/// @p path is that of such a file; a side that is missing is empty. False where one cannot be read.
bool only_declares_maven(std::string_view path, std::string_view before, std::string_view after);

}  // namespace tollbar::rule
