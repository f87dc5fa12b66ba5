// Failing ends of both sides, each with the branch it stands in; a branch that is still there and fails no more is the
// telling case.
#include "document/failing_ends.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "document/environment_defaults.h"
#include "document/failing_program.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using text::Pattern;

constexpr auto none = Statement::none;

/// The texts that stand here more often than there.
std::vector<std::string> new_texts(const std::vector<const Statement*>& now,
                                   const std::vector<const Statement*>& then) {
  std::map<std::string_view, int> left;
  for (const auto* statement : then) ++left[statement->text];
  std::vector<std::string> result;
  for (const auto* statement : now)
    if (left[statement->text]-- <= 0) result.push_back(statement->text);
  return result;
}

class Losses {
 public:
  Losses(const FailingProgram& before, const FailingProgram& after) : before_(before), after_(after) {}

  std::optional<LostVerdict> find() {
    for (const bool marks : {false, true}) {
      const auto standing = after_.count(marks) + (marks ? 0 : more_questions());
      if (standing >= before_.count(marks)) continue;
      if (auto lost = defused(marks)) return lost;
    }
    if (auto lost = caught()) return lost;
    if (before_.count(false) > after_.count(false) + more_questions()) return gone();
    if (auto lost = raised()) return lost;
    if (auto lost = asked_for()) return lost;
    return skipped();
  }

 private:
  std::size_t more_questions() const {
    return after_.questions() > before_.questions() ? after_.questions() - before_.questions() : 0;
  }

  LostVerdict lost(VerdictLoss loss, const FailingEnd& end, const Statement* now) const {
    const auto& then = before_.outline().statements()[end.statement];
    return {loss, then.text, now != nullptr ? now->text : std::string(), then.line, now != nullptr ? now->line : 0};
  }

  /// By key, how many ends more there were before.
  std::map<std::string, int> surplus(bool marks) const {
    std::map<std::string, int> more;
    for (const auto& end : before_.ends())
      if (end.mark == marks) ++more[end.key()];
    for (const auto& end : after_.ends())
      if (end.mark == marks) --more[end.key()];
    return more;
  }

  /// The script handed on a status at its end; now its last command's is its own.
  bool speaks_by_its_end(const FailingEnd& end) const { return end.branch.empty() && after_.ends_with_a_command(); }

  std::optional<LostVerdict> defused(bool marks) const {
    const auto more = surplus(marks);
    for (const auto& end : before_.ends()) {
      if (end.mark != marks || more.at(end.key()) <= 0) continue;
      if (auto found = condition_never_holds(end)) return found;
      const bool inlined = !end.ahead.empty() || !end.behind.empty();
      if (auto found = inlined ? defused_inline(end) : defused_branch(end)) return found;
    }
    return std::nullopt;
  }

  /// `[ -n "$x" ] && exit 1` became `[ -n "$x" ] && exit 0`.
  std::optional<LostVerdict> defused_inline(const FailingEnd& end) const {
    for (const auto& statement : after_.outline().statements()) {
      if (!statement.text.starts_with(end.ahead) || !statement.text.ends_with(end.behind)) continue;
      if (statement.text.size() < end.ahead.size() + end.behind.size() ||
          after_.outline().branch_of(statement) != end.branch)
        continue;
      const auto rest =
          text::trimmed(std::string_view(statement.text)
                            .substr(end.ahead.size(), statement.text.size() - end.ahead.size() - end.behind.size()));
      if (before_.outline().statements()[end.statement].text != statement.text && after_.is_harmless(std::string(rest)))
        return lost(VerdictLoss::defused, end, &statement);
    }
    return std::nullopt;
  }

  std::vector<std::size_t> headers(const FailingProgram& program, const std::string& branch) const {
    if (branch.empty()) return {none};
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < program.outline().statements().size(); ++i)
      if (program.outline().statements()[i].text == branch) found.push_back(i);
    return found;
  }

  static std::vector<const Statement*> members(const FailingProgram& program, const std::vector<std::size_t>& headers) {
    std::vector<const Statement*> all;
    for (const auto header : headers)
      for (const auto at : program.outline().under(header)) all.push_back(&program.outline().statements()[at]);
    return all;
  }

  bool all_harmless(const std::vector<std::string>& texts) const {
    return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) { return after_.is_harmless(text); });
  }

  std::optional<LostVerdict> defused_branch(const FailingEnd& end) const {
    if (speaks_by_its_end(end) || stops_there(end)) return std::nullopt;
    const auto now = headers(after_, end.branch), then = headers(before_, end.branch);
    if (now.size() < then.size()) return std::nullopt;
    const auto& text = before_.outline().statements()[end.statement].text;
    for (const auto header : now)
      for (const auto at : after_.outline().under(header))
        if (after_.outline().statements()[at].text == text && after_.outline().is_given_up(at)) return std::nullopt;
    const auto fresh = new_texts(members(after_, now), members(before_, then));
    const bool says_nothing = std::all_of(fresh.begin(), fresh.end(), [&](const std::string& one) {
      return after_.is_harmless(one) || (text.ends_with(")") && text.find("(" + one + ")") != std::string::npos);
    });
    if (!says_nothing) return std::nullopt;
    if ((end.call || end.started) && fresh.empty()) return std::nullopt;  // one thing less to look at
    const auto standing = members(after_, now);
    const auto shown = std::find_if(standing.begin(), standing.end(), [&](const Statement* statement) {
      return !fresh.empty() && statement->text == fresh.back();
    });
    return lost(VerdictLoss::defused, end, shown == standing.end() ? nullptr : *shown);
  }

  /// The same statement stands below a condition that is constant now.
  std::optional<LostVerdict> condition_never_holds(const FailingEnd& end) const {
    const auto& text = before_.outline().statements()[end.statement].text;
    if (before_.outline().is_dead(end.statement) || living(after_, text) >= living(before_, text)) return std::nullopt;
    for (std::size_t i = 0; i < after_.outline().statements().size(); ++i)
      if (after_.outline().statements()[i].text == text && after_.outline().is_dead(i) &&
          !after_.outline().is_given_up(i))
        return lost(VerdictLoss::defused, end, &after_.outline().statements()[i]);
    return std::nullopt;
  }

  /// How many statements of the text may run.
  static std::size_t living(const FailingProgram& program, std::string_view text) {
    std::size_t number = 0;
    const auto& statements = program.outline().statements();
    for (std::size_t i = 0; i < statements.size(); ++i)
      number += statements[i].text == text && !program.outline().is_dead(i) ? 1U : 0U;
    return number;
  }

  /// A new handler swallows what failed.
  std::optional<LostVerdict> caught() const {
    static const Pattern handler(R"(^(?:\}\s*)?(?:except|rescue|catch)\b|\.catch\s*\()");
    static const Pattern hands_on(R"((?i)\.catch\s*\(\s*[\w.]*(?:exit|fail|die|abort|fatal|reject|throw)\w*\s*\))");
    static const Pattern of_exits(R"(^except\s*:|SystemExit|BaseException|rescue\s+Exception)");
    for (std::size_t i = 0; i < after_.outline().statements().size(); ++i) {
      const auto& statement = after_.outline().statements()[i];
      if (!handler.matches(statement.bare) || !headers(before_, statement.text).empty() || after_.outline().is_dead(i))
        continue;
      if (hands_on.matches(statement.bare) || stands_apart(i)) continue;
      const auto inside = members(after_, {i});
      const bool quiet = std::all_of(inside.begin(), inside.end(),
                                     [&](const Statement* one) { return after_.is_harmless(one->text); });
      if (!quiet) continue;
      for (const auto& end : before_.ends()) {
        const auto& failing = before_.outline().statements()[end.statement].bare;
        if (!end.mark && (of_exits.matches(statement.bare) ? before_.grammar().fails.matches(failing)
                                                           : before_.grammar().caught.matches(failing) &&
                                                                 statement.bare.find("Error") == std::string::npos))
          return lost(VerdictLoss::defused, end, &statement);
      }
    }
    return std::nullopt;
  }

  /// In a function that came with it and calls none that was there: nothing that could fail before fails in it.
  bool stands_apart(std::size_t handler) const {
    const auto function = after_.outline().function_of(handler);
    if (function.empty() || before_.outline().has_function(function)) return false;
    const auto& statements = after_.outline().statements();
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (after_.outline().function_of(i) != function) continue;
      for (const auto& known : before_.outline().functions())
        if (statements[i].text.find(known + "(") != std::string::npos) return false;
    }
    return true;
  }

  /// A failure that was handed on where it was caught: without the handler it goes on by itself.
  bool fails_without_handler(const FailingEnd& end) const {
    static const Pattern handler(R"(^(?:\}\s*)?(?:except|rescue|catch)\b)");
    return handler.matches(end.branch) && headers(after_, end.branch).empty();
  }

  /// A script under `set -e` still fails by whatever it runs.
  bool stops_at_failures() const {
    static const Pattern errexit(R"(^set\s+(?:-\w*e|-o\s+errexit))");
    const auto& statements = after_.outline().statements();
    return after_.outline().language() == Language::shell &&
           std::any_of(statements.begin(), statements.end(),
                       [&](const Statement& statement) { return errexit.matches(statement.bare); });
  }

  /// What was the last command of such a script has others behind it now.
  bool stops_there(const FailingEnd& end) const {
    const auto& text = before_.outline().statements()[end.statement].text;
    const auto& statements = after_.outline().statements();
    return end.branch.empty() && stops_at_failures() &&
           std::any_of(statements.begin(), statements.end(), [&](const Statement& statement) {
             return statement.text == text && after_.outline().branch_of(statement).empty();
           });
  }

  std::optional<LostVerdict> gone() const {
    std::vector<const Statement*> now, then;
    for (const auto& statement : after_.outline().statements()) now.push_back(&statement);
    for (const auto& statement : before_.outline().statements()) then.push_back(&statement);
    const bool replaced = !all_harmless(new_texts(now, then));
    const bool empty = !after_.fails() && after_.questions() == 0 && !after_.ends_with_a_command();
    if (replaced && !empty) return std::nullopt;
    const auto more = surplus(false);
    const auto gone = std::find_if(before_.ends().begin(), before_.ends().end(), [&](const FailingEnd& end) {
      return !end.mark && more.at(end.key()) > 0 && !stops_there(end) && !fails_without_handler(end);
    });
    if (gone == before_.ends().end() || speaks_by_its_end(*gone)) return std::nullopt;
    const bool emptied = empty && !replaced && !stops_at_failures();
    return lost(emptied ? VerdictLoss::emptied : VerdictLoss::fewer, *gone, nullptr);
  }

  /// The condition of a failing branch holds for less: `> 10` became `> 1000`.
  std::optional<LostVerdict> raised() const {
    for (const auto& end : before_.ends()) {
      if (end.mark || !headers(after_, end.branch).empty() || (!end.ahead.empty() && end.ahead != "return")) continue;
      for (const auto& other : after_.ends()) {
        const auto header = after_.outline().statements()[other.statement].header;
        if (header == none ||
            after_.outline().statements()[other.statement].text != before_.outline().statements()[end.statement].text)
          continue;
        if (holds_for_less(end.branch, other.branch))
          return lost(VerdictLoss::fewer, end, &after_.outline().statements()[header]);
      }
    }
    return std::nullopt;
  }

  /// Equal but for one number, which moved to where the comparison holds less often.
  static bool holds_for_less(std::string_view before, std::string_view after) {
    static const Pattern compared(R"((>=?|<=?|-gt|-ge|-lt|-le)\s*"?(\d+(?:\.\d+)?))");
    auto then = compared.find(before), now = compared.find(after);
    while (then && now) {
      if (before.substr(0, then->begin) != after.substr(0, now->begin) || then->groups[1] != now->groups[1])
        return false;
      if (then->groups[2] != now->groups[2]) {
        const bool grew = std::strtod(std::string(*now->groups[2]).c_str(), nullptr) >
                          std::strtod(std::string(*then->groups[2]).c_str(), nullptr);
        const bool asks_for_more = then->groups[1]->front() == '>' || then->groups[1]->starts_with("-g");
        return grew == asks_for_more && before.substr(then->end) == after.substr(now->end);
      }
      before.remove_prefix(then->end), after.remove_prefix(now->end);
      then = compared.find(before), now = compared.find(after);
    }
    return false;
  }

  /// The condition asks, and asks only, for a variable that a pipeline's system sets in every job: `if
  /// (process.env.CI)`.
  static bool holds_in_pipelines(std::string_view condition) {
    static const Pattern asks(
        R"((?:environ(?:\.get\(|\[)\s*["']|getenv\(\s*["']|process\.env(?:\.|\[["'])|ENV\[["']|ENV\.(?:key\?|fetch|has_key\?)\(?["']|\$env:|\$ENV\{|\$\{?)(?:CI|CONTINUOUS_INTEGRATION|GITHUB_ACTIONS|GITLAB_CI|TF_BUILD|CIRCLECI|JENKINS_URL|BUILDKITE|TRAVIS|APPVEYOR|DRONE|CIRRUS_CI)\b)");
    static const Pattern turned(
        R"((?<![$\w])!|\bnot\b|-not\b|\bunless\b|\s-z\s|-ne\b|\b(?:None|null|nil|undefined)\b|(?:==|-eq|=)\s*(?:["']{2}|["']?(?:0|false)\b)|\b(?:and|or)\b|-(?:and|or)\b)");
    std::size_t questions = 0;
    text::each_match(asks, condition, [&](const text::Match&) { ++questions; });
    static const Pattern joined(R"(&&\s*+(?!(?:exit|return)\b)|\|\|)");
    return questions == 1 && !turned.matches(condition) && !joined.matches(condition);
  }

  static bool asks_environment(std::string_view text) {
    static const Pattern environment(
        R"(os\.environ|getenv|process\.env|ENV\[|ENV\.|\$env:|\$ENV\{|\$\{?(?:[A-Z][A-Z0-9_]{2,}|CI\b))");
    return environment.matches(text);
  }

  /// What fails by itself stands below a new `if os.environ.get("RUN_TESTS"):`.
  std::optional<LostVerdict> asked_for() const {
    static const Pattern condition(R"(^(?:if|elif|unless)\b)");
    const auto& then = before_.outline().statements();
    const auto& now = after_.outline().statements();
    for (const auto& end : before_.ends()) {
      if (end.mark || !end.branch.empty()) continue;
      for (const auto& other : after_.ends()) {
        const auto header = now[other.statement].header;
        if (header == none || now[other.statement].text != then[end.statement].text) continue;
        if (condition.matches(now[header].text) && asks_environment(now[header].text) &&
            headers(before_, now[header].text).empty())
          return lost(VerdictLoss::hangs, end, &now[header]);
      }
    }
    return std::nullopt;
  }

  /// `if os.environ.get("SKIP"): return 0` before what fails.
  std::optional<LostVerdict> skipped() const {
    if (after_.ends().empty()) return std::nullopt;
    std::set<std::string_view> known;
    for (const auto& statement : before_.outline().statements()) known.insert(statement.text);
    const auto last =
        std::max_element(after_.ends().begin(), after_.ends().end(), [](const FailingEnd& a, const FailingEnd& b) {
          return a.statement < b.statement;
        })->statement;
    static const Pattern inlined(
        R"((?:&&|\|\||:|\))\s*(?:exit(?:\s+0)?|return(?:\s+0)?|(?:sys|process)\.exit\(0?\))$|^(?:exit|return)(?:\s+0)?\s+(?:if|unless)\s)");
    for (std::size_t i = 0; i < last && i < after_.outline().statements().size(); ++i) {
      const auto& statement = after_.outline().statements()[i];
      if (known.count(statement.text) != 0 || !asks_environment(statement.text)) continue;
      const auto& inside = after_.outline().under(i);
      const bool ends =
          inlined.matches(statement.bare) || std::any_of(inside.begin(), inside.end(), [&](std::size_t at) {
            return after_.grammar().succeeds.matches(after_.outline().statements()[at].text);
          });
      const auto loss = holds_in_pipelines(statement.text) ? VerdictLoss::avoided : VerdictLoss::skipped;
      if (ends) return LostVerdict{loss, {}, statement.text, 0, statement.line};
    }
    return std::nullopt;
  }

  const FailingProgram& before_;
  const FailingProgram& after_;
};

/// `$ErrorActionPreference = 'Stop'` gave way to a setting that lets errors pass.
std::optional<LostVerdict> goes_on(const FailingProgram& before, const FailingProgram& after) {
  static const Pattern stops(R"re((?i)^\$(?:\w+:)?ErrorActionPreference\s*=\s*["']?Stop\b)re");
  static const Pattern passes(
      R"re((?i)^\$(?:\w+:)?ErrorActionPreference\s*=\s*["']?(?:SilentlyContinue|Continue|Ignore)\b)re");
  const auto find = [](const FailingProgram& program, const Pattern& wanted) -> const Statement* {
    const auto& all = program.outline().statements();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Statement& one) { return wanted.matches(one.text); });
    return found == all.end() ? nullptr : &*found;
  };
  const auto *stopped = find(before, stops), *passed = find(after, passes);
  if (stopped == nullptr || passed == nullptr || find(after, stops) != nullptr) return std::nullopt;
  return LostVerdict{VerdictLoss::fewer, stopped->text, passed->text, stopped->line, passed->line};
}

}  // namespace

bool gives_verdict(std::string_view text, Language language) {
  if (language == Language::none) return false;
  FailingProgram program(text, language);
  if (program.outline().statements().empty()) return false;
  program.find_ends(nullptr);
  return program.fails();
}

std::optional<LostVerdict> lost_verdict(std::string_view before, std::string_view after, Language language) {
  if (language == Language::none) return std::nullopt;
  FailingProgram then(before, language), now(after, language);
  if (then.outline().statements().empty() || now.outline().statements().empty()) return std::nullopt;
  then.find_ends(nullptr);
  now.find_ends(&then);
  // What decides over what decides: a flag, the function that sets it.
  std::set<std::string> names;
  for (unsigned round = 0; round < 3; ++round) {
    const auto known = names.size();
    then.add_deciding_names(names);
    now.add_deciding_names(names);
    if (known == names.size()) break;
    then.find_marks(names);
    now.find_marks(names);
  }
  if (auto lost = Losses(then, now).find()) return lost;
  if (auto lost = turned_default(then.outline(), now.outline())) return lost;
  return language == Language::powershell ? goes_on(then, now) : std::nullopt;
}

}  // namespace tollbar::document
