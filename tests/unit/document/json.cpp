// JSON and what people add to it; agreement with the YAML reader.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "document/formats.h"

using namespace tollbar::document;
using Kind = Problem::Kind;

TEST_CASE("json: positions") {
  const Document document = read_json("{\n  \"a\": [1,\n    true\n  ],\n  \"b\": {}\n}\n");
  const Node& root = document.root();
  CHECK(root.line == 1);
  CHECK(root.end_line == 6);
  CHECK(root.get("a")->line == 2);
  CHECK(root.get("a")->column == 8);
  CHECK(root.get("a")->end_line == 4);
  CHECK(root.get("a")->items[1].line == 3);
  CHECK(root.get("a")->items[1].column == 5);
  CHECK(root.members[1].key.line == 5);
  CHECK(document.problems.empty());
}

TEST_CASE("json: comments, trailing commas, bare keys and single quotes") {
  const Document document =
      read_json("// c\n{/* a\n*/ a: 'x\"y', \"b\": [1, 2,], // end\n $c_1: +1, d: .5, e: -Infinity,}\n//");
  CHECK(document.problems.empty());
  CHECK(document.root().get("a")->text() == "x\"y");
  CHECK(document.root().get("a")->line == 3);
  CHECK(document.root().get("b")->items.size() == 2);
  CHECK(document.root().get("$c_1")->type == ScalarType::integer);
  CHECK(document.root().get("e")->type == ScalarType::floating);
}

TEST_CASE("json: escapes") {
  const std::vector<std::pair<const char*, std::string>> table{
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xC3\xA9\xE2\x82\xAC"},
      {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
      {R"("\ud83d")", "\xEF\xBF\xBD"},
      {R"("\ude00x")", "\xEF\xBF\xBDx"},
      {R"("\ud83d\u0041")",
       "\xEF\xBF\xBD"
       "A"},
      {R"("\u0000")", std::string(1, '\0')},
      {R"("\x41")", "A"},
  };
  for (const auto& row : table) {
    const auto& text = std::get<0>(row);
    const auto& expected = std::get<1>(row);
    CAPTURE(text);
    CHECK(read_json(text).root().text() == expected);
  }
  for (const char* text : {R"("\u00g0")", R"("\u12")", R"("\q")", R"("\)", R"("\ud83d\u")"}) {
    CAPTURE(text);
    CHECK(read_json(text).has(Kind::syntax_error));
  }
}

TEST_CASE("json: duplicate keys are kept and reported with the line of the later one") {
  const Document document = read_json("{\"a\": 1,\n\"b\": {\"a\": 1},\n\"\\u0061\": 2}");
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].kind == Kind::duplicate_key);
  CHECK(document.problems[0].line == 3);
  CHECK(document.root().get("a")->text() == "2");
  CHECK(document.root().members.size() == 3);
}

TEST_CASE("json: errors have a line and give no root") {
  const std::vector<std::pair<std::string, std::uint32_t>> table{
      {"{", 1},    {"{\"a\"", 1},   {"{\n\"a\": \n}", 3}, {"[1 2]", 1},    {"[1,\n\"x]", 2},
      {"/* x", 1}, {"tru", 1},      {"[,]", 1},           {"{a b: 1}", 1}, {"\n\n]", 3},
      {"[1}", 1},  {"\"a\nb\"", 1}, {"{\"a\": / 1}", 1},
  };
  for (const auto& row : table) {
    const auto& text = std::get<0>(row);
    const auto& line = std::get<1>(row);
    CAPTURE(text);
    const Document document = read_json(text);
    REQUIRE(document.has(Kind::syntax_error));
    CHECK(document.problems.back().line == line);
    CHECK(document.roots.empty());
  }
}

TEST_CASE("json: text behind the value is an error, the value is kept") {
  const Document document = read_json("{\"a\": 1}\n{}");
  REQUIRE(document.has(Kind::syntax_error));
  CHECK(document.problems.back().line == 2);
  CHECK(document.root().get("a") != nullptr);
}

TEST_CASE("json: hostile input") {
  for (const char* opening : {"[", "{\"a\":"}) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) {
      deep += opening;
    }
    CHECK(read_json(deep).has(Kind::limit));
  }
  CHECK(read_json(std::string_view{"{\"a\0b\": \"\0\"}", 12}).root().members.size() == 1);
  CHECK(read_json(std::string_view{"[\0]", 3}).has(Kind::syntax_error));
  CHECK(read_json("\"\xFF\"").has(Kind::invalid_utf8));
  CHECK(read_json("").roots.empty());
  CHECK(read_json("\"" + std::string(1'000'000, 'x') + "\"").root().scalar.size() == 1'000'000);
}

TEST_CASE("json: cut anywhere, it is an error and not a crash") {
  const std::string whole = R"({"a": [1, "\ud83d\ude00", /* c */ {"b": null}], 'c': tru\u})";
  for (std::size_t length = 1; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(read_json(whole.substr(0, length)).has(Kind::syntax_error));
  }
}

TEST_CASE("json: the YAML reader understands the same") {
  for (const char* text : {
           R"({"a": 1, "b": [true, false, null, "true", "1", 1.50, -2e3], "c": {"d": {}}, "e": []})",
           "{\n\t\"name\": \"x\",\n\t\"scripts\": {\n\t\t\"test\": \"a && b\"\n\t}\n}\n",
           R"(["", " ", "a: b", "# no comment", "\u00e9\n"])",
       }) {
    CAPTURE(text);
    const Document json = read_json(text);
    const Document yaml = read_yaml(text);
    CHECK(json.problems.empty());
    CHECK(yaml.problems.empty());
    CHECK(json.root().same_as(yaml.root()));
    CHECK(json.root().end_line == yaml.root().end_line);
  }
}
