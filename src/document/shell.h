// The shell lexer and parser: scripts become simple commands, with what happens when each of them fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"

namespace tollbar::document {

/// One word of a command after quote removal. Expansions are kept as written (`$NAME`, `${NAME:-x}`, `$(...)`, `${{ ...
/// }}`), but a variable whose only assignments are unconditional and literal is replaced by its value (`cmd=env; $cmd`
/// reads `env`), split at blanks where it is unquoted.
struct Word {
  std::string text;
  bool dynamic = false;  ///< holds an expansion whose value is unknown
  bool quoted = false;   ///< some part was quoted
  std::uint32_t line = 0;
  friend bool operator==(const Word&, const Word&) = default;
};

struct Redirection {
  std::string op;  ///< `>`, `>>`, `<`, `<<`, `<<<`, `>&`, `2>`, ...
  Word target;
  std::string heredoc;  ///< body of a here-document, or the text of `<<<`
  friend bool operator==(const Redirection&, const Redirection&) = default;
};

struct Assignment {
  std::string name;
  Word value;
  friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// How a command is used: what its surroundings do with it.
struct CommandContext {
  bool fatal = true;    ///< its failure fails the script (`set -e`, pipefail, last command, `|| exit 1` all considered)
  bool masked = false;  ///< its failure is swallowed by what follows it: `|| true`, `|| :`, `| tee` without pipefail,
                        ///< `if`, `!`, trap, later success without -e
  bool conditional =
      false;             ///< runs only when some other command or test says so (if/while/case body, right of && or ||)
  bool guarded = false;  ///< a condition before it may have ended the script with success: `[ -f done ] && exit 0`
  bool unreachable = false;  ///< never runs: neither fatal nor masked; also the body of a function nobody calls; stands
                             ///< after an unconditional exit, or under a constant-false condition
  bool is_condition = false;  ///< it is itself the condition of if/while/until, or left of || and &&
  bool background = false;    ///< ended by `&`
  bool shadowed = false;  ///< the program's name is defined as a function or alias in this script: that is what runs
  bool in_substitution = false;  ///< inside $(...) or backquotes or <(...)
  std::string function;          ///< the function whose body it stands in, else empty
  std::uint32_t pipeline = 0;    ///< number of the pipeline in the script; commands of one pipeline share it
  std::uint32_t stage = 0;       ///< 0 for the first command of its pipeline
  std::uint32_t stages = 1;      ///< number of commands in its pipeline
  std::string following;  ///< the operator after the pipeline: `&&`, `||`, `;`, `&`, newline as `;`, empty at the end
  friend bool operator==(const CommandContext&, const CommandContext&) = default;
};

/// A simple command. argv is empty for a bare assignment or redirection.
struct Command {
  std::vector<Assignment> assignments;
  std::vector<Word> argv;
  std::vector<Redirection> redirections;
  std::string piped;       ///< what `echo`, `printf` or a here-document to `cat` print into its pipe; else empty
  std::uint32_t line = 0;  ///< 1-based in the script's text (plus the first line given to parse_shell)
  CommandContext context;

  /// The text on its standard input: of a here-document or what is piped into it; empty where nothing tells.
  std::string_view input() const;
  /// argv[0]'s text, or empty.
  std::string_view program() const;
  /// argv joined by single spaces; words that need it are quoted.
  std::string text() const;
  friend bool operator==(const Command&, const Command&) = default;
};

/// Whether to find out what the failure of each command does: the greater part of reading a script.
enum class Failures : std::uint8_t { judged, left_out };

struct ShellOptions {
  bool errexit = false;  ///< how the script is started: `bash -e`
  bool pipefail = false;
  std::uint32_t first_line = 1;
  Failures failures = Failures::judged;  ///< left_out: fatal, masked, unreachable and the like mean nothing
};

/// `for NAME in VALUES; do`
struct Iteration {
  std::string name;
  std::vector<Word> values;
  friend bool operator==(const Iteration&, const Iteration&) = default;
};

/// Every simple command of a script in source order, those inside functions, substitutions, subshells, `sh -c '...'`,
/// `eval '...'`, here-documents fed to a shell and `trap` included (as further commands after the one that holds them).
struct Script {
  std::vector<Command> commands;
  std::vector<Iteration> iterations;  ///< in source order
  std::vector<Problem> problems;      ///< unterminated quotes and the like; commands read up to there are kept
  bool forced_success =
      false;                ///< ends in a way that cannot fail whatever ran before (`exit 0`, `true`, trap ... exit 0)
  std::string interpreter;  ///< from a `#!` line: `bash`, `sh`, `python3`, ...; empty without one
  friend bool operator==(const Script&, const Script&) = default;
};

/// POSIX sh and bash; never fails. `${{ ... }}` and `{{ ... }}` templates are kept as one dynamic piece of a word.
Script parse_shell(std::string_view text, ShellOptions options = {});

/// Two scripts mean the same: they differ in comments, blank lines, indentation, line continuations and quotes that the
/// second puts round what was one word already (`$X` becomes `"$X"`) only. Strict on everything else, also on quotes
/// taken away, on templates of the platform inside comments and on scripts that cannot be read.
bool same_script(std::string_view before, std::string_view after);

/// True for the shells whose text parse_shell understands: sh, bash, dash, ksh, zsh (`pwsh`, `cmd`, `python` are not).
bool is_shell(std::string_view interpreter);

}  // namespace tollbar::document
