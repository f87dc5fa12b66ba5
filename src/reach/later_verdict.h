// A step whose failure is let pass at first, and held against the job by a later step that looks at its outcome.
#pragma once

#include <string>
#include <vector>

#include "pipeline/model.h"

namespace tollbar::reach {

/// Whether a later step of the job surely fails when this one has failed, though its failure alone does not count:
/// `if: steps.lint.outcome == 'failure'` before `exit 1`. The `conclusion` of such a step is always success and says
/// nothing.
bool judged_later(const pipeline::Job& job, const pipeline::Step& step);

/// Whether a later step of the job hands in what this one found and kept to itself: a filter between
/// `codeql-action/analyze` with `upload: never` and `codeql-action/upload-sarif`.
bool handed_in_later(const pipeline::Job& job, const pipeline::Step& step);

/// Whether the step or a later one of the job fails where it finds something in one of the
/// files: `! grep -q HIGH report.json` at its end, `if grep ERROR lint.log; then exit 1; fi`.
bool reads_for_verdict(const pipeline::Job& job, const pipeline::Step& step, const std::vector<std::string>& files);

}  // namespace tollbar::reach
