// What a scan comes to.
#include "gate/verdict.h"

#include "gate/exit_status.h"

namespace tollbar::gate {

int ScanResult::exit_code() const {
  if (undecided > 0) {
    return exit_undecided;
  }
  if (blocked > 0) {
    return exit_blocked;
  }
  return needs_approval > 0 ? exit_needs_approval : exit_allowed;
}

void ScanResult::count(const Verdict& verdict) {
  switch (verdict.status) {
    case model::Status::allowed:
    case model::Status::approved:
    case model::Status::break_glass:
      ++allowed;
      break;
    case model::Status::needs_approval:
      ++needs_approval;
      break;
    case model::Status::blocked:
      ++blocked;
      break;
    case model::Status::undecided:
      ++undecided;
      break;
  }
}

}  // namespace tollbar::gate
