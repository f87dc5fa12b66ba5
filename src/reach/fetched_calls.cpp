// Pipelines from a program that downloads to a shell.
#include "reach/fetched_calls.h"

#include <algorithm>
#include <string>

namespace tollbar::reach {
namespace {

bool fetches(const document::Command& command) {
  const auto words = essential_words(command);
  return !words.empty() && (words.front() == "curl" || words.front() == "wget");
}

/// A shell that runs what it reads.
bool is_shell(const document::Command& command) {
  const auto words = essential_words(command);
  if (words.empty() || (words.front() != "sh" && words.front() != "bash")) return false;
  return std::all_of(words.begin() + 1, words.end(),
                     [](const std::string& word) { return word.starts_with('-') || word == "sh" || word == "bash"; }) ||
         std::find(words.begin(), words.end(), "-s") != words.end();
}

}  // namespace

void add_fetched(const ExecutedStep& step, std::vector<UnknownCall>& fetched) {
  const ExecutedCommand* previous = nullptr;
  for (const auto& executed : step.commands) {
    const auto& context = executed.command->context;
    const bool piped = previous != nullptr && context.stage > 0 && previous->path == executed.path &&
                       previous->command->context.pipeline == context.pipeline;
    if (piped && fetches(*previous->command) && is_shell(*executed.command) && !executed.unreachable)
      fetched.push_back(
          {previous->command->text() + " | " + executed.command->text(), executed.path, executed.line, executed.chain});
    previous = &executed;
  }
}

}  // namespace tollbar::reach
