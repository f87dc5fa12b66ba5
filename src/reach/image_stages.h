// What of a Dockerfile runs where one of its stages is built.
#pragma once

#include <string>
#include <vector>

#include "document/scripts.h"

namespace tollbar::reach {

/// The instructions of the stage `target` and of the stages it is made from (`FROM`, `COPY --from`, mounts), in source
/// order, as BuildKit runs them. All instructions where `target` is empty, is no stage, or takes from a stage whose
/// name is computed. They point into `file`.
std::vector<const document::Instruction*> instructions_of(const document::Dockerfile& file, const std::string& target);

}  // namespace tollbar::reach
