// From tokens to the tree of a Jenkinsfile, by recursive descent.
#include "pipeline/readers/jenkins_program.h"

#include <algorithm>
#include <array>

namespace tollbar::pipeline::jenkins {
namespace {

using TokenKind = Token::Kind;

constexpr int kMaxDepth = 400;
constexpr int kMaxChain = 200;
constexpr std::size_t kMaxParameterTokens = 24;

constexpr std::array<std::string_view, 8> kModifiers{"def",       "final",  "static",   "private",
                                                     "protected", "public", "abstract", "synchronized"};
constexpr std::array<std::string_view, 5> kLeaving{"return", "throw", "break", "continue", "assert"};
constexpr std::array<std::string_view, 3> kWordOperators{"in", "as", "instanceof"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Parser {
 public:
  explicit Parser(Program& program) : program_(program), tokens_(program.tokens.list) {}

  std::vector<Statement> take() {
    auto statements = block();
    while (!ended()) {  // an unmatched brace
      ++at_;
      for (auto& statement : block()) statements.push_back(std::move(statement));
    }
    return statements;
  }

 private:
  const Token& now() const { return tokens_[std::min(at_, tokens_.size() - 1)]; }
  const Token& ahead(std::size_t count) const { return tokens_[std::min(at_ + count, tokens_.size() - 1)]; }
  bool ended() const { return now().kind == TokenKind::end; }
  bool at_end_of_statement() const { return ended() || now().kind == TokenKind::newline || now().is("}"); }
  bool accept(std::string_view symbol) {
    if (!now().is(symbol)) return false;
    ++at_;
    return true;
  }
  void skip_newlines() {
    while (now().kind == TokenKind::newline) ++at_;
  }

  void give_up() {
    program_.too_deep = true;
    at_ = tokens_.size() - 1;
  }

  /// Counts nesting; beyond the limit the rest is given up, and the program says so.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth) parser_.give_up();
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  /// Statements up to a closing brace, which stays.
  std::vector<Statement> block() {
    std::vector<Statement> statements;
    for (skip_newlines(); !ended() && !now().is("}"); skip_newlines()) {
      const auto start = at_;
      statements.push_back(statement());
      if (at_ == start) ++at_;
    }
    return statements;
  }

  std::vector<Statement> braced() {
    ++at_;
    auto statements = block();
    accept("}");
    return statements;
  }

  /// A block, or the one statement that stands for it.
  std::vector<Statement> branch() {
    skip_newlines();
    if (now().is("{")) return braced();
    std::vector<Statement> statements;
    if (!at_end_of_statement()) statements.push_back(statement());
    return statements;
  }

  Statement statement() {
    const Level level(*this);
    Statement result;
    result.line = now().line;
    if (now().kind == TokenKind::name) {
      const auto& word = now().text;
      if (word == "if" || word == "switch") return conditional(std::move(result));
      if (word == "for" || word == "while") return loop(std::move(result));
      if (word == "try" && ahead(1).is("{")) return attempt(std::move(result));
      if (word == "case" || word == "default") skip_case();
      if (is_one_of(kLeaving, word)) return leave(std::move(result));
      if (word == "import" || word == "package") return unread(std::move(result));
      if (starts_function()) return function(std::move(result));
      skip_declaration();
    }
    return plain(std::move(result));
  }

  Value header() {
    ++at_;
    if (!now().is("(")) return {};
    return operand_of_parentheses();
  }

  Statement conditional(Statement result) {
    result.kind = Statement::Kind::conditional;
    result.text = now().text;
    result.value = header();
    result.body = branch();
    if (now().kind == TokenKind::newline && ahead(1).names("else")) ++at_;
    if (now().names("else")) {
      ++at_;
      result.otherwise = branch();
    }
    return result;
  }

  Statement loop(Statement result) {
    result.kind = Statement::Kind::loop;
    result.text = now().text;
    result.value = header();
    result.body = branch();
    return result;
  }

  Statement attempt(Statement result) {
    result.kind = Statement::Kind::attempt;
    ++at_;
    result.body = braced();
    while (now().names("catch")) {
      ++at_;
      if (now().is("(")) operand_of_parentheses();
      result.has_handler = true;
      for (auto& inner : branch()) result.handlers.push_back(std::move(inner));
    }
    if (now().names("finally")) {
      ++at_;
      result.last = branch();
    }
    return result;
  }

  Statement leave(Statement result) {
    result.kind = Statement::Kind::leave;
    result.text = now().text;
    ++at_;
    if (!at_end_of_statement()) result.value = expression();
    finish(result.value);
    return result;
  }

  Statement unread(Statement result) {
    result.value.first = at_;
    while (!at_end_of_statement()) ++at_;
    result.value.last = at_;
    return result;
  }

  void skip_case() {
    while (!at_end_of_statement() && !now().is(":")) ++at_;
    accept(":");
    skip_newlines();
  }

  /// `def name(...) {`, `void name(...) {`, `static String name(...) {`.
  bool starts_function() const {
    std::size_t names = 0;
    while (ahead(names).kind == TokenKind::name) ++names;
    if (names < 2 || !ahead(names).is("(") || ahead(names).spaced) return false;
    int depth = 0;
    std::size_t count = names;
    for (; ahead(count).kind != TokenKind::end && ahead(count).kind != TokenKind::newline; ++count) {
      if (ahead(count).is("(")) ++depth;
      if (ahead(count).is(")") && --depth == 0) break;
    }
    return ahead(count).is(")") && ahead(count + 1).is("{");
  }

  Statement function(Statement result) {
    result.kind = Statement::Kind::function;
    while (!now().is("(")) result.text = tokens_[at_++].text;
    operand_of_parentheses();
    result.body = braced();
    return result;
  }

  /// The type in front of a declared name.
  void skip_declaration() {
    while (now().kind == TokenKind::name && is_one_of(kModifiers, now().text)) ++at_;
    const bool typed = now().kind == TokenKind::name && ahead(1).kind == TokenKind::name && ahead(2).is("=");
    if (typed) ++at_;
  }

  Statement plain(Statement result) {
    const auto start = at_;
    result.value = expression();
    const bool assigns = now().is("=") || now().is("+=");
    if (assigns) {
      result.kind = Statement::Kind::assignment;
      for (auto i = start; i < at_; ++i) result.text += spelling(tokens_[i]);
      ++at_;
      skip_newlines();
      result.value = expression();
    }
    finish(result.value);
    return result;
  }

  /// Whatever is left of a statement becomes part of its value, so that nothing is lost.
  void finish(Value& value) {
    if (at_end_of_statement()) return;
    Value whole;
    whole.kind = Value::Kind::expression;
    whole.first = value.first;
    whole.line = value.line;
    whole.arguments.push_back({{}, std::move(value)});
    while (!at_end_of_statement()) {
      const auto start = at_;
      const bool separates = now().is(",") || now().is(":") || now().is(")") || now().is("]") || now().is("=") ||
                             now().is("+=") || now().is("->");
      if (separates)
        ++at_;
      else
        whole.arguments.push_back({{}, expression()});
      if (at_ == start) ++at_;
    }
    whole.last = at_;
    value = std::move(whole);
  }

  bool at_operator() const {
    if (now().kind == TokenKind::name) return is_one_of(kWordOperators, now().text);
    if (now().kind != TokenKind::symbol) return false;
    static constexpr std::array<std::string_view, 13> kNone{",", ")",  "]", "}",  "{", "(", "[",
                                                            ":", "->", "=", "+=", "@", "."};
    return !is_one_of(kNone, now().text);
  }

  Value expression() {
    const Level level(*this);
    auto first = operand();
    if (!at_operator()) return first;
    Value whole;
    whole.kind = Value::Kind::expression;
    whole.first = first.first;
    whole.line = first.line;
    whole.arguments.push_back({{}, std::move(first)});
    bool only = true;
    while (at_operator()) {
      const auto text = now().text;
      only = only && (whole.text.empty() || whole.text == text);
      whole.text = text;
      ++at_;
      whole.arguments.push_back({{}, text == "?" ? expression() : operand()});
      if (text == "?" && accept(":")) whole.arguments.push_back({{}, expression()});
    }
    if (!only) whole.text.clear();
    whole.last = at_;
    return whole;
  }

  Value begin(Value::Kind kind) const {
    Value value;
    value.kind = kind;
    value.first = at_;
    value.line = now().line;
    return value;
  }

  Value operand() {
    const Level level(*this);
    if (at_operator() && now().kind == TokenKind::symbol) return prefixed();
    auto value = primary();
    postfix(value);
    if (takes_arguments(value)) {
      value.kind = Value::Kind::call;
      arguments(value.arguments, {});
      adopt_closure(value);
    }
    value.last = at_;
    return value;
  }

  Value prefixed() {
    auto value = begin(Value::Kind::expression);
    value.text = now().text;
    ++at_;
    value.arguments.push_back({{}, operand()});
    value.last = at_;
    return value;
  }

  Value primary() {
    if (now().is("(")) return operand_of_parentheses();
    if (now().is("[")) {
      auto list = begin(Value::Kind::list);
      ++at_;
      arguments(list.arguments, "]");
      list.last = at_;
      return list;
    }
    if (now().is("{")) {
      auto closure = begin(Value::Kind::closure);
      closure.body = closure_body();
      closure.last = at_;
      return closure;
    }
    auto value = begin(Value::Kind::nothing);
    if (now().is("@")) ++at_;
    if (now().kind == TokenKind::string) {
      value.kind = Value::Kind::text;
      value.interpolated = now().interpolated;
    } else if (now().kind == TokenKind::name || now().kind == TokenKind::number) {
      value.kind = Value::Kind::word;
    } else {
      return value;
    }
    value.text = now().text;
    ++at_;
    if (value.text == "new" && now().kind == TokenKind::name) value.text += " " + tokens_[at_++].text;
    value.last = at_;
    return value;
  }

  Value operand_of_parentheses() {
    const Level level(*this);
    auto value = begin(Value::Kind::expression);
    ++at_;
    arguments(value.arguments, ")");
    value.last = at_;
    if (value.arguments.size() == 1 && value.arguments.front().name.empty()) {
      Value inner = std::move(value.arguments.front().value);
      inner.first = value.first;
      inner.last = value.last;
      return inner;
    }
    return value;
  }

  static bool is_path(const Value& value) { return value.kind == Value::Kind::word || value.kind == Value::Kind::call; }

  void postfix(Value& value) {
    for (int links = 0;; ++links) {
      if (links > kMaxChain) give_up();
      const bool dot = now().is(".") || now().is("?.") || now().is("*.") || now().is(".&");
      if (dot && (ahead(1).kind == TokenKind::name || ahead(1).kind == TokenKind::string)) {
        if (value.kind != Value::Kind::word) wrap(value);
        value.text += (value.text.empty() ? "" : ".") + ahead(1).text;
        at_ += 2;
      } else if (now().is("(") && is_path(value)) {
        if (value.kind == Value::Kind::call) wrap(value);
        value.kind = Value::Kind::call;
        ++at_;
        arguments(value.arguments, ")");
        adopt_closure(value);
      } else if (now().is("{") && is_path(value) && !value.has_body) {
        value.kind = Value::Kind::call;
        value.has_body = true;
        value.body = closure_body();
      } else if (now().is("[") && !now().spaced && is_path(value)) {
        wrap(value);
        value.kind = Value::Kind::expression;
        ++at_;
        arguments(value.arguments, "]");
      } else {
        break;
      }
      value.last = at_;
    }
    value.last = std::max(value.last, at_);
  }

  /// The value becomes what the next call is made on.
  void wrap(Value& value) {
    Value outer;
    outer.kind = Value::Kind::word;
    outer.first = value.first;
    outer.line = value.line;
    if (is_path(value)) outer.text = value.text;
    outer.target.push_back(std::move(value));
    value = std::move(outer);
  }

  /// A closure among the arguments is the body all the same.
  static void adopt_closure(Value& call) {
    if (call.has_body || call.arguments.empty()) return;
    auto& last = call.arguments.back();
    if (last.value.kind != Value::Kind::closure || !last.name.empty()) return;
    call.has_body = true;
    call.body = std::move(last.value.body);
    call.arguments.pop_back();
  }

  /// `sh 'make'`: a name followed by what can only be its argument.
  bool takes_arguments(const Value& value) const {
    if (value.kind != Value::Kind::word || value.text.empty()) return false;
    const auto kind = now().kind;
    if (kind == TokenKind::string || kind == TokenKind::number) return now().spaced || kind == TokenKind::string;
    if (kind == TokenKind::name) return !is_one_of(kWordOperators, now().text);
    return now().is("[") && now().spaced;
  }

  std::vector<Statement> closure_body() {
    const Level level(*this);
    ++at_;
    for (std::size_t i = 0; i < kMaxParameterTokens; ++i) {
      const auto& token = ahead(i);
      if (token.is("->")) {
        at_ += i + 1;
        break;
      }
      if (token.kind == TokenKind::newline || token.is("{") || token.is("}") || token.kind == TokenKind::end) break;
    }
    auto statements = block();
    accept("}");
    return statements;
  }

  bool at_label() const {
    const auto kind = now().kind;
    return (kind == TokenKind::name || kind == TokenKind::string || kind == TokenKind::number) && ahead(1).is(":");
  }

  /// Arguments up to the closing bracket, which is taken; without one up to the end of the statement.
  void arguments(std::vector<Argument>& into, std::string_view closing) {
    const Level level(*this);
    while (!ended()) {
      if (closing.empty() ? at_end_of_statement() || now().is(")") || now().is("]") : now().is(closing)) break;
      if (now().is("}")) return;
      const auto start = at_;
      Argument argument;
      if (at_label()) {
        argument.name = now().text;
        at_ += 2;
        skip_newlines();
      }
      argument.value = expression();
      if (accept(":")) {  // a computed name: `(x): value`, `"${x}": value`
        argument.name = program_.text(argument.value);
        argument.value = expression();
      }
      into.push_back(std::move(argument));
      const bool more = accept(",");
      if (closing.empty()) {
        if (!more) return;
        skip_newlines();
      } else {
        skip_newlines();
      }
      if (at_ == start) ++at_;
    }
    if (!closing.empty()) accept(closing);
  }

  Program& program_;
  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Program parse(std::string_view text) {
  Program program;
  program.tokens = tokenize(text);
  program.statements = Parser(program).take();
  return program;
}

}  // namespace tollbar::pipeline::jenkins
