// Rules packed into the program come out as they went in.
#include "rule/packed_node.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "document/formats.h"
#include "rule/line_literals.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::rule {

TEST_CASE("what is packed is read again, one node after the other") {
  const auto document =
      document::read_json(R"({"a":["x","",{"b":null}],"c":{},"long":")" + std::string(300, 'y') + "\"}");
  const std::string packed = pack(document.root()) + pack(document.root().members[0].value);
  Unpacker unpacker(packed);
  const document::Node first = unpacker.next();
  CHECK(first.same_as(document.root()));
  CHECK(unpacker.next().same_as(document.root().members[0].value));
  CHECK(unpacker.done());
}

TEST_CASE("bytes cut short or changed are an error") {
  const auto document = document::read_json(R"({"a":["x","y"]})");
  const std::string packed = pack(document.root());
  for (std::size_t size = 0; size < packed.size(); ++size) {
    CAPTURE(size);
    const std::string cut = packed.substr(0, size);
    CHECK_THROWS_AS(Unpacker(cut).next(), util::Error);
  }
  CHECK_THROWS_AS(Unpacker("x").next(), util::Error);
  CHECK_THROWS_AS(Unpacker("l\xff\xff\xff\x7f").next(), util::Error);
}

TEST_CASE("the literals made at build time are those of the rules") {
  const RuleSet rules = load_builtin();
  REQUIRE(rules.literals.has_value());
  const LineLiterals derived = line_literals(rules.rules);
  CHECK(rules.literals->of == derived.of);
  const auto same = [](auto a, auto b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); };
  const text::LiteralTables& kept = rules.literals->set.tables();
  const text::LiteralTables& made = derived.set.tables();
  CHECK(kept.literals == made.literals);
  CHECK(kept.columns == made.columns);
  CHECK(same(kept.classes, made.classes));
  CHECK(same(kept.next, made.next));
  CHECK(same(kept.output_starts, made.output_starts));
  CHECK(same(kept.output, made.output));
}

}  // namespace tollbar::rule
