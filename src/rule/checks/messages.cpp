// Facts about commit messages: words that tell CI to stay away.
#include <algorithm>

#include "rule/checks/producers.h"
#include "rule/commit_message.h"

namespace tollbar::rule {
namespace {

/// What the file runs is not what it ran: a manifest whose dependencies move runs the same.
bool other_commands(FileChange& file) {
  const auto& before = file.before_commands();
  const auto& after = file.after_commands();
  return !std::equal(before.begin(), before.end(), after.begin(), after.end(), [](const auto& a, const auto& b) {
    return a.subject == b.subject && a.command.text() == b.command.text() &&
           a.command.context.following == b.command.context.following;
  });
}

}  // namespace

void message_facts(Change& change, std::vector<Fact>& facts) {
  if (change.commit() == nullptr) return;
  const auto words = words_that_skip_ci(change.commit()->message);
  if (!words) return;
  Fact fact;
  fact.kind = "message-skips-ci";
  fact.subject = "commit message";
  fact.after = *words;
  fact.attributes["touches_ci"] = change.touches_execution() ? "true" : "false";
  // On ordinary code the pipelines of the next commit judge this one too; where commands or CI change, nobody looks
  // before they run.
  const auto runs = [&](FileChange& file) {
    for (std::size_t i = 0; i < change.rules().kinds.size(); ++i)
      if (file.kinds()[i] && change.rules().kinds[i].commands) return other_commands(file);
    return false;
  };
  const bool sensitive = change.touches_execution() || std::any_of(change.files().begin(), change.files().end(), runs);
  fact.attributes["touches"] = sensitive ? "commands" : "code";
  facts.push_back(std::move(fact));
}

}  // namespace tollbar::rule
