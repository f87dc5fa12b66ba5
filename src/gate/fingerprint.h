// What an approval binds to: the fact itself, not the commit that brought it.
#pragma once

#include <string>
#include <string_view>

#include "approval/record.h"
#include "model/finding.h"

namespace tollbar::gate {

/// What a finding says, for the repository and the reference that its change goes to.
approval::Fact fact_of(const model::Finding& finding, std::string_view repository = {}, std::string_view ref = {});

}  // namespace tollbar::gate
