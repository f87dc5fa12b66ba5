// The outside world of a command: streams and what is known about the terminal behind them.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "report/format.h"

namespace tollbar::cli {

class Arguments;

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 80;  ///< columns
  /// A variable of the environment; empty where it is not set.
  std::function<std::optional<std::string>(const char* name)> environment;
};

/// How the user wants to read: --color, --quiet, --verbose, and NO_COLOR and CLICOLOR_FORCE where --color says `auto`.
/// https://no-color.org, https://bixense.com/clicolors
report::Style style_of(const Arguments& arguments, const Console& console);

/// --policy, else TOLLBAR_POLICY.
std::optional<std::string> policy_file(const Arguments& arguments, const Console& console);

}  // namespace tollbar::cli
