// Defaults are told by the few ways in which each language writes them; which way a switch works, by its name.
#include "document/environment_defaults.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using text::Pattern;

/// Of a variable of the environment, and of the one that the program keeps it in.
struct Default {
  std::string value, kept_in;
  const Statement* statement = nullptr;
};
using Defaults = std::map<std::string, Default, std::less<>>;

/// The name and the default, in two groups.
const Pattern* written_defaults(Language language) {
  static const Pattern shell(R"(\$\{(\w+):?[-=]["']?(\w*)["']?\})");
  static const Pattern python(R"((?:\benviron\.get|\bgetenv)\(\s*["'](\w+)["']\s*,\s*["']?(\w*)["']?\s*\))");
  static const Pattern ruby(R"(\bENV(?:\.fetch\(\s*|\[)["'](\w+)["']\]?\s*(?:,|\|\|)\s*["']?(\w*))");
  static const Pattern javascript(R"(\bprocess\.env(?:\.|\[["'])(\w+)(?:["']\])?\s*(?:\?\?|\|\|)\s*["'`]?(\w*))");
  static const Pattern perl(R"(\$ENV\{["']?(\w+)["']?\}\s*(?://|\|\|)\s*["']?(\w*))");
  switch (language) {
    case Language::shell:
      return &shell;
    case Language::python:
      return &python;
    case Language::ruby:
      return &ruby;
    case Language::javascript:
      return &javascript;
    case Language::perl:
      return &perl;
    default:
      return nullptr;
  }
}

Defaults defaults_in(const ProgramOutline& outline) {
  static const Pattern assigned(R"((\w+)\s*:?=\s*(?:[\w.]*\()?["']?(?:os\.)?$)");  // just before the default
  Defaults found;
  const auto* pattern = written_defaults(outline.language());
  if (pattern == nullptr) return found;
  for (const auto& statement : outline.statements())
    text::each_match(*pattern, statement.text, [&](const text::Match& match) {
      const auto kept = assigned.find(std::string_view(statement.text).substr(0, match.begin));
      found.try_emplace(
          std::string(*match.groups[1]),
          Default{std::string(*match.groups[2]), kept ? std::string(*kept->groups[1]) : std::string(), &statement});
    });
  return found;
}

std::optional<bool> truth_of(std::string_view value) {
  static const Pattern yes(R"((?i)^(?:true|1|yes|y|on|enabled?)$)"), no(R"((?i)^(?:false|0|no|n|off|disabled?|)$)");
  if (yes.matches(value)) return true;
  return no.matches(value) ? std::optional(false) : std::nullopt;
}

/// What is set leaves something out.
bool leaves_out(std::string_view name) {
  static const Pattern words(R"((?i)(?:^|_)(?:skip|no|dont|disabled?|without|ignored?|omit|quick|fast)(?:_|$))");
  return words.matches(name);
}

/// A branch, or the rest of a line, that checks something hangs on the variable, or on what it is kept in.
bool decides_checks(const ProgramOutline& outline, const std::string& name, const std::string& kept_in) {
  const Pattern named("\\b(?:" + name + (kept_in.empty() ? "" : "|" + kept_in) + ")\\b");  // words by their patterns
  static const Pattern condition(R"(^(?:if|elif|unless|else of|case|while|until)\b|&&|\|\||\s\?\s)");
  static const Pattern checks(
      R"((?i)test|spec\b|lint|check|verif|valid|audit|scan|vet\b|clippy|mypy|tsc\b|ruff|flake8|tox\b|nox\b)");
  const auto& statements = outline.statements();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto& text = statements[i].text;
    if (!condition.matches(text) || !named.matches(text)) continue;
    const auto& inside = outline.under(i);
    if (inside.empty() ? checks.matches(text) : std::any_of(inside.begin(), inside.end(), [&](std::size_t at) {
          return checks.matches(statements[at].text);
        }))
      return true;
  }
  return false;
}

}  // namespace

std::optional<LostVerdict> turned_default(const ProgramOutline& before, const ProgramOutline& after) {
  const auto then = defaults_in(before);
  if (then.empty()) return std::nullopt;
  for (const auto& [name, now] : defaults_in(after)) {
    const auto known = then.find(name);
    if (known == then.end() || known->second.value == now.value) continue;
    const auto was = truth_of(known->second.value), is = truth_of(now.value);
    if (!was || !is || *was == *is || *is != leaves_out(name) || !decides_checks(after, name, now.kept_in)) continue;
    const auto& statement = *known->second.statement;
    return LostVerdict{VerdictLoss::hangs, statement.text, now.statement->text, statement.line, now.statement->line};
  }
  return std::nullopt;
}

}  // namespace tollbar::document
