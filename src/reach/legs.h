// What the legs of a matrix give to names: `node=18,env=TARGET=check` sets `node`, and `TARGET` in its environment.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/shell.h"
#include "pipeline/model.h"

namespace tollbar::reach {

/// Every pair of a name and what follows it in the canonical text of a leg, whatever stands between them.
std::vector<std::pair<std::string, std::string>> leg_pairs(std::string_view leg);

/// The word with each value, each once, that it has in the legs of a job: `$TARGET`, `tools/${TARGET}.sh` where the
/// legs or the variables @p env (which name parts of the matrix) say it, or `${{ matrix.target }}`. Empty where they do
/// not.
std::vector<document::Word> leg_words(const document::Word& word, const pipeline::Job& job,
                                      const std::map<std::string, std::string>& env);

}  // namespace tollbar::reach
