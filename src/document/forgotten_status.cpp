// First by words: one that can hand a status on, wherever it stands, clears the whole program. Then by statements: what
// raises its failure inside an attempt whose handler only says so, what a function gives back to nobody.
#include "document/forgotten_status.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "document/failing_ends_grammar.h"
#include "document/program_outline.h"
#include "document/program_text.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using text::Pattern;

constexpr std::size_t kDeepest = 200;

bool forgets_by_words(std::string_view program) {
  static const Pattern starts(
      R"(\bspawn(?:Sync)?\s*\(|(?<![.\w])exec(?:File)?\s*\(|\b(?:child_process|cp)\.exec(?:File)?\s*\(|\bsubprocess\.(?:run|call|Popen)\s*\(|\bos\.system\s*\(|(?m)^\s*system\b)");
  static const Pattern tells(
      R"(\bexit\w*!?\s*\(\s*(?!0?\s*\))|\bexit!?\s+(?!0\b|if\b|unless\b)\S|\bexitCode\s*=\s*(?!0\b)|\b(?:throw|raise|abort|reject|assert|die|fail|await|promisify|execa)\b|\bSystemExit\b|\bcheck\s*=\s*True\b|\bcheck_(?:call|output)\b|\bcheck_returncode\b|\bexec(?:File)?Sync\b|\bexception:\s*true\b|\breturn\b[^\n;]*\b(?:returncode|status|code)\b)");
  const auto text = scan_program(program);
  return starts.matches(text.bare) && !tells.matches(text.bare);
}

/// A program by its statements.
class Statements {
 public:
  Statements(std::string_view program, Language language)
      : outline_(program, language), grammar_(failing_grammar(language)), caught_(outline_.statements().size(), false) {
    find_asked();
    find_caught(outline_.under(Statement::none));
    for (std::size_t i = 0; i < outline_.statements().size(); ++i) find_caught(outline_.under(i));
  }

  bool forget() const {
    bool any = false;
    for (std::size_t i = 0; i < outline_.statements().size(); ++i) {
      if (is_about_use(i)) continue;
      const auto& bare = outline_.statements()[i].bare;
      if (tells(i)) return false;
      if (raises(bare) && !is_caught(i)) return false;
      any = any || raises(bare) || starts(bare);
    }
    return any;
  }

 private:
  static bool raises(const std::string& bare) {
    static const Pattern raising(
        R"(\bcheck\s*=\s*True\b|\bcheck_(?:call|output|returncode)\s*\(|\bexec(?:File)?Sync\s*\(|\bexception:\s*true\b)");
    return raising.matches(bare);
  }

  bool starts(const std::string& bare) const {
    static const Pattern go(R"(\bexec\.Command(?:Context)?\s*\()");
    static const Pattern others(
        R"(\bspawn(?:Sync)?\s*\(|(?<![.\w])exec(?:File)?\s*\(|\b(?:child_process|cp)\.exec(?:File)?\s*\(|\bsubprocess\.(?:run|call|Popen)\s*\(|\bos\.system\s*\(|^system\b)");
    return (outline_.language() == Language::go ? go : others).matches(bare);
  }

  /// It ends the program in failure, or hands a status to somebody who may.
  bool tells(std::size_t at) const {
    static const Pattern ends(
        R"(\b[eE]xit\w*!?\s*\(\s*(?!0?\s*\))|\bexit!?\s+(?!0\b|if\b|unless\b)\S|\bexit\s*[,)]|\bexitCode\b|\b(?:throw|raise|abort|reject|assert|die|fail|await|promisify|execa|panic|yield)\b|\bSystemExit\b|\.(?:Fatal|Panic|FailNow|Error)\w*\s*\(|\bimport_module\b)");
    static const Pattern handed(R"(([\w.]+)\s*\([^()]*\b(?:err|error|status|code|returncode|exitstatus)\b)");
    static const Pattern prints(
        R"(^(?:if|elif|elsif|unless|switch|while|for|catch|rescue|except|func|function|def|console\.\w+|print|puts|p|warn|println|format|(?:fmt|log|slog|logger|logging)\.\w+)$)");
    static const Pattern passed(
        R"(^(?:\w+(?:,\s*\w+)*\s*:?=\s*)?(?!exec\.|if\b)[\w.]+\s*\(.*\.(?:Run|Wait|Output|CombinedOutput)\s*\(\s*\)\s*\))");
    static const Pattern given(
        R"(\breturn\b.*(?:\b(?:returncode|status|code|err|error|exitstatus)\b|\.(?:Run|Wait)\s*\(|Errorf?\b|\berrors\.))");
    const auto& bare = outline_.statements()[at].bare;
    if (ends.matches(bare)) return true;
    if (given.matches(bare) && is_asked(outline_.function_of(at))) return true;
    if (outline_.language() == Language::go && passed.matches(bare)) return true;
    for (auto found = handed.find(bare); found; found = handed.find(bare, found->end))
      if (!prints.matches(*found->groups[1])) return true;
    return false;
  }

  /// Somebody does something with what the function gives back, as far as this program tells.
  bool is_asked(const std::string& function) const { return function.empty() || asked_.count(function) != 0; }

  /// Finds the functions whose calls are more than statements of their own.
  void find_asked() {
    static const Pattern called(R"(([A-Za-z_]\w*)\s*\()");
    static const Pattern alone(R"((?:^|:\s)(?:await\s+|self\.|this\.)?([A-Za-z_]\w*)\s*\([^()]*\)$)");
    for (const auto& statement : outline_.statements()) {
      if (!statement.function.empty() || alone.matches(statement.bare)) continue;
      text::each_match(called, statement.bare,
                       [&](const text::Match& match) { asked_.insert(std::string(*match.groups[1])); });
    }
  }

  /// It stands under a question about how the program is called.
  bool is_about_use(std::size_t at) const {
    static const Pattern use(R"((?i)\bargv\b|\bargs?\b|usage|--help)");
    const auto header = outline_.statements()[at].header;
    return header != Statement::none && use.matches(outline_.statements()[header].text);
  }

  static bool is_handler(const Statement& statement) {
    static const Pattern handler(R"(^(?:except|rescue|catch)\b)");
    return handler.matches(statement.bare);
  }

  /// The handler is for the failure of what was started.
  static bool is_general(const Statement& handler) {
    static const Pattern wide(
        R"(^catch\b|^(?:except|rescue)\s*(?::|=>|$)|\b(?:Base)?Exception\b|\b(?:CalledProcess|Subprocess|Standard|Runtime)Error\b)");
    return wide.matches(handler.bare);
  }

  bool is_quiet(std::size_t handler) const {
    const auto& text = outline_.statements()[handler].text;
    const auto& inside = outline_.under(handler);
    if (inside.empty() && outline_.language() == Language::python) {
      const auto colon = text.rfind(':');
      return colon != std::string::npos &&
             says_nothing(std::string(text::trimmed(std::string_view(text).substr(colon + 1))));
    }
    return std::all_of(inside.begin(), inside.end(),
                       [&](std::size_t at) { return says_nothing(outline_.statements()[at].text); });
  }

  bool says_nothing(const std::string& text) const { return grammar_.harmless.matches(text); }

  /// Marks the attempts among siblings whose failure a handler behind them swallows.
  void find_caught(const std::vector<std::size_t>& siblings) {
    const auto& statements = outline_.statements();
    for (std::size_t i = 0; i < siblings.size(); ++i) {
      if (is_handler(statements[siblings[i]])) continue;
      for (auto next = i + 1; next < siblings.size() && is_handler(statements[siblings[next]]); ++next) {
        if (!is_general(statements[siblings[next]])) continue;
        caught_[siblings[i]] = is_quiet(siblings[next]);
        break;
      }
    }
  }

  bool is_caught(std::size_t at) const {
    for (std::size_t depth = 0; at != Statement::none && depth < kDeepest;
         at = outline_.statements()[at].header, ++depth)
      if (caught_[at]) return true;
    return false;
  }

  ProgramOutline outline_;
  const FailingGrammar& grammar_;
  std::set<std::string> asked_;  ///< functions
  std::vector<bool> caught_;     ///< by statement: an attempt whose failure is swallowed
};

}  // namespace

bool starts_and_forgets(std::string_view program, Language language) {
  static const Pattern may_start(R"(\bspawn|\bexec|\bsubprocess\b|\bcheck_(?:call|output)\b|\bsystem\b)");
  const bool is_read = language == Language::python || language == Language::javascript || language == Language::ruby ||
                       language == Language::go;
  if (!is_read) return forgets_by_words(program);
  return may_start.matches(program) && Statements(program, language).forget();
}

}  // namespace tollbar::document
