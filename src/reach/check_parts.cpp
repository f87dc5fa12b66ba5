// Told from the step, its commands and the tables.
#include "reach/check_parts.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "reach/word_glob.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::reach {

std::string brief(std::string text) {
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

std::vector<std::string> disarmed_legs(const Legs& legs, CheckKind kind, const Knowledge& knowledge) {
  std::vector<std::string> result;
  for (std::size_t leg = 0; leg < legs.size(); ++leg) {
    const auto& pairs = legs.pairs(leg);
    if (std::any_of(pairs.begin(), pairs.end(),
                    [&](const auto& pair) { return knowledge.switches_off(kind, pair.first, pair.second); }))
      result.push_back(legs.text(leg));
  }
  return result;
}

std::string swallowed_by(const ExecutedStep& step, std::size_t index) {
  const ExecutedCommand& executed = step.commands[index];
  const auto& context = executed.command->context;
  if (executed.unreachable) return std::string(kNeverReached);
  if (context.fatal && !executed.chain.empty())
    return "the call of " + executed.chain.back().path + " swallows its failure";
  if (context.background) return "it runs in the background";
  if (context.stages > 1 && context.stage + 1 < context.stages) return "a pipe swallows its failure";
  if (context.following == "||") {
    for (std::size_t next = index + 1; next < step.commands.size(); ++next) {
      if (step.commands[next].chain.size() == executed.chain.size() &&
          !step.commands[next].command->context.in_substitution) {
        return "|| " + brief(step.commands[next].command->text());
      }
    }
  }
  return context.is_condition ? "it is only a condition" : "the script goes on and succeeds after it fails";
}

std::vector<std::string> written_by(const ExecutedStep& step, std::size_t index) {
  const auto& command = *step.commands[index].command;
  std::vector<std::string> files;
  const auto add = [&](const std::string& path) {
    const auto name = text::base_name(path);
    if (name.size() > 2 && name.find('$') == std::string_view::npos && path != "/dev/null") files.emplace_back(name);
  };
  const auto add_redirections = [&](const document::Command& from) {
    for (const auto& redirection : from.redirections)
      if (redirection.op.find('>') != std::string::npos && redirection.op != "2>") add(redirection.target.text);
  };
  add_redirections(command);
  for (std::size_t i = 1; i < command.argv.size(); ++i) {
    const auto& word = command.argv[i].text;
    const auto equals = word.find('=');
    const std::string_view flag = std::string_view(word).substr(0, equals);
    if (!text::is_one_of(flag, {"-o", "--output", "--out", "--output-file", "--outfile", "--report", "--log-file"}))
      continue;
    if (equals != std::string::npos)
      add(word.substr(equals + 1));
    else if (i + 1 < command.argv.size())
      add(command.argv[i + 1].text);
  }
  for (std::size_t next = index + 1; next < step.commands.size(); ++next) {
    const auto& other = *step.commands[next].command;
    if (other.context.pipeline != command.context.pipeline || command.context.stages < 2) break;
    add_redirections(other);
    if (other.program() == "tee")
      for (std::size_t i = 1; i < other.argv.size(); ++i) add(other.argv[i].text);
  }
  return files;
}

Check check_of(const ExecutedStep& step, const std::string& required) {
  Check check;
  check.pipeline = step.pipeline->path;
  check.job = step.job->id;
  check.job_name = step.job->name;
  if (step.step) check.step_name = step.step->name.empty() ? step.step->id : step.step->name;
  check.context = required;
  check.chain = step.calls;
  check.legs = step.job->legs;
  check.events = step.events;
  check.narrowing = step.narrowing;
  check.enforced = step.enforced;
  check.left_to_callers = step.left_to_callers;
  check.why = step.unenforced_why;
  check.why_line = step.unenforced_line;
  check.why_path = step.unenforced_path;
  return check;
}

bool runs_on_request(const Check& check) {
  static const text::Pattern asks(R"((?i)(?<!!)\bcontains\s*\(\s*github\.event\.(?:\w+\.)*(?:body|title|message)\s*,)");
  return std::any_of(check.narrowing.begin(), check.narrowing.end(), [&](const std::string& narrowing) {
    if (!narrowing.starts_with("if: ")) return false;
    for (std::size_t at = 0; at <= narrowing.size();) {
      const auto end = std::min(narrowing.find("||", at), narrowing.size());
      if (!asks.matches(std::string_view(narrowing).substr(at, end - at))) return false;
      at = end + 2;
    }
    return true;
  });
}

void weaken(Check& check, std::string why, const std::string& path, std::uint32_t line) {
  check.left_to_callers = false;
  if (!check.enforced) return;
  check.enforced = false;
  check.why = std::move(why);
  check.why_path = path;
  check.why_line = line;
}

void let_needs_fail(Check& check, const ExecutedStep& step, const ExecutedAction& action, const std::string& input) {
  constexpr std::string_view kSeparators = ", \t\r\n[]\"'";  // of a list in words, of one in JSON
  const auto found = action.with.find(input);
  if (found == action.with.end() || step.job == nullptr) return;
  std::set<std::string_view> listed;
  for (std::string_view rest = text::trimmed(found->second, kSeparators); !rest.empty();) {
    const auto end = std::min(rest.find_first_of(kSeparators), rest.size());
    listed.insert(rest.substr(0, end));
    rest = text::trimmed(rest.substr(end), kSeparators);
  }
  if (listed.empty()) return;
  const auto& needs = step.job->needs;
  const bool all = std::all_of(needs.begin(), needs.end(), [&](const auto& need) { return listed.count(need) != 0; });
  if (all && !needs.empty())
    weaken(check, input + " lists every job that it waits for", action.path, action.line);
  else
    check.narrowing.push_back(input + ": " + brief(found->second));
}

bool only_calls_a_shell(const std::vector<std::string>& words) {
  return words.size() > 2 && document::is_shell(words[0]) && words[1].starts_with('-') && !words[1].starts_with("--") &&
         words[1].find('c') != std::string::npos;
}

std::string shown_name(const CheckTool& tool, const std::vector<std::string>& words) {
  const bool lists = tool.words.front().find('{') != std::string::npos;
  const auto program = std::find_if(words.begin(), words.end(), [&](const auto& word) {
    return word_matches(tool.words.front(), std::string_view(word).substr(word.rfind('/') + 1));
  });
  if (!lists || tool.anywhere || program == words.end()) return tool.name;
  return program->substr(program->rfind('/') + 1) + tool.name.substr(std::min(tool.name.find(' '), tool.name.size()));
}

namespace {

/// What such a tool shall do stands first: no flag before it that takes no value seems to have taken it for one
/// (`gradle --no-daemon test`).
std::vector<std::string> tasks_first(const std::vector<std::string>& arguments,
                                     const std::vector<std::string>& valued) {
  std::vector<std::string> tasks, rest;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool value = i > 0 && std::find(valued.begin(), valued.end(), arguments[i - 1]) != valued.end();
    const bool task = !value && !arguments[i].starts_with('-') && arguments[i].find('=') == std::string::npos;
    (task ? tasks : rest).push_back(arguments[i]);
  }
  tasks.insert(tasks.end(), rest.begin(), rest.end());
  return tasks;
}

}  // namespace

std::vector<std::string> arguments_of(const CheckTool* tool, const std::vector<std::string>& words,
                                      const Knowledge& knowledge) {
  std::vector<std::string> arguments(words.begin() + 1, words.end());
  if (const auto valued = knowledge.value_flags.find(words.front()); valued != knowledge.value_flags.end()) {
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
      const bool takes = std::find(valued->second.begin(), valued->second.end(), arguments[i]) != valued->second.end();
      if (!takes || (tool && !find_flag(tool->narrowing, {arguments[i]}).empty())) continue;
      arguments[i] += "=" + arguments[i + 1];
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
    if (tool && tool->anywhere) arguments = tasks_first(arguments, valued->second);
  }
  const std::size_t names = tool && !tool->anywhere ? tool->words.size() - 1 : 0;
  for (std::size_t i = 0; i < names; ++i) {
    const auto plain =
        std::find_if(arguments.begin(), arguments.end(), [](const auto& word) { return !word.starts_with('-'); });
    if (plain != arguments.end()) arguments.erase(plain);
  }
  return arguments;
}

}  // namespace tollbar::reach
