// Checks that programs start: `subprocess.run(["pytest"])`, `execSync("npm test")`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reach/knowledge.h"

namespace tollbar::rule {

/// A call of a known check, as the shell would be told it.
struct StartedCheck {
  const reach::CheckTool* tool = nullptr;
  std::string text;
  std::uint32_t line = 0;  ///< of the program, from 1
};

/// In the order in which they stand in the text of the program.
std::vector<StartedCheck> started_checks(const std::string& program, const reach::Knowledge& knowledge);

}  // namespace tollbar::rule
