// The picture of a change stays small and shows the difference.
#include "report/frame.h"

#include <doctest/doctest.h>

#include "report/escape.h"

namespace tollbar::report {
namespace {

using Side = FrameLine::Side;

TEST_CASE("one line each") {
  const auto lines = frame("pytest", "pytest || true", 40);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].side == Side::before);
  CHECK(lines[0].text == "pytest");
  CHECK(lines[1].side == Side::after);
  CHECK(lines[1].text == "pytest || true");
}

TEST_CASE("an absent side has no line") {
  CHECK(frame("", "", 40).empty());
  CHECK(frame("gone", "", 40).size() == 1);
  CHECK(frame("", "new", 40).front().side == Side::after);
}

TEST_CASE("equal lines at both ends are left out") {
  const auto lines = frame("set -e\npytest\necho done\n", "set -e\npytest || true\necho done\n", 40);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text == "pytest");
  CHECK(lines[1].text == "pytest || true");
}

TEST_CASE("many lines are cut, and their number is told") {
  std::string many;
  for (int i = 0; i < 20; ++i) {
    many += "line " + std::to_string(i) + "\n";
  }
  const auto lines = frame("", many, 40);
  REQUIRE(lines.size() == 6);
  CHECK(lines.back().side == Side::gap);
  CHECK(lines.back().text == "… 15 more lines");
}

TEST_CASE("a long line keeps its differing part in view") {
  const std::string head(200, 'a');
  const std::string tail(200, 'b');
  const auto lines = frame(head + "old" + tail, head + "new" + tail, 30);
  REQUIRE(lines.size() == 2);
  for (const auto& line : lines) {
    CHECK(columns(line.text) == 30);
    CHECK(line.text.substr(0, 3) == "…");
  }
  CHECK(lines[0].text.find("old") != std::string::npos);
  CHECK(lines[1].text.find("new") != std::string::npos);
}

TEST_CASE("an addition at the end of a long line is in view") {
  const std::string command(300, 'x');
  const auto lines = frame(command, command + " || true", 30);
  CHECK(lines[1].text.find("|| true") != std::string::npos);
  CHECK(columns(lines[1].text) == 30);
}

TEST_CASE("characters of several bytes are not cut apart") {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "ö";
  }
  for (std::size_t begin = 0; begin < 100; begin += 7) {
    const std::string cut = clip(text, 21, begin, begin + 3);
    CHECK(columns(cut) == 21);
    CHECK(escape(cut) == cut);
  }
}

TEST_CASE("texts are wrapped at spaces") {
  CHECK(wrap("aa bb cc", 5) == std::vector<std::string>{"aa bb", "cc"});
  CHECK(wrap("  a   b ", 80) == std::vector<std::string>{"a b"});
  CHECK(wrap("unbreakable", 4) == std::vector<std::string>{"unbreakable"});
  CHECK(wrap("", 10).empty());
}

}  // namespace
}  // namespace tollbar::report
