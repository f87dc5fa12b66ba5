// What an action, a task or a plugin is told to run by its inputs.
#pragma once

#include "document/shell.h"
#include "pipeline/model.h"

namespace tollbar::rule {

/// The commands in the inputs of a step: the script of an action that runs one, and where an action is named after a
/// tool (`pulumi/actions` with `command: destroy`) the tool's own command with the other inputs as its flags.
document::Script commands_of_inputs(const pipeline::Step& step);

}  // namespace tollbar::rule
