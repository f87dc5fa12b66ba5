// Facts about comments that tell a scanner to look away: those that the change adds net, so that moving or re-indenting
// one is nothing.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/literal_set.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

/// What every suppression holds one of, so that most lines cost one search each.
constexpr std::string_view words[] = {"zizmor:",     "nosec",       "checkov:",        "kics-scan",
                                      "tfsec:",      "trivy:",      "gitleaks:",       "nosemgrep",
                                      "NOSONAR",     "snyk",        "deepcode ignore", "codeql",
                                      "lgtm",        "nolint:",     "list secret",     "list nextline secret",
                                      "trufflehog:", "ggignore",    "terrascan:",      "ts:skip",
                                      "poutine:",    "bridgecrew:", "cortex:"};

/// Behind the opening of a comment, in the form that the scanner obeys; the words alone, as in prose, are none.
const text::Pattern& suppression() {
  static const text::Pattern pattern(
      R"((?:#|//|/\*|<!--|--(?=\s)|\{\{-?\s*/\*)[#\s]*(?|)"
      R"((zizmor:\s*ignore\b[^\s]*)|(nosec\b(?=\s*(?:$|[-:,#*]|[BG]\d|\w+_\w+)))|((?:checkov|bridgecrew|cortex|terrascan|ts):\s*skip\s*=\s*\S+))"
      R"(|(kics-scan\s+(?:ignore|disable)\S*)|((?:tfsec|trivy|poutine|snyk):\s*ignore\b\S*)|(nosemgrep\b(?=\s*(?:$|[-:,#*])))|(codeql\s*\[[^\]]+\]))"
      R"(|(lgtm\s*\[[^\]]+\])|(nolint:[\w,]*\bgosec\b[\w,]*)|(pragma:\s*(?:allow|white)list(?:\s+nextline)?\s+secret)|(ggignore\b)|((?:file\s+)?deepcode\s+ignore\b\s*\S*))"
      R"(|[^`"']{0,80}?(?<![`"'\w])((?:gitleaks:allow|trufflehog:ignore|NOSONAR)\b(?![`"']))))");
  return pattern;
}

struct Suppression {
  FileChange* file = nullptr;
  std::string what, code;
  std::uint32_t line = 0;
};

/// The line without its blanks: what it suppresses, wherever it moves.
std::string squeezed(std::string_view line) {
  std::string result(line);
  std::erase_if(result, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
  return result;
}

bool may_hold_any(std::string_view line) {
  static const text::LiteralSet literals({std::begin(words), std::end(words)});
  return literals.occurs_in(line);
}

bool may_gain_any(FileChange& file) {
  const auto& changed = file.changed();
  return std::any_of(changed.begin(), changed.end(), [](const auto& region) { return may_hold_any(region.after); });
}

std::vector<Suppression> find_all(FileChange& file, const std::vector<text::Line>& lines) {
  std::vector<Suppression> found;
  for (const auto& line : lines) {
    if (!may_hold_any(line.text)) continue;
    const auto match = suppression().find(line.text);
    if (!match || match->groups.size() < 2 || !match->groups[1]) continue;
    found.push_back(
        {&file, std::string(*match->groups[1]), squeezed(line.text), static_cast<std::uint32_t>(line.number)});
  }
  return found;
}

/// Takes out of `removed` what stood there before: the same line anywhere, else the same suppression in the same file.
bool stood_before(std::vector<Suppression>& removed, const Suppression& added) {
  const auto take = [&](const auto& same) {
    const auto found = std::find_if(removed.begin(), removed.end(), same);
    if (found == removed.end()) return false;
    removed.erase(found);
    return true;
  };
  return take([&](const Suppression& one) { return one.code == added.code; }) || take([&](const Suppression& one) {
           return one.file == added.file && squeezed(one.what) == squeezed(added.what);
         });
}

KindSet not_live(const Kinds& kinds) {
  KindSet set;
  for (const auto name : {"test-data", "documentation", "vendored", "lock-file"})
    if (const auto index = kinds.index(name)) set.set(*index);
  return set;
}

}  // namespace

void suppression_facts(Change& change, std::vector<Fact>& facts) {
  const auto left_out = not_live(change.rules().kinds);
  std::vector<Suppression> added, removed;
  const auto append = [](std::vector<Suppression>& to, std::vector<Suppression> from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  for (auto& file : change.files()) {
    const auto& delta = file.delta();
    if ((file.kinds() & left_out).any() || delta.mode_only() || !file.unreadable({}).empty()) continue;
    if (delta.after && !file.binary() && may_gain_any(file)) append(added, find_all(file, file.lines().added));
  }
  if (added.empty()) return;
  for (auto& file : change.files())
    if (file.delta().before && !file.delta().mode_only()) append(removed, find_all(file, file.lines().removed));
  for (const auto& suppression : added) {
    if (stood_before(removed, suppression)) continue;
    Fact fact;
    fact.kind = "suppression-added";
    fact.path = suppression.file->path();
    fact.line = suppression.line;
    fact.subject = shortened(suppression.what, 80);
    fact.after = fact.subject;
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
