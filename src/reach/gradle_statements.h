// What the files of a Gradle build say about other files of the same build.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tollbar::reach {

/// Statements of a settings file (Groovy or Kotlin) that bring in others. What is computed is left out.
struct GradleStatements {
  std::vector<std::string> projects;  ///< `include("a", ":b:c")`: paths with colons, without the first
  std::vector<std::string> builds;    ///< `includeBuild("build-logic")`: folders, relative to the file's
  std::vector<std::string> folders;   ///< `project(":a").projectDir = file("b")`: `a` and `b`, in turns
};
GradleStatements gradle_statements(std::string_view text);

/// The same from and to lines of a text, as a cache keeps them.
std::string to_lines(const GradleStatements& statements);
GradleStatements from_lines(std::string_view lines);

/// `apply from: "x"`, `apply(from = "x")` and `id("x")` of plugins that the build brings itself: candidates for paths,
/// one a line; those of plugins after `plugin `, those that begin at the root of the build after kTreeRoot and `/`.
std::string applied_scripts(const std::string& text);

/// The build file says that its project is a plugin for builds, not a library beside the one that is built.
bool makes_plugins(std::string_view text);

/// The tasks do nothing but compile, package, test, lint or tell about the build.
bool only_builds(const std::vector<std::string>& tasks);

}  // namespace tollbar::reach
