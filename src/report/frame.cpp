// Cuts lines and texts to what a reader needs.
#include "report/frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/escape.h"
#include "text/line_diff.h"

namespace tollbar::report {
namespace {

constexpr std::size_t lines_a_side = 6;
constexpr std::string_view cut = "…";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const text::Line& line : text::split_lines(text)) {
    lines.push_back(escape(line.text));
  }
  return lines;
}

/// Takes the equal lines at both ends away.
void trim_equal_ends(std::vector<std::string>& before, std::vector<std::string>& after) {
  const auto head = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  before.erase(before.begin(), head.first);
  after.erase(after.begin(), head.second);
  while (!before.empty() && !after.empty() && before.back() == after.back()) {
    before.pop_back();
    after.pop_back();
  }
}

/// The columns in which `text` differs from `other`, both without their common ends.
std::pair<std::size_t, std::size_t> differing_columns(std::string_view text, std::string_view other) {
  const std::size_t shorter = std::min(text.size(), other.size());
  std::size_t head = 0;
  while (head < shorter && text[head] == other[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < shorter - head && text[text.size() - 1 - tail] == other[other.size() - 1 - tail]) {
    ++tail;
  }
  return {columns(text.substr(0, head)), columns(text.substr(0, text.size() - tail))};
}

void add_side(std::vector<FrameLine>& frame, FrameLine::Side side, const std::vector<std::string>& lines,
              const std::vector<std::string>& others, std::size_t width) {
  const std::size_t shown = lines.size() > lines_a_side ? lines_a_side - 1 : lines.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string_view other = i < others.size() ? std::string_view(others[i]) : std::string_view();
    const auto [begin, end] = differing_columns(lines[i], other);
    frame.push_back({side, clip(lines[i], width, begin, end)});
  }
  if (shown < lines.size()) {
    frame.push_back({FrameLine::Side::gap, fmt::format("{} {} more lines", cut, lines.size() - shown)});
  }
}

}  // namespace

std::string clip(std::string_view text, std::size_t width, std::size_t begin, std::size_t end) {
  const std::size_t length = columns(text);
  if (length <= width || width < 2) {
    return std::string(text);
  }
  // The difference in the middle where it fits, its beginning where it does not; each cut end costs a column.
  const std::size_t difference = std::min(end > begin ? end - begin : 0, width);
  const std::size_t lead = (width - difference) / 2;
  std::size_t from = begin > lead ? begin - lead : 0;
  from = std::min(from, length - width);
  const std::size_t to = from + width;
  const bool cut_front = from > 0;
  const bool cut_back = to < length;
  const std::size_t first = offset_of_column(text, from + (cut_front ? 1 : 0));
  const std::size_t last = offset_of_column(text, to - (cut_back ? 1 : 0));
  return std::string(cut_front ? cut : "").append(text.substr(first, last - first)).append(cut_back ? cut : "");
}

std::vector<FrameLine> frame(std::string_view before, std::string_view after, std::size_t width) {
  std::vector<std::string> before_lines = lines_of(before);
  std::vector<std::string> after_lines = lines_of(after);
  trim_equal_ends(before_lines, after_lines);
  std::vector<FrameLine> frame;
  add_side(frame, FrameLine::Side::before, before_lines, after_lines, width);
  add_side(frame, FrameLine::Side::after, after_lines, before_lines, width);
  return frame;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    if (word.empty()) {
      continue;
    }
    if (lines.empty() || columns(lines.back()) + 1 + columns(word) > width) {
      lines.emplace_back(word);
    } else {
      lines.back().append(1, ' ').append(word);
    }
  }
  return lines;
}

}  // namespace tollbar::report
