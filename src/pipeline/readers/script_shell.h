// Scripts of steps, whatever shell a CI system starts them with.
#pragma once

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

/// Gives a step the script that a text or a list of texts holds. Shells and `cmd` are parsed, other interpreters only
/// named.
void give_script(const document::Node& written, const ShellStart& shell, Step& step);
/// The same with the script's text replaced, line for line, by `text`.
void give_script(const document::Node& written, const ShellStart& shell, std::string_view text, Step& step);

/// `set +e` (and not again `set -e`) somewhere in the script: what follows in the same shell goes on after a failure.
bool switches_errexit_off(const document::Script& script);

}  // namespace tollbar::pipeline
