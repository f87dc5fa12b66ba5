// Other names by which a job runs files of the tree: copies, aliases, programs of the package itself, shells of steps.
#include <algorithm>
#include <string_view>

#include "document/command_identity.h"
#include "document/shell_listing.h"
#include "reach/built_program.h"
#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/powershell.h"
#include "reach/program_calls.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostNames = 1000;

/// Folders in which programs are found by their name alone.
bool is_searched(std::string_view folder) {
  return is_one_of(folder, {"/usr/local/bin", "/usr/bin", "/bin", "$HOME/.local/bin", "~/.local/bin", "$HOME/bin"});
}

/// The path where it means the same everywhere: outside the tree, or from its root.
std::string settled(const std::string& path, const std::string& directory) {
  const bool is_outside = path.empty() || path.front() == '/' || path.front() == '$' || path.front() == '~';
  if (is_outside || path.front() == kTreeRoot) return path;
  const std::string joined = join_path(directory, path);
  return joined.empty() ? path : std::string(1, kTreeRoot) + "/" + joined;
}

/// A program that is built from a folder is run as its sources are.
void note_built(const std::vector<std::string>& words, const std::string& directory, JobState& job) {
  const auto built = built_program(words);
  if (!built) return;
  const std::string folder = join_path(directory, built->folder);
  if (folder.empty() || folder.find('$') != std::string::npos) return;
  for (const auto& name : built->names) {
    const bool is_path = words[1] == "build";
    if (job.copies.size() < kMostNames)
      job.copies[is_path ? settled(name, directory) : name] = program_of_folder(folder);
  }
}

}  // namespace

void Follower::note_names(const document::Command& command, const Standpoint& here) {
  const bool may_name = std::any_of(command.argv.begin(), command.argv.end(), [](const auto& word) {
    return is_one_of(word.text, {"alias", "cp", "mv", "ln", "install", "build"});
  });
  if (!may_name) return;
  const auto words = document::essential(command);
  if (words.size() < 2) return;
  if (words[0].text == "alias") {
    for (const auto& word : words) {
      const auto name = document::assigned_name(word.text);
      if (!name.empty() && !word.dynamic && job_.aliases.size() < kMostNames)
        job_.aliases[std::string(name)] = word.text.substr(name.size() + 1);
    }
    return;
  }
  if (!is_one_of(words[0].text, {"cp", "mv", "ln", "install"})) {
    std::vector<std::string> known;
    for (const auto& word : words) {
      const auto text = literal(word, here);
      known.push_back(text.empty() ? word.text : text);
    }
    note_built(known, here.directory, job_);
    return;
  }
  std::vector<std::string> names;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (is_one_of(words[i].text, {"-m", "-o", "-g", "--mode", "--owner", "--group"})) {
      ++i;
    } else if (!is_flag(words[i].text)) {
      const auto known = literal(words[i], here);
      names.push_back(known.empty() ? words[i].text : known);
    }
  }
  if (names.size() != 2 || job_.copies.size() >= kMostNames) return;
  const std::string source = join_path(here.directory, names[0]);
  const std::string base(text::base_name(source));
  std::string target = settled(names[1], here.directory);
  if (source.empty() || source == "." || source.find('$') != std::string::npos || target.empty()) return;
  // Only the name tells a folder from a file here; either may be meant.
  const std::string folder = target.ends_with('/') ? target.substr(0, target.size() - 1) : target;
  job_.copies[folder + "/" + base] = source;
  if (is_searched(folder)) job_.copies[base] = source;
  if (target.ends_with('/')) return;
  job_.copies[target] = source;
  if (is_searched(text::directory_of(target))) job_.copies[std::string(text::base_name(target))] = source;
}

std::string Follower::original(const document::Word& word, const std::string& text,
                               const std::string& directory) const {
  const std::string& name = text.empty() ? word.text : text;
  auto found = job_.copies.find(name);
  if (found == job_.copies.end()) found = job_.copies.find(settled(name, directory));
  if (found == job_.copies.end()) return text;
  if (folder_of_program(found->second).empty()) return std::string(1, kTreeRoot) + "/" + found->second;
  const bool is_run = found->first == name || name.find('/') != std::string::npos;  // `send` is no `./send`
  return is_run ? found->second : text;
}

bool Follower::follow_alias(const std::vector<std::string>& argv, const document::Command& command,
                            const Place& place) {
  const auto alias = argv.empty() ? job_.aliases.end() : job_.aliases.find(argv[0]);
  if (alias == job_.aliases.end()) return false;
  const auto script = document::parse_shell(alias->second, {true, false, command.line});
  const bool is_itself = std::any_of(script.commands.begin(), script.commands.end(),
                                     [&](const auto& inner) { return inner.program() == alias->first; });
  if (is_itself) return false;
  bool followed = false;
  for (const auto& inner : script.commands) followed = follow_calls(inner, script, place) || followed;
  return followed;
}

std::vector<Call> Follower::own_program(const std::vector<std::string>& argv, const document::Command& command,
                                        const Place& place) {
  const bool is_runner = !command.argv.empty() && is_one_of(text::base_name(command.argv[0].text),
                                                            {"npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "bun"});
  if (!is_runner || argv.empty() || argv[0].empty() || argv[0].find('/') != std::string::npos) return {};
  const auto entry = find(join_path(place.directory, "package.json"));
  if (!entry) return {};
  const auto manifest = documents_.read(document::Format::json, tree_, *entry);
  const auto* programs = manifest->roots.empty() ? nullptr : manifest->root().get("bin");
  if (programs == nullptr) return {};
  const auto* name = manifest->root().get("name");
  const auto* path = programs->is_mapping() ? programs->get(argv[0]) : programs;
  const bool is_named = programs->is_mapping() || (name != nullptr && text::base_name(name->text()) == argv[0]);
  if (path == nullptr || !path->is_scalar() || !is_named) return {};
  Call call = make_call(CallKind::program, {std::string(path->text())});
  call.certainty = Certainty::declared;
  return {call};
}

void Follower::follow_shell(const pipeline::Step& step, const Place& place) {
  if (step.shell.find('/') != std::string::npos) {  // a program of the tree is the shell
    const auto script = document::parse_shell(step.shell, {true, false, step.line});
    for (const auto& command : script.commands) follow_calls(command, script, place);
  }
  const bool powershell = step.shell == "pwsh" || step.shell == "powershell";
  if (powershell && step.script.commands.empty()) follow_called(powershell_calls(step.run).text, step.run_line, place);
  if (!step.shell.starts_with("python")) return;
  follow_called(called_texts(step.run).text, step.run_line, place);
}

}  // namespace tollbar::reach
