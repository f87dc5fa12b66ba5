// What compares: `git diff --exit-code` with force, or a look at what git lists whose answer something fails on.
#include "reach/rewriting.h"

#include <algorithm>
#include <string_view>

#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

bool asks_git_for_changes(const ExecutedCommand& executed, CommandLookup& commands) {
  const auto& words = commands.words(executed);
  return words.size() > 1 && words[0] == "git" &&
         std::any_of(words.begin() + 1, words.end(), [](const std::string& word) {
           return word == "status" || word == "diff" || word == "diff-index" || word == "diff-files" ||
                  word == "ls-files";
         });
}

/// `exit 1`, `false`, or `test -z "$(git status --porcelain)"` with force.
bool fails_on_answer(const ExecutedCommand& executed, CommandLookup& commands) {
  if (executed.unreachable || executed.command->context.in_substitution) return false;
  const auto& words = commands.words(executed);
  if (words.empty()) return false;
  if (words[0] == "exit") return words.size() > 1 && words[1] != "0";
  const bool tests = words[0] == "test" || words[0] == "[" || words[0] == "[[";
  return words[0] == "false" || words[0] == "return" || (tests && executed.fatal);
}

bool compares(const ExecutedStep& step, std::size_t from, CommandLookup& commands) {
  bool asked = false, fails = false;  // in either order: a substitution stands behind the command that it is part of
  for (std::size_t i = from; i < step.commands.size(); ++i) {
    const ExecutedCommand& executed = step.commands[i];
    const CheckTool* tool = commands.tool(executed);
    if (tool && tool->auxiliary && executed.fatal && !executed.unreachable &&
        !executed.command->context.in_substitution && asks_git_for_changes(executed, commands))
      return true;
    asked |= executed.command->context.in_substitution && asks_git_for_changes(executed, commands);
    fails |= fails_on_answer(executed, commands);
  }
  return asked && fails;
}

/// The formatter that the command runs without any of the flags that make it judge: `prettier --write`.
const CheckTool* rewriting_tool(const ExecutedCommand& executed, CommandLookup& commands) {
  const auto& words = commands.words(executed);
  if (words.empty() || commands.tool(executed)) return nullptr;
  const auto& knowledge = commands.knowledge();
  const auto is_run = [&](const CheckTool& tool) {
    if (tool.kind != CheckKind::format || tool.requires_any.empty()) return false;
    if (tool.words.empty() || !word_matches(tool.words.front(), words.front())) return false;
    document::Command judging = *executed.command;
    judging.argv.push_back({tool.requires_any.front(), false, false, 0});
    return knowledge.check_tool(judging) == &tool;
  };
  const auto found = std::find_if(knowledge.check_tools.begin(), knowledge.check_tools.end(), is_run);
  return found == knowledge.check_tools.end() ? nullptr : &*found;
}

/// Something behind the command of this step fails the job when git sees a difference.
bool is_compared(const std::vector<ExecutedStep>& steps, std::size_t number, std::size_t command,
                 CommandLookup& commands) {
  const ExecutedStep& own = steps[number];
  if (compares(own, command + 1, commands)) return true;
  return std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(number) + 1, steps.end(), [&](const auto& later) {
    return later.job == own.job && later.context == own.context && later.enforced && compares(later, 0, commands);
  });
}

}  // namespace

std::vector<RewritingCheck> rewriting_checks(const std::vector<ExecutedStep>& steps, CommandLookup& commands) {
  std::vector<RewritingCheck> found;
  const bool asks = std::any_of(steps.begin(), steps.end(), [&](const ExecutedStep& step) {
    return std::any_of(step.commands.begin(), step.commands.end(),
                       [&](const ExecutedCommand& executed) { return asks_git_for_changes(executed, commands); });
  });
  if (!asks) return found;
  for (std::size_t number = 0; number < steps.size(); ++number) {
    if (!steps[number].enforced) continue;
    for (std::size_t i = 0; i < steps[number].commands.size(); ++i) {
      const ExecutedCommand& executed = steps[number].commands[i];
      if (executed.followed || executed.command->argv.empty() || executed.command->context.in_substitution) continue;
      const CheckTool* tool = rewriting_tool(executed, commands);
      if (tool && is_compared(steps, number, i, commands)) found.push_back({number, i, tool});
    }
  }
  return found;
}

}  // namespace tollbar::reach
