// Told by words: one that can hand a status on, wherever it stands, clears the whole program.
#include "document/forgotten_status.h"

#include "document/program_text.h"
#include "text/pattern.h"

namespace tollbar::document {

bool starts_and_forgets(std::string_view program) {
  static const text::Pattern starts(
      R"(\bspawn(?:Sync)?\s*\(|(?<![.\w])exec(?:File)?\s*\(|\b(?:child_process|cp)\.exec(?:File)?\s*\(|\bsubprocess\.(?:run|call|Popen)\s*\(|\bos\.system\s*\(|(?m)^\s*system\b)");
  static const text::Pattern tells(
      R"(\bexit\w*!?\s*\(\s*(?!0?\s*\))|\bexit!?\s+(?!0\b|if\b|unless\b)\S|\bexitCode\s*=\s*(?!0\b)|\b(?:throw|raise|abort|reject|assert|die|fail|await|promisify|execa)\b|\bSystemExit\b|\bcheck\s*=\s*True\b|\bcheck_(?:call|output)\b|\bcheck_returncode\b|\bexec(?:File)?Sync\b|\bexception:\s*true\b|\breturn\b[^\n;]*\b(?:returncode|status|code)\b)");
  const auto text = scan_program(program);
  return starts.matches(text.bare) && !tells.matches(text.bare);
}

}  // namespace tollbar::document
