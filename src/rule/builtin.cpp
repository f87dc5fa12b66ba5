// The rules and data that the build put into the program.
#include "rule/builtin_data.h"
#include "rule/packed_node.h"
#include "rule/rule_set.h"

namespace tollbar::rule {
namespace {

LineLiterals prepared_literals() {
  LineLiterals prepared{text::LiteralSet(builtin::literals), {}};
  for (std::size_t line = 0; line + 1 < builtin::line_starts.size(); ++line) {
    const auto first = builtin::line_literals.begin() + builtin::line_starts[line];
    prepared.of.emplace_back(first, builtin::line_literals.begin() + builtin::line_starts[line + 1]);
  }
  return prepared;
}

/// Node by node, so that none outlives its reading.
RuleSet load(std::string_view rules, Reading reading) {
  RuleSet set{Kinds(Unpacker(builtin::kinds).next()),
              {},
              {},
              read_agents(Unpacker(builtin::agents).next()),
              Unpacker(builtin::policy).next(),
              prepared_literals()};
  for (Unpacker knowledge(builtin::knowledge); !knowledge.done();) {
    reach::read_knowledge(knowledge.next(), set.knowledge);
  }
  set.knowledge.index_tools();
  for (Unpacker packed(rules); !packed.done();) {
    const document::Node file = packed.next();
    set.rules.push_back(read_rule(packed.next(), file.text(), set.kinds, reading));
  }
  return set;
}

}  // namespace

RuleSet load_builtin() {
  return load(builtin::rules, Reading::matchers);
}
RuleSet load_builtin_full() {
  return load(builtin::full_rules, Reading::full);
}

}  // namespace tollbar::rule
