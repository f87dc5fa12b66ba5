// Matchers over facts, commands and paths, and the words in which they tell what they found.
#include "rule/matching.h"

#include <algorithm>
#include <set>

#include "document/command_identity.h"
#include "document/far_commands.h"
#include "document/shell_listing.h"
#include "rule/checks/pairs.h"
#include "text/glob.h"
#include "text/pattern.h"
#include "util/sha256.h"

namespace tollbar::rule {
namespace {

bool has_any(const KindSet& kinds, const std::vector<std::uint8_t>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](std::uint8_t kind) { return kinds[kind]; });
}

bool any_glob(const std::vector<text::Glob>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(), [&](const text::Glob& glob) { return glob.matches(path); });
}

/// Globs over values, unlike those over paths, may cross any character; case does not count.
bool value_matches(std::string_view glob, std::string_view value) {
  std::size_t g = 0, v = 0, star = std::string_view::npos, mark = 0;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  while (v < value.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      mark = v;
    } else if (g < glob.size() && (glob[g] == '?' || lower(glob[g]) == lower(value[v]))) {
      ++g;
      ++v;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      v = ++mark;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace

bool TextTest::holds(std::string_view text) const {
  if (!any_of.empty() &&
      std::none_of(any_of.begin(), any_of.end(), [&](const std::string& glob) { return value_matches(glob, text); }))
    return false;
  if (pattern && !pattern->matches(text)) return false;
  return !not_pattern || !not_pattern->matches(text);
}

KindSet left_out_by_default(const Kinds& kinds) {
  KindSet set;
  for (const auto name : {"test-data", "vendored"})
    if (const auto index = kinds.index(name)) set.set(*index);
  return set;
}

bool selects(const FileTest& test, const FileChange& file, KindSet left_out) {
  const auto kinds = file.kinds();
  if (has_any(kinds, test.not_kinds) || (test.kept && file.went_with_folder())) return false;
  if (test.stays && (!file.delta().before || !file.delta().after)) return false;
  if (!test.kinds.empty() && !has_any(kinds, test.kinds)) return false;
  if (test.kinds.empty() && test.paths.empty() && (kinds & left_out).any()) return false;
  if (test.paths.empty() && test.not_paths.empty()) return true;
  const auto& folded = file.folded_path();
  return (test.paths.empty() || any_glob(test.paths, folded)) && !any_glob(test.not_paths, folded);
}

bool selects(const FactMatch& match, const Fact& fact) {
  if (std::find(match.facts.begin(), match.facts.end(), fact.kind) == match.facts.end()) return false;
  for (const auto& [name, test] : match.where)
    if (!test.holds(fact.attribute(name))) return false;
  for (const auto& [name, test] : match.unless)
    if (test.holds(fact.attribute(name))) return false;
  return true;
}

namespace {

/// What runs as one text: the program by its own name, wherever it is installed, its arguments, and behind them the
/// variables that are set for it alone (`rails db:drop RAILS_ENV=test`).
std::string essential_text(const document::Command& command, const std::vector<document::Word>& words) {
  document::Command bare;
  bare.argv = words;
  if (!words.empty() && words.front().text.starts_with('/'))
    bare.argv.front().text.erase(0, words.front().text.rfind('/') + 1);
  for (const auto& assignment : command.assignments)
    if (assignment.name != document::standing_place)
      bare.argv.push_back({assignment.name + "=" + assignment.value.text, assignment.value.dynamic, false, 0});
  const auto wrapping = command.argv.size() - std::min(command.argv.size(), words.size());
  for (std::size_t i = 1; i < wrapping; ++i)
    if (!document::assigned_name(command.argv[i].text).empty()) bare.argv.push_back(command.argv[i]);
  return bare.text();
}

/// Where the command runs, as far as its surroundings say: ` @=ssh db1.staging.quern.net`.
std::string place_text(const document::Command& command) {
  std::string text;
  for (const auto& assignment : command.assignments)
    if (assignment.name == document::standing_place)
      text.append(" ").append(assignment.name).append("=").append(assignment.value.text);
  return text;
}

bool selects(const CommandMatch& match, const CommandPlace& place, const std::vector<document::Word>& words) {
  const std::string_view program = words.empty() ? std::string_view{} : std::string_view(words.front().text);
  if (!match.program.empty()) {
    const auto base = program.substr(program.rfind('/') == std::string_view::npos ? 0 : program.rfind('/') + 1);
    if (std::none_of(match.program.begin(), match.program.end(), [&](const std::string& glob) {
          return value_matches(glob, program) || value_matches(glob, base);
        }))
      return false;
  }
  auto text = essential_text(place.command, words);
  if (match.input) {
    if (!place.command.input().empty()) text.append(" ").append(place.command.input());
    for (const auto& redirection : place.command.redirections)
      if (redirection.op == "<") text.append(" < ").append(redirection.target.text);
  }
  const auto found = [&](const text::Pattern& pattern) { return pattern.matches(text); };
  if (!match.any.empty() && std::none_of(match.any.begin(), match.any.end(), found)) return false;
  const auto where = place_text(place.command);
  const auto whole = where.empty() ? std::string() : text + where;
  const auto told = [&](const text::Pattern& pattern) {
    return pattern.matches(text) || (!whole.empty() && pattern.matches(whole));
  };
  return std::all_of(match.all.begin(), match.all.end(), told) &&
         std::none_of(match.none.begin(), match.none.end(), told);
}

}  // namespace

bool selects(const CommandMatch& match, const CommandPlace& place) {
  if (match.subject && !match.subject->holds(place.subject)) return false;
  const auto words = document::essential(place.command);
  if (selects(match, place, words)) return true;
  // A program that starts another one may be meant itself: `op run -- ./deploy.sh`.
  return !match.program.empty() && words.size() != place.command.argv.size() &&
         selects(match, place, place.command.argv);
}

bool says_no_more(const std::vector<text::Pattern>& gains, const document::Command& command,
                  const document::Command& than) {
  const std::string text = command.text(), other = than.text();
  return std::all_of(gains.begin(), gains.end(), [&](const text::Pattern& gain) {
    std::set<std::string_view> known;
    text::each_match(gain, other, [&](const text::Match& match) { known.insert(*match.groups[0]); });
    bool no_more = true;
    text::each_match(gain, text,
                     [&](const text::Match& match) { no_more = no_more && known.count(*match.groups[0]) != 0; });
    return no_more;
  });
}

Fact command_fact(const Change::NewCommand& command, bool removed) {
  Fact fact;
  fact.path = command.path;
  fact.subject = command.place.subject;
  const auto words = document::essential(command.place.command);
  fact.attributes["program"] = words.empty() ? std::string(command.place.command.program()) : words.front().text;
  fact.attributes["command"] = shortened(command.place.command.text());
  if (command.job != nullptr) fact.attributes["job"] = command.job->id;
  fact.attributes["who"] = fact.subject.empty() ? command.path : fact.subject;
  if (command.job != nullptr) fact.target.environment = command.job->environment;
  if (command.job != nullptr) fact.context = surroundings(*command.pipeline, *command.job);
  removed ? put_before(fact, command.place.command.text()) : put_after(fact, command.place.command.text());
  (removed ? fact.line_before : fact.line) = command.place.line;
  return fact;
}

void find_path(const PathMatch& match, const FileChange& file, std::vector<Fact>& facts) {
  const auto& delta = file.delta();
  const bool mode = delta.before && delta.after && delta.before->mode != delta.after->mode;
  const bool modified = delta.before && delta.after && delta.before->id != delta.after->id;
  std::string what;
  if (match.added && delta.added()) what = "added";
  if (match.removed && delta.removed()) what = "removed";
  if (match.modified && modified) what = "modified";
  if (match.mode && mode) what = "mode changed";
  if (what.empty()) return;
  Fact fact;
  fact.path = file.path();
  fact.subject = file.path();
  fact.attributes["happened"] = what;
  (delta.removed() ? fact.before : fact.after) = what;
  if (delta.after) fact.line = 1;
  if (delta.before) fact.line_before = 1;
  facts.push_back(std::move(fact));
}

std::string redacted(std::string_view secret) {
  const auto shown = secret.size() >= 16 ? std::min<std::size_t>(6, secret.size() / 4) : std::size_t{0};
  return std::string(secret.substr(0, shown)) + "***(" + std::to_string(secret.size()) + " characters)";
}

std::string shortened(std::string_view text, std::size_t limit) {
  std::string result;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') {
      if (!result.empty() && result.back() != ' ') result += " ; ";
    } else {
      result += c;
    }
    if (result.size() > limit + 8) break;
  }
  while (!result.empty() && (result.back() == ' ' || result.back() == ';')) result.pop_back();
  if (result.size() <= limit) return result;
  auto cut = limit - 3;
  while (cut > 0 && (static_cast<unsigned char>(result[cut]) & 0xC0U) == 0x80U) --cut;
  return result.substr(0, cut) + "...";
}

namespace {

std::string put(Fact& fact, std::string_view side, std::string_view text) {
  auto result = shortened(text);
  if (result != text) {
    fact.context +=
        (fact.context.empty() ? "" : "; ") + std::string(side) + " in full: sha256:" + util::sha256_hex(text);
  }
  return result;
}

}  // namespace

void put_before(Fact& fact, std::string_view text) {
  fact.before = put(fact, "before", text);
}

void put_after(Fact& fact, std::string_view text) {
  fact.after = put(fact, "after", text);
}

std::string fill(std::string_view text_template, const Fact& fact) {
  std::string result;
  std::size_t at = 0;
  while (at < text_template.size()) {
    const auto open = text_template.find('{', at);
    const auto close = open == std::string_view::npos ? open : text_template.find('}', open);
    if (close == std::string_view::npos) break;
    result += text_template.substr(at, open - at);
    const auto name = text_template.substr(open + 1, close - open - 1);
    const auto value = fact.attribute(name);
    result += value.empty() && (name == "before" || name == "after") ? "nothing" : value;
    at = close + 1;
  }
  return result += text_template.substr(at);
}

}  // namespace tollbar::rule
