// Facts about protection that a program of Pulumi or CDK gave its resources and gives them no longer: options simply
// left out, which no added line shows.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "document/program_text.h"
#include "rule/checks/producers.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

struct Option {
  std::string_view name;
  text::Pattern on, off;
};

const std::array<Option, 4>& options() {
  static const std::array<Option, 4> table = {{
      {"protect", text::Pattern(R"(\bprotect\s*[:=]\s*[Tt]rue\b)"), text::Pattern(R"(\bprotect\s*[:=]\s*[Ff]alse\b)")},
      {"deletion protection",
       text::Pattern(R"(\b(?:deletionProtection(?:Enabled)?|deletion_protection(?:_enabled)?)\s*[:=(]\s*[Tt]rue\b)"),
       text::Pattern(R"(\b(?:deletionProtection(?:Enabled)?|deletion_protection(?:_enabled)?)\s*[:=(]\s*[Ff]alse\b)")},
      {"termination protection",
       text::Pattern(R"(\b(?:terminationProtection|termination_protection)\s*[:=(]\s*[Tt]rue\b)"),
       text::Pattern(R"(\b(?:terminationProtection|termination_protection)\s*[:=(]\s*[Ff]alse\b)")},
      {"removal policy", text::Pattern(R"(\bRemovalPolicy\.(?:RETAIN\w*|SNAPSHOT)\b)"),
       text::Pattern(R"(\bRemovalPolicy\.DESTROY\b)")},
  }};
  return table;
}

std::size_t count(const text::Pattern& pattern, std::string_view text) {
  std::size_t found = 0;
  text::each_match(pattern, text, [&](const text::Match&) { ++found; });
  return found;
}

/// What may be a resource: `new aws.rds.Instance(`, `rds.DatabaseInstance(`, `RdsInstance.Builder`.
std::size_t resources(std::string_view text) {
  static const text::Pattern made(
      R"(\bnew\s+[\w.]+\s*[(<]|(?<!new )(?<![\w.])(?:[a-z_]\w*\.)+(?!\w*(?:Options|Args)\b)[A-Z]\w*\s*\()");
  return count(made, text);
}

}  // namespace

void program_protection_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("infrastructure-program");
  if (!kind) return;
  for (auto& file : change.files()) {
    if (!file.kinds()[*kind] || !file.delta().before || !file.delta().after || file.delta().mode_only()) continue;
    if (!file.unreadable({}).empty() || file.binary()) continue;
    const auto before = document::scan_program(file.before_text()), after = document::scan_program(file.after_text());
    const auto gone = resources(before.bare) - std::min(resources(before.bare), resources(after.bare));
    for (const auto& option : options()) {
      const auto was = count(option.on, before.bare), is = count(option.on, after.bare);
      const auto off =
          count(option.off, after.bare) - std::min(count(option.off, before.bare), count(option.off, after.bare));
      if (was <= is + gone + off) continue;  // gone with its resource, or turned off where a line says so
      Fact fact;
      fact.kind = "program-protection-lost";
      fact.path = file.path();
      fact.line_before = document::line_at(before.bare, option.on.find(before.bare)->begin);
      fact.subject = option.name;
      fact.before = "on";
      fact.after = "left out";
      fact.attributes["place"] = option.name;
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
