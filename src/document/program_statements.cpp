// Three ways to mark a block: braces, indentation, and the words of the shell.
#include "document/program_statements.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "document/program_bytes.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

class Cutter {
 public:
  Cutter(std::string_view text, Language language)
      : text_(text), language_(language), kinds_(byte_kinds(text, language)) {}

  std::vector<Statement> cut() {
    if (language_ == Language::shell)
      by_words();
    else if (language_ == Language::python || language_ == Language::ruby)
      by_indentation();
    else
      by_braces();
    return std::move(statements_);
  }

 private:
  struct Block {
    std::size_t header = Statement::none;
    std::string_view word;  // what opened it
    int depth = 0;          // of brackets around it
  };

  bool is_code(std::size_t at) const { return kinds_[at] == ByteKind::code; }

  Statement read(std::size_t begin, std::size_t end) {
    Statement made;
    bool blank = false;
    std::size_t first = end;
    for (auto i = begin; i < end; ++i) {
      const char c = text_[i];
      if (kinds_[i] == ByteKind::comment) continue;
      const bool continued = c == '\\' && i + 1 < end && text_[i + 1] == '\n' && is_code(i);
      if (continued || std::isspace(static_cast<unsigned char>(c)) != 0) {
        blank = !made.text.empty();
        continue;
      }
      if (blank) made.text += ' ', made.bare += ' ';
      blank = false;
      first = std::min(first, i);
      made.text += c;
      made.bare += kinds_[i] == ByteKind::string ? ' ' : c;
    }
    for (; counted_ < first; ++counted_) line_ += text_[counted_] == '\n' ? 1U : 0U;
    made.line = line_;
    return made;
  }

  static bool says_something(const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '['; });
  }

  std::size_t header() const { return blocks_.empty() ? Statement::none : blocks_.back().header; }

  std::size_t add(Statement made) {
    made.header = header();
    statements_.push_back(std::move(made));
    return statements_.size() - 1;
  }

  static bool begins_with_word(std::string_view text, std::string_view word) {
    return text.starts_with(word) &&
           (text.size() == word.size() ||
            (std::isalnum(static_cast<unsigned char>(text[word.size()])) == 0 && text[word.size()] != '_'));
  }

  /// `else` by itself says nothing of when it holds.
  void explain_else(Statement& made, std::size_t sibling) const {
    if (sibling == Statement::none || !begins_with_word(made.text, "else")) return;
    std::string of = " of " + statements_[sibling].text;
    of.resize(std::min<std::size_t>(of.size(), 400));
    made.text += of;
    made.bare += std::string(of.size(), ' ');
  }

  void name_function(Statement& made) const {
    static const text::Pattern definition(
        R"(^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:def|func|function|sub)\s+(?:\([^)]*\)\s*)?(?:self\.)?([\w:-]+)|^(?:export\s+)?(?:const|let|var)\s+(\w+)\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>|\w+\s*=>))");
    if (const auto found = definition.find(made.bare))
      made.function = found->groups[1] ? std::string(*found->groups[1]) : std::string(found->groups[2].value_or(""));
  }

  // Braces.

  /// `if (x)` at the end of a line waits for what it governs.
  static bool waits(std::string_view bare) {
    static const text::Pattern open(
        R"((?i)^\}?\s*(?:(?:else\s+)?(?:if|for|foreach|while|unless|elseif|elsif|catch|function\s+[\w-]+)\b.*\)|else|try|do|finally|function\s+[\w-]+)$|(?:&&|\|\||[,?=+]|=>|\()$)");
    return open.matches(bare);
  }

  bool is_subscript(std::size_t at) const {
    if (at == 0) return false;
    const char before = text_[at - 1];
    return text::is_one_of(std::string_view(&before, 1), {"$", "@", "%", "#"}) ||
           (language_ == Language::perl && (std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '>'));
  }

  /// `function run({ dry = false } = {}) {`, `const run = ({ dry }) => {`: what is taken apart among the parameters is
  /// no block.
  bool is_parameter(std::size_t begin, std::size_t at) const {
    static const text::Pattern parameters(
        R"(\bfunction\b\s*\*?\s*[\w$]*\s*\((?:[^()]|\([^()]*\))*$|(?<![=!<>])=\s*(?:async\s*)?\(\s*(?:\{[^()]*)?$)");
    return language_ == Language::javascript && parameters.matches(read_bare(begin, at));
  }

  void by_braces() {
    std::size_t begin = 0, closed = Statement::none;
    int depth = 0;
    std::vector<bool> subscripts;
    const auto flush = [&](std::size_t end) {
      Statement made = read(begin, end);
      begin = end + 1;
      if (!says_something(made.text)) return Statement::none;
      explain_else(made, std::exchange(closed, Statement::none));
      name_function(made);
      return add(std::move(made));
    };
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (!is_code(i)) continue;
      const char c = text_[i];
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') depth = std::max(0, depth - 1);
      if (c == '{') {
        subscripts.push_back(is_subscript(i) || (depth > 0 && is_parameter(begin, i)));
        if (subscripts.back()) continue;
        const auto opened = flush(i);
        blocks_.push_back({opened == Statement::none ? header() : opened, "{", depth});
        depth = 0;
      } else if (c == '}') {
        if (!subscripts.empty() && subscripts.back()) {
          subscripts.pop_back();
          continue;
        }
        if (!subscripts.empty()) subscripts.pop_back();
        flush(i);
        if (blocks_.empty()) continue;
        closed = blocks_.back().header;
        depth = blocks_.back().depth;
        blocks_.pop_back();
      } else if (c == ';' && depth == 0) {
        flush(i);
      } else if (c == '\n' && depth == 0 && !waits(read_bare(begin, i))) {
        flush(i);
      }
    }
    flush(text_.size());
  }

  std::string read_bare(std::size_t begin, std::size_t end) const {
    std::string bare;
    for (auto i = begin; i < end; ++i)
      if (kinds_[i] != ByteKind::comment) bare += kinds_[i] == ByteKind::string || text_[i] == '\n' ? ' ' : text_[i];
    return std::string(text::trimmed(bare));
  }

  // Indentation.

  void by_indentation() {
    std::size_t begin = 0;
    int depth = 0;
    std::vector<std::size_t> columns;
    const auto flush = [&](std::size_t end) {
      Statement made = read(begin, end);
      const auto first = text_.find_first_not_of(" \t\n\r", begin);
      begin = end + 1;
      if (!says_something(made.text) || made.text == "end") return;
      const auto line_begin = first == 0 ? 0 : text_.rfind('\n', first - 1) + 1;
      const std::size_t column = first - line_begin;
      std::size_t sibling = Statement::none;
      while (!columns.empty() && columns.back() >= column) {
        if (columns.back() == column) sibling = blocks_.back().header;
        columns.pop_back();
        blocks_.pop_back();
      }
      explain_else(made, sibling);
      name_function(made);
      const auto added = add(std::move(made));
      columns.push_back(column);
      blocks_.push_back({added, "", 0});
    };
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (!is_code(i)) continue;
      const char c = text_[i];
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') depth = std::max(0, depth - 1);
      const bool braces = language_ == Language::ruby && depth > 0 && !in_call(i);
      if (c == '\n' && (depth == 0 || braces) && (i == 0 || text_[i - 1] != '\\')) flush(i);
    }
    flush(text_.size());
  }

  /// Ruby: the line ends inside round or square brackets, or with a comma.
  bool in_call(std::size_t at) const {
    const auto last = text_.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
    return last != std::string_view::npos && text::is_one_of(text_.substr(last, 1), {",", "(", "["});
  }

  // Words.

  void by_words() {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text_.size(); ++i) {
      const bool at_end = i == text_.size();
      if (!at_end && !is_code(i)) continue;
      const char c = at_end ? '\n' : text_[i];
      if (c != '\n' && c != ';') continue;
      if (c == '\n' && !at_end && i > 0 && continues(begin, i)) continue;
      Statement made = read(begin, i);
      if (!made.text.empty()) take(std::move(made));
      if (c == ';' && i + 1 < text_.size() && text_[i + 1] == ';') leave("pattern"), ++i;
      begin = i + 1;
    }
  }

  bool continues(std::size_t begin, std::size_t end) const {
    if (text_[end - 1] == '\\') return true;
    const auto bare = read_bare(begin, end);
    return bare.ends_with("&&") || bare.ends_with("||") || bare.ends_with("|");
  }

  void leave(std::string_view word) {
    if (!blocks_.empty() && blocks_.back().word == word) blocks_.pop_back();
  }

  std::size_t pop() {
    if (blocks_.empty()) return Statement::none;
    const auto closed = blocks_.back().header;
    blocks_.pop_back();
    return closed;
  }

  /// The same without its first bytes.
  static Statement behind(Statement made, std::size_t size) {
    const auto cut = made.text.find_first_not_of(' ', size);
    made.text.erase(0, std::min(cut, made.text.size()));
    made.bare.erase(0, std::min(cut, made.bare.size()));
    return made;
  }

  void open(Statement made, std::string_view word) {
    const auto opened = add(std::move(made));
    blocks_.push_back({opened, word, 0});
  }

  void take(Statement made) {
    for (unsigned steps = 0; steps < 32 && !made.text.empty(); ++steps) {
      const std::string& bare = made.bare;
      const auto is = [&](std::string_view word) { return begins_with_word(bare, word); };
      if (is("then") || is("do")) {
        const std::size_t size = is("then") ? 4 : 2;
        made = behind(std::move(made), size);
      } else if (bare.front() == '{') {
        if (expects_body_)
          expects_body_ = false;
        else
          blocks_.push_back({header(), "{", 0});
        made = behind(std::move(made), 1);
      } else if (bare.front() == '}' || is("fi") || is("done") || is("esac")) {
        if (is("esac")) leave("pattern");
        pop();
        const std::size_t size = bare.front() == '}' ? 1 : is("fi") ? 2 : 4;
        made = behind(std::move(made), size);
      } else if (is("else") || is("elif")) {
        const auto closed = pop();
        Statement opener = made;
        if (is("else")) opener.text.resize(4), opener.bare.resize(4), explain_else(opener, closed);
        open(std::move(opener), "if");
        if (is("elif")) return;
        made = behind(std::move(made), 4);
      } else if (is("if") || is("while") || is("until") || is("for") || is("select")) {
        return open(std::move(made), "if");
      } else if (is("case")) {
        return open_case(std::move(made));
      } else if (!blocks_.empty() && (blocks_.back().word == "case" || blocks_.back().word == "pattern") &&
                 pattern_end(bare) != 0) {
        const auto end = pattern_end(bare);
        leave("pattern");
        Statement opener = made;
        opener.text.resize(end), opener.bare.resize(end);
        if (header() != Statement::none)
          opener.text.insert(0, statements_[header()].text + ": "), opener.bare = opener.text;
        open(std::move(opener), "pattern");
        made = behind(std::move(made), end);
      } else if (!take_function(made) && !take_group(made)) {
        add(std::move(made));
        return;
      }
    }
  }

  void open_case(Statement made) {
    const auto in = made.bare.find(" in ");
    Statement rest = in == std::string::npos ? Statement() : behind(made, in + 4);
    if (in != std::string::npos) made.text.resize(in + 3), made.bare.resize(in + 3);
    open(std::move(made), "case");
    if (!rest.text.empty()) take(std::move(rest));
  }

  /// `foo | bar)`
  static std::size_t pattern_end(std::string_view bare) {
    const auto close = bare.find(')');
    if (close == std::string_view::npos) return 0;
    const auto open = bare.find('(');
    return open == std::string_view::npos || open == 0 || open > close ? close + 1 : 0;
  }

  bool take_function(Statement& made) {
    static const text::Pattern definition(R"(^(?:function\s+([\w:.-]+)\s*(?:\(\s*\))?|([\w:.-]+)\s*\(\s*\))\s*)");
    const auto found = definition.find(made.bare);
    if (!found) return false;
    Statement opener = made;
    opener.text.resize(found->end), opener.bare.resize(found->end);
    opener.function = std::string(found->groups[1] ? *found->groups[1] : found->groups[2].value_or(""));
    open(std::move(opener), "{");
    expects_body_ = true;
    made = behind(std::move(made), found->end);
    return true;
  }

  /// `cmd || { a; b; }`
  bool take_group(Statement& made) {
    static const text::Pattern group(R"((?:\|\||&&)\s*\{(?:\s|$))");
    const auto found = group.find(made.bare);
    if (!found) return false;
    Statement opener = made;
    opener.text.resize(found->begin + 2), opener.bare.resize(found->begin + 2);
    open(std::move(opener), "{");
    made = behind(std::move(made), found->end);
    return true;
  }

  std::string_view text_;
  Language language_;
  std::vector<ByteKind> kinds_;
  std::vector<Statement> statements_;
  std::vector<Block> blocks_;
  bool expects_body_ = false;
  std::size_t counted_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::vector<Statement> statements_of(std::string_view text, Language language) {
  constexpr std::size_t kLongest = std::size_t{512} * 1024;
  if (language == Language::none || text.size() > kLongest) return {};
  return Cutter(text, language).cut();
}

}  // namespace tollbar::document
