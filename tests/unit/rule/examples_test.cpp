// Every example of every rule file, through the real engine.
#include <doctest/doctest.h>

#include "rule/engine.h"
#include "rule/rule_set.h"

namespace tollbar::rule {
namespace {

TEST_CASE("every rule keeps its own examples") {
  const auto rules = load_builtin_full();
  const Engine engine(rules);
  std::vector<const Rule*> all;
  for (const auto& rule : rules.rules) all.push_back(&rule);
  REQUIRE(all.size() > 50);
  for (const auto& result : run_examples(engine, all)) {
    INFO(result.rule << ": " << result.example << ": " << result.why);
    CHECK(result.passed);
  }
}

TEST_CASE("a scan's rules are the full ones without their prose") {
  const auto scan = load_builtin();
  const auto full = load_builtin_full();
  REQUIRE(scan.rules.size() == full.rules.size());
  for (std::size_t i = 0; i < scan.rules.size(); ++i) {
    CHECK(scan.rules[i].id == full.rules[i].id);
    CHECK(scan.rules[i].match.size() == full.rules[i].match.size());
    CHECK(scan.rules[i].examples.empty());
  }
}

}  // namespace
}  // namespace tollbar::rule
