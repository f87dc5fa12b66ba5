// Elements of build files written in XML.
#include "document/xml.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using namespace tollbar::document;

TEST_CASE("xml: elements with their texts, attributes and lines") {
  const auto root = read_xml(
      "\xEF\xBB\xBF<?xml version='1.0'?>\n<!DOCTYPE project>\n<project a=\"1\"\n  b='&lt;2'>\n  <!-- <c>no</c> -->\n"
      "  <c> x &amp; y </c>\n  <d/>\n  <c><![CDATA[<raw>]]></c>\n</project>\n");
  REQUIRE(root);
  CHECK(root->name == "project");
  CHECK(root->attribute("a") == "1");
  CHECK(root->attribute("b") == "<2");
  CHECK(root->text_of("c") == "x & y");
  REQUIRE(root->children.size() == 3);
  CHECK(root->children[1].line == 7);
  CHECK(root->children[2].text == "<raw>");
  CHECK(root->child("e") == nullptr);
}

TEST_CASE("xml: what does not fit together is not read") {
  for (const char* text :
       {"", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a", "<a b></a>", "<a b=\"1></a>", "<!-- <a/>",
        "<a><![CDATA[x</a>", "< a/>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><?x</a>"}) {
    CAPTURE(text);
    CHECK_FALSE(read_xml(text));
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  CHECK_FALSE(read_xml(deep));
}
