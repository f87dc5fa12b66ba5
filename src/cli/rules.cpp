// `tollbar rules`: what rules there are, and whether they keep their own examples.
#include <fmt/format.h>

#include <ostream>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "report/rules.h"
#include "rule/engine.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

/// The rules named; all of them where none is.
std::vector<const rule::Rule*> named_rules(const rule::RuleSet& rules, const std::vector<std::string>& ids) {
  std::vector<const rule::Rule*> named;
  if (ids.empty()) {
    for (const rule::Rule& rule : rules.rules) {
      named.push_back(&rule);
    }
  }
  for (const std::string& id : ids) {
    const std::size_t before = named.size();
    for (const rule::Rule& rule : rules.rules) {
      if (gate::names_rule(id, rule.id)) {
        named.push_back(&rule);
      }
    }
    if (named.size() == before) {
      const std::vector<std::string> near = rule::suggestions(rules, id);
      throw util::UsageError(fmt::format("there is no rule `{}`{}", id,
                                         near.empty() ? "" : fmt::format("; did you mean `{}`?", near.front())));
    }
  }
  return named;
}

}  // namespace

int run_rules_list(const Arguments& arguments, Console& console) {
  const bool reference = arguments.value("--output") == "markdown";
  const rule::RuleSet rules = reference ? rule::load_builtin_full() : rule::load_builtin();
  if (reference) {
    report::write_rules_markdown(console.out, rules.rules);
  } else if (arguments.value("--output") == "json") {
    report::write_rules_json(console.out, rules.rules);
  } else {
    report::write_rules_text(console.out, rules.rules);
  }
  return exit_allowed;
}

int run_rules_test(const Arguments& arguments, Console& console) {
  const rule::RuleSet rules = rule::load_builtin_full();
  const rule::Engine engine(rules);
  const std::vector<const rule::Rule*> named = named_rules(rules, arguments.words);
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const rule::ExampleResult& result : rule::run_examples(engine, named)) {
    if (result.passed) {
      ++passed;
    } else {
      ++failed;
      console.out << fmt::format("{}: {}: {}\n", result.rule, result.example, result.why);
    }
  }
  console.out << fmt::format("{} rule{}, {} examples passed, {} failed\n", named.size(), named.size() == 1 ? "" : "s",
                             passed, failed);
  return failed == 0 ? exit_allowed : exit_blocked;
}

}  // namespace tollbar::cli
