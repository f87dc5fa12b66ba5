// Conditions and tests are read as text: the few forms that are surely met by a failed step, and no others.
#include "reach/later_verdict.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "text/pattern.h"

namespace tollbar::reach {
namespace {

using pipeline::Step;

/// Without blanks, and with one kind of quotes.
std::string squeezed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    result += c == '"' ? '\'' : c;
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

std::string_view without_braces(std::string_view text) {
  if (text.starts_with("${{") && text.ends_with("}}")) text = text.substr(3, text.size() - 5);
  return text;
}

/// One way to meet the condition is that the step has failed, with nothing else to ask for.
bool met_by_failure(std::string_view condition, const std::string& outcome) {
  const std::string text = squeezed(condition);
  const std::array asked{outcome + "=='failure'", outcome + "!='success'", "'failure'==" + outcome,
                         "'success'!=" + outcome};
  const auto ways = split(without_braces(text), "||");
  return std::any_of(ways.begin(), ways.end(), [&](std::string_view way) {
    bool named = false;
    for (const auto part : split(way, "&&")) {
      if (std::find(asked.begin(), asked.end(), part) != asked.end())
        named = true;
      else if (part != "always()" && part != "!cancelled()")
        return false;
    }
    return named;
  });
}

/// A command that fails whatever came before it, and that nothing swallows.
bool always_fails(const Step& step) {
  const auto script = step.with.find("script");
  if (script != step.with.end() && script->second.find("core.setFailed(") != std::string::npos) return true;
  return std::any_of(step.script.commands.begin(), step.script.commands.end(), [](const document::Command& command) {
    const auto& context = command.context;
    if (context.conditional || context.unreachable || context.masked || context.background || context.in_substitution ||
        context.shadowed || !context.function.empty())
      return false;
    if (command.program() == "false") return context.fatal;
    return command.program() == "exit" && command.argv.size() == 2 && !command.argv[1].dynamic &&
           command.argv[1].text != "0";
  });
}

/// `test "${{ steps.lint.outcome }}" = success`, which fails the script by itself.
bool tests_outcome(const Step& step, const std::string& outcome) {
  return std::any_of(step.script.commands.begin(), step.script.commands.end(), [&](const document::Command& command) {
    if (!command.context.fatal || command.context.conditional) return false;
    const auto program = command.program();
    if (program != "test" && program != "[" && program != "[[") return false;
    if (command.argv.size() < 4 || squeezed(command.argv[1].text) != "${{" + outcome + "}}") return false;
    const auto& relation = command.argv[2].text;
    const auto& wanted = command.argv[3].text;
    return relation == "!=" ? wanted == "failure" : wanted == "success";
  });
}

/// What follows a search that found something makes the script fail.
bool fails_where_found(std::string_view script, std::string_view file) {
  static const text::Pattern denied(R"((?m)^[ \t]*!\s*(?:e|f|z)?(?:grep|rg|jq|ag)\b([^\n|;&]*)\s*\z)");
  static const text::Pattern branch(
      R"((?s)\bif\s+(?:e|f|z)?(?:grep|rg|jq|ag)\b([^\n;]*)[\n;]\s*then\b(?:(?!\bfi\b).)*?\bexit\s+[1-9$])");
  static const text::Pattern chained(
      R"((?m)^[ \t]*(?:e|f|z)?(?:grep|rg|jq|ag)\b([^\n|;&]*)&&\s*(?:exit\s+[1-9]|false\b))");
  static const text::Pattern empty(R"((?m)(?:\[\s+!|\btest\s+!)\s+-s\s+([^\n\]|;&]*)\]?\s*\z)");
  for (const auto* form : {&denied, &branch, &chained, &empty}) {
    for (std::size_t from = 0; from <= script.size();) {
      const auto match = form->find(script, from);
      if (!match) break;
      if (match->groups[1] && match->groups[1]->find(file) != std::string_view::npos) return true;
      from = std::max(match->end, match->begin + 1);
    }
  }
  return false;
}

}  // namespace

bool judged_later(const pipeline::Job& job, const Step& step) {
  if (step.id.empty() || job.steps.empty()) return false;
  const std::string outcome = "steps." + step.id + ".outcome";
  const auto begin = std::find_if(job.steps.begin(), job.steps.end(), [&](const Step& s) { return &s == &step; });
  if (begin == job.steps.end()) return false;
  return std::any_of(begin + 1, job.steps.end(), [&](const Step& later) {
    if (later.may_fail || later.may_fail_sometimes || later.is_cleanup) return false;
    if (met_by_failure(later.condition.text, outcome)) return always_fails(later);
    return later.condition.truth == pipeline::Truth::always && tests_outcome(later, outcome);
  });
}

bool handed_in_later(const pipeline::Job& job, const Step& step) {
  struct Pair {
    std::string_view finds, hands_in;
  };
  constexpr std::array<Pair, 1> kPairs{{{"github/codeql-action/analyze", "github/codeql-action/upload-sarif"}}};
  const auto is = [](const Step& one, std::string_view action) {
    return one.uses.substr(0, one.uses.find('@')) == action;
  };
  const auto begin = std::find_if(job.steps.begin(), job.steps.end(), [&](const Step& s) { return &s == &step; });
  if (begin == job.steps.end()) return false;
  return std::any_of(kPairs.begin(), kPairs.end(), [&](const Pair& pair) {
    return is(step, pair.finds) && std::any_of(begin + 1, job.steps.end(), [&](const Step& later) {
             return is(later, pair.hands_in) && !later.may_fail && later.condition.truth != pipeline::Truth::never;
           });
  });
}

bool reads_for_verdict(const pipeline::Job& job, const Step& step, const std::vector<std::string>& files) {
  const auto begin = std::find_if(job.steps.begin(), job.steps.end(), [&](const Step& s) { return &s == &step; });
  return std::any_of(begin, job.steps.end(), [&](const Step& reading) {
    if (reading.may_fail || reading.is_cleanup) return false;
    if (&reading != &step && reading.condition.truth == pipeline::Truth::never) return false;
    return std::any_of(files.begin(), files.end(),
                       [&](const std::string& file) { return fails_where_found(reading.run, file); });
  });
}

}  // namespace tollbar::reach
