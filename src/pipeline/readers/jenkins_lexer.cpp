// The tokens of Groovy as far as Jenkinsfiles are written in it.
#include "pipeline/readers/jenkins_lexer.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace tollbar::pipeline::jenkins {
namespace {

using text::is_digit;

constexpr std::size_t kMaxTokens = 400'000;

constexpr std::array<std::string_view, 26> kSymbols{
    "==~", "<=>", "->", "?.", "*.", "==", "!=", "<=", ">=", "&&", "||", "++", "--",
    "+=",  "-=",  "*=", "/=", "=~", "?:", "<<", ">>", "..", "::", "**", "%=", ".&"};

/// After these a statement goes on in the next line.
constexpr std::array<std::string_view, 21> kUnfinished{"{",  "(",  "[",  ",", "+",  "&&", "||", "=", "->", "?", ":",
                                                       "?:", "==", "!=", ".", "?.", "+=", "-",  "*", "<<", "!"};
/// Before these the line above goes on.
constexpr std::array<std::string_view, 8> kContinuing{"}", ")", "]", ".", "?.", "*.", "&&", "||"};

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) {
  return starts_name(c) || is_digit(c);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {
    if (text_.starts_with("#!")) skip_line();
  }

  Tokens take() {
    while (tokens_.problem.empty() && at_ < text_.size()) next();
    if (tokens_.problem.empty() && !brackets_.empty()) fail("a bracket is not closed");
    push(Token::Kind::end, {});
    return std::move(tokens_);
  }

 private:
  bool ahead(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void fail(std::string problem) {
    if (!tokens_.problem.empty()) return;
    tokens_.problem = std::move(problem);
    tokens_.problem_line = line_;
  }

  void advance(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      if (text_[at_] == '\n') ++line_;
    }
  }

  void skip_line() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  Token& push(Token::Kind kind, std::string token_text) {
    if (tokens_.list.size() >= kMaxTokens) fail("too many tokens");
    Token token;
    token.kind = kind;
    token.text = std::move(token_text);
    token.spaced = spaced_;
    token.line = line_;
    spaced_ = false;
    tokens_.list.push_back(std::move(token));
    return tokens_.list.back();
  }

  void next() {
    const char c = text_[at_];
    if (c == '\n' || c == ';') return end_statement();
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f') return blank(1);
    if (ahead("\\\n")) return blank(2);
    if (ahead("\\\r\n")) return blank(3);
    if (ahead("//")) return skip_line();
    if (ahead("/*")) return comment();
    if (c == '\'' || c == '"') return quoted();
    if (ahead("$/")) return delimited("$/", "/$");
    if (c == '/' && value_may_follow() && slash_closes()) return delimited("/", "/");
    if (is_digit(c)) return number();
    if (starts_name(c)) return name();
    symbol();
  }

  void blank(std::size_t count) {
    advance(count);
    spaced_ = true;
  }

  void comment() {
    const auto end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) return fail("a comment is not closed");
    advance(end + 2 - at_);
    spaced_ = true;
  }

  void end_statement() {
    const bool nested = !brackets_.empty() && brackets_.back() != '{';
    const auto& list = tokens_.list;
    const bool wanted =
        !nested && !list.empty() && list.back().kind != Token::Kind::newline && !unfinished(list.back());
    if (wanted) push(Token::Kind::newline, {});
    advance(1);
    spaced_ = true;
  }

  static bool unfinished(const Token& last) {
    return last.kind == Token::Kind::symbol &&
           std::find(kUnfinished.begin(), kUnfinished.end(), last.text) != kUnfinished.end();
  }

  /// Forgets the end of line before what goes on with the statement above.
  void join_line() {
    auto& list = tokens_.list;
    if (!list.empty() && list.back().kind == Token::Kind::newline) list.pop_back();
  }

  void number() {
    const auto start = at_;
    while (at_ < text_.size() &&
           (continues_name(text_[at_]) || (text_[at_] == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))))
      ++at_;
    push(Token::Kind::number, std::string(text_.substr(start, at_ - start)));
  }

  void name() {
    const auto start = at_;
    while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    const auto word = text_.substr(start, at_ - start);
    const auto& list = tokens_.list;
    const bool after_block =
        list.size() > 1 && list.back().kind == Token::Kind::newline && list[list.size() - 2].is("}");
    if (after_block && (word == "else" || word == "catch" || word == "finally")) join_line();
    push(Token::Kind::name, std::string(word));
  }

  void symbol() {
    auto found =
        std::find_if(kSymbols.begin(), kSymbols.end(), [&](std::string_view candidate) { return ahead(candidate); });
    const auto symbol = found == kSymbols.end() ? text_.substr(at_, 1) : *found;
    if (symbol == "(" || symbol == "[" || symbol == "{") brackets_ += symbol;
    if (symbol == ")" || symbol == "]" || symbol == "}") close(symbol[0]);
    if (std::find(kContinuing.begin(), kContinuing.end(), symbol) != kContinuing.end()) join_line();
    push(Token::Kind::symbol, std::string(symbol));
    at_ += symbol.size();
  }

  void close(char bracket) {
    const char opening = bracket == ')' ? '(' : bracket == ']' ? '[' : '{';
    if (brackets_.empty() || brackets_.back() != opening) return fail("a bracket closes nothing");
    brackets_.pop_back();
  }

  /// Where an operand is due, `/` begins a string; behind a value it divides.
  bool value_may_follow() const {
    if (tokens_.list.empty()) return true;
    const auto& last = tokens_.list.back();
    if (last.kind == Token::Kind::newline) return true;
    if (last.kind == Token::Kind::name) return spaced_ && at_ + 1 < text_.size() && text_[at_ + 1] != ' ';
    return last.kind == Token::Kind::symbol && !last.is(")") && !last.is("]") && !last.is("}");
  }

  bool slash_closes() const {
    const auto end = text_.find_first_of("/\n", at_ + 1);
    return end != std::string_view::npos && text_[end] == '/';
  }

  void quoted() {
    const char quote = text_[at_];
    const std::string three(3, quote);
    delimited(ahead(three) ? three : std::string(1, quote), ahead(three) ? three : std::string(1, quote));
  }

  void delimited(const std::string& opening, const std::string& closing) {
    const auto line = line_;
    const auto start = at_;
    const bool slashy = opening[0] == '/' || opening[0] == '$';
    const bool replaces = opening[0] != '\'';
    const bool one_line = opening.size() == 1 && !slashy;
    std::string content;
    bool interpolated = false;
    advance(opening.size());
    while (!ahead(closing)) {
      if (at_ >= text_.size() || (one_line && text_[at_] == '\n')) return fail("a string is not closed");
      if (text_[at_] == '\\') {
        escape(slashy, content);
      } else if (replaces && text_[at_] == '$' && at_ + 1 < text_.size() &&
                 (text_[at_ + 1] == '{' || starts_name(text_[at_ + 1]))) {
        interpolated = true;
        interpolation(content);
      } else {
        content += text_[at_];
        advance(1);
      }
    }
    advance(closing.size());
    auto& token = push(Token::Kind::string, std::move(content));
    token.line = line;
    token.interpolated = interpolated;
    if (interpolated) token.written = text_.substr(start, at_ - start);
  }

  void escape(bool slashy, std::string& content) {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (slashy ? next != '/' : next == '\n' || next == '\r' || next == 'u' || next == '\0') {
      content += text_[at_];  // a joined line means the same to the shell; other escapes are left as they are
      return advance(1);
    }
    switch (next) {
      case 'n':
        content += '\n';
        break;
      case 't':
        content += '\t';
        break;
      case 'r':
        content += '\r';
        break;
      default:
        content += next;
    }
    advance(2);
  }

  /// `${...}`, braces and strings inside it counted, or `$name`.
  void interpolation(std::string& content) {
    const auto start = at_;
    advance(1);
    if (text_[at_] == '{') {
      int depth = 0;
      char quote = '\0';
      for (; at_ < text_.size(); advance(1)) {
        const char c = text_[at_];
        if (quote != '\0') {
          if (c == quote || c == '\n') quote = '\0';
          continue;
        }
        if (c == '\'' || c == '"') quote = c;
        if (c == '{') ++depth;
        if (c == '}' && --depth == 0) break;
      }
      advance(1);
    }
    content += text_.substr(start, at_ - start);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool spaced_ = false;
  std::string brackets_;
  Tokens tokens_;
};

}  // namespace

Tokens tokenize(std::string_view text) {
  return Lexer(text).take();
}

}  // namespace tollbar::pipeline::jenkins
