// What the names of jobs, steps, targets and files say about a command being a check. Internal to src/reach.
#pragma once

#include <string>

#include "reach/command_lookup.h"
#include "reach/execution.h"
#include "reach/inventory.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// The required name that step or job answers to; empty where none.
std::string required_name(const ExecutedStep& step, const Knowledge& knowledge);

/// How clearly the place of a command says "check": its step, the targets and files on the way to it, its own words.
NameStrength place_strength(CommandLookup& commands, const ExecutedStep& step, const ExecutedCommand& executed);
NameStrength job_strength(CommandLookup& commands, const ExecutedStep& step);
/// Strong where both the place and the job (or a step that says it runs the thing) leave no doubt.
Strength strength_by_name(CommandLookup& commands, const ExecutedStep& step, const ExecutedCommand& executed);

/// A step that says it prepares (`Install dependencies`), or a script that a package manager runs by itself.
bool prepares(const Knowledge& knowledge, const ExecutedStep& step, const ExecutedCommand& executed);

/// A step that fails by how the jobs ended that its own waits for: `${{ join(needs.*.result) }}` and `exit 1`. It
/// stands for all of them under the one name that a branch protection requires.
bool judges_results(const ExecutedStep& step);

}  // namespace tollbar::reach
