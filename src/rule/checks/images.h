// What a Dockerfile builds on, for those who have to tell a newer version from another image.
#pragma once

#include <string_view>

namespace tollbar::rule {

/// The two Dockerfiles differ in nothing but versions: tags and digests of the same images, and the values of arguments
/// and variables that are named VERSION, DIGEST or the like. Comments and layout do not count.
bool only_versions_moved(std::string_view before, std::string_view after);

}  // namespace tollbar::rule
