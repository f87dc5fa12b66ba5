// What the user typed, understood.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"

namespace tollbar::cli {

class Arguments {
 public:
  const Command* command = nullptr;  ///< null where only --help or --version was asked
  std::string group;                 ///< the first word of an incomplete command (`rules`), else empty
  std::vector<std::string> words;    ///< what is neither command nor flag
  std::map<std::string, std::vector<std::string>, std::less<>> flags;  ///< by Flag::name; switches hold `true`

  bool has(std::string_view flag) const { return flags.find(flag) != flags.end(); }
  /// The last value given.
  std::optional<std::string> value(std::string_view flag) const;
  std::vector<std::string> values(std::string_view flag) const;
};

/// Throws util::UsageError naming what is wrong and what was probably meant.
Arguments parse(const std::vector<std::string>& words);

}  // namespace tollbar::cli
