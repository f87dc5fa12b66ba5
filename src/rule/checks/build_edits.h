// Edits of build files that a publishing build evaluates but does not act by.
#pragma once

#include <string_view>

#include "text/line_diff.h"

namespace tollbar::rule {

/// A file of Gradle's: build files, settings, scripts and properties.
bool is_gradle_file(std::string_view path);

/// The build file of a project, by its usual names: not a script that others apply.
bool is_gradle_project(std::string_view path);

/// A line of the script starts something, or says what is published, signed or released.
bool acts(std::string_view script);

/// Every line that differs names a library, a plugin, a version or a project, or says how something is compiled,
/// documented or tested, and starts nothing. @p path is that of a Gradle file.
bool only_declares(std::string_view path, std::string_view before, std::string_view after, const text::LineDiff& diff);

/// Lines that name a version differ in nothing but that: `default = "2.576"` below `JENKINS_VERSION`.
bool only_version_values_moved(const text::LineDiff& diff);

}  // namespace tollbar::rule
