// The syntax tree of a GitHub expression, for those who ask what stands in it and not what it amounts to.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"

namespace tollbar::pipeline {

struct Expression {
  enum class Kind : std::uint8_t {
    literal,   ///< `value`
    context,   ///< `name`, lower case
    index,     ///< operands: base, index; both `a.b` and `a['b']`
    wildcard,  ///< operands: base; `a.*`
    call,      ///< `name`, lower case; operands: arguments
    negation,  ///< operands: one
    binary,    ///< `name` is the operator; operands: two
  };
  Kind kind = Kind::literal;
  std::string name;
  document::Node value;
  std::vector<Expression> operands;
};

/// Null where the text is no expression, nests deeper than 64 (paths too), or joins more than 500 parts.
std::unique_ptr<Expression> parse_expression(std::string_view text);

/// Canonical spelling.
std::string to_text(const Expression& expression);

/// `github.event.label`, with `*` for wildcards and computed indices; empty for anything that is no path into a
/// context.
std::string path_of(const Expression& expression);

/// Every longest path that the expression reads.
void collect_contexts(const Expression& expression, std::set<std::string>& paths);

}  // namespace tollbar::pipeline
