// A Jenkinsfile as a tree of statements, calls and closures: as much of Groovy as pipelines are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/readers/jenkins_lexer.h"

namespace tollbar::pipeline::jenkins {

struct Argument;
struct Statement;

struct Value {
  enum class Kind : std::uint8_t {
    nothing,
    text,        ///< a string
    word,        ///< a number, or a name with its path: `env.BRANCH_NAME`
    list,        ///< list or map: its arguments
    call,        ///< `text` is the path of what is called (`docker.image.inside`), with arguments and body
    closure,     ///< its body
    expression,  ///< operands as arguments; `text` is the operator where there is only one kind
  };
  Kind kind = Kind::nothing;
  std::string text;
  bool interpolated = false;  ///< a string that Groovy fills in
  bool has_body = false;      ///< a call is given a closure
  std::vector<Argument> arguments;
  std::vector<Value> target;        ///< of a call behind another one: `docker.image('x')` of `.inside {}`; at most one
  std::vector<Statement> body;      ///< of a closure, or of the closure that a call is given
  std::size_t first = 0, last = 0;  ///< its tokens: [first, last)
  std::uint32_t line = 0;

  /// The value of a named argument; null where there is none.
  const Value* argument(std::string_view name) const;
  /// The nth argument without a name; null where there is none.
  const Value* positional(std::size_t index) const;
};

struct Argument {
  std::string name;  ///< empty for a positional one
  Value value;
};

struct Statement {
  enum class Kind : std::uint8_t {
    expression,
    assignment,   ///< `text` is the target
    conditional,  ///< `value` is the condition, `body` and `otherwise` the branches; `text` is `if` or `switch`
    loop,
    attempt,   ///< `try`: `body`, `handlers` (all catch blocks), `last`
    function,  ///< `text` is its name
    leave,     ///< `return`, `throw`, `break`, ...: `text` is the keyword
  };
  Kind kind = Kind::expression;
  std::string text;
  Value value;
  std::vector<Statement> body, otherwise, handlers, last;
  bool has_handler = false;
  std::uint32_t line = 0;
};

struct Program {
  Tokens tokens;
  std::vector<Statement> statements;
  bool too_deep = false;  ///< brackets nested beyond the limit: the tree is incomplete

  /// The tokens of a value in one spelling.
  std::string text(const Value& value) const;
};

Program parse(std::string_view text);

/// One token in one spelling: strings with the quote that says how they are filled in.
std::string spelling(const Token& token);

}  // namespace tollbar::pipeline::jenkins
