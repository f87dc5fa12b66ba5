// The environment that git gives its hooks, as far as it says where a repository's parts are. Internal to src/git.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::git {

/// The value of an environment variable; empty where it is unset or empty.
std::optional<std::string> environment_value(const char* name);

/// `path` as seen from `directory`, unless it is absolute.
std::string path_from(const std::string& directory, const std::string& path);

/// The paths of GIT_ALTERNATE_OBJECT_DIRECTORIES: separated by colons, C-quoted where they hold a colon or a quote.
std::vector<std::string> split_alternates(std::string_view text);

}  // namespace tollbar::git
