// Told by words: one that can hand a status on, wherever it stands, clears the whole program.
#include "document/forgotten_status.h"

#include "document/program_text.h"
#include "text/pattern.h"

#include <string>

namespace tollbar::document {
namespace {

/// The program without the words by which a call raises its failure, wherever an attempt around the call catches it.
std::string without_caught(std::string program) {
  static const text::Pattern attempt(R"(\btry\s*(\{(?:[^{}]++|(?1))*\})\s*catch\b)");
  static const text::Pattern indented(R"((?m)^([ \t]*)try:[ \t]*\n((?:\1[ \t]+[^\n]*\n|[ \t]*\n)+)\1except\b)");
  static const text::Pattern raising(R"(\bexec(?:File)?Sync\b|\bcheck_(?:call|output)\b|\bcheck\s*=\s*True\b)");
  std::string result = program;
  const auto blank = [&](std::string_view body) {
    text::each_match(raising, body, [&](const text::Match& match) {
      const auto at = static_cast<std::size_t>(match.groups[0]->data() - program.data());
      result.replace(at, match.groups[0]->size(), match.groups[0]->size(), ' ');
    });
  };
  text::each_match(attempt, program, [&](const text::Match& match) { blank(*match.groups[1]); });
  text::each_match(indented, program, [&](const text::Match& match) { blank(*match.groups[2]); });
  return result;
}

}  // namespace

bool starts_and_forgets(std::string_view program) {
  static const text::Pattern starts(
      R"(\bspawn(?:Sync)?\s*\(|(?<![.\w])exec(?:File)?\s*\(|\b(?:child_process|cp)\.exec(?:File)?\s*\(|\bsubprocess\.(?:run|call|Popen)\s*\(|\bos\.system\s*\(|\bexec(?:File)?Sync\s*\(|\bcheck_(?:call|output)\s*\(|(?m)^\s*system\b)");
  static const text::Pattern tells(
      R"(\bexit\w*!?\s*\(\s*(?!0?\s*\))|\bexit!?\s+(?!0\b|if\b|unless\b)\S|\bexitCode\s*=\s*(?!0\b)|\b(?:throw|raise|abort|reject|assert|die|fail|await|promisify|execa)\b|\bSystemExit\b|\bcheck\s*=\s*True\b|\bcheck_(?:call|output)\b|\bcheck_returncode\b|\bexec(?:File)?Sync\s*\(|\bexception:\s*true\b|\breturn\b[^\n;]*\b(?:returncode|status|code)\b)");
  const auto text = scan_program(program);
  return starts.matches(text.bare) && !tells.matches(without_caught(text.bare));
}

}  // namespace tollbar::document
