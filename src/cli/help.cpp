// Lays the table of commands out for people.
#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace tollbar::cli {
namespace {

using Row = std::pair<std::string, std::string>;

void write_rows(std::ostream& out, std::string_view title, const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) {
    width = std::max(width, row.first.size());
  }
  out << '\n' << title << ":\n";
  for (const Row& row : rows) {
    out << fmt::format("  {:<{}}  {}\n", row.first, width, row.second);
  }
}

std::vector<Row> rows_of(const std::vector<Flag>& flags) {
  std::vector<Row> rows;
  for (const Flag& flag : flags) {
    std::string name(flag.name);
    if (!flag.letter.empty()) {
      name = fmt::format("{}, {}", flag.letter, flag.name);
    }
    if (!flag.value.empty()) {
      name += fmt::format(" {}", flag.value);
    }
    std::string help(flag.help);
    if (!flag.choices.empty()) {
      help += fmt::format(": {}", fmt::join(flag.choices, ", "));
    }
    rows.emplace_back(std::move(name), std::move(help));
  }
  return rows;
}

std::vector<Row> rows_of_commands(std::string_view group) {
  std::vector<Row> rows;
  for (const Command& command : commands()) {
    if (group.empty() || command.name.substr(0, command.name.find(' ')) == group) {
      rows.emplace_back(command.name, command.summary);
    }
  }
  return rows;
}

}  // namespace

void write_help(std::ostream& out, const Arguments& arguments) {
  if (const Command* command = arguments.command) {
    out << "usage: tollbar " << command->name << (command->flags.empty() ? "" : " [FLAG...]")
        << (command->arguments.empty() ? "" : " ") << command->arguments << "\n\n"
        << command->summary << ".\n";
    if (!command->flags.empty()) {
      write_rows(out, "flags", rows_of(command->flags));
    }
  } else {
    out << "usage: tollbar " << arguments.group << (arguments.group.empty() ? "" : " ") << "COMMAND [FLAG...]\n\n"
        << "A gate in git for changes that cross an action boundary.\n";
    write_rows(out, "commands", rows_of_commands(arguments.group));
  }
  write_rows(out, "flags of every command", rows_of(global_flags()));
  if (arguments.command == nullptr) {
    out << "\nexit status: 0 allowed, 1 blocked, 2 wrong usage, 3 needs approval, 4 could not decide\n";
  }
}

}  // namespace tollbar::cli
