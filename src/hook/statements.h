// Signed statements that a push brings into the store of approvals and that belong into the evidence log: what became
// of a change, broken glass and its reviews. Internal to src/hook.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evidence/record.h"
#include "gate/push.h"
#include "git/repository.h"

namespace tollbar::hook {

/// Those whose signature holds, as records. `problem` hears of the others.
std::vector<evidence::Record> records_of_statements(const git::Repository& repository, const gate::PushResult& result,
                                                    const std::function<void(const std::string& text)>& problem);

}  // namespace tollbar::hook
