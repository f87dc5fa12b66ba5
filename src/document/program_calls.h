// What programs in scripting languages hand to the system: the commands they start and the requests they send.
#pragma once

#include <string_view>

#include "document/shell.h"

namespace tollbar::document {

/// The commands that a text in Python, JavaScript, Ruby, PHP or Perl starts (`subprocess.run([...])`, `os.system`,
/// `execSync`, backquotes), read as a shell would; requests that send something become `curl -X POST ...`, calls of
/// boto3 `aws ...`. A scanner, not a parser: what is computed is left as an unknown word.
Script program_commands(std::string_view text);

}  // namespace tollbar::document
