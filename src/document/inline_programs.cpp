// A table of interpreters and of the options behind which their program stands.
#include "document/inline_programs.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "document/command_identity.h"
#include "document/program_calls.h"
#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

struct Interpreter {
  std::string_view programs;
  std::string_view text_options;  ///< the word behind them is the program
  std::string_view around = {};   ///< what the program finds loaded
};
constexpr std::array interpreters{
    Interpreter{"python python2 python3 pypy pypy3 ipython", "-c"},
    Interpreter{"node nodejs bun tsx ts-node zx", "-e -p -pe --eval --print"},
    Interpreter{"deno", "eval"},
    Interpreter{"ruby jruby", "-e"},
    Interpreter{"rails", "runner", "Rails; "},
    Interpreter{"perl", "-e -E -ne -pe -nE"},
    Interpreter{"php", "-r"},
};

const Interpreter* interpreter_of(std::string_view program) {
  if (program.starts_with("python3.")) program = "python3";
  const auto found = std::find_if(interpreters.begin(), interpreters.end(),
                                  [&](const Interpreter& one) { return text::lists(one.programs, program); });
  return found == interpreters.end() ? nullptr : &*found;
}

void add(std::vector<Command>& commands, std::string_view program, std::uint32_t first_line) {
  for (auto& command : program_commands(program).commands) {
    command.line += first_line - 1;
    commands.push_back(std::move(command));
  }
}

}  // namespace

std::vector<Command> inline_commands(const Command& command) {
  std::vector<Command> commands;
  const auto argv = essential(command);
  if (argv.empty()) return commands;
  const auto* interpreter = interpreter_of(text::base_name(argv.front().text));
  if (interpreter == nullptr) return commands;
  bool from_input = true;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (i + 1 < argv.size() && text::lists(interpreter->text_options, argv[i].text)) {
      add(commands, std::string(interpreter->around) + argv[i + 1].text, argv[i + 1].line);
      return commands;
    }
    from_input = from_input && argv[i].text.starts_with('-');
  }
  if (from_input && !command.input().empty()) add(commands, command.input(), command.line + 1);
  return commands;
}

}  // namespace tollbar::document
