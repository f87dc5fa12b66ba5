// Lexer, parser and printer of GitHub expressions.
#include <array>
#include <cctype>

#include "pipeline/expression.h"
#include "pipeline/expression_tree.h"
#include "text/ascii.h"

namespace tollbar::pipeline {
namespace {

using text::is_digit;

constexpr int kMaxDepth = 64;
/// Of the whole expression, as its tree grows to the left with each of them: `a && b && c`.
constexpr int kMaxOperators = 500;
constexpr std::array<std::string_view, 7> kLongSymbols{"&&", "||", "==", "!=", "<=", ">=", "}}"};
constexpr std::string_view kShortSymbols = "()[].,!<>*";

bool starts_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool continues_name(char c) {
  return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-';
}
/// Cuts tokens off the front of a text.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (at_ == text_.size()) return {};
    const char c = text_[at_];
    if (c == '\'') return string();
    if (starts_name(c)) return take(Token::Kind::name, [](char next) { return continues_name(next); });
    const bool sign =
        (c == '-' || c == '+') && at_ + 1 < text_.size() && (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '.');
    if (is_digit(c) || sign) {
      return take(Token::Kind::number, [](char next) {
        return std::isxdigit(static_cast<unsigned char>(next)) != 0 || next == '.' || next == 'x' || next == 'o';
      });
    }
    return symbol();
  }

 private:
  template <typename Accepts>
  Token take(Token::Kind kind, Accepts accepts) {
    const auto begin = at_++;
    while (at_ < text_.size() && accepts(text_[at_])) ++at_;
    return {kind, std::string(text_.substr(begin, at_ - begin))};
  }

  Token string() {
    Token token{Token::Kind::string, {}};
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\'') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '\'') {
          ++at_;
          return token;
        }
        ++at_;
      }
      token.text += text_[at_];
    }
    return {Token::Kind::error, "'"};
  }

  Token symbol() {
    for (const auto candidate : kLongSymbols) {
      if (text_.substr(at_).starts_with(candidate)) {
        at_ += candidate.size();
        return {Token::Kind::symbol, std::string(candidate)};
      }
    }
    const char c = text_[at_++];
    const bool known = kShortSymbols.find(c) != std::string_view::npos;
    return {known ? Token::Kind::symbol : Token::Kind::error, std::string(1, c)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

document::Node scalar(document::ScalarType type, std::string text) {
  document::Node node;
  node.kind = document::NodeKind::scalar;
  node.type = type;
  node.scalar = std::move(text);
  return node;
}

/// Precedence climbing: `||`, `&&`, equality, comparison, `!`, then a path.
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

  std::unique_ptr<Expression> parse() {
    auto result = std::make_unique<Expression>(binary(0));
    if (failed_ || tokens_[at_].kind != Token::Kind::end) return nullptr;
    return result;
  }

 private:
  static int level_of(const Token& token) {
    if (token.kind != Token::Kind::symbol) return -1;
    if (token.text == "||") return 0;
    if (token.text == "&&") return 1;
    if (token.text == "==" || token.text == "!=") return 2;
    if (token.text == "<" || token.text == "<=" || token.text == ">" || token.text == ">=") return 3;
    return -1;
  }

  bool accept(std::string_view symbol) {
    if (tokens_[at_].kind != Token::Kind::symbol || tokens_[at_].text != symbol) return false;
    ++at_;
    return true;
  }
  Expression fail() {
    failed_ = true;
    return {};
  }

  Expression binary(int level) {
    if (level == 4) return unary();
    Expression left = binary(level + 1);
    while (!failed_ && level_of(tokens_[at_]) == level) {
      if (++operators_ > kMaxOperators) return fail();
      Expression both;
      both.kind = Expression::Kind::binary;
      both.name = tokens_[at_++].text;
      both.operands.push_back(std::move(left));
      both.operands.push_back(binary(level + 1));
      left = std::move(both);
    }
    return left;
  }

  Expression unary() {
    if (failed_ || depth_ >= kMaxDepth) return fail();
    ++depth_;
    Expression result;
    if (accept("!")) {
      result.kind = Expression::Kind::negation;
      result.operands.push_back(unary());
    } else {
      result = path();
    }
    --depth_;
    return result;
  }

  Expression path() {
    Expression base = primary();
    for (int length = 0; !failed_; ++length) {
      if (length > kMaxDepth) return fail();
      Expression outer;
      outer.kind = Expression::Kind::index;
      if (accept(".")) {
        if (accept("*")) {
          outer.kind = Expression::Kind::wildcard;
          outer.operands.push_back(std::move(base));
        } else if (tokens_[at_].kind == Token::Kind::name) {
          outer.operands.push_back(std::move(base));
          Expression key;
          key.value = scalar(document::ScalarType::string, tokens_[at_++].text);
          outer.operands.push_back(std::move(key));
        } else {
          return fail();
        }
      } else if (accept("[")) {
        outer.operands.push_back(std::move(base));
        if (accept("*")) {
          outer.kind = Expression::Kind::wildcard;
        } else {
          outer.operands.push_back(binary(0));
        }
        if (!accept("]")) return fail();
      } else {
        return base;
      }
      base = std::move(outer);
    }
    return base;
  }

  Expression primary() {
    const Token token = tokens_[at_];
    Expression result;
    if (token.kind == Token::Kind::string) {
      ++at_;
      result.value = scalar(document::ScalarType::string, token.text);
      return result;
    }
    if (token.kind == Token::Kind::number) {
      ++at_;
      const bool floating = token.text.find('.') != std::string::npos;
      result.value = scalar(floating ? document::ScalarType::floating : document::ScalarType::integer, token.text);
      return result;
    }
    if (accept("(")) {
      result = binary(0);
      return accept(")") ? std::move(result) : fail();
    }
    return token.kind == Token::Kind::name ? name() : fail();
  }

  Expression name() {
    const std::string word = text::ascii_lower(tokens_[at_++].text);
    Expression result;
    if (accept("(")) {
      result.kind = Expression::Kind::call;
      result.name = word;
      if (accept(")")) return result;
      do {
        result.operands.push_back(binary(0));
      } while (!failed_ && accept(","));
      return accept(")") ? std::move(result) : fail();
    }
    if (word == "true" || word == "false") {
      result.value = scalar(document::ScalarType::boolean, word);
    } else if (word != "null") {
      result.kind = Expression::Kind::context;
      result.name = word;
    }
    return result;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int operators_ = 0;
  bool failed_ = false;
};

int precedence(const Expression& expression) {
  if (expression.kind == Expression::Kind::negation) return 5;
  if (expression.kind != Expression::Kind::binary) return 6;
  if (expression.name == "||") return 1;
  if (expression.name == "&&") return 2;
  return expression.name == "==" || expression.name == "!=" ? 3 : 4;
}

std::string in_parentheses_below(const Expression& expression, int least) {
  auto text = to_text(expression);
  return precedence(expression) < least ? "(" + text + ")" : text;
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    result += c;
    if (c == '\'') result += c;
  }
  return result + "'";
}

std::string literal_text(const document::Node& value) {
  if (value.is_null()) return "null";
  return value.type == document::ScalarType::string ? quoted(value.scalar) : value.scalar;
}

bool is_plain_name(const Expression& key) {
  if (key.kind != Expression::Kind::literal || !key.value.is_scalar() || key.value.scalar.empty()) return false;
  if (key.value.type != document::ScalarType::string || !starts_name(key.value.scalar.front())) return false;
  for (const char c : key.value.scalar) {
    if (!continues_name(c)) return false;
  }
  return true;
}

std::string index_text(const Expression& expression) {
  const auto base = in_parentheses_below(expression.operands[0], 6);
  const auto& key = expression.operands[1];
  return is_plain_name(key) ? base + "." + text::ascii_lower(key.value.scalar) : base + "[" + to_text(key) + "]";
}

}  // namespace

std::vector<Token> tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  Lexer lexer(expression);
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().kind != Token::Kind::end && tokens.back().kind != Token::Kind::error);
  if (tokens.back().kind == Token::Kind::error) tokens.push_back({});
  return tokens;
}

std::vector<TemplatePiece> split_template(std::string_view scalar) {
  std::vector<TemplatePiece> pieces;
  while (!scalar.empty()) {
    const auto open = scalar.find("${{");
    std::size_t close = open == std::string_view::npos ? scalar.size() : open + 3;
    bool in_string = false;
    while (close < scalar.size() && (in_string || !scalar.substr(close).starts_with("}}"))) {
      if (scalar[close] == '\'') in_string = !in_string;
      ++close;
    }
    if (open == std::string_view::npos || close == scalar.size()) {
      pieces.push_back({scalar, false});
      break;
    }
    if (open > 0) pieces.push_back({scalar.substr(0, open), false});
    pieces.push_back({scalar.substr(open + 3, close - open - 3), true});
    scalar.remove_prefix(close + 2);
  }
  return pieces;
}

std::unique_ptr<Expression> parse_expression(std::string_view text) {
  return Parser(text).parse();
}

std::string to_text(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::literal:
      return literal_text(expression.value);
    case Expression::Kind::context:
      return expression.name;
    case Expression::Kind::index:
      return index_text(expression);
    case Expression::Kind::wildcard:
      return in_parentheses_below(expression.operands[0], 6) + ".*";
    case Expression::Kind::negation:
      return "!" + in_parentheses_below(expression.operands[0], 5);
    case Expression::Kind::binary: {
      const int own = precedence(expression);
      return in_parentheses_below(expression.operands[0], own) + " " + expression.name + " " +
             in_parentheses_below(expression.operands[1], own + 1);
    }
    case Expression::Kind::call:
      break;
  }
  std::string arguments;
  for (const auto& operand : expression.operands) arguments += (arguments.empty() ? "" : ", ") + to_text(operand);
  return expression.name + "(" + arguments + ")";
}

std::string path_of(const Expression& expression) {
  if (expression.kind == Expression::Kind::context) return expression.name;
  if (expression.kind != Expression::Kind::index && expression.kind != Expression::Kind::wildcard) return {};
  const auto base = path_of(expression.operands[0]);
  if (base.empty()) return {};
  const bool fixed =
      expression.kind == Expression::Kind::index && expression.operands[1].kind == Expression::Kind::literal;
  return base + "." + (fixed ? text::ascii_lower(expression.operands[1].value.scalar) : "*");
}

void collect_contexts(const Expression& expression, std::set<std::string>& paths) {
  if (auto path = path_of(expression); !path.empty()) {
    paths.insert(std::move(path));
    // Computed indices read contexts of their own.
    for (const Expression* base = &expression; !base->operands.empty(); base = base->operands.data()) {
      if (base->kind == Expression::Kind::index) collect_contexts(base->operands[1], paths);
    }
    return;
  }
  for (const auto& operand : expression.operands) collect_contexts(operand, paths);
}

std::string normalise_template(std::string_view scalar) {
  std::string result;
  for (const auto& piece : split_template(scalar)) {
    if (!piece.expression) {
      result += piece.text;
      continue;
    }
    result += "${{ " + fold_expression(piece.text, {}).text + " }}";
  }
  return result;
}

}  // namespace tollbar::pipeline
