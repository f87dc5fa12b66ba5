// Facts about calls in native build descriptions (CMake, Autoconf, Meson): what a configuration runs, fetches or tries
// to compile.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

constexpr std::size_t longest_call = 16'384;

struct Call {
  std::string function;  ///< lower case, without what stands before a dot
  std::string meaning;   ///< blanks and versions left out
  std::string_view text;
  std::uint32_t line = 0;
};

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Behind the bracket that closes the one at `open`, the end of the text where none does.
std::size_t call_end(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  const auto last = std::min(text.size(), open + longest_call);
  for (std::size_t at = open; at < last; ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '(')
      ++depth;
    else if (text[at] == ')' && --depth == 0)
      return at + 1;
  }
  return last;
}

/// A newer version of what is fetched says the same: version numbers, tags and checksums are left out, but not that
/// there is one.
std::string meaning_of(std::string_view text) {
  static const text::Pattern version(
      R"((?i)\b(GIT_TAG|URL_HASH|URL_MD5|EXPECTED_HASH|EXPECTED_MD5|VERSION|hash|version)\s*[=: ]\s*["']?[\w.=:/+-]*\d[\w.=:/+-]*["']?|\bv?\d+(?:[._]\d+)+[\w.-]*?(?=[/"'\s)]|\.t|\.z|$))");
  std::string result;
  std::size_t at = 0;
  const auto add = [&](std::string_view part) {
    std::copy_if(part.begin(), part.end(), std::back_inserter(result),
                 [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
  };
  while (const auto match = version.find(text, at)) {
    if (match->end == match->begin) break;
    add(text.substr(at, match->begin - at));
    if (match->groups.size() > 1 && match->groups[1]) add(*match->groups[1]);
    at = match->end;
  }
  add(text.substr(at));
  return result;
}

/// Calls in source order, those within others too. What stands in comments is no call.
std::vector<Call> calls_of(std::string_view text) {
  std::vector<Call> calls;
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ++line;
    const bool comment = text[at] == '#' || (text.substr(at, 4) == "dnl " && (at == 0 || !is_name(text[at - 1])));
    if (comment) {
      at = std::min(text.find('\n', at), text.size()) - 1;
      continue;
    }
    if (!is_name(text[at]) || (at > 0 && is_name(text[at - 1]))) continue;
    std::size_t end = at;
    while (end < text.size() && is_name(text[end])) ++end;
    const auto open = text.find_first_not_of(" \t", end);
    if (open == std::string_view::npos || text[open] != '(') continue;
    Call call{std::string(text.substr(at, end - at)), {}, text.substr(at, call_end(text, open) - at), line};
    std::transform(call.function.begin(), call.function.end(), call.function.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    calls.push_back(std::move(call));
  }
  return calls;
}

void compare(FileChange& file, std::vector<Fact>& facts) {
  // Meanings are made only of what the lines of the change can have altered: calls whose text stands on both sides are
  // the same without looking further.
  std::set<std::string_view> texts;
  std::set<std::string> meanings;
  const auto before = calls_of(file.before_text());
  for (const auto& call : before) texts.insert(call.text);
  std::vector<Call> fresh;
  for (auto& call : calls_of(file.after_text()))
    if (!texts.count(call.text)) fresh.push_back(std::move(call));
  if (fresh.empty()) return;
  for (const auto& call : before)
    if (std::any_of(fresh.begin(), fresh.end(), [&](const Call& other) { return other.function == call.function; }))
      meanings.insert(meaning_of(call.text));
  for (const auto& call : fresh) {
    if (meanings.count(meaning_of(call.text))) continue;
    Fact fact;
    fact.kind = "build-call-changed";
    fact.path = file.path();
    fact.line = call.line;
    put_after(fact, call.text);
    fact.subject = call.function;
    fact.attributes["function"] = call.function;
    facts.push_back(std::move(fact));
  }
}

}  // namespace

void build_call_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("native-build");
  for (auto& file : change.files()) {
    if (!kind || !file.kinds()[*kind] || !file.delta().after || file.delta().mode_only()) continue;
    if (file.unreadable(file.kinds()).empty() && !file.binary()) compare(file, facts);
  }
}

}  // namespace tollbar::rule
