// The commands of files that are no pipelines: scripts, recipes, image builds, package scripts, settings that hold
// some.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "document/shell.h"
#include "rule/change.h"

namespace tollbar::rule {

/// The commands of a file; `document` is that of structured formats, else null. A text without a format is looked into
/// where it says that it is a manifest of a cluster, a composition of containers or a play.
std::vector<CommandPlace> commands_of(document::Format format, std::string_view text,
                                      const document::Document* document);

/// Adds the commands of a script, and what they have run for them elsewhere or by a function of the script.
void add_commands(std::vector<CommandPlace>& places, const document::Script& script, const std::string& subject);

/// The commands of a script as its first line says what reads it.
document::Script commands_of_script(std::string_view text);

/// Adds the commands that a tree of settings holds: under the keys that hold some, in the words of containers, and in
/// texts that begin with `#!`.
void add_setting_commands(std::vector<CommandPlace>& places, const document::Node& root);

/// Adds the commands that settings of a platform in JSON name beside the scripts of a package: what it runs when it
/// builds, takes in or starts a release (`preDeployCommand`, hooks of Dokku).
void add_platform_commands(std::vector<CommandPlace>& places, const document::Node& root);

}  // namespace tollbar::rule
