#include "pipeline/readers/condition_logic.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/demands.h"
#include "pipeline/everything.h"
#include "text/ascii.h"
#include "text/words.h"

namespace tollbar::pipeline {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::array<std::string_view, 12> kSymbols{"!=~", "&&", "||", "==", "!=", "=~", "!~", "=", "!", "(", ")", ","};

struct Token {
  enum class Kind : std::uint8_t { word, string, pattern, symbol, end };
  Kind kind = Kind::end;
  std::string text;  ///< strings and patterns without their quotes; operators in words as their symbols
};

bool is_symbol(const Token& token, std::string_view symbol) {
  return token.kind == Token::Kind::symbol && token.text == symbol;
}

bool continues_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_$.{}-/:*@+").find(c) != std::string_view::npos;
}

/// What is written between quotes or slashes; empty where nothing ends it.
std::optional<std::string> quoted(std::string_view text, std::size_t& at) {
  const char quote = text[at];
  std::string content;
  for (++at; at < text.size(); ++at) {
    if (text[at] == quote) {
      ++at;
      return content;
    }
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == quote) ++at;
    content += text[at];
  }
  return std::nullopt;
}

/// `AND` as `&&`: words that stand for symbols.
Token named(std::string word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNamed{
      {{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"in", "in"}}};
  const auto lower = text::ascii_lower(word);
  for (const auto& [name, symbol] : kNamed) {
    if (lower == name) return {Token::Kind::symbol, std::string(symbol)};
  }
  return {Token::Kind::word, std::move(word)};
}

/// Empty where some byte belongs to no token. A slash begins a pattern where an operand is compared with one.
std::optional<std::vector<Token>> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (std::isspace(static_cast<unsigned char>(text[at]))) {
      ++at;
      continue;
    }
    const bool compared = !tokens.empty() && tokens.back().kind == Token::Kind::symbol;
    if (text[at] == '\'' || text[at] == '"' || (text[at] == '/' && compared)) {
      const auto kind = text[at] == '/' ? Token::Kind::pattern : Token::Kind::string;
      auto content = quoted(text, at);
      if (!content) return std::nullopt;
      tokens.push_back({kind, std::move(*content)});
      while (kind == Token::Kind::pattern && at < text.size() && text[at] == 'i') ++at;
      continue;
    }
    if (continues_word(text[at])) {
      const auto begin = at;
      while (at < text.size() && continues_word(text[at])) ++at;
      tokens.push_back(named(std::string(text.substr(begin, at - begin))));
      continue;
    }
    const auto symbol = std::find_if(kSymbols.begin(), kSymbols.end(),
                                     [&](std::string_view known) { return text.substr(at).starts_with(known); });
    if (symbol == kSymbols.end()) return std::nullopt;
    tokens.push_back({Token::Kind::symbol, std::string(*symbol)});
    at += symbol->size();
  }
  tokens.push_back({});
  return tokens;
}

struct Operand {
  enum class Kind : std::uint8_t { constant, pattern, name };
  Kind kind = Kind::name;
  std::string text;
};

/// What a part of a condition amounts to, and what it asks of names where all of it must hold.
struct Outcome {
  Truth truth = Truth::depends;
  std::vector<Demand> demands = {};
  bool is_comparison = false;  ///< it asks for the one demand and nothing else
};

Truth negated(Truth truth) {
  return truth == Truth::always ? Truth::never : truth == Truth::never ? Truth::always : truth;
}

Truth truth_of(bool value) {
  return value ? Truth::always : Truth::never;
}

/// Reads by recursive descent; `failed` as soon as something is no such condition.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<Truth> whole() {
    const auto outcome = disjunction(0);
    if (failed_ || peek().kind != Token::Kind::end) return std::nullopt;
    return outcome.truth;
  }

 private:
  const Token& peek() const { return tokens_[at_]; }

  bool take(std::string_view symbol) {
    if (!is_symbol(peek(), symbol)) return false;
    ++at_;
    return true;
  }

  Outcome fail() {
    failed_ = true;
    return {};
  }

  Outcome disjunction(int depth) {
    auto left = conjunction(depth);
    while (!failed_ && take("||")) {
      const auto right = conjunction(depth);
      if (left.truth == Truth::always || right.truth == Truth::never) continue;
      left = left.truth == Truth::never ? right : Outcome{right.truth};
    }
    return left;
  }

  Outcome conjunction(int depth) {
    auto left = operation(depth);
    while (!failed_ && take("&&")) {
      auto right = operation(depth);
      left.is_comparison = false;
      for (auto& demand : right.demands) left.demands.push_back(std::move(demand));
      const bool never = left.truth == Truth::never || right.truth == Truth::never || contradict(left.demands);
      left.truth = never ? Truth::never : left.truth == Truth::always ? right.truth : left.truth;
    }
    return left;
  }

  Outcome operation(int depth) {
    if (depth > kMaxDepth) return fail();
    if (take("!")) {
      auto inner = operation(depth + 1);
      inner.truth = negated(inner.truth);
      if (inner.is_comparison) {
        inner.demands.front() = pipeline::negated(std::move(inner.demands.front()));
      } else {
        inner.demands.clear();
      }
      return inner;
    }
    if (!take("(")) return comparison();
    auto inner = disjunction(depth + 1);
    return take(")") ? inner : fail();
  }

  Outcome comparison() {
    const auto left = operand();
    if (!left) return fail();
    if (take("in")) return skip_list() ? Outcome{} : fail();
    for (const std::string_view op : {"==", "=", "!=", "=~", "!~", "!=~"}) {
      if (!take(op)) continue;
      const auto right = operand();
      return right ? compared(*left, op, *right) : fail();
    }
    // `env(X) IS NOT present`
    if (peek().kind == Token::Kind::word && text::ascii_lower(peek().text) == "is") {
      ++at_;
      take("!");
      return operand() ? Outcome{} : fail();
    }
    if (left->kind == Operand::Kind::constant && (left->text == "true" || left->text == "false"))
      return {truth_of(left->text == "true")};
    return {};
  }

  static Outcome compared(const Operand& left, std::string_view op, const Operand& right) {
    const bool differs = op.front() == '!';
    if (op.back() == '~') {
      if (right.kind == Operand::Kind::name || !meets_every_name(right.text)) return {};
      return {truth_of(!differs)};
    }
    const bool both_known = left.kind == Operand::Kind::constant && right.kind == Operand::Kind::constant;
    const bool same = left.text == right.text;
    if (both_known || (same && left.kind == right.kind)) return {truth_of(same != differs)};
    if (left.kind == right.kind) return {};
    const auto& name = left.kind == Operand::Kind::name ? left : right;
    const auto& value = left.kind == Operand::Kind::name ? right : left;
    return {Truth::depends, {{name.text, differs ? Demand::Kind::differs : Demand::Kind::equals, value.text}}, true};
  }

  std::optional<Operand> operand() {
    const Token token = peek();
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::symbol) return std::nullopt;
    const bool compared =
        at_ > 0 && tokens_[at_ - 1].kind == Token::Kind::symbol && tokens_[at_ - 1].text.find('=') != std::string::npos;
    ++at_;
    if (token.kind == Token::Kind::pattern) return Operand{Operand::Kind::pattern, token.text};
    if (token.kind == Token::Kind::string)
      // Text with a variable in it is whatever that is.
      return Operand{token.text.find('$') == std::string::npos ? Operand::Kind::constant : Operand::Kind::name,
                     token.text};
    std::string text = token.text;
    if (is_symbol(peek(), "(")) return call(std::move(text));
    const bool constant = text == "true" || text == "false" || text::is_digit(text.front());
    // `branch = main`: a word that is no path and no variable is text where something is compared with it.
    const bool bare = compared && text.find_first_of("$.") == std::string::npos;
    return Operand{constant || bare ? Operand::Kind::constant : Operand::Kind::name, std::move(text)};
  }

  /// `changesInclude('a', 'b')`, `env(X)`
  std::optional<Operand> call(std::string text) {
    if (!skip_list(&text)) return std::nullopt;
    return Operand{Operand::Kind::name, std::move(text)};
  }

  /// A list in parentheses, with those in it; adds what it passes to `text`.
  bool skip_list(std::string* text = nullptr) {
    int open = 0;
    for (; at_ < tokens_.size() && peek().kind != Token::Kind::end; ++at_) {
      if (text) *text += " " + peek().text;
      open += is_symbol(peek(), "(") ? 1 : is_symbol(peek(), ")") ? -1 : 0;
      if (open == 0) {
        ++at_;
        return true;
      }
    }
    return false;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

Truth fold_logic(std::string_view condition) {
  auto tokens = tokens_of(condition);
  if (!tokens) return Truth::depends;
  return Parser(std::move(*tokens)).whole().value_or(Truth::depends);
}

}  // namespace tollbar::pipeline
