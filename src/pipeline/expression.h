// GitHub's expression language, folded as far as it can be without a run: what a condition amounts to, what a label can
// become.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

/// One lexical element of an expression.
struct Token {
  enum class Kind : std::uint8_t { name, string, number, symbol, end, error };
  Kind kind = Kind::end;
  std::string text;  ///< names as written, strings decoded, symbols as they are (`&&`, `.`, `[`)
};
/// The tokens of an expression, `end` last; an `error` token stands for the first byte that is none.
std::vector<Token> tokenize(std::string_view expression);

/// A scalar split into literal text and the bodies of its `${{ }}`.
struct TemplatePiece {
  std::string_view text;
  bool expression = false;
};
std::vector<TemplatePiece> split_template(std::string_view scalar);

/// Tag of a node whose value only a run can tell.
inline constexpr std::string_view kUnknown = "!unknown";

/// What is known at the place where an expression stands.
struct Surroundings {
  const std::vector<Event>* events =
      nullptr;  ///< the pipeline's; null where they cannot be told (a called workflow, an action)
  /// Mappings by context: `matrix` and `inputs` (complete: an absent key is null), `env`, `steps`, `needs` (what is
  /// known of them). A member tagged kUnknown has a value that only a run can tell.
  std::map<std::string, document::Node> values;
  bool env_stays = false;  ///< no step sets a variable for those behind it; else `env` only makes things unlikely
};

/// An expression after folding.
struct Folded {
  Truth truth = Truth::depends;
  std::optional<document::Node> value;  ///< present where the value is a constant
  std::string text;  ///< canonical: one spelling for white space, quotes, needless parentheses, case of contexts
  std::vector<std::string> contexts;  ///< paths read, lower case, sorted, unique: `github.event_name`, `needs.*.result`
  bool malformed = false;             ///< no expression: text is the trimmed source, truth is `depends`
};

/// Folds the body of a `${{ }}`.
Folded fold_expression(std::string_view expression, const Surroundings& surroundings);
/// Folds the value of an `if`: an expression with or without `${{ }}`; where literal text stands beside `${{ }}`, white
/// space included, it is a non-empty string and so always true. Empty text is no condition.
Folded fold_condition(std::string_view text, const Surroundings& surroundings);

/// Every value that an expression can have as far as it is built from literals: both sides of `a && 'x' || 'y'`.
struct Alternatives {
  std::vector<document::Node> values;
  bool dynamic = false;  ///< there are others
};
Alternatives alternatives(std::string_view expression, const Surroundings& surroundings);
/// The same for a scalar that may hold literal text and several `${{ }}`.
Alternatives template_alternatives(std::string_view scalar, const Surroundings& surroundings);

/// A scalar with every `${{ }}` in canonical form.
std::string normalise_template(std::string_view scalar);

}  // namespace tollbar::pipeline
