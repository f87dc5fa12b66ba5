// Coding agents that commits say they come from. A claim: it labels and may tighten, it never proves anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/commit.h"
#include "text/glob.h"

namespace tollbar::rule {

/// How one agent shows (rules/data/agents.yml).
struct Agent {
  std::string name;
  std::vector<std::string> emails;        ///< lower case, as they stand behind any `+`
  std::vector<std::string> name_endings;  ///< of an author's or committer's name
  std::vector<std::string> texts;         ///< anywhere in the message
  std::vector<std::string> trailers;      ///< beginnings of lines of the message, lower case
  std::vector<text::Glob> branches;
};

/// The entries below `agents`. Throws util::UsageError for a key that is not known.
std::vector<Agent> read_agents(const document::Node& root);

/// The agents that a commit claims to come from, each once, in the order of the table; what `Assisted-by: NAME:MODEL`
/// names comes last, in lower case and plain characters only. `branch` is the short name of the branch that is judged,
/// or empty.
std::vector<std::string> claimed_agents(const std::vector<Agent>& agents, const model::Commit& commit,
                                        std::string_view branch);

}  // namespace tollbar::rule
