// Targets are compared as words: what follows the verb, and the flags that say where.
#include "rule/made_here.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "document/command_identity.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using Words = std::vector<std::string_view>;

/// `-chdir=e2e`, `--cluster=x` and all words that are neither flags nor the verb.
Words targets_of(const std::vector<document::Word>& words) {
  static constexpr std::array<std::string_view, 12> says_where{
      "-chdir",      "--chdir", "-state",      "--stack",  "--cluster",      "--context",
      "--namespace", "--name",  "--workspace", "--region", "--kube-context", "--filename"};
  Words targets;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const bool where = std::any_of(says_where.begin(), says_where.end(),
                                   [&](std::string_view flag) { return word.starts_with(flag); });
    if (!where && word.starts_with('-')) continue;
    if (text::is_one_of(word, {"destroy", "delete", "remove", "down", "uninstall", "apply", "create", "up", "install"}))
      continue;
    targets.push_back(word);
  }
  return targets;
}

bool makes(const std::vector<document::Word>& words) {
  return std::any_of(words.begin(), words.end(), [](const document::Word& word) {
    return text::is_one_of(word.text, {"apply", "create", "up", "install"});
  });
}

}  // namespace

bool made_by_own_job(const Change::NewCommand& command, const std::vector<Change::NewCommand>& all) {
  if (command.job == nullptr || !command.job->environment.empty()) return false;
  const auto words = document::essential(command.place.command);
  const auto wanted = targets_of(words);
  bool made = false;
  for (const auto& other : all) {
    if (other.job != command.job || other.place.line >= command.place.line) continue;
    // Elsewhere the same words mean something else.
    if (other.place.command.program() == "cd" && made && wanted.empty()) return false;
    const auto others = document::essential(other.place.command);
    if (words.empty() || others.empty() || others.front().text != words.front().text || !makes(others)) continue;
    const auto given = targets_of(others);
    made = made ||
           (wanted.empty() == given.empty() && std::all_of(wanted.begin(), wanted.end(), [&](std::string_view target) {
              return std::find(given.begin(), given.end(), target) != given.end();
            }));
  }
  return made;
}

}  // namespace tollbar::rule
