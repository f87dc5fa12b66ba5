// Settings one a line: the same text for every layout, and where each line was written.
#include "document/spread.h"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace tollbar::document;

namespace {

Spread spread_of(std::string_view text, Format format) {
  return spread(read(format, text), format);
}

}  // namespace

TEST_CASE("spread: flow style, quoted keys and blocks of YAML become the same lines") {
  const std::string blocks = "run:\n  issues-exit-code: 0\n  dirs:\n    - a\n    - name: b\n      deep: true\n";
  for (const std::string_view text :
       {std::string_view(blocks), std::string_view("{run: {issues-exit-code: 0, dirs: [a, {name: b, deep: true}]}}\n"),
        std::string_view("\"run\":\n    'issues-exit-code': 0\n    \"dirs\": [a, {name: b, deep: true}]\n")}) {
    CAPTURE(text);
    CHECK(spread_of(text, Format::yaml).text == blocks);
  }
}

TEST_CASE("spread: text of YAML that would mean something else without quotes keeps them") {
  CHECK(spread_of("{a: 'true', b: \"x: y\", c: '', d: [], e: {}, f: null, g: \"l\\nm\"}", Format::yaml).text ==
        "a: \"true\"\nb: \"x: y\"\nc: \"\"\nd: []\ne: {}\nf:\ng: |\n  l\n  m\n");
}

TEST_CASE("spread: JSON gets a member a line, whatever its layout and escapes") {
  const std::string wanted = "{\n  \"a\": 1,\n  \"b\": [\"x\", true],\n  \"c\": {\n    \"d\": null\n  }\n}\n";
  CHECK(spread_of(R"({"a":1,"b":["x",true],"c":{"d":null}})", Format::json).text == wanted);
  CHECK(spread_of("{\"\\u0061\":\n1, \"b\": [\n\"\\u0078\", true], \"c\": {\"d\": null}}", Format::json).text ==
        wanted);
}

TEST_CASE("spread: tables of TOML stand under their headers") {
  const std::string wanted =
      "a = 1\n[tool]\n[tool.pytest]\nopts = \"-q\"\npaths = [\"x\", \"y\"]\n[[bin]]\nname = \"z\"\n";
  CHECK(spread_of("a = 1\ntool = {pytest = {opts = '-q', paths = ['x', 'y']}}\nbin = [{name = 'z'}]\n", Format::toml)
            .text == wanted);
  CHECK(spread_of("a = 1\ntool.pytest.opts = '-q'\n\"tool\".'pytest'.paths = ['x', 'y']\n[[bin]]\nname = 'z'\n",
                  Format::toml)
            .text == wanted);
}

TEST_CASE("spread: each line knows where it was written") {
  const auto yaml = spread_of("# c\na: {b: 1,\n  c: 2}\nd:\n  - e\n", Format::yaml);
  CHECK(yaml.text == "a:\n  b: 1\n  c: 2\nd:\n  - e\n");
  CHECK(yaml.sources == std::vector<std::uint32_t>{2, 2, 3, 4, 5});
  const auto toml = spread_of("x = {y = 1}\n\nz = 2\n", Format::toml);
  CHECK(toml.text == "z = 2\n[x]\ny = 1\n");
  CHECK(toml.sources == std::vector<std::uint32_t>{3, 1, 1});
}

TEST_CASE("spread: only texts that hide settings from who reads lines are dense") {
  CHECK_FALSE(is_dense("a: 1\nb:\n  - c # x\n  - ${{ d }}\n", Format::yaml));
  CHECK(is_dense("a: {b: 1}\n", Format::yaml));
  CHECK(is_dense("'a': 1\n", Format::yaml));
  CHECK_FALSE(is_dense("{\n  \"a\": 1,\n  \"b\": [1, 2]\n}\n", Format::json));
  CHECK(is_dense("{\"a\": 1, \"b\": 2}\n", Format::json));
  CHECK(is_dense("{\n  \"a\":\n    1\n}\n", Format::json));
  CHECK(is_dense("{\n  \"\\u0061\": 1\n}\n", Format::json));
  CHECK_FALSE(is_dense("[a.b]\nc = [1, 2]\n", Format::toml));
  CHECK(is_dense("a.b = 1\n", Format::toml));
  CHECK(is_dense("a = { b = 1 }\n", Format::toml));
  CHECK_FALSE(is_dense("a = { b = 1 }\n", Format::none));
}
