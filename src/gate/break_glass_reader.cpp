// The keys of a policy that say who may break the glass, for what, and until when somebody else must have looked at it.
#include <fmt/format.h>

#include "approval/break_glass.h"
#include "gate/policy_reader.h"
#include "util/instant.h"

namespace tollbar::gate {
namespace {

constexpr std::array<Field<approval::GlassTerms>, 4> glass_fields{{
    {"teams", &PolicyReader::glass_teams, Need::required},
    {"rules", &PolicyReader::glass_rules},
    {"review_within", &PolicyReader::glass_review_within},
    {"max_expiry", &PolicyReader::glass_max_expiry},
}};

}  // namespace

void PolicyReader::break_glass(const Node& node, Policy& policy) {
  fields(node, "`break_glass`", glass_fields, policy.break_glass);
}

void PolicyReader::check_break_glass(const Node& root, const Policy& policy) {
  for (const std::string& team : policy.break_glass.teams) {
    if (policy.people.teams().count(team) == 0) {
      problem(*root.get("break_glass"), fmt::format("there is no team `{}` under `teams`", team));
    }
  }
}

void PolicyReader::glass_rules(const Node& node, approval::GlassTerms& terms) {
  texts(node, terms.rules);
  for (const std::string& rule : terms.rules) {
    known_rule(node, rule);
    if (!approval::can_be_broken(rule)) {
      problem(node, fmt::format("`{}` protects the policy or its keys: no emergency opens it", rule));
    }
  }
}

util::Instant PolicyReader::duration(const Node& node) {
  const auto seconds = util::parse_duration(node.text());
  if (!seconds) {
    problem(node, fmt::format("`{}` is no duration such as 90m, 12h or 3d", node.brief(40)));
  }
  return seconds.value_or(0);
}

void PolicyReader::glass_review_within(const Node& node, approval::GlassTerms& terms) {
  terms.review_within = duration(node);
}

void PolicyReader::glass_max_expiry(const Node& node, approval::GlassTerms& terms) {
  terms.longest = duration(node);
}

void add_break_glass_keys(std::vector<PolicyKey>& keys) {
  add_keys(keys, "break_glass", glass_fields);
}

}  // namespace tollbar::gate
