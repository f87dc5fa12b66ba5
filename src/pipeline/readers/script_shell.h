// Scripts of steps, whatever shell a CI system starts them with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "document/node.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

/// A shell and the options that decide what a failure does.
struct ShellStart {
  std::string program;  ///< without directory and `.exe`: `bash`, `pwsh`, `cmd`
  bool errexit = false;
  bool pipefail = false;
};
/// How `/bin/bash -eo pipefail` or `powershell.exe -Command` starts.
ShellStart read_shell(std::string_view command_line);

/// A batch script in the words of a POSIX shell, line by line: `\` becomes `/`, `%NAME%` becomes `${NAME}`, `call` and
/// `@` are dropped. Good enough to see which programs run and whether their failure counts.
std::string posix_from_batch(std::string_view batch);

/// A PowerShell script that holds nothing but plain calls of programs, line by line in the words of a POSIX shell;
/// empty for any other.
std::string posix_from_plain_powershell(std::string_view script);
/// Such a script as it is run by a CI system: the status of the last program counts, unless `exit 0` ends it.
document::Script read_plain_powershell(std::string_view script, std::uint32_t first_line);

/// Gives a step the script that a text or a list of texts holds. Shells and `cmd` are parsed, other interpreters only
/// named.
void give_script(const document::Node& written, const ShellStart& shell, Step& step);
/// The same with the script's text replaced, line for line, by `text`.
void give_script(const document::Node& written, const ShellStart& shell, std::string_view text, Step& step);

/// Programs that no script given to them makes do or fail anything (`shell: true {0}`): the condition says never then.
void note_idle_shell(std::string_view program, std::uint32_t line, Step& step);

/// `set +e` (and not again `set -e`) somewhere in the script: what follows in the same shell goes on after a failure.
bool switches_errexit_off(const document::Script& script);

}  // namespace tollbar::pipeline
