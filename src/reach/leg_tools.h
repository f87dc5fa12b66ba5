// Tools that only the legs of a matrix name: `cargo ${{ matrix.cmd }}`. Internal to src/reach.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "document/shell.h"
#include "reach/knowledge.h"
#include "reach/legs.h"

namespace tollbar::reach {

/// What such a command is once a leg fills it in.
struct LegTools {
  bool known = false;                 ///< in some leg it calls a known tool
  std::vector<std::string> disarmed;  ///< legs in which the call cannot fail: `cmd: test --no-run`
};
LegTools tools_in_legs(const document::Command& command, const Legs& legs,
                       const std::map<std::string, std::string>& env, const Knowledge& knowledge);

}  // namespace tollbar::reach
