// Finds the words by their spelling, as those machines do.
#include "rule/commit_message.h"

#include "text/pattern.h"

namespace tollbar::rule {

std::optional<std::string> words_that_skip_ci(std::string_view message) {
  static const text::Pattern skip(
      R"((?im)\[(?:(?:skip|no)[ _-](?&system)|(?&system)[ _-]skip)\]|\*\*\*NO_CI\*\*\*|^skip-checks:\s*true(?(DEFINE)(?<system>ci|actions|travis(?:ci)?|circle(?:ci)?|azp|azurepipelines|appveyor|gitlab|jenkins|buildkite|drone|woodpecker|cirrus|bitbucket|netlify|vercel|render|cd)))");
  const auto match = skip.find(message);
  return match ? std::optional<std::string>(*match->groups[0]) : std::nullopt;
}

std::vector<std::string> break_glass_claims(std::string_view message) {
  static const text::Pattern trailer(R"((?im)^break[-_]?glass(?:[-_]\w+)*[ \t]*:[^\r\n]*)");
  std::vector<std::string> claims;
  for (std::size_t from = 0; from < message.size();) {
    const auto match = trailer.find(message, from);
    if (!match) {
      break;
    }
    claims.emplace_back(*match->groups[0]);
    from = match->end;
  }
  return claims;
}

}  // namespace tollbar::rule
