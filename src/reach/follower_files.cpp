// How each kind of file is entered: scripts, package files, Taskfiles, directories of sources.
#include <algorithm>
#include <array>
#include <string_view>

#include "document/shell_listing.h"
#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/word_glob.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

/// Wrapper scripts of build tools: run, but what they hold is not the project's.
bool is_wrapper(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "gradlew" || name == "mvnw";
}

/// A file that a shell would read: by its `#!` line, else because a shell was asked for it, else by its name.
bool reads_as_shell(const document::Script& script, std::string_view path, const document::Command& command) {
  if (!script.interpreter.empty()) return document::is_shell(script.interpreter);
  if (command.argv.empty()) return false;
  constexpr std::array<std::string_view, 16> kOther{".py",  ".js",  ".mjs", ".cjs", ".ts",  ".rb", ".pl", ".php",
                                                    ".ps1", ".bat", ".cmd", ".go",  ".lua", ".R",  ".jl", ".exe"};
  if (std::any_of(kOther.begin(), kOther.end(), [&](auto extension) { return path.ends_with(extension); }))
    return false;
  const auto name = text::base_name(path);
  const auto dot = name.rfind('.');
  constexpr std::array<std::string_view, 12> kData{".mod",  ".sum", ".json", ".yml", ".yaml", ".toml",
                                                   ".lock", ".md",  ".txt",  ".xml", ".ini",  ".cfg"};
  const auto extension = dot == std::string_view::npos ? std::string_view() : name.substr(dot);
  const bool is_data = std::find(kData.begin(), kData.end(), extension) != kData.end();
  return !is_data || std::any_of(command.argv.begin(), command.argv.end(), [](const auto& word) {
    return document::is_shell(word.text) || word.text == "source" || word.text == ".";
  });
}

/// Functions of a sourced file that the sourcing script calls.
std::vector<std::string> called_functions(const document::Script& library, const document::Script& from) {
  std::set<std::string> defined, called;
  for (const auto& command : library.commands) {
    if (!command.context.function.empty()) defined.insert(command.context.function);
  }
  for (const auto& command : from.commands) {
    if (defined.count(std::string(command.program())) != 0) called.insert(std::string(command.program()));
  }
  return {called.begin(), called.end()};
}

/// A failure in one of the functions fails the script that calls them: what is sourced runs where it is called.
bool calls_fatally(const document::Script& from, const std::vector<std::string>& functions) {
  return std::any_of(from.commands.begin(), from.commands.end(), [&](const document::Command& command) {
    return command.context.fatal && std::find(functions.begin(), functions.end(), command.program()) != functions.end();
  });
}

/// Functions that a script defines and calls nowhere itself.
std::set<std::string> uncalled_functions(const document::Script& script) {
  std::set<std::string> functions;
  for (const auto& command : script.commands) {
    if (!command.context.function.empty()) functions.insert(command.context.function);
  }
  for (const auto& command : script.commands) functions.erase(std::string(command.program()));
  return functions;
}

/// What a script gives to the variable that is all of a call: `"cmd_$1"` for `local command="cmd_$1"; "$command"`.
std::string_view value_called(const document::Script& script, std::string_view expansion) {
  auto name = expansion.substr(std::min<std::size_t>(1, expansion.size()));
  if (name.starts_with('{') && name.ends_with('}')) name = name.substr(1, name.size() - 2);
  for (const auto& command : script.commands) {
    for (const auto& assignment : command.assignments)
      if (assignment.name == name) return assignment.value.text;
    for (const auto& word : command.argv)
      if (!name.empty() && document::assigned_name(word.text) == name)
        return std::string_view(word.text).substr(name.size() + 1);
  }
  return {};
}

/// The functions that a script calls by a name made of its first argument: `cmd_lint` of `scripts/cli lint`.
std::vector<std::string> dispatched_functions(const document::Script& script,
                                              const std::vector<std::string>& arguments) {
  std::vector<std::string> functions;
  if (arguments.empty() || arguments.front().find('$') != std::string::npos) return functions;
  for (const auto& command : script.commands) {
    if (command.argv.empty() || !command.argv.front().dynamic || !command.argv.front().text.starts_with('$')) continue;
    std::string name(value_called(script, command.argv.front().text));
    for (const std::string_view argument : {"${1}", "$1"})
      if (const auto at = name.find(argument); at != std::string::npos)
        name.replace(at, argument.size(), arguments.front());
    if (!name.empty() && name.find('$') == std::string::npos && uncalled_functions(script).count(name) != 0)
      functions.push_back(std::move(name));
  }
  return functions;
}

/// What a package manager runs where its caller adds words: they go to the end of the script, as it is written.
document::Script with_arguments(const document::PackageScript& script, const std::vector<std::string>& arguments) {
  std::string text = script.text;
  for (const auto& argument : arguments) {
    text += ' ' + (argument.empty() ? "\"${ARGUMENT}\"" : util::shell_quoted(argument));
  }
  document::ShellOptions options;
  options.first_line = std::max(1U, script.line);
  return document::parse_shell(text, options);
}

/// What the call of a script sets for it, else what stands around the call; null for neither.
const std::string* given_to(const document::Command& command, const std::map<std::string, std::string>& env,
                            const std::string& name) {
  const auto own = std::find_if(command.assignments.rbegin(), command.assignments.rend(),
                                [&](const auto& assignment) { return assignment.name == name; });
  if (own != command.assignments.rend()) return &own->value.text;
  const auto around = env.find(name);
  return around == env.end() ? nullptr : &around->second;
}

}  // namespace

/// A skeleton reads its body from the script that sources it: `run_lint() { ...; }; . ./lint-common.sh`.
std::vector<std::string> Follower::left_to_sourced(const document::Script& script, const Place& place) {
  const std::set<std::string> uncalled = uncalled_functions(script);
  if (uncalled.empty()) return {};
  const std::string own = directory_of(place.path);
  std::set<std::string> called;
  for (const auto& command : script.commands) {
    const bool sources = command.program() == "." || command.program() == "source";
    if (!sources || command.argv.size() < 2 || command.context.unreachable) continue;
    const std::string word = literal(command.argv[1], {*place.variables, place.path, place.directory});
    // `"$dir/common.sh"` most likely lies beside the script.
    const std::string& written = command.argv[1].text;
    const std::string beside = join_path(own, written.substr(written.rfind('/') + 1));
    std::optional<model::FileEntry> entry;
    if (!word.empty()) entry = find(join_path(place.directory, word));
    if (!entry && !beside.empty()) entry = find(beside);
    if (!entry) return {uncalled.begin(), uncalled.end()};  // whatever it calls: nothing may be claimed
    for (const auto& inner : scripts_.shell(tree_, *entry, {true, false, 1})->commands) {
      if (uncalled.count(std::string(inner.program())) != 0) called.insert(std::string(inner.program()));
    }
  }
  return {called.begin(), called.end()};
}

bool Follower::enter_script(const Call& call, const document::Command& command, const document::Script& from,
                            const std::string& path, const Place& place) {
  Place within = place;
  const auto entry = call.kind == CallKind::program ? seek(path) : find(path);
  const document::ShellOptions options{call.errexit || call.kind == CallKind::sourced, false, 1};
  const bool is_opaque = call.kind == CallKind::program || is_wrapper(path) || !entry;
  auto script = is_opaque ? nullptr : scripts_.shell(tree_, *entry, options);
  const bool is_read = script && reads_as_shell(*script, path, command);
  if (is_read) within.handed_on += handed_on(call, command.line);
  if (!descend(within, path, "", command.line, place.directory)) return is_read;
  if (!is_read) {
    if (entry && !is_wrapper(path)) follow_program(path, within);
    return false;
  }
  for (const char name : kMakeVariables) {
    const std::string of_the_recipe(1, name);
    if (within.variables->count(of_the_recipe) != 0) within.variables.edit().erase(of_the_recipe);
  }
  set_arguments(call.arguments, within);
  if (call.kind == CallKind::sourced) {
    const auto calls = called_functions(*script, from);
    if (!calls.empty()) script = scripts_.shell(tree_, *entry, options, calls);
    if (calls_fatally(from, calls)) within.fatal = within.began_fatal;
  } else {
    const auto given = [&](const std::string& name) { return given_to(command, *within.env, name); };
    auto called = left_to_sourced(*script, within);
    for (auto& function : dispatched_functions(*script, call.arguments)) called.push_back(std::move(function));
    script = scripts_.settled_shell(tree_, *entry, options, called, given);
  }
  follow_kept(script, std::move(within));
  return true;
}

bool Follower::enter_package(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  const auto package = entry ? scripts_.package(tree_, *entry) : nullptr;
  const auto has_main = [&] {
    return package && std::any_of(package->scripts.begin(), package->scripts.end(),
                                  [&](const auto& script) { return script.name == call.main_part; });
  };
  const bool is_running = std::any_of(place.chain.begin(), place.chain.end(), [&](const Link& link) {
    return link.path == path && link.part == call.main_part;
  });
  const bool is_handed_on = !call.late_words.empty() && has_main() && !is_running;
  if (call.recursive || (!call.workspaces.empty() && !is_handed_on)) {
    Call inner = call;
    inner.recursive = false;
    inner.workspaces.clear();
    inner.late_words.clear();
    bool any = false;
    const auto packages =
        call.workspaces.empty() ? workspace_packages(path) : selected_packages(directory_of(path), call.workspaces);
    for (const auto& each : packages) any = enter_package(inner, line, each, place) || any;
    if (call.recursive && call.workspaces.empty() && call.certainty == Certainty::inferred) {
      inner.parts = root_tasks(path, call.parts);
      any = (!inner.parts.empty() && enter_package(inner, line, path, place)) || any;
    }
    return any;
  }
  if (!package) return false;
  auto arguments = call.arguments;
  arguments.insert(arguments.end(), call.late_words.begin(), call.late_words.end());
  bool followed = false;
  for (std::string part : call.parts) {
    if (part.starts_with(kOwnScript) && !place.chain.empty())
      part.replace(0, kOwnScript.size(), place.chain.back().part);
    for (const auto& script : package->scripts) {
      if (!word_matches(part, script.name)) continue;
      Place within = place;
      followed = true;
      if (script.name == call.main_part) within.handed_on += handed_on(call, line);
      if (!descend(within, path, script.name, line, directory_of(path))) continue;
      if (arguments.empty() || script.name != call.main_part)
        follow_kept({package, &script.script}, std::move(within));
      else
        follow_script(with_arguments(script, arguments), std::move(within));
    }
  }
  return followed;
}

}  // namespace tollbar::reach
