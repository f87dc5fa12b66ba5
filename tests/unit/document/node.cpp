// Node by itself: access, truth, meaning, the one-line form; no reader of real formats decides these.
#include "document/node.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "document/formats.h"

using namespace tollbar::document;

namespace {

Node yaml(std::string_view text) {
  return read_yaml(text).root();
}

Node made_up(std::string_view text) {
  Node node;
  node.kind = NodeKind::scalar;
  node.scalar = text;
  return node;
}

/// As if built by hand: no kept hashes.
Node unsealed(Node node) {
  node.hash = 0;
  for (Node& item : node.items) {
    item = unsealed(item);
  }
  for (Member& member : node.members) {
    member = {unsealed(member.key), unsealed(member.value)};
  }
  return node;
}

}  // namespace

TEST_CASE("get finds a key and the last of several") {
  const Node node = yaml("{a: 1, b: {c: 2}, a: 3, [x]: 4}");
  REQUIRE(node.get("a") != nullptr);
  CHECK(node.get("a")->text() == "3");
  CHECK(node.get({"b", "c"})->text() == "2");
  CHECK(node.get({"b", "d"}) == nullptr);
  CHECK(node.get({"a", "c"}) == nullptr);
  CHECK(node.get("x") == nullptr);
}

TEST_CASE("text is the scalar's or the fallback") {
  CHECK(yaml("x").text("no") == "x");
  CHECK(yaml("[x]").text("no") == "no");
  CHECK(yaml("~").text("no") == "no");
}

TEST_CASE("truth knows what CI systems accept") {
  for (const char* word : {"true", "True", "TRUE", "yes", "Yes", "on", "ON", "'true'"}) {
    CAPTURE(word);
    CHECK(yaml(word).truth() == std::optional{true});
  }
  for (const char* word : {"false", "no", "Off", "\"false\""}) {
    CAPTURE(word);
    CHECK(yaml(word).truth() == std::optional{false});
  }
  for (const char* word : {"'yes'", "'True'", "1", "y", "truee", "~", "[true]", "${{ true }}", "|\n  true\n"}) {
    CAPTURE(word);
    CHECK_FALSE(yaml(word).truth().has_value());
  }
}

TEST_CASE("texts takes a scalar, a list and a mapping's keys") {
  using List = std::vector<std::string>;
  CHECK(yaml("push").texts() == List{"push"});
  CHECK(yaml("[push, {a: b}, pull_request]").texts() == List{"push", "pull_request"});
  CHECK(yaml("{push: , pull_request: {x: 1}}").texts() == List{"push", "pull_request"});
  CHECK(yaml("~").texts().empty());
}

TEST_CASE("same meaning, other writing") {
  const std::vector<std::pair<const char*, const char*>> pairs{
      {"a: b", "{\"a\": 'b'}"},
      {"a: 1\nb: 2", "b: 2\na: 1"},
      {"true", "True"},
      {"FALSE", "false"},
      {"1.0", "1.00"},
      {"1e3", "1000.0"},
      {"+5", "5"},
      {"0x1F", "31"},
      {"0o17", "15"},
      {"yes", "'yes'"},
      {"~", "null"},
      {"a:", "a: null"},
      {"|\n  x\n", "\"x\\n\""},
      {"[a, b]", "- a # one\n\n- b"},
      {"!x a", "!x 'a'"},
      {"!!str 5", "'5'"},
      {"{a: 1, a: 2}", "{a: 2}"},
  };
  for (const auto& row : pairs) {
    const auto& left = std::get<0>(row);
    const auto& right = std::get<1>(row);
    CAPTURE(left);
    CAPTURE(right);
    CHECK(yaml(left).same_as(yaml(right)));
    CHECK(yaml(left).meaning() == yaml(right).meaning());
    CHECK(unsealed(yaml(left)).same_as(unsealed(yaml(right))));
    CHECK(unsealed(yaml(left)).meaning() == yaml(right).meaning());
  }
}

TEST_CASE("other meaning, similar writing") {
  const std::vector<std::pair<const char*, const char*>> pairs{
      {"true", "'true'"},
      {"1", "'1'"},
      {"010", "10"},
      {"0x1F", "'31'"},
      {"0x10", "10"},
      {"1_000", "1000"},
      {"0xFFFFFFFFFFFFFFFFF", "0"},
      {"1", "1.0"},
      {"[a, b]", "[b, a]"},
      {"[a]", "a"},
      {"{a: b}", "[a, b]"},
      {"''", "~"},
      {"!x a", "a"},
      {"!x a", "!y a"},
      {"{a: 1, a: 2}", "{a: 1}"},
      {"{a: {b: c}}", "{a: {b: d}}"},
      {"[[a], b]", "[[a, b]]"},
      {"{}", "[]"},
      {"{a: 1}", "{a: 1, b: ~}"},
      {"'x '", "x"},
  };
  for (const auto& row : pairs) {
    const auto& left = std::get<0>(row);
    const auto& right = std::get<1>(row);
    CAPTURE(left);
    CAPTURE(right);
    CHECK_FALSE(yaml(left).same_as(yaml(right)));
    CHECK(yaml(left).meaning() != yaml(right).meaning());
    CHECK_FALSE(unsealed(yaml(left)).same_as(unsealed(yaml(right))));
  }
}

TEST_CASE("a sealed node agrees with one made by hand") {
  Node list;
  list.kind = NodeKind::sequence;
  list.items = {made_up("a"), made_up("b")};
  CHECK(list.hash == 0);
  CHECK(list.same_as(yaml("[a, b]")));
  const std::uint64_t before = list.meaning();
  list.seal();
  CHECK(list.hash == before);
  CHECK(list.items.front().hash == yaml("a").hash);
}

TEST_CASE("brief is one line of flow style") {
  const std::vector<std::pair<const char*, const char*>> table{
      {"[push, pull_request]", "[push, pull_request]"},
      {"branches:\n- main\n", "{branches: [main]}"},
      {"a: ~\nb: 'true'\nc: true", "{a: null, b: \"true\", c: true}"},
      {"- 'a, b'\n- ''", "[\"a, b\", \"\"]"},
      {"|\n  one\n  two\n", "one\\ntwo\\n"},
      {"!Ref x", "!Ref x"},
      {"\"\\e[31m\"", "\\x1b[31m"},
  };
  for (const auto& row : table) {
    const auto& text = std::get<0>(row);
    const auto& brief = std::get<1>(row);
    CAPTURE(text);
    CHECK(yaml(text).brief() == brief);
  }
}

TEST_CASE("brief is cut between characters") {
  CHECK(made_up("abcdefghij").brief(10) == "abcdefghij");
  CHECK(made_up("abcdefghijk").brief(10) == "abcdefg...");
  CHECK(made_up("abcdef\xC3\xA9\xC3\xA9zz").brief(10) == "abcdef...");
  CHECK(made_up("abcdef").brief(2) == "..");
  CHECK(made_up("abcdef").brief(0).empty());
  CHECK(made_up(std::string(5'000'000, 'x')).brief(20).size() == 20);
}

TEST_CASE("plain_type follows the core schema") {
  const std::vector<std::pair<const char*, ScalarType>> table{
      {"true", ScalarType::boolean},      {"TRUE", ScalarType::boolean}, {"tRUE", ScalarType::string},
      {"yes", ScalarType::string},        {"12", ScalarType::integer},   {"-12", ScalarType::integer},
      {"0x1F", ScalarType::integer},      {"0o17", ScalarType::integer}, {"0x", ScalarType::string},
      {"0o8", ScalarType::string},        {"1.5", ScalarType::floating}, {".5", ScalarType::floating},
      {"1.", ScalarType::floating},       {"1e5", ScalarType::floating}, {"-.inf", ScalarType::floating},
      {".NaN", ScalarType::floating},     {".", ScalarType::string},     {"-", ScalarType::string},
      {"1e", ScalarType::string},         {"1.2.3", ScalarType::string}, {"1_000", ScalarType::string},
      {"2024-01-01", ScalarType::string}, {"", ScalarType::string},
  };
  for (const auto& row : table) {
    const auto& text = std::get<0>(row);
    const auto& type = std::get<1>(row);
    CAPTURE(text);
    CHECK(plain_type(text) == type);
  }
}

TEST_CASE("a document without roots has a null root") {
  Document document;
  CHECK(document.root().is_null());
  CHECK_FALSE(document.broken());
  document.problems.push_back({Problem::Kind::duplicate_key, 1, ""});
  CHECK_FALSE(document.broken());
  document.problems.push_back({Problem::Kind::limit, 1, ""});
  CHECK(document.broken());
}
