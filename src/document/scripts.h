// Commands that stand inside other formats: Dockerfile instructions, Makefile recipes, package.json scripts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "document/shell.h"

namespace tollbar::document {

struct Instruction {
  std::string name;                ///< upper case: FROM, RUN, USER, ENTRYPOINT, ...
  std::string value;               ///< continuation lines joined, comments inside dropped
  std::vector<std::string> flags;  ///< `--mount=...`
  std::uint32_t line = 0;
  Script script;  ///< of RUN, CMD, ENTRYPOINT and `ONBUILD RUN` (shell form, exec form, here-documents)
};

struct Dockerfile {
  std::vector<Instruction> instructions;
  std::vector<std::string> directives;  ///< `syntax=...`, `escape=...`
};
Dockerfile read_dockerfile(std::string_view text, Failures failures = Failures::judged);

struct MakeTarget {
  std::string name;
  std::vector<std::string> prerequisites;
  Script recipe;  ///< each recipe line is its own shell; `-` makes it may-fail (masked), `@` and `+` are dropped
  std::uint32_t line = 0;
  bool phony = false;  ///< named by .PHONY in the same file: pattern rules do not serve it
};

struct Makefile {
  std::vector<MakeTarget> targets;  ///< in source order; pattern rules included; double-colon rules merged
  std::vector<Assignment>
      variables;  ///< last plain assignment of each name; simple references are expanded inside recipes
  std::string default_target;
  std::vector<std::string> includes;  ///< the files of `include`, `-include` and `sinclude`
  std::size_t early_includes = 0;     ///< how many of them are read before the default target
  std::set<std::string> asked;        ///< variables that its conditionals ask for
  bool ignores_errors = false;  ///< `.IGNORE:` without prerequisites or `-i` in MAKEFLAGS: every recipe line is masked
};
/// Variables that the call or its environment set, over all that the Makefile says.
using GivenVariables = std::map<std::string, std::string>;
/// Lines below conditions that never hold are unreachable, below those that may hold conditional.
Makefile read_makefile(std::string_view text, Failures failures = Failures::judged, const GivenVariables& given = {});
/// The recipes of a justfile: as those of a Makefile, their parameters left out.
Makefile read_justfile(std::string_view text, Failures failures = Failures::judged);

struct PackageScript {
  std::string name;
  std::string text;
  Script script;
  std::uint32_t line = 0;
};
/// The `scripts` of a package.json or composer.json; where a name stands twice the last one wins, as npm reads it.
std::vector<PackageScript> package_scripts(const Document& package_json, Failures failures = Failures::judged);

}  // namespace tollbar::document
