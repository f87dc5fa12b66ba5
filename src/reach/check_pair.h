// One check before and its counterpart after: what became of it.
#pragma once

#include <optional>
#include <string>

#include "reach/inventory.h"

namespace tollbar::reach {

/// `test` of `.github/workflows/ci.yml`: pipeline and job are the same.
bool same_job(const Check& a, const Check& b);
/// The same step of the same job.
bool same_step(const Check& a, const Check& b);

/// Nightly jobs and releases that happen to test are no gates; they count only against what stood before.
bool judges(const Check& check);
/// How many runs a check stands for: one a leg.
std::size_t runs(const Check& check);

/// What `after` judges of a place that `before` judged whole: `tests/unit of tests`; empty where nothing tells that it
/// is only a part.
std::string part_judged(const Check& before, const Check& after);

/// What the change did to a check that is still there; empty where it means the same as before.
std::optional<CheckChange> judge_pair(const Check& before, const Check& after);

}  // namespace tollbar::reach
