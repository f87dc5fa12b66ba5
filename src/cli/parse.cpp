// Parses the command line with CLI11, which is told everything by the table; this is the only file that knows it.
#include <fmt/format.h>

// g++ 12 sees a null pointer in CLI11's inlined string functions that cannot be there.
#pragma GCC diagnostic ignored "-Wnull-dereference"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "cli/arguments.h"
#include "util/error.h"
#include "util/spelling.h"

namespace tollbar::cli {
namespace {

/// An option of CLI11 and the flag it stands for; null for the words.
struct Bound {
  const Flag* flag = nullptr;
  CLI::Option* option = nullptr;
};

/// One level of the command line: the program, a group or a command.
struct Level {
  CLI::App* app = nullptr;
  const Command* command = nullptr;
  std::vector<Bound> options;
  std::unique_ptr<std::vector<std::string>> words;  // where CLI11 puts them: a vector makes it take any number
};

void bind(Level& level, const Flag& flag) {
  const std::string names = flag.letter.empty() ? std::string(flag.name) : fmt::format("{},{}", flag.letter, flag.name);
  CLI::Option* option = nullptr;
  if (flag.value.empty()) {
    option = level.app->add_flag(names);
  } else {
    option = level.app->add_option(names, [](const CLI::results_t&) { return true; });
    option->expected(1)->multi_option_policy(flag.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                             : CLI::MultiOptionPolicy::TakeLast);
  }
  level.options.push_back({&flag, option});
}

Level make_level(CLI::App* app, const Command* command) {
  Level level{app, command, {}, nullptr};
  app->set_help_flag();
  app->allow_extras();
  app->require_subcommand(0, 1);
  for (const Flag& flag : global_flags()) {
    bind(level, flag);
  }
  if (command == nullptr) {
    return level;
  }
  for (const Flag& flag : command->flags) {
    bind(level, flag);
  }
  level.words = std::make_unique<std::vector<std::string>>();
  CLI::Option* words = app->add_option("words", *level.words);
  level.options.push_back({nullptr, words});
  return level;
}

/// The program, its groups and commands, outer ones first.
std::vector<Level> make_levels(CLI::App& program) {
  std::vector<Level> levels;
  levels.push_back(make_level(&program, nullptr));
  for (const Command& command : commands()) {
    const std::size_t space = command.name.find(' ');
    CLI::App* parent = &program;
    if (space != std::string_view::npos) {
      const std::string group(command.name.substr(0, space));
      const auto known = std::find_if(levels.begin(), levels.end(), [&](const Level& level) {
        return level.command == nullptr && level.app->get_name() == group;
      });
      if (known == levels.end()) {
        levels.push_back(make_level(program.add_subcommand(group), nullptr));
        parent = levels.back().app;
      } else {
        parent = known->app;
      }
    }
    const std::string name(space == std::string_view::npos ? command.name : command.name.substr(space + 1));
    levels.push_back(make_level(parent->add_subcommand(name), &command));
  }
  return levels;
}

std::vector<std::string> flag_names(const Command* command) {
  std::vector<std::string> names;
  for (const Flag& flag : global_flags()) {
    names.emplace_back(flag.name);
  }
  if (command != nullptr) {
    for (const Flag& flag : command->flags) {
      names.emplace_back(flag.name);
    }
  }
  return names;
}

/// The words that can follow `group` (empty: the program's own).
std::vector<std::string> next_words(std::string_view group) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    const std::size_t space = command.name.find(' ');
    if (group.empty()) {
      names.emplace_back(command.name.substr(0, space));
    } else if (space != std::string_view::npos && command.name.substr(0, space) == group) {
      names.emplace_back(command.name.substr(space + 1));
    }
  }
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

[[noreturn]] void refuse_word(const Arguments& arguments, const std::string& word) {
  if (word.size() > 1 && word.front() == '-') {
    const std::string name = word.substr(0, word.find('='));
    throw util::UsageError(
        fmt::format("there is no flag `{}`{}", name, util::did_you_mean(name, flag_names(arguments.command))));
  }
  const std::string full = arguments.group.empty() ? word : arguments.group + " " + word;
  throw util::UsageError(
      fmt::format("there is no command `{}`{}", full, util::did_you_mean(word, next_words(arguments.group))));
}

void check_choice(const Flag& flag, const std::string& value) {
  if (flag.choices.empty() || std::find(flag.choices.begin(), flag.choices.end(), value) != flag.choices.end()) {
    return;
  }
  const std::vector<std::string> choices(flag.choices.begin(), flag.choices.end());
  throw util::UsageError(fmt::format("{} is one of {}, not `{}`{}", flag.name, fmt::join(choices, ", "), value,
                                     util::did_you_mean(value, choices)));
}

void collect(const Level& level, Arguments& arguments) {
  for (const auto& [flag, option] : level.options) {
    if (option->count() == 0) {
      continue;
    }
    if (flag == nullptr) {
      arguments.words = option->results();
      continue;
    }
    std::vector<std::string>& values = arguments.flags[std::string(flag->name)];
    for (const std::string& value : option->results()) {
      check_choice(*flag, value);
      values.push_back(value);
    }
  }
}

void check_words(const Arguments& arguments) {
  const Command& command = *arguments.command;
  if (arguments.words.size() > command.most) {
    throw util::UsageError(fmt::format("{} does not take `{}`: tollbar {} {}", command.name,
                                       arguments.words[command.most], command.name, command.arguments));
  }
  if (arguments.words.size() < command.least) {
    throw util::UsageError(fmt::format("{0} needs an argument: tollbar {0} {1}", command.name, command.arguments));
  }
}

}  // namespace

std::optional<std::string> Arguments::value(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() || found->second.empty() ? std::nullopt : std::optional(found->second.back());
}

std::vector<std::string> Arguments::values(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? std::vector<std::string>{} : found->second;
}

Arguments parse(const std::vector<std::string>& all_words) {
  // Behind `--` nothing is a flag; CLI11 only knows that for positionals it still waits for.
  const auto marker = std::find(all_words.begin(), all_words.end(), "--");
  const std::vector<std::string> words(all_words.begin(), marker);
  CLI::App program;
  const std::vector<Level> levels = make_levels(program);
  try {
    program.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 wants them backwards
  } catch (const CLI::ParseError& error) {
    throw util::UsageError(error.what());
  }
  Arguments arguments;
  for (const Level& level : levels) {
    if (level.app != &program && !level.app->parsed()) {
      continue;
    }
    collect(level, arguments);
    arguments.command = level.command;
    arguments.group = level.app != &program && level.command == nullptr ? level.app->get_name() : "";
  }
  if (const std::vector<std::string> unknown = program.remaining(true); !unknown.empty()) {
    refuse_word(arguments, unknown.front());
  }
  if (marker != all_words.end()) {
    arguments.words.insert(arguments.words.end(), marker + 1, all_words.end());
  }
  if (arguments.has("--help") || arguments.has("--version")) {
    return arguments;
  }
  if (arguments.command == nullptr) {
    const std::string typed = arguments.group.empty() ? "tollbar" : "tollbar " + arguments.group;
    throw util::UsageError(fmt::format("{} needs a command: {} (see {} --help)", typed,
                                       fmt::join(next_words(arguments.group), ", "), typed));
  }
  check_words(arguments);
  return arguments;
}

}  // namespace tollbar::cli
