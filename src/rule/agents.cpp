// Reads the signs of agents and looks for them in a commit.
#include "rule/agents.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/ascii.h"
#include "text/lines.h"
#include "util/error.h"

namespace tollbar::rule {
namespace {

/// `198982749+Copilot@users.noreply.github.com` -> `copilot@users.noreply.github.com`
std::string plain_email(std::string_view email) {
  const auto at = email.rfind('@');
  const auto plus = email.substr(0, at).rfind('+');
  return text::ascii_lower(plus == std::string_view::npos ? email : email.substr(plus + 1));
}

std::vector<std::string> lines_of(std::string_view message) {
  std::vector<std::string> lines;
  for (const auto line : text::Lines(message)) lines.push_back(text::ascii_lower(line));
  return lines;
}

/// What a commit says about its actors, made comparable.
struct Claims {
  std::vector<std::string> emails, names, lines;
  std::string_view message, branch;
};

Claims claims_of(const model::Commit& commit, std::string_view branch) {
  Claims claims{{}, {commit.author.name, commit.committer.name}, lines_of(commit.message), commit.message, branch};
  claims.emails = {plain_email(commit.author.email), plain_email(commit.committer.email)};
  for (const auto& line : claims.lines) {
    const auto open = line.rfind('<');
    const auto close = line.rfind('>');
    const bool trailer = line.find("-by:") != std::string::npos && line.find("-by:") < line.find(' ');
    if (trailer && open != std::string::npos && close != std::string::npos && open < close)
      claims.emails.push_back(plain_email(std::string_view(line).substr(open + 1, close - open - 1)));
  }
  return claims;
}

bool shows(const Agent& agent, const Claims& claims) {
  const auto any = [](const auto& signs, const auto& test) { return std::any_of(signs.begin(), signs.end(), test); };
  return any(agent.emails,
             [&](const std::string& email) {
               return std::find(claims.emails.begin(), claims.emails.end(), email) != claims.emails.end();
             }) ||
         any(agent.name_endings,
             [&](const std::string& ending) {
               return any(claims.names, [&](const std::string& name) { return name.ends_with(ending); });
             }) ||
         any(agent.texts,
             [&](const std::string& text) { return claims.message.find(text) != std::string_view::npos; }) ||
         any(agent.trailers,
             [&](const std::string& trailer) {
               return any(claims.lines, [&](const std::string& line) { return line.starts_with(trailer); });
             }) ||
         (!claims.branch.empty() &&
          any(agent.branches, [&](const text::Glob& glob) { return glob.matches(claims.branch); }));
}

/// The name in `assisted-by: NAME:MODEL`; only what a name is made of, so that nothing else reaches a report.
std::string assistant(std::string_view line) {
  constexpr std::string_view key = "assisted-by:";
  constexpr std::size_t longest = 40;
  if (!line.starts_with(key)) return {};
  line.remove_prefix(std::min(line.find_first_not_of(' ', key.size()), line.size()));
  std::string name;
  for (const char c : line) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!plain || name.size() == longest) break;
    name += c;
  }
  return name;
}

}  // namespace

std::vector<Agent> read_agents(const document::Node& root) {
  std::vector<Agent> agents;
  const auto* list = root.get("agents");
  if (list == nullptr) return agents;
  for (const auto& node : list->items) {
    Agent agent;
    for (const auto& [key, value] : node.members) {
      const auto name = key.text();
      if (name == "name") {
        agent.name = value.text();
      } else if (name == "emails") {
        agent.emails = value.texts();
      } else if (name == "name_endings") {
        agent.name_endings = value.texts();
      } else if (name == "texts") {
        agent.texts = value.texts();
      } else if (name == "trailers") {
        for (const auto& trailer : value.texts()) agent.trailers.push_back(text::ascii_lower(trailer));
      } else if (name == "branches") {
        for (const auto& branch : value.texts()) agent.branches.emplace_back(branch);
      } else {
        throw util::UsageError(fmt::format("agents.yml:{}: an agent has no `{}`", key.line, name));
      }
    }
    agents.push_back(std::move(agent));
  }
  return agents;
}

std::vector<std::string> claimed_agents(const std::vector<Agent>& agents, const model::Commit& commit,
                                        std::string_view branch) {
  const auto claims = claims_of(commit, branch);
  std::vector<std::string> found;
  for (const auto& agent : agents)
    if (shows(agent, claims)) found.push_back(agent.name);
  for (const auto& line : claims.lines) {
    auto name = assistant(line);
    if (!name.empty() && std::find(found.begin(), found.end(), name) == found.end()) found.push_back(std::move(name));
  }
  return found;
}

}  // namespace tollbar::rule
