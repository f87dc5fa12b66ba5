// What only the git command can say or change: its settings, and where it looks for hooks.
#pragma once

#include <optional>
#include <string>

namespace tollbar::git {

/// `2.39.5`. Throws util::Error where git cannot be run.
std::string command_version();

/// Where git looks for the hooks of the repository here, absolute; core.hooksPath is obeyed. Throws util::UsageError
/// where there is no repository.
std::string hooks_directory();
/// The repository's own directory of hooks, whatever core.hooksPath says.
std::string own_hooks_directory();

/// Which of git's configuration files.
enum class Scope { effective, local, global };

/// The value of a setting that is a path, with `~` expanded; empty where it is not set.
std::optional<std::string> path_setting(const std::string& name, Scope scope);
/// The value of a setting as it stands; the last one where it stands several times.
std::optional<std::string> text_setting(const std::string& name);
/// A setting that is true or false. Throws util::Error for a value that is neither.
std::optional<bool> flag_setting(const std::string& name);
/// Whether the user's own configuration file exists.
bool has_global_file();
/// Sets a setting of the user's own configuration.
void set_global(const std::string& name, const std::string& value);
/// Takes one away again.
void unset_global(const std::string& name);
/// Takes the user's configuration file away where it is empty.
void remove_empty_global_file();

}  // namespace tollbar::git
