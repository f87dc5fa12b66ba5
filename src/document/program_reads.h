// Files of the user in which tools keep credentials, as programs put their paths together and read them.
#pragma once

#include <string_view>
#include <vector>

#include "document/program_clients.h"
#include "document/program_text.h"

namespace tollbar::document {

/// `cat ~/.aws/credentials` of `open(os.path.expanduser("~/.aws/credentials"))`, of `home = Path.home()` and `(home /
/// ".aws" / "credentials").read_text()`, of `fs.readFileSync(os.homedir() + "/.npmrc")`. A path that is only named,
/// written or looked for is none.
std::vector<ClientCall> credential_reads(std::string_view text, const ProgramText& program);

}  // namespace tollbar::document
