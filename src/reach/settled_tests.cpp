// The script is read once more behind assignments of what its tests ask for; only what is never reached is taken over.
#include "reach/settled_tests.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using document::Command;
using document::Script;

bool is_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// A text, and nothing that only the run knows.
bool is_settled(const std::string& value) {
  return value.find_first_of("$`\n") == std::string::npos && value.find("{{") == std::string::npos;
}

void add_names(std::string_view word, std::set<std::string>& names) {
  for (auto at = word.find('$'); at != std::string_view::npos; at = word.find('$', at + 1)) {
    auto rest = word.substr(at + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_of_name);
    if (end != rest.begin()) names.emplace(rest.begin(), end);
  }
}

/// Below the line that names the interpreter, so that its options hold.
std::string behind_assignments(std::string_view text, std::string_view assignments) {
  std::string result;
  if (text.starts_with("#!")) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    result = text.substr(0, end);
    text.remove_prefix(end);
  }
  return result.append(assignments).append(text);
}

}  // namespace

std::set<std::string> tested_names(const Script& script) {
  std::set<std::string> names;
  for (const Command& command : script.commands) {
    if (!text::is_one_of(command.program(), {"[", "test", "[["})) continue;
    for (const auto& word : command.argv)
      if (word.dynamic) add_names(word.text, names);
  }
  return names;
}

std::string settling_assignments(const std::set<std::string>& names, const Given& given) {
  std::string assignments;
  for (const auto& name : names)
    if (const auto* value = given(name); value != nullptr && is_settled(*value))
      assignments += name + "=" + util::shell_quoted(*value) + "\n";
  return assignments;
}

std::shared_ptr<const Script> with_tests_settled(std::shared_ptr<const Script> script, std::string_view text,
                                                 document::ShellOptions options, std::string_view assignments) {
  if (assignments.empty() || script->commands.empty()) return script;
  const auto read = document::parse_shell(behind_assignments(text, assignments), options);
  if (read.commands.size() < script->commands.size()) return script;
  const auto first = read.commands.end() - static_cast<std::ptrdiff_t>(script->commands.size());
  const bool same = std::equal(script->commands.begin(), script->commands.end(), first,
                               [](const Command& a, const Command& b) { return a.program() == b.program(); });
  const bool alike =
      std::equal(script->commands.begin(), script->commands.end(), first,
                 [](const auto& a, const auto& b) { return a.context.unreachable == b.context.unreachable; });
  if (!same || alike) return script;
  auto result = std::make_shared<Script>(*script);
  for (std::size_t i = 0; i < result->commands.size(); ++i) {
    auto& context = result->commands[i].context;
    if (!(first + static_cast<std::ptrdiff_t>(i))->context.unreachable || context.unreachable) continue;
    context.unreachable = true;
    context.fatal = false;
  }
  return result;
}

}  // namespace tollbar::reach
