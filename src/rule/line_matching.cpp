// Matchers of lines: what they find in added lines, behind names and under disguises, and what was lost with a line.
#include <algorithm>
#include <map>

#include "rule/line_place.h"
#include "rule/line_proofs.h"
#include "rule/matching.h"
#include "rule/secret_scope.h"
#include "text/assignments.h"
#include "text/words.h"
#include "util/sha256.h"

namespace tollbar::rule {
namespace {

std::string_view found_text(const text::Match& match, std::string_view line) {
  for (std::size_t group = 1; group < match.groups.size(); ++group)
    if (match.groups[group] && !match.groups[group]->empty()) return *match.groups[group];
  return line.substr(match.begin, match.end - match.begin);
}

std::vector<text::Line> lines_with(const text::Pattern& pattern, std::string_view text) {
  auto lines = text::split_lines(text);
  std::erase_if(lines, [&](const text::Line& line) { return !pattern.matches(line.text); });
  return lines;
}

/// The first line that stands less often in the changed files than before, wherever it went.
const text::Line* first_gone(const std::vector<text::Line>& before, const text::Pattern& pattern, Change& change) {
  std::map<std::string_view, int> left;
  const auto count = [&](std::string_view text, int each) {
    for (const auto& line : lines_with(pattern, text)) left[text::trimmed(line.text)] += each;
  };
  for (auto& other : change.files()) {
    count(other.by_line().before_text(), -1);
    count(other.by_line().after_text(), 1);
  }
  const auto gone = std::find_if(before.begin(), before.end(),
                                 [&](const text::Line& line) { return left[text::trimmed(line.text)] < 0; });
  return gone == before.end() ? nullptr : &*gone;
}

}  // namespace

void find_lost(const LostMatch& match, Change& change, FileChange& file, std::vector<Fact>& facts) {
  const auto before = lines_with(match.pattern, file.before_text());
  if (before.empty()) return;
  const auto still = [&](FileChange& other) {
    return !lines_with(match.pattern, other.after_text()).empty() ||
           !lines_with(match.pattern, other.by_line().after_text()).empty();
  };
  if (!match.each && std::any_of(change.files().begin(), change.files().end(), still)) return;
  const auto* was = match.each ? first_gone(before, match.pattern, change) : &before.front();
  if (was == nullptr) return;
  Fact fact;
  fact.path = file.path();
  fact.line_before = file.source_line_before(was->number);
  const auto found = match.pattern.find(was->text);
  fact.before = shortened(found_text(*found, was->text));
  fact.subject = fact.before;
  fact.attributes["found"] = fact.before;
  facts.push_back(std::move(fact));
}

namespace {

/// A literal speaks for itself; what stands round other findings counts, too.
bool excluded(const LineMatch& match, std::string_view found, std::string_view line) {
  return std::any_of(match.none.begin(), match.none.end(), [&](const text::Pattern& pattern) {
    return pattern.matches(found) || (!match.value && pattern.matches(line));
  });
}

std::vector<std::string_view> matched(const LineMatch& match, std::string_view line) {
  std::vector<std::string_view> all;
  text::each_match(match.pattern, line, [&](const text::Match& hit) { all.push_back(found_text(hit, line)); });
  return all;
}

/// Literals that the text gives to names that the matcher wants.
std::vector<std::string_view> assigned(const LineMatch& match, std::string_view text) {
  std::vector<std::string_view> all;
  for (const auto& [name, literal, quoted] : text::assignments(text, match.pattern)) {
    if ((match.quoted && !quoted) || (match.not_name && match.not_name->matches(name))) continue;
    const auto hit = match.value->find(literal);
    if (hit && hit->begin == 0 && hit->end == literal.size()) all.push_back(found_text(*hit, literal));
  }
  return all;
}

/// The line before the one that starts here in the text.
std::string_view line_before(std::string_view text, std::string_view line) {
  const auto begin = static_cast<std::size_t>(line.data() - text.data());
  if (begin == 0 || begin > text.size()) return {};
  const auto end = begin - 1;
  const auto start = text.substr(0, end).rfind('\n');
  return text.substr(start == std::string_view::npos ? 0 : start + 1,
                     end - (start == std::string_view::npos ? 0 : start + 1));
}

/// The line after the one that stands here in the text.
std::string_view line_after(std::string_view text, std::string_view line) {
  const auto end = text.find('\n', static_cast<std::size_t>(line.data() - text.data()) + line.size());
  if (end == std::string_view::npos) return {};
  return text.substr(end + 1, text.find('\n', end + 1) - end - 1);
}

/// The line is taken away elsewhere in the file, as often as it is added, but for indentation; of a new file, with a
/// file that the matcher looks at as well and that goes away.
bool only_moved(const LineMatch& match, Change& change, FileChange& file, std::string_view line) {
  const auto content = text::trimmed(line);
  const auto times = [&](const std::vector<text::Line>& lines) {
    return std::count_if(lines.begin(), lines.end(),
                         [&](const text::Line& other) { return text::trimmed(other.text) == content; });
  };
  if (!file.delta().added()) return times(file.lines().removed) >= times(file.lines().added);
  const auto left_out = left_out_by_default(change.rules().kinds);
  return std::any_of(change.files().begin(), change.files().end(), [&](FileChange& other) {
    return other.delta().removed() && selects(match.files, other, left_out) && times(other.lines().removed) > 0;
  });
}

/// A removed line of the file says the same, but for what does not count.
bool stood_before(const text::Pattern& pattern, FileChange& file, std::string_view line) {
  const auto now = pattern.find(line);
  const auto& removed = file.lines().removed;
  return now && std::any_of(removed.begin(), removed.end(), [&](const text::Line& old) {
           const auto then = pattern.find(old.text);
           return then && then->groups[0] == now->groups[0];
         });
}

}  // namespace

std::vector<std::string_view> found_in_line(const LineMatch& match, std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  auto all = match.value ? assigned(match, text) : matched(match, line);
  std::erase_if(all, [&](std::string_view found) {
    return (match.entropy > 0 && entropy(found) < match.entropy) ||
           (!match.proof.empty() && !find_line_proof(match.proof)(found)) || excluded(match, found, line);
  });
  return all;
}

namespace {

/// The line and those after it on which a value may stand.
std::string_view with_lines_of_value(std::string_view text, std::string_view line) {
  const auto begin = static_cast<std::size_t>(line.data() - text.data());
  auto end = begin + line.size();
  for (std::size_t more = 0; more < text::lines_to_value && end < text.size(); ++more)
    end = std::min(text.find('\n', end + 1), text.size());
  return text.substr(begin, end - begin);
}

/// The added line that the stretch of the text begins on; null where that line was there before.
const text::Line* added_line_of(FileChange& file, std::string_view stretch) {
  const auto& added = file.lines().added;
  const auto after = std::upper_bound(added.begin(), added.end(), stretch.data(),
                                      [](const char* at, const text::Line& line) { return at < line.text.data(); });
  if (after == added.begin()) return nullptr;
  const auto& line = *std::prev(after);
  return stretch.data() <= line.text.data() + line.text.size() ? &line : nullptr;
}

Fact fact_of(const LineMatch& match, FileChange& file, const text::Line& line, std::string_view found) {
  Fact fact;
  fact.path = file.path();
  fact.line = file.source_line(line.number);
  if (match.secret)
    fact.after = redacted(found);
  else
    put_after(fact, line.text);
  fact.subject = match.secret ? fact.after : shortened(found, 80);
  fact.attributes["found"] = fact.subject;
  // Two secrets that look alike when redacted are not one fact.
  if (match.secret) fact.context = "digest: " + util::sha256_hex(found).substr(0, 16);
  if (match.secret) fact.secret = found;
  return fact;
}

}  // namespace

bool may_match(const LineMatch& match, FileChange& file, const text::Line& line) {
  if (!match.value) return match.pattern.matches(line.text);
  return !found_in_line(match, with_lines_of_value(file.after_text(), line.text)).empty();
}

void find_line(const LineMatch& match, Change& change, FileChange& file, const text::Line& first,
               std::vector<Fact>& facts) {
  if (!match.value && added_line_of(file, first.text) == nullptr) return;
  const auto looked_at = match.value ? with_lines_of_value(file.after_text(), first.text) : first.text;
  for (const auto found : found_in_line(match, looked_at)) {
    const auto* added = added_line_of(file, found);
    if (added == nullptr) continue;
    const auto& line = *added;
    if (match.behind && !match.behind->matches(line_before(file.after_text(), line.text))) continue;
    if (match.not_place && match.not_place->matches(place_of_line(file.path(), file.after_text(), found))) continue;
    if (match.ahead && !match.ahead->matches(line_after(file.after_text(), line.text))) continue;
    if (match.unless_same && stood_before(*match.unless_same, file, line.text)) continue;
    if (!match.secret && !match.value && only_moved(match, change, file, line.text)) continue;
    if (match.secrets_near && !secrets_in_reach(change, file.path(), file.source_line(line.number))) continue;
    // Repeated where it stood before, it gives away nothing more.
    if (match.secret && (file.before_text().find(found) != std::string_view::npos || change.took_away(found) ||
                         change.held_before(found)))
      continue;
    facts.push_back(fact_of(match, file, line, found));
  }
}

void find_disguised(const LineMatch& match, Change& change, FileChange& file, const text::Line& line,
                    std::string_view plain, std::vector<Fact>& facts) {
  if (added_line_of(file, line.text) == nullptr || change.took_away(line.text)) return;
  for (const auto found : found_in_line(match, plain))
    if (line.text.find(found) == std::string_view::npos) facts.push_back(fact_of(match, file, line, found));
}

}  // namespace tollbar::rule
