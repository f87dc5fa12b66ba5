// What judges changes: the steps that hold them back, and the files that such steps run, each under one key before and
// after a change.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "rule/change.h"

namespace tollbar::rule {

/// Whether it is a check by its names.
enum class Standing : std::uint8_t { prepares, unnamed, named };

/// What a job that judges changes runs, on one side: a script, a target, or what a step itself says.
struct JudgingPlace {
  std::string path, part;
  Standing standing = Standing::prepares;
  bool holds = false;  ///< its failure holds a change back
  const reach::ExecutedStep* step = nullptr;
  reach::Chain chain;                                   ///< empty for the step itself
  const reach::ExecutedCommand* let_pass_by = nullptr;  ///< the call whose failure counts for nothing
};

/// By where they stand, the same before and after.
struct JudgingPlaces {
  std::map<std::string, JudgingPlace> before, after;
};

/// Those that may judge otherwise on one of the sides: the file changed, or a step that runs it. `after` is looked for
/// only where there are any before.
JudgingPlaces judging_places(Change& change);

}  // namespace tollbar::rule
