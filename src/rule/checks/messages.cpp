// Facts about commit messages: words that tell CI to stay away.
#include <algorithm>

#include "rule/checks/producers.h"
#include "text/pattern.h"

namespace tollbar::rule {

void message_facts(Change& change, std::vector<Fact>& facts) {
  if (change.commit() == nullptr) return;
  static const text::Pattern skip(
      R"((?im)\[(?:(?:skip|no)[ _-](?&system)|(?&system)[ _-]skip)\]|\*\*\*NO_CI\*\*\*|^skip-checks:\s*true(?(DEFINE)(?<system>ci|actions|travis(?:ci)?|circle(?:ci)?|azp|azurepipelines|appveyor|gitlab|jenkins|buildkite|drone|woodpecker|cirrus|bitbucket|netlify|vercel|render|cd)))");
  const auto match = skip.find(change.commit()->message);
  if (!match) return;
  Fact fact;
  fact.kind = "message-skips-ci";
  fact.subject = "commit message";
  fact.after = std::string(*match->groups[0]);
  fact.attributes["touches_ci"] = change.touches_execution() ? "true" : "false";
  // On ordinary code the pipelines of the next commit judge this one too; where commands or CI change, nobody looks
  // before they run.
  const auto runs = [&](const FileChange& file) {
    for (std::size_t i = 0; i < change.rules().kinds.size(); ++i)
      if (file.kinds()[i] && change.rules().kinds[i].commands) return true;
    return false;
  };
  const bool sensitive = change.touches_execution() || std::any_of(change.files().begin(), change.files().end(), runs);
  fact.attributes["touches"] = sensitive ? "commands" : "code";
  facts.push_back(std::move(fact));
}

}  // namespace tollbar::rule
