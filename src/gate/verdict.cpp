// What a scan comes to.
#include "gate/verdict.h"

namespace tollbar::gate {

int ScanResult::exit_code() const {
  if (undecided > 0) {
    return 4;
  }
  if (blocked > 0) {
    return 1;
  }
  return needs_approval > 0 ? 3 : 0;
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
