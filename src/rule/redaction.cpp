// Line by line, as the matchers were written for lines.
#include "rule/redaction.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "rule/matching.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

/// How shortened() joins lines: matchers that are bound to the beginning of a line shall see it again.
constexpr std::string_view joint = " ; ";

/// From the armour's first line to its last, or to the end where it was cut off.
std::string without_private_keys(std::string_view text) {
  static const text::Pattern armour(
      R"((?s)-{5}BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-{5}.*?(?:-{5}END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-{5}|\z))");
  std::string result;
  std::size_t from = 0;
  while (const auto block = armour.find(text, from)) {
    result += text.substr(from, block->begin - from);
    result += "-----BEGIN PRIVATE KEY-----" + redacted(text.substr(block->begin, block->end - block->begin));
    from = block->end;
    if (from >= text.size()) break;
  }
  return result += text.substr(std::min(from, text.size()));
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + separator.size();
  }
  return parts;
}

/// Every value of a Secret's data, as documents are shown on one line: `{kind: Secret, stringData: {password: ...}}`.
std::set<std::string> values_of_manifest(std::string_view line) {
  static const text::Pattern data(R"(\b(?:stringData|data): \{([^{}]*))");
  constexpr std::size_t shortest = 4;
  std::set<std::string> values;
  std::size_t from = 0;
  while (from < line.size() && line.find("kind: Secret") != std::string_view::npos) {
    const auto block = data.find(line, from);
    if (!block) break;
    for (const auto pair : split(*block->groups[1], ", ")) {
      const auto colon = pair.find(": ");
      const auto value = colon == std::string_view::npos ? std::string_view{} : pair.substr(colon + 2);
      if (value.size() >= shortest) values.emplace(value);
    }
    from = block->end;
  }
  return values;
}

void put_out(const std::string& secret, std::string& text) {
  const auto shown = redacted(secret);
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + shown.size()))
    text.replace(at, secret.size(), shown);
}

/// No matcher knows half a key.
std::string without_cut_words(const std::string& text) {
  static const text::Pattern cut(R"((?m)([A-Za-z0-9_+/=.~-]{10,})\.\.\.$)");
  std::string result;
  std::size_t from = 0;
  while (const auto found = cut.find(text, from)) {
    const std::string_view word = *found->groups[1];
    const bool digits = word.find_first_of("0123456789") != std::string_view::npos;
    const bool a_path = word.find('/') != std::string_view::npos && word.find('.') != std::string_view::npos;
    result += text.substr(from, found->begin - from);
    result += digits && !a_path ? "***..." : text.substr(found->begin, found->end - found->begin);
    from = found->end;
  }
  return result += text.substr(from);
}

}  // namespace

std::string without_named_secrets(std::string_view prose) {
  static const text::Pattern named(
      R"re((?ix) (?: [\w.-]* (?: passw(?:or)?d | passphrase | passcode | pwd | secret | token | credential
                             | (?:api|access|private|signing)[\ _-]?key ) s? ["'`]? \s* (?: := | => | [=:] ) \s*
                  (?: (?:bearer|basic|token) \s+ )?
                | authorization ["'`]? \s* [=:] \s* (?: (?:bearer|basic|token) \s+ )? )
           (?: "([^"\n]{4,})" | '([^'\n]{4,})' | `([^`\n]{4,})` | ([^\s"'`,;&<>]{4,}) ))re");
  static const text::Pattern no_value(
      R"((?i)^(?:[$%{<*]|\(|(?:secrets|vars|env|inputs|vault|op|ref)[.:+]|(?:read|write|none|null|true|false|admin)\b)|\*\*\*\()");
  std::string result;
  std::size_t from = 0;
  text::each_match(named, prose, [&](const text::Match& found) {
    for (std::size_t group = 1; group < found.groups.size(); ++group) {
      if (!found.groups[group] || no_value.matches(*found.groups[group])) continue;
      const std::string_view value = *found.groups[group];
      const auto begin = static_cast<std::size_t>(value.data() - prose.data());
      result += prose.substr(from, begin - from);
      result += "***(" + std::to_string(value.size()) + " characters)";  // what people choose shows in its beginning
      from = begin + value.size();
    }
  });
  return result += prose.substr(from);
}

Redactor::Redactor(const RuleSet& rules) {
  for (const auto& rule : rules.rules)
    for (const auto& matcher : rule.match)
      if (const auto* line = std::get_if<LineMatch>(&matcher); line != nullptr && line->secret)
        secrets_.push_back(line);
}

std::string Redactor::redact(std::string_view text) const {
  std::string result(text);
  redact({&result});
  return result;
}

void Redactor::take_out(const std::vector<std::string*>& texts, Care care, std::set<std::string> secrets) const {
  for (std::string* text : texts) {
    *text = without_private_keys(*text);
    secrets.merge(secrets_in(*text, care));
  }
  for (std::string* text : texts)
    for (const std::string& secret : secrets) put_out(secret, *text);
}

void Redactor::take_out_secrets(const std::vector<std::string*>& texts, const std::set<std::string>& known) const {
  take_out(texts, Care::shown, known);
}

void Redactor::redact(const std::vector<std::string*>& texts) const {
  take_out(texts, Care::kept, {});
  for (std::string* text : texts) *text = without_cut_words(*text);
}

namespace {

/// What has the shape of a key, whether or not its checksum fits: one mistyped character hides nothing of the others.
std::vector<std::string_view> shapes_in_line(const LineMatch& match, std::string_view line) {
  if (match.proof != "crc62") return found_in_line(match, line);
  std::vector<std::string_view> all;
  text::each_match(match.pattern, line, [&](const text::Match& hit) {
    const bool named = hit.groups.size() > 1 && hit.groups[1];
    all.push_back(named ? *hit.groups[1] : line.substr(hit.begin, hit.end - hit.begin));
  });
  return all;
}

/// The line itself, and what begins behind each of its dashes and underscores: to a matcher they are part of a word,
/// to those who name branches and incidents they are not.
std::vector<std::string_view> beginnings_of(std::string_view line) {
  constexpr std::size_t most = 64;
  std::vector<std::string_view> all{line};
  for (auto at = line.find_first_of("-_"); at != std::string_view::npos && all.size() < most;
       at = line.find_first_of("-_", at + 1))
    all.push_back(line.substr(at + 1));
  return all;
}

}  // namespace

std::set<std::string> Redactor::secrets_in(std::string_view text, Care care) const {
  std::set<std::string> secrets;
  const auto look_at = [&](std::string_view line) {
    for (const auto* match : secrets_)
      for (const auto found : found_in_line(*match, line)) secrets.emplace(found);
    if (care == Care::shown) return;
    for (const auto beginning : beginnings_of(line))
      for (const auto* match : secrets_) {
        if (match->value) continue;  // it goes by the whole name that a key is given to
        for (const auto found : shapes_in_line(*match, beginning)) secrets.emplace(found);
      }
  };
  for (const auto line : split(text, "\n")) {
    look_at(line);
    secrets.merge(values_of_manifest(line));
    if (line.find(joint) != std::string_view::npos)
      for (const auto piece : split(line, joint)) look_at(piece);
  }
  return secrets;
}

}  // namespace tollbar::rule
