// Facts about code that nobody has seen: scripts fetched or decoded and run at once, or downloaded and run unverified.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/command_identity.h"
#include "document/shell.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using document::Command;
using Words = std::vector<document::Word>;

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1));
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A command as this file looks at it, with the place it stands at.
struct Step {
  const Command* command = nullptr;
  Words words;
  std::string program;
  std::string text;
};

Step step_of(const Command& command) {
  Step step{&command, document::essential(command), {}, command.text()};
  if (!step.words.empty()) step.program = base_name(step.words.front().text);
  return step;
}

/// An address with a full commit id says what it gives.
bool is_fixed(const std::string& text) {
  static const text::Pattern commit("/[0-9a-f]{40}/");
  return commit.matches(text);
}

bool fetches(const Step& step) {
  return is_one_of(step.program, {"curl", "wget", "fetch", "http", "https", "xh", "aria2c", "lwp-request", "ftp", "nc",
                                  "ncat", "iwr", "Invoke-WebRequest"}) &&
         !is_fixed(step.text);
}

bool decodes(const Step& step) {
  static const text::Pattern options(
      R"(^(?:\S*/)?(?:base(?:64|32|nc)\s.*(?:-d|-D|--decode)\b|base64\s+-\w*[dD]|openssl\s.*\s-d\b|xxd\s.*-\w*r|uudecode\b|rev\b|gpg2?\s.*(?:-d|--decrypt)\b))");
  document::Command bare;
  bare.argv = step.words;
  return options.matches(bare.text());
}

/// Takes its program from standard input.
bool runs_input(const Step& step) {
  if (step.words.empty()) return false;
  if (is_one_of(step.program, {"source", "."}))
    return step.words.size() > 1 && is_one_of(step.words[1].text, {"/dev/stdin", "-"});
  const bool shell = document::is_shell(step.program);
  const bool other =
      step.program.starts_with("python") ||
      is_one_of(step.program, {"perl", "ruby", "node", "php", "deno", "bun", "iex", "pwsh", "osascript"});
  if (!shell && !other) return false;
  for (std::size_t i = 1; i < step.words.size(); ++i) {
    const auto& word = step.words[i].text;
    if (is_one_of(word, {"-", "-s", "--", "/dev/stdin"})) return true;
    if (shell && word == "-o") {
      ++i;
    } else if (!word.starts_with("-") ||
               (!shell && is_one_of(word, {"-c", "-e", "-m", "-n", "-ne", "-pe", "-p", "--eval"})) ||
               (shell && !word.starts_with("--") && word.find('c') != std::string::npos)) {
      return false;
    }
  }
  return true;
}

/// `python -c` and its kin with a text that fetches or decodes what it runs.
bool runs_hidden_text(const Step& step) {
  static const text::Pattern interpreter(R"(^(?:python[\d.]*|perl|ruby|node|php|deno|bun|pwsh|powershell)$)");
  static const text::Pattern hidden(
      R"((?is)\b(?:exec|eval|system|popen|subprocess|spawn\w*|Function|iex|Invoke-Expression)\b.*(?:urlopen|urlretrieve|requests\.|https?:|b64decode|fromhex|base64|unpack|atob|codecs\.decode)|(?:urlopen|requests\.get|b64decode|base64|fetch\().*\b(?:exec|eval|system|subprocess)\b|(?:iwr|Invoke-WebRequest|DownloadString|irm)\b.*\b(?:iex|Invoke-Expression)\b|^-e(?:nc\w*)?\s+[A-Za-z0-9+/=]{40,})");
  if (!interpreter.matches(step.program)) return false;
  for (std::size_t i = 1; i + 1 < step.words.size(); ++i)
    if (is_one_of(step.words[i].text, {"-c", "-e", "-r", "-Command", "-command", "--eval", "-p"}) &&
        hidden.matches(step.words[i + 1].text))
      return true;
  return false;
}

/// The file that a download goes to; empty for standard output.
std::string downloaded_file(const Step& step) {
  if (!is_one_of(step.program, {"curl", "wget"}) || is_fixed(step.text)) return {};
  std::string address;
  for (std::size_t i = 1; i < step.words.size(); ++i) {
    const auto& word = step.words[i].text;
    const bool output = step.program == "curl" ? word == "--output" || (word.starts_with("-") &&
                                                                        !word.starts_with("--") && word.ends_with('o'))
                                               : word == "-O" || word == "--output-document" || word == "-qO";
    if (output && i + 1 < step.words.size()) return step.words[i + 1].text;
    if (word.find("://") != std::string::npos) address = word;
  }
  for (const auto& redirection : step.command->redirections)
    if (redirection.op == ">") return redirection.target.text;
  const bool named = step.program == "wget" || step.text.find(" -O") != std::string::npos ||
                     step.text.find("--remote-name") != std::string::npos;
  return named ? base_name(address.substr(0, address.find('?'))) : std::string();
}

std::string plain_path(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return std::string(path);
}

/// The script that a command runs by its file: `./x`, `sh x`, `source x`.
std::string script_run(const Step& step) {
  if (step.words.empty()) return {};
  const auto& first = step.words.front().text;
  if (first.find('/') != std::string::npos && !document::is_shell(base_name(first))) return plain_path(first);
  const bool interpreter =
      document::is_shell(step.program) || step.program.starts_with("python") ||
      is_one_of(step.program, {"source", ".", "perl", "ruby", "node", "php", "installer", "msiexec"});
  if (!interpreter) return {};
  for (std::size_t i = 1; i < step.words.size(); ++i)
    if (!step.words[i].text.starts_with("-")) return plain_path(step.words[i].text);
  return {};
}

bool verifies(const Step& step) {
  static const text::Pattern check(
      R"(\b(?:sha\d+sum|shasum|b2sum|md5sum|cosign|gpgv?2?|minisign|signify|slsa-verifier|openssl\s+dgst|rpm\s+--checksig)\b)");
  return check.matches(step.text);
}

struct Found {
  std::string what;
  std::uint32_t line = 0;
};

using Commands = std::vector<const Command*>;

/// The pipelines of a script. Scripts listed one behind the other (recipe lines, RUN instructions) use the same numbers
/// again: where stages do not go up, another pipeline begins.
std::vector<std::vector<const Step*>> pipelines_of(const std::vector<Step>& steps) {
  std::vector<std::vector<const Step*>> pipelines;
  std::map<std::uint32_t, std::size_t> current;
  for (const auto& step : steps) {
    const auto& context = step.command->context;
    const auto known = current.find(context.pipeline);
    if (known == current.end() || pipelines[known->second].back()->command->context.stage >= context.stage) {
      current[context.pipeline] = pipelines.size();
      pipelines.emplace_back();
    }
    pipelines[current[context.pipeline]].push_back(&step);
  }
  return pipelines;
}

/// Pipelines in which something fetched or decoded reaches what runs it.
void find_piped(const std::vector<Step>& steps, std::vector<Found>& found) {
  for (const auto& stages : pipelines_of(steps)) {
    bool hidden = false;
    std::string text;
    for (const auto* step : stages) {
      text += (text.empty() ? "" : " | ") + step->text;
      if (hidden && runs_input(*step)) {
        found.push_back({text, step->command->line});
        break;
      }
      hidden = hidden || fetches(*step) || decodes(*step);
    }
  }
}

void find_downloaded(const std::vector<Step>& steps, std::vector<Found>& found) {
  std::map<std::string, std::string> downloads;  // file -> command
  for (const auto& step : steps) {
    if (verifies(step)) downloads.clear();
    if (const auto run = downloads.find(script_run(step)); run != downloads.end())
      found.push_back({run->second + "; " + step.text, step.command->line});
    if (const auto file = downloaded_file(step); !file.empty() && file != "-" && file != "/dev/null")
      downloads[plain_path(file)] = step.text;
  }
}

void find_in(const Commands& commands, std::vector<Found>& found);

/// Scripts that are only written down here, to run later: `cat > x.sh <<EOF`.
void find_written(const Step& step, std::vector<Found>& found) {
  if (!is_one_of(step.program, {"cat", "tee"})) return;
  for (const auto& redirection : step.command->redirections) {
    if (redirection.heredoc.empty()) continue;
    const auto script = document::parse_shell(redirection.heredoc, {false, false, step.command->line + 1});
    Commands commands;
    for (const auto& command : script.commands) commands.push_back(&command);
    find_in(commands, found);
  }
}

void find_in(const Commands& commands, std::vector<Found>& found) {
  std::vector<Step> steps;
  for (const auto* command : commands) steps.push_back(step_of(*command));
  find_piped(steps, found);
  find_downloaded(steps, found);
  for (const auto& step : steps) {
    if (runs_hidden_text(step)) found.push_back({step.text, step.command->line});
    find_written(step, found);
  }
}

/// What one side of a file holds: its scripts one by one.
using Scripts = std::map<std::string, Commands>;

std::vector<Found> all_found(const Scripts& scripts) {
  std::vector<Found> found;
  for (const auto& [name, commands] : scripts) find_in(commands, found);
  return found;
}

using Sides = std::map<std::string, std::pair<Scripts, Scripts>>;  // path -> before, after

void add_places(const std::vector<CommandPlace>& places, Scripts& scripts) {
  for (const auto& place : places) scripts[place.subject].push_back(&place.command);
}

void add_pipelines(const std::vector<const pipeline::Pipeline*>& pipelines, bool after, Sides& sides) {
  for (const auto* pipeline : pipelines)
    for (const auto& job : pipeline->jobs) {
      std::size_t number = 0;
      for (const auto& step : job.steps) {
        auto& side = sides[pipeline->path];
        auto& commands = (after ? side.second : side.first)[job.id + "/" + std::to_string(number++)];
        for (const auto& command : step.script.commands) commands.push_back(&command);
      }
    }
}

}  // namespace

void fetched_code_facts(Change& change, std::vector<Fact>& facts) {
  Sides sides;
  const auto& kinds = change.rules().kinds;
  KindSet running;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].commands) running.set(i);
  for (auto& file : change.files()) {
    if ((file.kinds() & running).none() || file.delta().mode_only() || !file.unreadable(running).empty()) continue;
    auto& side = sides[file.path()];
    add_places(file.before_commands(), side.first);
    add_places(file.after_commands(), side.second);
  }
  if (sides.empty()) return;
  if (change.touches_execution()) {
    add_pipelines(change.touched_pipelines(change.before_execution()), false, sides);
    add_pipelines(change.touched_pipelines(change.after_execution()), true, sides);
  }
  std::set<std::string> known;
  for (const auto& [path, side] : sides)
    for (const auto& old : all_found(side.first)) known.insert(old.what);
  for (const auto& [path, side] : sides)
    for (const auto& found : all_found(side.second)) {
      if (!known.insert(found.what).second) continue;
      Fact fact;
      fact.kind = "fetched-code";
      fact.path = path;
      fact.line = found.line;
      put_after(fact, found.what);
      fact.subject = shortened(found.what, 80);
      for (std::size_t i = 0; i < kinds.size(); ++i)
        if (const auto* file = change.file(path); file != nullptr && file->kinds()[i])
          fact.attributes["kind_" + kinds[i].name] = "true";
      facts.push_back(std::move(fact));
    }
}

}  // namespace tollbar::rule
