// Line differences: numbers and texts, minimality against brute force, and that replaying one gives the other side.
#include "text/line_diff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using tollbar::text::diff_lines;
using tollbar::text::Line;
using tollbar::text::LineDiff;
using tollbar::text::split_lines;

namespace {

std::string lines_of(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) text += std::to_string(line.number) + ":" + std::string(line.text) + " ";
  return text;
}

/// Removes and inserts as the difference says: must give the after side.
void check_replay(const std::string& before, const std::string& after, const LineDiff& diff) {
  const std::vector<Line> old_lines = split_lines(before);
  std::vector<std::string_view> kept;
  std::size_t removed = 0;
  for (const Line& line : old_lines) {
    if (removed < diff.removed.size() && diff.removed[removed].number == line.number) {
      CHECK(diff.removed[removed++].text == line.text);
    } else {
      kept.push_back(line.text);
    }
  }
  CHECK(removed == diff.removed.size());
  std::vector<std::string_view> result;
  std::size_t next_kept = 0;
  std::size_t next_added = 0;
  while (next_kept < kept.size() || next_added < diff.added.size()) {
    const bool add = next_added < diff.added.size() && diff.added[next_added].number == result.size() + 1;
    if (!add && next_kept == kept.size()) break;
    result.push_back(add ? diff.added[next_added++].text : kept[next_kept++]);
  }
  std::vector<std::string_view> expected;
  for (const Line& line : split_lines(after)) expected.push_back(line.text);
  CHECK(next_added == diff.added.size());
  CHECK(result == expected);
}

std::size_t longest_common(const std::vector<Line>& a, const std::vector<Line>& b) {
  std::vector<std::vector<std::size_t>> length(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j)
      length[i][j] =
          a[i - 1].text == b[j - 1].text ? length[i - 1][j - 1] + 1 : std::max(length[i - 1][j], length[i][j - 1]);
  return length[a.size()][b.size()];
}

std::string random_text(std::mt19937& random, std::size_t lines, std::size_t words) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) {
    text += "line " + std::to_string(random() % words);
    text += random() % 8 == 0 ? "\r\n" : "\n";
  }
  if (random() % 3 == 0 && !text.empty()) text.pop_back();
  return text;
}

}  // namespace

TEST_CASE("lines are numbered and stripped of their ends") {
  CHECK(lines_of(split_lines("a\r\n\nb")) == "1:a 2: 3:b ");
  CHECK(split_lines("").empty());
  CHECK(lines_of(split_lines("\n")) == "1: ");
  CHECK(lines_of(split_lines("a\rb\n")) == "1:a\rb ");
}

TEST_CASE("what was added and removed") {
  const LineDiff diff = diff_lines("a\nb\nc\n", "a\nx\nc\nd\n");
  CHECK(lines_of(diff.removed) == "2:b ");
  CHECK(lines_of(diff.added) == "2:x 4:d ");
  CHECK(lines_of(diff_lines("", "a\nb").added) == "1:a 2:b ");
  CHECK(lines_of(diff_lines("a\nb", "").removed) == "1:a 2:b ");
}

TEST_CASE("line ends are no difference") {
  const LineDiff diff = diff_lines("a\r\nb\r\nc", "a\nb\nc\n");
  CHECK(diff.removed.empty());
  CHECK(diff.added.empty());
  CHECK(lines_of(diff_lines("a\r\nb\r\nc\r\n", "a\nx\nc\n").added) == "2:x ");
  CHECK(lines_of(diff_lines("a", "a\nb").added) == "2:b ");
  CHECK(lines_of(diff_lines("xa\n", "a\n").removed) == "1:xa ");
}

TEST_CASE("small random texts: minimal, and replaying is right") {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    const std::string before = random_text(random, random() % 12, 1 + random() % 5);
    const std::string after = random_text(random, random() % 12, 1 + random() % 5);
    const LineDiff diff = diff_lines(before, after);
    check_replay(before, after, diff);
    const auto a = split_lines(before);
    const auto b = split_lines(after);
    const std::size_t common = longest_common(a, b);
    CHECK(diff.removed.size() == a.size() - common);
    CHECK(diff.added.size() == b.size() - common);
  }
}

TEST_CASE("beyond the cost cap replaying is still right") {
  std::mt19937 random(13);
  for (const std::size_t words : {std::size_t{2}, std::size_t{40}, std::size_t{3000}}) {
    const std::string before = random_text(random, 6000, words);
    const std::string after = random_text(random, 5000, words);
    check_replay(before, after, diff_lines(before, after));
  }
}

TEST_CASE("many edits all over a long text stay small") {
  std::string before;
  std::string after;
  for (int i = 0; i < 20000; ++i) {
    const std::string line = "common " + std::to_string(i % 50) + "\n";
    before += line;
    after += i % 10 == 3 ? "common " + std::to_string((i + 7) % 50) + "\n" : line;
  }
  const LineDiff diff = diff_lines(before, after);
  check_replay(before, after, diff);
  CHECK(diff.added.size() < 5000);
}

TEST_CASE("a long text is cut into the few places that differ") {
  std::string before;
  for (int i = 0; i < 5000; ++i)
    before += "package " + std::to_string(i) + " version 1 checksum " + std::to_string(i * i) + "\n";
  std::string after = before;
  const auto replace = [&](const std::string& text, const std::string& by) {
    after.replace(after.find(text), text.size(), by);
  };
  replace("package 100 version 1", "package 100 version 2");
  replace("package 2500 ", "new one\nand another\npackage 2500 ");
  replace("package 4000 version 1 checksum 16000000\n", "");
  const auto regions = tollbar::text::changed_regions(before, after);
  std::string seen;
  for (const auto& region : regions)
    seen += std::to_string(region.line_before) + "-" + std::to_string(split_lines(region.before).size()) + " " +
            std::to_string(region.line_after) + "-" + std::to_string(split_lines(region.after).size()) + "; ";
  CHECK(seen == "101-1 101-1; 2501-0 2501-2; 4001-1 4003-0; ");
  const LineDiff diff = diff_lines(before, after);
  check_replay(before, after, diff);
  CHECK(diff.added.size() == 3);
  CHECK(diff.removed.size() == 2);
  CHECK(tollbar::text::changed_regions(before, before).empty());
}

TEST_CASE("long random texts: replaying is right and nothing common is lost by far") {
  std::mt19937 random(17);
  for (int round = 0; round < 20; ++round) {
    std::string before, after;
    for (int i = 0; i < 6000; ++i) {
      const std::string line = "line " + std::to_string(random() % 900) + " of a text\n";
      const auto kind = random() % 100;
      if (kind != 0) before += line;
      if (kind != 1) after += kind == 2 ? "changed\n" : line;
    }
    const LineDiff diff = diff_lines(before, after);
    check_replay(before, after, diff);
    CHECK(diff.added.size() < 600);
  }
}
