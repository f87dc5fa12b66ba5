// What a change newly runs anywhere, and what it runs no more. Internal to src/rule.
#pragma once

#include <vector>

#include "rule/change.h"

namespace tollbar::rule {

struct CommandChanges {
  std::vector<Change::NewCommand> gained, lost;
  std::vector<Change::NewCommand> fed;  ///< stand on both sides and are given more to read: with what of it is new
};

/// Net over all its files and pipelines, by what runs.
CommandChanges compare_commands(Change& change);

}  // namespace tollbar::rule
