// The syntax tree of a shell script: what the parser builds, and the flow analysis walks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"

namespace tollbar::document {

struct ShellNode;
using ShellNodePtr = std::unique_ptr<ShellNode>;

/// A part of a word: literal text after quote removal, or an expansion as it is written.
struct ShellPiece {
  std::string text;
  std::string parameter;   ///< of `$NAME`, `${NAME}`, `$?`, `${PIPESTATUS[0]}`: the name; else empty
  bool expansion = false;  ///< its value is not known from the text alone
  bool quoted = false;
  std::vector<ShellNodePtr> bodies;  ///< the lists inside `$(...)`, backquotes and `<(...)`
};

struct ShellWord {
  std::vector<ShellPiece> pieces;
  std::uint32_t line = 0;
  bool quoted = false;
};

struct ShellAssignment {
  std::string name;
  ShellWord value;
  bool append = false;  ///< `+=`
};

struct ShellRedirection {
  std::string op;
  ShellWord target;
  ShellWord body;  ///< of a here-document
  std::uint32_t body_line = 0;
};

enum class ShellNodeKind : std::uint8_t {
  simple,    ///< also `[[ ... ]]` and `(( ... ))`, whose brackets are words
  list,      ///< children with an operator (`;`, `&`) after each
  and_or,    ///< children with `&&` or `||` between them
  pipeline,  ///< children with `|` or `|&` between them
  subshell,
  group,
  branch,     ///< condition, body, condition, body, ... and the else body where the number is odd
  loop,       ///< condition, body; name is `while` or `until`
  iteration,  ///< body; name is the variable, words the list
  choice,     ///< bodies; words[0] is the subject, patterns has one list for each body
  function,   ///< body; name
};

/// How the text of a nested script runs.
enum class NestedKind : std::uint8_t { child_shell, same_shell, trap };

struct ShellNode {
  ShellNodeKind kind = ShellNodeKind::simple;
  std::uint32_t line = 0;
  bool negated = false;
  std::string name;
  std::vector<ShellAssignment> assignments;
  std::vector<ShellWord> words;
  std::list<ShellRedirection> redirections;  ///< a list: here-documents are filled in later, in place
  std::vector<std::string> operators;
  std::vector<std::vector<ShellWord>> patterns;
  std::vector<ShellNodePtr> children;

  // Filled by the listing of commands.
  std::size_t id = 0;               ///< a simple command's place in Script::commands
  std::size_t first = 0, last = 0;  ///< commands [first, last) stand in this node
  ShellNodePtr nested;              ///< the script in `sh -c '...'`, `eval '...'`, a here-document or a trap
  NestedKind nested_kind = NestedKind::child_shell;
  bool nested_errexit = false, nested_pipefail = false;
  bool idle = false;  ///< an iteration whose list is known to be empty
};

struct ShellTree {
  ShellNodePtr root;  ///< a list, never null
  std::vector<Problem> problems;
};

/// Reads a script; never fails. `depth` is how deeply this text is nested in others.
ShellTree read_shell_tree(std::string_view text, std::uint32_t first_line, unsigned depth = 0);

}  // namespace tollbar::document
