// `tollbar completion`: scripts for shells, written from the table of commands.
#include <fmt/format.h>

#include <ostream>
#include <set>
#include <string>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "util/error.h"
#include "util/shell_word.h"

namespace tollbar::cli {
namespace {

std::string flag_words(const std::vector<Flag>& flags) {
  std::string words;
  for (const Flag& flag : flags) {
    words += (words.empty() ? "" : " ") + std::string(flag.name);
    words += flag.letter.empty() ? "" : " " + std::string(flag.letter);
  }
  return words;
}

/// What may follow `typed` (empty, or the first word of a command): the next words of commands.
std::string next_words(std::string_view typed) {
  std::set<std::string> words;
  for (const Command& command : commands()) {
    const std::size_t space = command.name.find(' ');
    if (typed.empty()) {
      words.emplace(command.name.substr(0, space));
    } else if (space != std::string_view::npos && command.name.substr(0, space) == typed) {
      words.emplace(command.name.substr(space + 1));
    }
  }
  return fmt::format("{}", fmt::join(words, " "));
}

/// `case` branches from what was typed to what may follow; the longest first words stand first.
std::string cases() {
  std::string text;
  for (const Command& command : commands()) {
    const bool completion = command.run == run_completion;
    text += fmt::format("    {}) candidates={} ;;\n", util::shell_quoted(command.name),
                        util::shell_quoted((completion ? "bash zsh fish " : "") + flag_words(command.flags)));
  }
  std::set<std::string> groups;
  for (const Command& command : commands()) {
    const std::string first(command.name.substr(0, command.name.find(' ')));
    if (is_command_group(first) && groups.insert(first).second) {
      text +=
          fmt::format("    {}) candidates={} ;;\n", util::shell_quoted(first), util::shell_quoted(next_words(first)));
    }
  }
  return text + fmt::format("    '') candidates={} ;;\n", util::shell_quoted(next_words("")));
}

/// A pattern of every flag that is followed by a value.
std::string flags_with_values() {
  std::set<std::string> names;
  const auto add = [&](const std::vector<Flag>& flags) {
    for (const Flag& flag : flags) {
      if (!flag.value.empty()) {
        names.emplace(flag.name);
        names.emplace(flag.letter.empty() ? flag.name : flag.letter);
      }
    }
  };
  add(global_flags());
  for (const Command& command : commands()) {
    add(command.flags);
  }
  return fmt::format("{}", fmt::join(names, "|"));
}

/// A pattern of what is a command, or the beginning of one, as `typed so far` + space + `next word`.
std::string command_starts() {
  std::set<std::string> starts;
  for (const Command& command : commands()) {
    const std::size_t space = command.name.find(' ');
    starts.insert(util::shell_quoted(" " + std::string(command.name.substr(0, space))));
    if (space != std::string_view::npos) {
      starts.insert(util::shell_quoted(command.name));
    }
  }
  return fmt::format("{}", fmt::join(starts, "|"));
}

/// Shell code that finds the command typed so far and sets `candidates` to what may follow.
std::string finder(std::string_view typed_words) {
  return fmt::format(R"(  local word command='' skip='' candidates=''
  for word in {}; do
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      {}) skip=1 ;;
      -*) ;;
      *)
        case "$command $word" in
          {}) command="$command $word"; command=${{command# }} ;;
        esac ;;
    esac
  done
  case $command in
{}  esac
  candidates="$candidates "{}
)",
                     typed_words, flags_with_values(), command_starts(), cases(),
                     util::shell_quoted(flag_words(global_flags())));
}

std::string bash_script() {
  return "_tollbar() {\n" + finder("\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"") +
         "  mapfile -t COMPREPLY < <(compgen -W \"$candidates\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
         "}\n"
         "complete -o default -F _tollbar tollbar\n";
}

std::string zsh_script() {
  return "#compdef tollbar\n_tollbar() {\n" + finder("\"${(@)words[2,CURRENT-1]}\"") +
         "  compadd -- ${=candidates}\n  _files\n}\ncompdef _tollbar tollbar\n";
}

void add_fish_flags(std::string& script, std::string_view condition, const std::vector<Flag>& flags) {
  for (const Flag& flag : flags) {
    script += fmt::format("complete -c tollbar{}", condition.empty() ? "" : " -n " + util::shell_quoted(condition));
    for (const std::string_view name : {flag.name, flag.letter}) {
      if (name.size() > 2) {
        script += fmt::format(" -l {}", name.substr(2));
      } else if (name.size() == 2) {
        script += fmt::format(" -s {}", name.substr(1));
      }
    }
    if (!flag.value.empty()) {
      script += " -r";
    }
    if (!flag.choices.empty()) {
      script += fmt::format(" -f -a {}", util::shell_quoted(fmt::format("{}", fmt::join(flag.choices, " "))));
    }
    script += fmt::format(" -d {}\n", util::shell_quoted(flag.help));
  }
}

std::string fish_script() {
  std::string script;
  add_fish_flags(script, "", global_flags());
  script += fmt::format("complete -c tollbar -f -n __fish_use_subcommand -a {}\n", util::shell_quoted(next_words("")));
  for (const Command& command : commands()) {
    const std::size_t space = command.name.find(' ');
    std::string condition = fmt::format("__fish_seen_subcommand_from {}", command.name.substr(0, space));
    if (space != std::string_view::npos) {
      script += fmt::format("complete -c tollbar -f -n {} -a {} -d {}\n", util::shell_quoted(condition),
                            command.name.substr(space + 1), util::shell_quoted(command.summary));
      condition += fmt::format("; and __fish_seen_subcommand_from {}", command.name.substr(space + 1));
    }
    if (command.run == run_completion) {
      script += fmt::format("complete -c tollbar -f -n {} -a 'bash zsh fish'\n", util::shell_quoted(condition));
    }
    add_fish_flags(script, condition, command.flags);
  }
  return script;
}

}  // namespace

int run_completion(const Arguments& arguments, Console& console) {
  const std::string& shell = arguments.words.front();
  if (shell == "bash") {
    console.out << bash_script();
  } else if (shell == "zsh") {
    console.out << zsh_script();
  } else if (shell == "fish") {
    console.out << fish_script();
  } else {
    throw util::UsageError(fmt::format("completion knows bash, zsh and fish, not `{}`", shell));
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
