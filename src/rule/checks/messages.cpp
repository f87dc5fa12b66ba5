// Facts about commit messages: words that tell CI to stay away.
#include "rule/checks/producers.h"
#include "text/pattern.h"

namespace tollbar::rule {

void message_facts(Change& change, std::vector<Fact>& facts) {
  if (change.commit() == nullptr) return;
  static const text::Pattern skip(
      R"((?im)\[(?:skip ci|ci skip|no ci|skip actions|actions skip|skip travis|travis skip|skip azp|skip appveyor)\]|\*\*\*NO_CI\*\*\*|^skip-checks:\s*true)");
  const auto match = skip.find(change.commit()->message);
  if (!match) return;
  Fact fact;
  fact.kind = "message-skips-ci";
  fact.subject = "commit message";
  fact.after = std::string(*match->groups[0]);
  facts.push_back(std::move(fact));
}

}  // namespace tollbar::rule
