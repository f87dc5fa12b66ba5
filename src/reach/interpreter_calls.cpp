// A table of interpreters: what stands between the program and its file, and where the file is no file.
#include "reach/interpreter_calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "reach/call_words.h"
#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::lists;

/// A program that runs the file it is given. Words are lists separated by blanks.
struct Interpreter {
  std::string_view programs;
  std::string_view subcommand;        ///< must stand before the file; one that begins with `?` may be missing
  std::string_view valued;            ///< options with a value of their own
  std::string_view inlined;           ///< options after which the words are the program
  std::string_view file_option = "";  ///< the file is the value of one of these
};

constexpr std::array interpreters{
    Interpreter{"node nodejs babel-node vite-node esno", "",
                "-r --require --import --loader -C --conditions --env-file", "-e -p --eval --print -c --check"},
    Interpreter{"tsx ts-node", "", "-r --require --import --loader -P --project --tsconfig -O", "-e -p --eval --print"},
    Interpreter{"deno dart", "?run", "--config --import-map --lock", "-e --eval"},
    Interpreter{"zx", "", "--shell --prefix --cwd", "-e --eval"},
    Interpreter{"ruby jruby", "", "-r -I -C -E", "-e -c"},
    Interpreter{"perl raku", "", "-I", "-e -E -ne -pe -c"},
    Interpreter{"php", "", "-c -d", "-r -l"},
    Interpreter{"pwsh powershell", "", "-ExecutionPolicy -ep -WorkingDirectory -Version",
                "-Command -c -EncodedCommand"},
    Interpreter{"ipython pypy pypy3 python python2 python3", "", "-W -X -I", "-c -m"},
    Interpreter{"julia", "", "-t --threads -L", "-e -E --eval"},
    Interpreter{"lua luajit tclsh wish expect fish nu bb ocaml racket gosh guile Rscript", "", "", "-e -c"},
    Interpreter{"elixir", "", "-r -pa", "-e --eval"},
    Interpreter{"escript osascript groovy scala jbang rust-script runghc runhaskell swift kotlin dotnet-script", "",
                "-cp -classpath", "-e --expr"},
    Interpreter{"kotlinc", "-script", "", ""},
    Interpreter{"scala-cli crystal stack cabal mix", "run runghc", "-S --scala --resolver", "-e"},
    Interpreter{"dotnet", "script fsi", "", ""},
    Interpreter{"nim", "r", "", ""},
    Interpreter{"java", "", "-cp -classpath --class-path -p --module-path --source", "-jar -m --module"},
    Interpreter{"sbcl", "--script", "", "--eval"},
    Interpreter{"awk gawk mawk", "", "-v -F", "", "-f --file"},
    Interpreter{"psql", "", "-h -p -U -d --host --port --username --dbname -v --set", "", "-f --file"},
    Interpreter{"sqlcmd", "", "-S -d -U -P", "", "-i"},
};

Call program_call(const std::string& file) {
  return make_call(CallKind::program, {file, file + ".js", file + "/index.js", file + "/__main__.py"});
}

std::vector<Call> file_of(const Interpreter& interpreter, const Words& argv) {
  bool wants_subcommand = !interpreter.subcommand.empty();
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (wants_subcommand) {
      if (lists(interpreter.subcommand, word) || lists(interpreter.subcommand, "?" + word)) {
        wants_subcommand = false;
        continue;
      }
    }
    if (!interpreter.file_option.empty()) {
      const bool joined = word.starts_with("--file=");
      if (joined) return {program_call(word.substr(7))};
      if (lists(interpreter.file_option, word) && i + 1 < argv.size() && !argv[i + 1].empty())
        return {program_call(argv[i + 1])};
      continue;
    }
    if (word == "-" || lists(interpreter.inlined, word)) return {};
    if (lists(interpreter.valued, word)) {
      ++i;
    } else if (!is_flag(word)) {
      const bool complete = !wants_subcommand || interpreter.subcommand.starts_with('?');
      return word.empty() || !complete ? std::vector<Call>() : std::vector<Call>{program_call(word)};
    }
  }
  return {};
}

const Interpreter* interpreter_named(std::string_view program) {
  if (program.starts_with("python3.") || program.starts_with("pypy3.")) program = "python";
  for (const auto& interpreter : interpreters)
    if (lists(interpreter.programs, program)) return &interpreter;
  return nullptr;
}

}  // namespace

bool is_shell_program(std::string_view program) {
  return is_one_of(
      program, {"sh", "bash", "dash", "ksh", "zsh", "ash", "/bin/sh", "/bin/bash", "/usr/bin/bash", "/usr/bin/env"});
}

std::vector<Call> shell_call(const Words& argv) {
  Call call;
  call.kind = CallKind::script;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (is_flag(word) || (word.size() > 1 && word.front() == '+')) {
      if (!word.starts_with("--") && word.find_first_of("cn") != std::string::npos) return {};  // its words; read only
      call.errexit |= !word.starts_with("--") && word.find('e') != std::string::npos;
      if (is_one_of(word, {"-o", "-O", "+o", "-eo", "-euo", "-exo", "--rcfile", "--init-file"})) ++i;
      if (word == "-s") return {};
      continue;
    }
    if (word.empty()) return {};
    call.files = {word};
    call.arguments = words_from(argv, i + 1);
    return {call};
  }
  return {};
}

std::vector<Call> source_call(const Words& argv) {
  if (argv.size() < 2 || argv[1].empty()) return {};
  Call call = make_call(CallKind::sourced, {argv[1]});
  call.arguments = words_from(argv, 2);
  return {call};
}

std::optional<std::vector<Call>> interpreter_call(const Words& argv) {
  if (argv[0] == "ansible-playbook") {
    std::vector<Call> calls;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      if (argv[i].ends_with(".yml") || argv[i].ends_with(".yaml"))
        calls.push_back(make_call(CallKind::program, {argv[i]}));
    }
    return calls;
  }
  const Interpreter* interpreter = interpreter_named(argv[0]);
  return interpreter == nullptr ? std::nullopt : std::optional(file_of(*interpreter, argv));
}

std::vector<Call> input_call(const Words& argv, const std::string& file) {
  if (argv.empty() || file.empty()) return {};
  const auto first = [](std::string_view text) { return text.substr(0, text.find(' ')); };
  if (is_shell_program(argv[0]) ||
      std::any_of(argv.begin() + 1, argv.end(), [&](const auto& word) { return is_shell_program(first(word)); })) {
    const bool own = is_shell_program(argv[0]) && !shell_call(argv).empty();
    return own ? std::vector<Call>() : std::vector<Call>{make_call(CallKind::script, {file})};
  }
  const bool reads = interpreter_named(argv[0]) != nullptr || is_one_of(argv[0], {"mysql", "mariadb", "sqlite3"});
  if (!reads || !interpreter_call(argv).value_or(std::vector<Call>()).empty()) return {};
  const bool is_program = std::none_of(argv.begin() + 1, argv.end(), [](const auto& word) {
    return is_one_of(word, {"-c", "-e", "-p", "-ne", "-pe", "-n", "-m", "--eval"});
  });
  const bool of_data = is_one_of(argv[0], {"awk", "gawk", "mawk"});
  return is_program && !of_data ? std::vector<Call>{make_call(CallKind::program, {file})} : std::vector<Call>();
}

}  // namespace tollbar::reach
