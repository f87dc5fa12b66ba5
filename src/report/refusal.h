// The words at a refusal: for the developer who reads them, and for the agent that must stop and ask.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "gate/verdict.h"

namespace tollbar::report {

/// What was refused and where it is read.
struct RefusalContext {
  std::string_view action = "commit";  ///< `commit`, `merge`, `push`
  std::string ref{};                   ///< full name of the ref that was pushed; empty where nothing was
  std::string line_prefix{};           ///< what a server's page wants before each line: `GL-HOOK-ERR: `
};

/// `rule at path:line: message (and 2 more)`, or why nothing could be decided; escaped, one line.
std::string brief_reason(const gate::Verdict& verdict);

/// What to do about the strongest finding, escaped; empty where nothing is said.
std::string brief_remedy(const gate::Verdict& verdict);

/// A refused commit or ref update: one `error:` line, up to four `hint:` lines and one machine line
/// `tollbar-json: {"v":1,...}`. All of it can be shown raw: text of strangers is escaped. No way round is ever named.
void write_refusal(std::ostream& out, const gate::Verdict& verdict, const RefusalContext& context);

}  // namespace tollbar::report
