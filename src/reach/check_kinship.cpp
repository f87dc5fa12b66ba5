// Kinship is told by the words with which a check is called; a build is no kin of what tests.
#include "reach/check_kinship.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

/// Words that name a tool: of `golangci/golangci-lint-action` and of `golangci-lint run` alike `golangci-lint`.
std::vector<std::string> stems(const Check& check) {
  constexpr std::array<std::string_view, 24> kGeneral{"action", "actions",  "github", "setup",   "check",   "test",
                                                      "tests",  "testing",  "lint",   "linter",  "linting", "scan",
                                                      "build",  "run",      "code",   "analyze", "python",  "cargo",
                                                      "make",   "security", "docker", "format",  "node",    "unit"};
  std::string text = check.known_tool ? check.tool : check.identity + " " + check.step_name;
  if (const auto slash = text.find('/'); check.known_tool && slash != std::string::npos) text.erase(0, slash + 1);
  std::vector<std::string> result;
  std::string word;
  for (const char byte : folded(text) + " ") {
    if (std::isalnum(static_cast<unsigned char>(byte)) != 0) {
      word += byte;
      continue;
    }
    const bool general = std::find(kGeneral.begin(), kGeneral.end(), word) != kGeneral.end();
    if (word.size() > 3 && !general) result.push_back(word);
    word.clear();
  }
  return result;
}

/// `flutter build apk`, `Test/compile`, `mvn -B --version`: what a program is told to do is no judging.
bool only_builds(const Check& check) {
  constexpr std::array<std::string_view, 32> kVerbs{
      "build",   "compile",     "assemble",   "start",        "serve", "install",  "fetch",     "restore",
      "clean",   "list",        "version",    "doctor",       "info",  "publish",  "help",      "about",
      "tasks",   "projects",    "properties", "query",        "tree",  "template", "cache",     "get",
      "classes", "testClasses", "compileall", "dependencies", "deps",  "download", "configure", "--version"};
  const auto verb = std::find_if(check.arguments.begin(), check.arguments.end(),
                                 [](const std::string& word) { return !word.starts_with('-') || word == "--version"; });
  if (verb == check.arguments.end()) return false;
  if (check.arguments.back() == "--version" || check.arguments.back() == "--help") return true;
  const auto last = std::string_view(*verb).substr(verb->find_last_of("/:") + 1);
  return std::find(kVerbs.begin(), kVerbs.end(), last) != kVerbs.end();
}

}  // namespace

std::string_view family(const Check& check) {
  return std::string_view(check.tool).substr(0, check.tool.find(' '));
}

bool judges_no_more(const Check& b, const Check& a) {
  if (!b.known_tool || a.known_tool) return false;
  const auto program = [](const Check& check) {
    const auto first = std::string_view(check.identity).substr(0, check.identity.find(' '));
    return first.substr(first.rfind('/') + 1);
  };
  const bool same = family(b) == family(a) || program(b) == program(a);
  return same && (b.kind == CheckKind::format || only_builds(a));
}

bool akin(const Check& b, const Check& a) {
  if (b.tool == a.tool || b.kind == CheckKind::build || a.kind == CheckKind::build || a.hollow) return false;
  if (judges_no_more(b, a)) return false;
  const auto before = stems(b), after = stems(a);
  return std::any_of(before.begin(), before.end(),
                     [&](const auto& word) { return std::find(after.begin(), after.end(), word) != after.end(); });
}

bool same_tool(const Check& b, const Check& a) {
  return b.known_tool && a.known_tool && b.tool == a.tool;
}

bool runs_tool_itself(const Check& b, const Check& a) {
  return a.known_tool && !a.hollow && b.tool != a.tool &&
         std::find(b.arguments.begin(), b.arguments.end(), a.tool) != b.arguments.end();
}

bool same_kind(const Check& b, const Check& a) {
  return b.kind == a.kind && !judges_no_more(b, a);
}

}  // namespace tollbar::reach
