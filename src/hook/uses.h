// Approvals are used up once, whatever becomes of the hook that writes it down. Internal to src/hook.
#pragma once

#include <string>
#include <vector>

#include "gate/push.h"
#include "git/repository.h"

namespace tollbar::hook {

/// Of earlier pushes, whose references have moved although nobody wrote down what that used up. What this push brings
/// itself is left out.
std::vector<approval::Use> uses_of_others(const git::Repository& repository,
                                          const std::vector<gate::RefUpdate>& updates);

/// pre-receive and update, before they let a push pass: writes down what it is about to use up. Gives what to refuse it
/// for where that fails; empty where nothing.
std::string intend_uses(const git::Repository& repository, const gate::PushResult& result);

/// post-receive: writes what this push used up, and what hooks that were ended should have written.
void write_uses(git::Repository& repository, const gate::PushResult& result);

}  // namespace tollbar::hook
