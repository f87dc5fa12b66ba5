// Approvals, their revocations and whatever else people sign, as they are listed.
#pragma once

#include <iosfwd>
#include <vector>

#include "approval/overview.h"

namespace tollbar::report {

/// A few lines a record: what became of it, whose it is, what it is about, why.
void write_approvals_text(std::ostream& out, const std::vector<const approval::Listed*>& records);
/// Everything that one record says.
void write_approval_text(std::ostream& out, const approval::Listed& listed);
/// `{"version":1,"records":[{digest, type, standing, ...}]}`
void write_approvals_json(std::ostream& out, const std::vector<const approval::Listed*>& records);

}  // namespace tollbar::report
