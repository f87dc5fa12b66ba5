// What the program says to whoever started it, in one number.
#pragma once

namespace tollbar::gate {

/// Exit statuses, the same for every command, hook and format. A higher wrong outranks a finding: 4, then 1, then 3.
enum ExitStatus : int {
  exit_allowed = 0,
  exit_blocked = 1,
  exit_usage = 2,
  exit_needs_approval = 3,
  exit_undecided = 4,
};

}  // namespace tollbar::gate
