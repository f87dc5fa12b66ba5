// What a pom.xml says about other files of the same build, and what its plugins are told to run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::reach {

/// Paths are relative to the pom's folder; what begins with `${...}` of the root of all modules begins with kTreeRoot.
struct MavenStatements {
  struct Command {
    std::uint32_t line = 0;
    std::string text, directory;  ///< for a shell; where it runs, empty for the pom's folder
  };
  std::vector<std::string> modules;  ///< folders, or files with `.xml`
  std::vector<std::string> files;    ///< scripts that plugins load: `<source>send.groovy</source>`
  std::string parent;                ///< where the parent's pom would be in this tree; empty for none
  std::vector<Command> commands;
};
MavenStatements maven_statements(std::string_view pom);

/// The same from and to lines of a text, as a cache keeps them.
std::string to_lines(const MavenStatements& statements);
MavenStatements maven_statements_from(std::string_view lines);

/// Which modules `-pl` leaves of a build.
class MavenProjects {
 public:
  /// `selectors` as written: `web`, `tools/send`, `!docs`. Those that name a project by its coordinates choose any.
  MavenProjects(const std::vector<std::string>& selectors, std::string folder);
  /// The module in `folder` runs, or leads to one that does.
  bool hold(std::string_view folder) const;

 private:
  std::vector<std::string> chosen_, left_out_;  // folders from the root of the tree
  bool any_ = true;
};

/// What all poms of one call share.
struct MavenBuild {
  std::string root;  ///< the folder of the whole build
  MavenProjects projects;
};

/// The goals do nothing but compile, package, test, check or tell about the build, and install it on the machine.
bool only_builds_maven(const std::vector<std::string>& goals);

}  // namespace tollbar::reach
