// Line by line, as the matchers were written for lines.
#include "rule/redaction.h"

#include <algorithm>
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

/// No matcher knows half a key.
std::string without_cut_word(std::string line) {
  static const text::Pattern cut(R"(([A-Za-z0-9_+/=.~-]{10,})\.\.\.$)");
  const auto found = cut.find(line);
  if (!found) return line;
  const std::string_view word = *found->groups[1];
  const bool digits = word.find_first_of("0123456789") != std::string_view::npos;
  const bool a_path = word.find('/') != std::string_view::npos && word.find('.') != std::string_view::npos;
  if (!digits || a_path) return line;
  return line.substr(0, found->begin) + "***...";
}

}  // namespace

Redactor::Redactor(const RuleSet& rules) {
  for (const auto& rule : rules.rules)
    for (const auto& matcher : rule.match)
      if (const auto* line = std::get_if<LineMatch>(&matcher); line != nullptr && line->secret)
        secrets_.push_back(line);
}

std::string Redactor::redact(std::string_view text) const {
  const std::string whole = without_private_keys(text);
  std::string result;
  for (std::size_t at = 0; at <= whole.size();) {
    const auto end = std::min(whole.find('\n', at), whole.size());
    result += redact_line(std::string_view(whole).substr(at, end - at));
    if (end < whole.size()) result += '\n';
    at = end + 1;
  }
  return result;
}

std::string Redactor::redact_line(std::string_view line) const {
  std::string result(line);
  const auto take_out = [&](const LineMatch& match, std::string_view where) {
    std::vector<std::string> found;  // copies, as the line changes under them
    for (const auto stretch : found_in_line(match, where)) found.emplace_back(stretch);
    return found;
  };
  for (const auto* match : secrets_) {
    auto found = take_out(*match, result);
    const std::string copy = result;
    for (std::size_t at = 0; copy.find(joint) != std::string::npos && at < copy.size();) {
      const auto end = std::min(copy.find(joint, at), copy.size());
      for (auto& secret : take_out(*match, std::string_view(copy).substr(at, end - at)))
        found.push_back(std::move(secret));
      at = end + joint.size();
    }
    for (const auto& secret : found)
      for (auto at = result.find(secret); at != std::string::npos; at = result.find(secret, at)) {
        const auto shown = redacted(secret);
        result.replace(at, secret.size(), shown);
        at += shown.size();
      }
  }
  return without_cut_word(std::move(result));
}

}  // namespace tollbar::rule
