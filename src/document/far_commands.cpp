// A table of programs that hand their last words on, and of those that take a text behind an option.
#include "document/far_commands.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "document/command_identity.h"
#include "text/word_list.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::document {
namespace {

/// How a program names what it runs elsewhere.
struct Courier {
  std::string_view program, subcommand;  ///< the second as words that follow one another, perhaps after options
  std::string_view valued = {};          ///< options that take the next word
  bool at_place = true;                  ///< a word says where, and the command follows it
  std::string_view text_option = {};     ///< the command is the text behind it
};

constexpr std::string_view container_options =
    "-e --env --env-file -u --user -w --workdir -n --namespace -c --container --context --kubeconfig --index -f --file "
    "-p --project-name --cluster -H --host --detach-keys";
constexpr std::array couriers{
    Courier{"ssh", "", "-i -p -l -o -F -J -L -R -D -W -b -c -E -e -I -m -O -Q -S -w -B"},
    Courier{"docker", "compose exec", container_options},
    Courier{"docker", "exec", container_options},
    Courier{"docker-compose", "exec", container_options},
    Courier{"podman", "exec", container_options},
    Courier{"nerdctl", "exec", container_options},
    Courier{"kubectl", "exec", container_options},
    Courier{"oc", "exec", container_options},
    Courier{"oc", "rsh", container_options},
    Courier{"lxc", "exec", ""},
    Courier{"machinectl", "shell", ""},
    Courier{"nomad", "alloc exec", "-task -namespace -region"},
    Courier{"heroku", "run", "-a --app -s --size -e --env -r --remote --type", false},
    Courier{"scalingo", "run", "-a --app -s --size -e --env", false},
    Courier{"fly", "ssh console", "", false, "-C --command"},
    Courier{"flyctl", "ssh console", "", false, "-C --command"},
    Courier{"gcloud", "ssh", "", false, "--command"},
    Courier{"aws", "execute-command", "", false, "--command"},
    Courier{"az", "invoke", "", false, "--scripts --command"},
    Courier{"az", "exec", "", false, "--command --exec-command"},
    Courier{"ansible", "", "", false, "-a --args"},
    Courier{"vagrant", "ssh", "", false, "-c --command"},
    Courier{"cf", "ssh", "", false, "-c --command"},
    Courier{"cf", "run-task", "", false, "-c --command"},
    Courier{"eb", "ssh", "", false, "-c --command"},
    Courier{"kamal", "app exec", "-h --hosts -r --roles -e --env -d --destination -c --config-file -v --version",
            false},
    Courier{"kamal", "accessory exec", "-h --hosts -e --env -d --destination -c --config-file"},
    Courier{"pdsh", "", "-w -l -R -x -g"},
    Courier{"clush", "", "-w -l -x -g", false},
    Courier{"salt", "cmd.run", "", false},
};

std::size_t behind_options(const std::vector<Word>& argv, std::size_t at, std::string_view valued) {
  for (; at < argv.size() && argv[at].text.starts_with('-'); ++at) {
    if (argv[at].text == "--") return at + 1;
    if (text::lists(valued, argv[at].text)) ++at;
  }
  return std::min(at, argv.size());
}

/// A word as a shell would read it again: what was one word stays one.
void add_word(std::string& script, const Word& word) {
  if (!script.empty()) script += ' ';
  const bool plain = word.text.find_first_of(" \t\n;|&<>()*?'\"\\") == std::string::npos;
  script += plain ? word.text : util::shell_quoted(word.text);
}

struct Far {
  std::string script, where;
  std::uint32_t line = 0;
};

void take_text(const std::vector<Word>& argv, std::string_view options, Far& far) {
  add_word(far.where, argv.front());
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string_view word = argv[i].text;
    const auto equals = word.find('=');
    if (text::lists(options, word) && i + 1 < argv.size()) {
      far.script = argv[++i].text;
      far.line = argv[i].line;
    } else if (equals != std::string_view::npos && text::lists(options, word.substr(0, equals))) {
      far.script = word.substr(equals + 1);
      far.line = argv[i].line;
    } else {
      add_word(far.where, argv[i]);
    }
  }
}

void take_words(const std::vector<Word>& argv, std::size_t at, const Courier& courier, const Command& command,
                Far& far) {
  at = behind_options(argv, at, courier.valued);
  if (courier.at_place) at = behind_options(argv, std::min(at + 1, argv.size()), courier.valued);
  for (std::size_t i = 0; i < at; ++i) add_word(far.where, argv[i]);
  if (at < argv.size() && is_shell(text::base_name(argv[at].text))) {
    // With `-c` its text is listed already; else it reads its input.
    const auto gives_text = [](const Word& word) { return word.text.starts_with('-') && word.text.ends_with('c'); };
    if (std::none_of(argv.begin() + static_cast<std::ptrdiff_t>(at), argv.end(), gives_text))
      at = argv.size();
    else
      return;
  }
  if (at >= argv.size()) {
    far.script = command.input();
    far.line = command.line + 1;
    return;
  }
  far.line = argv[at].line;
  // ssh joins its words and has them read anew; in a container they are words.
  if (courier.program == "ssh" || at + 1 == argv.size())
    for (; at < argv.size(); ++at) far.script += (far.script.empty() ? "" : " ") + argv[at].text;
  else
    for (; at < argv.size(); ++at) add_word(far.script, argv[at]);
}

}  // namespace

std::size_t behind_words(const std::vector<Word>& argv, std::string_view words) {
  std::size_t at = 1;
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    while (at < argv.size() && argv[at].text != words.substr(0, end)) ++at;
    if (at == argv.size()) return 0;
    ++at;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return at;
}

std::vector<Command> far_commands(const Command& command) {
  const auto argv = essential(command);
  if (argv.size() < 2 || argv.front().dynamic) return {};
  const auto program = text::base_name(argv.front().text);
  for (const Courier& courier : couriers) {
    if (courier.program != program) continue;
    const auto at = behind_words(argv, courier.subcommand);
    if (at == 0) continue;
    Far far;
    if (courier.text_option.empty())
      take_words(argv, at, courier, command, far);
    else
      take_text(argv, courier.text_option, far);
    if (far.script.empty()) return {};
    ShellOptions options;
    options.failures = Failures::left_out;
    options.first_line = far.line;
    auto commands = parse_shell(far.script, options).commands;
    for (auto& one : commands)
      one.assignments.push_back({std::string(standing_place), {far.where, false, false, one.line}});
    return commands;
  }
  return {};
}

}  // namespace tollbar::document
