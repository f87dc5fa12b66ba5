// Facts about tests that a build declares by name and command: one that ran a program and now runs nothing.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document/program_text.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using text::Pattern;

struct Declared {
  std::string command;
  std::uint32_t line = 0;
};
/// By name; one that is declared twice runs something if any of them does.
using Tests = std::map<std::string, Declared>;

bool is_declaring(const FileChange& file) {
  const auto& path = file.folded_path();
  const auto name = text::base_name(path);
  return name == "cmakelists.txt" || name.ends_with(".cmake") || name == "meson.build";
}

constexpr std::string_view kDisabled = "DISABLED";

/// It succeeds whatever was built, or does not run.
bool runs_nothing(std::string_view command) {
  if (command == kDisabled) return true;
  static const Pattern nothing(
      R"re((?ix)^ (?: (?:/usr)?(?:/bin/)?(?:true|:|echo\b.*)
        | "?(?:\$\{CMAKE_COMMAND\}|cmake)"? \s+ -E \s+ (?:true|echo\b.*|echo_append\b.*|sleep\b.*|environment|capabilities)
        | (?:ba|da)?sh \s+ -c \s+ "? (?:true|:|exit(?:\ 0)?|echo\b[^;&|]*) "?
        | find_program\(\s*'(?:true|echo|:)'.* ) \s*$)re");
  return nothing.matches(command);
}

/// Comments go, line by line, and lines stay where they are.
std::string without_comments(std::string_view text) {
  std::string result;
  bool quoted = false, comment = false;
  for (const char c : text) {
    if (c == '\n') quoted = comment = false;
    if (c == '"' && !comment) quoted = !quoted;
    if (c == '#' && !quoted) comment = true;
    if (!comment) result += c;
  }
  return result;
}

/// `set_tests_properties(a b PROPERTIES DISABLED TRUE)`, `set_property(TEST a PROPERTY DISABLED ON)`: ctest leaves them
/// out.
void take_disabled(const std::string& text, Tests& tests) {
  static const Pattern properties(
      R"((?is)\b(?:set_tests_properties\s*\(|set_property\s*\(\s*TEST\b)([^()]*?)\bPROPERT(?:IES|Y)\b[^()]*?\bDISABLED\s+"?(?:TRUE|ON|YES|1)\b[^()]*\))");
  static const Pattern name(R"([^\s"]+)");
  text::each_match(properties, text, [&](const text::Match& match) {
    text::each_match(name, *match.groups[1], [&](const text::Match& word) {
      const auto test = tests.find(std::string(match.groups[1]->substr(word.begin, word.end - word.begin)));
      if (test != tests.end()) test->second = {std::string(kDisabled), document::line_at(text, match.begin)};
    });
  });
}

Tests tests_in(std::string_view written) {
  static const Pattern cmake(
      R"((?i)\badd_test\s*\(\s*(?:NAME\s+)?([^\s()]+)\s+(?:COMMAND\s+)?([^()]*?)\s*(?:\b(?:WORKING_DIRECTORY|CONFIGURATIONS|COMMAND_EXPAND_LISTS)\b[^()]*)?\))");
  static const Pattern meson(R"((?m)^\s*test\s*\(\s*('[^']*')\s*,\s*(find_program\([^)]*\)|[\w.]+))");
  const auto text = without_comments(written);
  Tests tests;
  const auto add = [&](const text::Match& match) {
    const Declared declared{std::string(*match.groups[2]), document::line_at(text, match.begin)};
    auto& known = tests[std::string(*match.groups[1])];
    if (known.line == 0 || runs_nothing(known.command)) known = declared;
  };
  text::each_match(cmake, text, add);
  text::each_match(meson, text, add);
  take_disabled(text, tests);
  return tests;
}

/// Some job that holds changes back runs what builds declare: `ctest`, `meson test`, `make test`.
bool runs_declared_tests(const reach::Execution& execution) {
  const auto runs = [](const reach::ExecutedCommand& executed) {
    const auto& argv = executed.command->argv;
    const auto program = executed.command->program();
    if (!executed.fatal || executed.unreachable) return false;
    if (program == "ctest") return true;
    const bool builds = text::is_one_of(program, {"make", "gmake", "ninja", "cmake", "meson", "cmake3"});
    return builds && std::any_of(argv.begin(), argv.end(), [](const auto& word) {
             return text::is_one_of(word.text, {"test", "check", "RUN_TESTS", "--workflow"});
           });
  };
  return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [&](const auto& pipeline) {
    return std::any_of(pipeline->steps.begin(), pipeline->steps.end(), [&](const reach::ExecutedStep& step) {
      return step.enforced && !step.events.empty() && std::any_of(step.commands.begin(), step.commands.end(), runs);
    });
  });
}

/// The folders and files that suites of PHPUnit hold, each with its line.
std::map<std::string, std::uint32_t> suite_entries(std::string_view text) {
  static const Pattern entry(R"((?s)<(?:directory|file)\b[^>]*>\s*(?:\./)?([^<\s]+?)/?\s*</(?:directory|file)>)");
  static const Pattern suite(R"((?s)<testsuite\b(?:(?!</testsuite>).)*</testsuite>)");
  static const Pattern comment(R"((?s)<!--.*?-->)");
  std::string bare(text);
  text::each_match(comment, text, [&](const text::Match& match) {
    std::fill(bare.begin() + static_cast<std::ptrdiff_t>(match.begin),
              bare.begin() + static_cast<std::ptrdiff_t>(match.end), ' ');
  });
  std::map<std::string, std::uint32_t> entries;
  text::each_match(suite, bare, [&](const text::Match& whole) {
    const auto inside = std::string_view(bare).substr(whole.begin, whole.end - whole.begin);
    text::each_match(entry, inside, [&](const text::Match& match) {
      entries.emplace(*match.groups[1], document::line_at(bare, whole.begin + match.begin));
    });
  });
  return entries;
}

/// A folder of tests that no suite holds any more, though it is still there.
void dropped_suite_facts(Change& change, FileChange& file, std::vector<Fact>& facts) {
  const auto after = suite_entries(file.after_text());
  const auto folder = text::directory_of(file.path());
  for (const auto& [entry, line] : suite_entries(file.before_text())) {
    const bool held = std::any_of(after.begin(), after.end(), [&, &name = entry](const auto& other) {
      return name == other.first || name.starts_with(other.first + "/") || other.first == ".";
    });
    const auto path = folder.empty() ? entry : std::string(folder) + "/" + entry;
    if (held || !change.after().find(path)) continue;
    Fact fact;
    fact.kind = "declared-tests-dropped";
    fact.path = file.path();
    fact.line_before = line;
    fact.subject = entry;
    fact.before = entry;
    fact.attributes["name"] = entry;
    facts.push_back(std::move(fact));
  }
}

}  // namespace

void declared_test_facts(Change& change, std::vector<Fact>& facts) {
  for (auto& file : change.files()) {
    const auto name = text::base_name(file.folded_path());
    if (file.delta().before && file.delta().after && name.starts_with("phpunit") &&
        (name.ends_with(".xml") || name.ends_with(".xml.dist")))
      dropped_suite_facts(change, file, facts);
  }
  for (auto& file : change.files()) {
    if (!is_declaring(file) || !file.delta().before || !file.delta().after) continue;
    const auto before = tests_in(file.before_text()), after = tests_in(file.after_text());
    for (const auto& [name, now] : after) {
      const auto then = before.find(name);
      if (then == before.end() || runs_nothing(then->second.command) || !runs_nothing(now.command)) continue;
      if (!runs_declared_tests(change.before_execution())) return;
      Fact fact;
      fact.kind = "declared-test-hollowed";
      fact.path = file.path();
      fact.line = now.line;
      fact.line_before = then->second.line;
      fact.subject = "test " + name;
      fact.before = shortened(then->second.command);
      fact.after = shortened(now.command);
      fact.attributes["name"] = name;
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
