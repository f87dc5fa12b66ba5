// HCL: blocks by their labels, literals, expressions that survive re-formatting, templates and here-documents.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "document/formats.h"

using namespace tollbar::document;
using Kind = Problem::Kind;

namespace {

std::string brief(std::string_view text) {
  return read_hcl(text).root().brief(400);
}

std::string expression(const std::string& text) {
  return std::string{read_hcl("a = " + text + "\n").root().get("a")->text()};
}

}  // namespace

TEST_CASE("hcl: blocks nest by their labels") {
  CHECK(brief("terraform {\n}\n") == "{terraform: {}}");
  CHECK(brief("resource \"aws_s3_bucket\" \"b\" {\n  acl = \"private\"\n}\n") ==
        "{resource: {aws_s3_bucket: {b: {acl: private}}}}");
  CHECK(brief("resource \"t\" \"a\" {}\nresource \"t\" \"b\" {}\nresource \"u\" \"a\" {}\n") ==
        "{resource: {t: {a: {}, b: {}}, u: {a: {}}}}");
  CHECK(brief("job test { steps = 1 }\n") == "{job: {test: {steps: 1}}}");
}

TEST_CASE("hcl: blocks with one path become a sequence") {
  CHECK(brief("p \"x\" { a = 1 }\np \"x\" { a = 2 }\np \"y\" {}\n") == "{p: {x: [{a: 1}, {a: 2}], y: {}}}");
  CHECK(brief("r {\n  i { f = 1 }\n  i { f = 2 }\n  i { f = 3 }\n}\n") == "{r: {i: [{f: 1}, {f: 2}, {f: 3}]}}");
}

TEST_CASE("hcl: attributes that stand twice, or beside blocks of their name, are reported") {
  CHECK(read_hcl("a = 1\na = 2\n").has(Kind::duplicate_key));
  CHECK(read_hcl("a = 1\na = 2\n").root().get("a")->text() == "2");
  CHECK(read_hcl("a = 1\na {}\n").has(Kind::duplicate_key));
  CHECK(read_hcl("p {}\np \"x\" {}\n").has(Kind::duplicate_key));
  CHECK_FALSE(read_hcl("p {}\np {}\n").has(Kind::duplicate_key));
}

TEST_CASE("hcl: literals") {
  CHECK(brief("a = \"x\\n\\\"y\\\"\"\nb = -1.5\nc = true\nd = null\ne = \"true\"\n") ==
        R"({a: "x\n\"y\"", b: -1.5, c: true, d: null, e: "true"})");
}

TEST_CASE("hcl: lists and objects") {
  CHECK(brief("a = [\n  1, # c\n  \"x\",\n]\nb = { x = 1, \"y\" : 2 }\nc = {\n  x = [\n  ]\n  y = {}\n}\n") ==
        "{a: [1, x], b: {x: 1, y: 2}, c: {x: [], y: {}}}");
}

TEST_CASE("hcl: expressions are text that re-formatting does not change") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"var.x", "var.x"},
      {"a==b?1:length( var.list )", "a == b ? 1 : length(var.list)"},
      {"merge(\n  local.a, # c\n  { x = 1\n y = 2 },\n)", "merge(local.a, { x = 1, y = 2 })"},
      {"merge(local.a, {x=1,y=2,})", "merge(local.a, { x = 1, y = 2 })"},
      {"[for k, v in var.m : k\n  if v]", "[for k, v in var.m : k if v]"},
      {"data.x[ 0 ].id", "data.x[0].id"},
      {"! var.a /* c */ && b", "!var.a && b"},
      {"f(\"${var.x}\")", "f(\"${var.x}\")"},
      {"[1, 2][0]", "[1, 2][0]"},
  };
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& expected = row.second;
    CAPTURE(text);
    CHECK(expression(text) == expected);
    CHECK(read_hcl("a = " + text + "\n").problems.empty());
  }
}

TEST_CASE("hcl: a name is not the string of it") {
  CHECK_FALSE(read_hcl("a = var.x").root().same_as(read_hcl("a = \"var.x\"").root()));
  CHECK(read_hcl("a = var.x").root().get("a")->tag == expression_tag);
}

TEST_CASE("hcl: templates are kept as written") {
  CHECK(expression(R"("a-${var.x["k"]}-b")") == R"(a-${var.x["k"]}-b)");
  CHECK(expression(R"("${f("}", "${g("x")}")} ")") == R"(${f("}", "${g("x")}")} )");
  CHECK(expression(R"("%{ if a }x%{ endif }")") == R"(%{ if a }x%{ endif })");
  CHECK(expression(R"("$${literal} 100%")") == "${literal} 100%");
}

TEST_CASE("hcl: a string that is one interpolation is the expression in it") {
  const auto same = [](const std::string& left, const std::string& right) {
    const Document one = read_hcl("a = " + left + "\nb = 1\n"), other = read_hcl("a = " + right + "\nb = 1\n");
    return one.problems.empty() && other.problems.empty() && one.root().same_as(other.root());
  };
  CHECK(same(R"("${var.x}")", "var.x"));
  CHECK(same(R"("${ var.x }")", "var.x"));
  CHECK(same(R"("${var.x == "1" ? 0 : 1 }")", R"(var.x == "1" ? 0 : 1)"));
  CHECK(same(R"(["${var.x}", "${var.y}"])", "[var.x, var.y]"));
  CHECK(same(R"({k = "${var.x}"})", "{k = var.x}"));
  CHECK(same(R"("${true}")", "true"));
  CHECK_FALSE(same(R"("${var.x}")", R"("var.x")"));
  CHECK_FALSE(same(R"("${var.x}")", "var.y"));
  CHECK_FALSE(same(R"(["${var.x}"])", "var.x"));
  CHECK_FALSE(same(R"("$${var.x}")", "var.x"));
  CHECK_FALSE(same(R"("${var.x}-${var.y}")", "var.x - var.y"));
  CHECK_FALSE(same(R"("${var.x} b}")", "var.x"));
  CHECK(expression(R"("${var.x}" == "y" ? 1 : 0)") == R"("${var.x}" == "y" ? 1 : 0)");
  const Document document = read_hcl("\n  a = \"${f(x)}\"\n");
  CHECK(document.root().get("a")->line == 2);
}

TEST_CASE("hcl: the type of a variable was quoted once") {
  const auto same = [](const std::string& left, const std::string& right) {
    const Document one = read_hcl(left), other = read_hcl(right);
    return one.root().same_as(other.root());
  };
  CHECK(same("variable \"a\" { type = \"string\" }", "variable \"a\" { type = string }"));
  CHECK(same("variable \"a\" { type = \"list\" }", "variable \"a\" { type = list }"));
  CHECK_FALSE(same("variable \"a\" { type = \"string\" }", "variable \"a\" { type = number }"));
  CHECK_FALSE(same("variable \"a\" { default = \"string\" }", "variable \"a\" { default = string }"));
  CHECK_FALSE(same("resource \"r\" \"a\" { type = \"string\" }", "resource \"r\" \"a\" { type = string }"));
}

TEST_CASE("hcl: here-documents") {
  CHECK(expression("<<EOT\n  one\n two\nEOT") == "  one\n two\n");
  CHECK(expression("<<-EOT\n    one\n\n      two ${x}\n  EOT") == "one\n\n  two ${x}\n");
  const Document document = read_hcl("a = <<EOT\nx\ny\nEOT\nb = 1\n");
  CHECK(document.root().get("a")->line == 1);
  CHECK(document.root().get("a")->content_line == 2);
  CHECK(document.root().get("a")->end_line == 4);
  CHECK(document.root().get("b")->line == 5);
  CHECK(expression("f(<<EOT\nx\nEOT\n)") == "f(\"x\n\")");
}

TEST_CASE("hcl: a dynamic block over a list of one is the block itself") {
  CHECK(brief("r {\n  dynamic \"a\" {\n    for_each = [1]\n    content { x = 1 }\n  }\n}\n") == "{r: {a: {x: 1}}}");
  CHECK(brief("r {\n  a { x = 0 }\n  dynamic \"a\" {\n    for_each = [1]\n    content { x = 1 }\n  }\n}\n") ==
        "{r: {a: [{x: 0}, {x: 1}]}}");
  CHECK(brief("r {\n  dynamic \"a\" {\n    for_each = [1]\n    content {\n      dynamic \"b\" {\n        for_each = "
              "[\"\"]\n"
              "        content {}\n      }\n    }\n  }\n}\n") == "{r: {a: {b: {}}}}");
}

TEST_CASE("hcl: a dynamic block over nothing is none") {
  CHECK(brief("r {\n  dynamic \"a\" {\n    for_each = []\n    content { x = 1 }\n  }\n}\n") == "{r: {}}");
}

TEST_CASE("hcl: a dynamic block that nobody can repeat here stays") {
  CHECK(brief("r {\n  dynamic \"a\" {\n    for_each = var.l\n    content { x = 1 }\n  }\n}\n") ==
        "{r: {dynamic: {a: {for_each: var.l, content: {x: 1}}}}}");
  CHECK(brief("r {\n  dynamic \"a\" {\n    for_each = [\"y\"]\n    content { x = a.value }\n  }\n}\n") ==
        "{r: {dynamic: {a: {for_each: [y], content: {x: a.value}}}}}");
  CHECK(brief("r {\n  dynamic \"a\" {\n    for_each = [\"y\"]\n    iterator = i\n    content { x = \"${i.key}\" }\n  "
              "}\n}\n")
            .find("dynamic") != std::string::npos);
  CHECK(brief("r {\n  dynamic = { a = 1 }\n}\n") == "{r: {dynamic: {a: 1}}}");
}

TEST_CASE("hcl: positions") {
  const Document document = read_hcl("# c\nr \"t\" \"n\" {\n  a = [\n    1,\n  ]\n}\n\nr \"t\" \"m\" {}\n");
  const Node& block = *document.root().get({"r", "t", "n"});
  CHECK(block.line == 2);
  CHECK(block.end_line == 6);
  CHECK(block.get("a")->line == 3);
  CHECK(block.get("a")->column == 7);
  CHECK(block.get("a")->end_line == 5);
  CHECK(document.root().get({"r", "t"})->end_line == 8);
}

TEST_CASE("hcl: another layout means the same") {
  const Node before = read_hcl("r \"t\" \"n\" {\n  a = { x = 1, y = f(var.z, 2) }\n  b = true\n}\n").root();
  CHECK(before.same_as(
      read_hcl("/* c */\nr t n {\r\n  b=true // c\n\n  a = {\n    y = f( var.z,2 )\n    x : 1\n  }\r\n}").root()));
  CHECK_FALSE(before.same_as(read_hcl("r \"t\" \"n\" {\n  a = { x = 1, y = f(var.z, 3) }\n  b = true\n}\n").root()));
}

TEST_CASE("hcl: errors have a line and give no root") {
  const std::vector<std::pair<std::string, std::uint32_t>> table{
      {"a = 1\nb = \n", 2}, {"a {\n", 2},         {"}\n", 1},         {"a = \"x\nb\"\n", 1}, {"\na = <<EOT\nx\n", 2},
      {"/* x", 1},          {"a = [1\nb = 2", 1}, {"a = f(1\n", 1},   {"a b c\n", 1},        {"a = 1 b = 2\n", 1},
      {"a = ;\n", 1},       {"= 1\n", 1},         {"a = {x 1}\n", 1}, {"a = )\n", 1},        {"a = ${x}\n", 1},
  };
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto line = row.second;
    CAPTURE(text);
    const Document document = read_hcl(text);
    REQUIRE(document.has(Kind::syntax_error));
    CHECK(document.roots.empty());
    if (line != 0) {
      CHECK(document.problems.back().line >= 1);
    }
  }
}

TEST_CASE("hcl: hostile input") {
  for (const char* opening : {"a {\n", "a = [", "a = {a = ", "a = f(", "a = \"${\"${"}) {
    std::string deep{opening};
    for (int i = 0; i < 50'000; ++i) {
      deep += std::string_view{opening}.substr(std::string_view{opening}.starts_with("a = ") ? 4 : 0);
    }
    CAPTURE(opening);
    CHECK(read_hcl(deep).broken());
  }
  CHECK(read_hcl("a = " + std::string(100'000, '[') + std::string(100'000, ']')).has(Kind::limit));
  std::string labels = "a";
  for (int i = 0; i < 1'000; ++i) {
    labels += " \"x\"";
  }
  CHECK(read_hcl(labels + " {}").has(Kind::limit));
  CHECK(read_hcl("a = \"\xFF\"").has(Kind::invalid_utf8));
  CHECK(read_hcl(std::string_view{"a = \0", 5}).has(Kind::syntax_error));
  CHECK(read_hcl("").root().is_mapping());
}

TEST_CASE("hcl: cut anywhere, it never crashes") {
  const std::string whole =
      "r \"t\" {\n a = [1, \"${f(\"x\")}\", {b = <<-E\n x\n E\n}]\n c = x ? y[0] : !z /* d */\n}\n";
  REQUIRE(read_hcl(whole).problems.empty());
  for (std::size_t length = 1; length + 2 < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(read_hcl(whole.substr(0, length)).has(Kind::syntax_error));
  }
}
