// The grammar of shell commands: recursive descent over the characters of a script, bounded in depth.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "document/shell_reader.h"
#include "document/shell_tree.h"

namespace tollbar::document {

namespace {

constexpr std::size_t maximum_size = std::size_t{4} << 20;

ShellNodePtr make_node(ShellNodeKind kind, std::uint32_t line) {
  auto node = std::make_unique<ShellNode>();
  node->kind = kind;
  node->line = line;
  return node;
}

ShellWord literal_word(std::string_view text, std::uint32_t line) {
  ShellWord word;
  word.line = line;
  ShellPiece piece;
  piece.text = text;
  word.pieces.push_back(std::move(piece));
  return word;
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class ShellParser final : public ShellReader {
 public:
  using ShellReader::ShellReader;

  ShellTree parse() {
    ShellTree tree;
    tree.root = make_node(ShellNodeKind::list, line_);
    if (text_.size() > maximum_size) {
      problem(Problem::Kind::limit, "script is too long");
      text_ = text_.substr(0, maximum_size);
    }
    while (!at_end()) {
      read_list(*tree.root, {}, false);
      if (at_end()) break;
      problem(Problem::Kind::syntax_error, "unexpected `" + std::string(1, peek()) + "`");
      skip_stray();
    }
    tree.problems = std::move(problems_);
    return tree;
  }

 private:
  using Words = std::initializer_list<std::string_view>;

  ShellNodePtr read_until_parenthesis() override {
    ShellNodePtr list = make_node(ShellNodeKind::list, line_);
    while (!at_end()) {
      read_list(*list, {}, true);
      if (at_end() || peek() == ')') break;
      problem(Problem::Kind::syntax_error, "unexpected `" + std::string(1, peek()) + "`");
      skip_stray();
    }
    return list;
  }

  /// Moves past a token that fits nowhere, so that every loop ends.
  void skip_stray() {
    const std::string reserved = reserved_word();
    advance(std::max<std::size_t>(1, reserved.size()));
  }

  /// The unquoted word at this place, where it is one of the grammar's own; else empty.
  std::string reserved_word() const {
    static constexpr std::array<std::string_view, 19> words{
        "if",   "then", "elif", "else", "fi", "for", "while", "until", "select",  "do",
        "done", "case", "esac", "in",   "{",  "}",   "!",     "time",  "function"};
    std::size_t length = 0;
    while (length < 10 && position_ + length < text_.size() &&
           std::string_view(" \t\r\n;&|<>()\"'`$\\#").find(text_[position_ + length]) == std::string_view::npos)
      ++length;
    const std::string_view word = text_.substr(position_, length);
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return {};
    const char after = peek(length);
    return std::string_view("\"'`$\\#").find(after) != std::string_view::npos && after != '\0' ? std::string()
                                                                                               : std::string(word);
  }

  bool at_reserved(Words wanted) const {
    return std::find(wanted.begin(), wanted.end(), std::string_view(reserved_word())) != wanted.end() &&
           wanted.size() > 0;
  }

  bool accept_reserved(std::string_view wanted) {
    skip_separators();
    if (reserved_word() != wanted) return false;
    advance(wanted.size());
    return true;
  }

  void expect_reserved(std::string_view wanted) {
    if (!accept_reserved(wanted)) problem(Problem::Kind::syntax_error, "`" + std::string(wanted) + "` is missing");
  }

  /// Blanks, comments and line ends.
  void skip_lines() {
    for (skip_blanks(); peek() == '\n' || starts_with("\r\n"); skip_blanks()) consume_newline();
  }

  void skip_separators() {
    for (skip_lines(); peek() == ';' && peek(1) != ';'; skip_lines()) advance();
  }

  bool at_closing_word() const { return at_reserved({"then", "elif", "else", "fi", "do", "done", "esac", "}"}); }

  /// Reads and-or lists up to one of the reserved words, `;;` or `)`.
  void read_list(ShellNode& list, Words terminators, bool in_parentheses) {
    const DepthGuard guard(*this);
    if (too_deep()) return;
    while (!at_end()) {
      skip_lines();
      if (at_end() || at_reserved(terminators)) return;
      if (peek() == ')' || starts_with(";;") || starts_with(";&")) return;
      if (at_closing_word()) {
        if (terminators.size() > 0 || in_parentheses) return;
        problem(Problem::Kind::syntax_error, "unexpected `" + reserved_word() + "`");
        advance(reserved_word().size());
        continue;
      }
      const std::size_t before = position_;
      ShellNodePtr command = read_and_or();
      if (command) list.children.push_back(std::move(command));
      if (position_ == before) {
        skip_stray();
        continue;
      }
      read_separator(list);
    }
  }

  void read_separator(ShellNode& list) {
    skip_blanks();
    std::string operation;
    if (peek() == '&' && peek(1) != '&') {
      operation = "&";
      advance();
    } else if (peek() == ';' && peek(1) != ';' && peek(1) != '&') {
      operation = ";";
      advance();
    } else if (peek() == '\n' || starts_with("\r\n")) {
      operation = ";";
      consume_newline();
    }
    list.operators.resize(list.children.size());
    if (!list.operators.empty()) list.operators.back() = operation;
  }

  ShellNodePtr read_and_or() {
    ShellNodePtr first = read_pipeline();
    if (!first) return nullptr;
    ShellNodePtr chain = make_node(ShellNodeKind::and_or, first->line);
    chain->children.push_back(std::move(first));
    for (skip_blanks(); starts_with("&&") || starts_with("||"); skip_blanks()) {
      chain->operators.emplace_back(text_.substr(position_, 2));
      advance(2);
      skip_lines();
      ShellNodePtr next = read_pipeline();
      if (!next) {
        problem(Problem::Kind::syntax_error, "a command is missing after `" + chain->operators.back() + "`");
        chain->operators.pop_back();
        break;
      }
      chain->children.push_back(std::move(next));
    }
    return chain;
  }

  ShellNodePtr read_pipeline() {
    ShellNodePtr pipeline = make_node(ShellNodeKind::pipeline, line_);
    for (skip_blanks(); at_reserved({"!", "time"}); skip_blanks()) {
      if (peek() == '!') {
        pipeline->negated = !pipeline->negated;
        advance();
      } else {
        advance(4);
        skip_blanks();
        if (starts_with("-p ")) advance(2);
      }
    }
    for (;;) {
      ShellNodePtr command = read_command();
      if (!command) break;
      pipeline->children.push_back(std::move(command));
      skip_blanks();
      if (peek() != '|' || peek(1) == '|') break;
      const std::size_t length = peek(1) == '&' ? 2 : 1;
      pipeline->operators.emplace_back(text_.substr(position_, length));
      advance(length);
      skip_lines();
    }
    if (pipeline->children.empty()) return nullptr;
    if (pipeline->operators.size() >= pipeline->children.size())
      problem(Problem::Kind::syntax_error, "a command is missing after `|`");
    return pipeline;
  }

  ShellNodePtr read_command() {
    const DepthGuard guard(*this);
    if (too_deep()) return nullptr;
    skip_blanks();
    ShellNodePtr node = read_compound();
    if (!node) return read_simple();
    for (skip_blanks(); at_redirection(); skip_blanks()) read_redirection(*node);
    return node;
  }

  /// Null where a simple command stands here.
  ShellNodePtr read_compound() {
    if (starts_with("((")) {
      if (ShellNodePtr arithmetic = read_arithmetic_command()) return arithmetic;
    }
    if (peek() == '(') return read_subshell();
    if (starts_with("[[") && (peek(2) == ' ' || peek(2) == '\t' || peek(2) == '\n')) return read_test();
    const std::string word = reserved_word();
    if (word == "{") return read_group();
    if (word == "if") return read_branch();
    if (word == "while" || word == "until") return read_loop(word);
    if (word == "for" || word == "select") return read_iteration(word);
    if (word == "case") return read_choice();
    if (word == "function") return read_function_keyword();
    return read_function();
  }

  ShellNodePtr read_arithmetic_command() {
    const std::size_t start = position_;
    const std::uint32_t line = line_;
    advance(2);
    std::string text;
    if (!read_arithmetic(text)) {
      position_ = start;
      line_ = line;
      return nullptr;
    }
    ShellNodePtr node = make_node(ShellNodeKind::simple, line);
    node->words.push_back(literal_word("((", line));
    node->words.push_back(literal_word(text, line));
    node->words.back().pieces[0].expansion = true;
    node->words.push_back(literal_word("))", line));
    return node;
  }

  ShellNodePtr read_test() {
    ShellNodePtr node = make_node(ShellNodeKind::simple, line_);
    node->words.push_back(literal_word("[[", line_));
    advance(2);
    bool regex = false;
    for (;;) {
      skip_lines();
      if (at_end()) {
        problem(Problem::Kind::syntax_error, "[[ is not closed");
        return node;
      }
      if (starts_with("]]") &&
          (position_ + 2 >= text_.size() || std::string_view(" \t\r\n;&|)").find(peek(2)) != std::string_view::npos))
        break;
      const std::size_t before = position_;
      if (regex) {
        node->words.push_back(read_regex());
      } else if (starts_with("&&") || starts_with("||")) {
        node->words.push_back(literal_word(text_.substr(position_, 2), line_));
        advance(2);
      } else if (at_word_end()) {
        node->words.push_back(literal_word(text_.substr(position_, 1), line_));
        advance();
      } else {
        node->words.push_back(read_word());
      }
      const ShellWord& last = node->words.back();
      regex = last.pieces.size() == 1 && last.pieces[0].text == "=~" && !last.quoted;
      if (position_ == before) advance();
    }
    advance(2);
    node->words.push_back(literal_word("]]", line_));
    return node;
  }

  ShellNodePtr read_subshell() {
    ShellNodePtr node = make_node(ShellNodeKind::subshell, line_);
    advance();
    node->children.push_back(read_until_parenthesis());
    if (peek() == ')') {
      advance();
    } else {
      problem(Problem::Kind::syntax_error, "( is not closed");
    }
    return node;
  }

  ShellNodePtr body_until(Words terminators) {
    ShellNodePtr list = make_node(ShellNodeKind::list, line_);
    read_list(*list, terminators, false);
    return list;
  }

  ShellNodePtr read_group() {
    ShellNodePtr node = make_node(ShellNodeKind::group, line_);
    advance();
    node->children.push_back(body_until({"}"}));
    expect_reserved("}");
    return node;
  }

  ShellNodePtr read_branch() {
    ShellNodePtr node = make_node(ShellNodeKind::branch, line_);
    advance(2);
    for (;;) {
      node->children.push_back(body_until({"then"}));
      expect_reserved("then");
      node->children.push_back(body_until({"elif", "else", "fi"}));
      if (accept_reserved("elif")) continue;
      if (accept_reserved("else")) node->children.push_back(body_until({"fi"}));
      expect_reserved("fi");
      return node;
    }
  }

  ShellNodePtr read_do_group() {
    if (accept_reserved("{")) {
      ShellNodePtr body = body_until({"}"});
      expect_reserved("}");
      return body;
    }
    expect_reserved("do");
    ShellNodePtr body = body_until({"done"});
    expect_reserved("done");
    return body;
  }

  ShellNodePtr read_loop(const std::string& word) {
    ShellNodePtr node = make_node(ShellNodeKind::loop, line_);
    node->name = word;
    advance(word.size());
    node->children.push_back(body_until({"do"}));
    node->children.push_back(read_do_group());
    return node;
  }

  ShellNodePtr read_iteration(const std::string& word) {
    ShellNodePtr node = make_node(ShellNodeKind::iteration, line_);
    advance(word.size());
    skip_blanks();
    if (starts_with("((")) {
      advance(2);
      std::string header;
      if (!read_arithmetic(header)) problem(Problem::Kind::syntax_error, "for (( is not closed");
      node->words.push_back(literal_word(header, line_));
      node->words.back().pieces[0].expansion = true;
    } else {
      while (is_name_char(peek())) {
        node->name += peek();
        advance();
      }
      skip_lines();
      if (reserved_word() == "in") {
        advance(2);
        for (skip_blanks(); !at_word_end(); skip_blanks()) node->words.push_back(read_word());
      } else {
        node->words.push_back(literal_word("$@", line_));
        node->words.back().pieces[0].expansion = true;
      }
    }
    node->children.push_back(read_do_group());
    return node;
  }

  ShellNodePtr read_choice() {
    ShellNodePtr node = make_node(ShellNodeKind::choice, line_);
    advance(4);
    skip_blanks();
    node->words.push_back(read_word());
    expect_reserved("in");
    for (skip_lines(); !at_end() && reserved_word() != "esac"; skip_lines()) {
      const std::size_t before = position_;
      if (peek() == '(') advance();
      std::vector<ShellWord> patterns;
      for (skip_lines(); !at_end() && peek() != ')'; skip_lines()) {
        const std::size_t start = position_;
        if (peek() == '|') {
          advance();
        } else {
          patterns.push_back(read_word());
        }
        if (position_ == start) break;
      }
      if (peek() == ')') {
        advance();
      } else {
        problem(Problem::Kind::syntax_error, "a case pattern is not closed");
        if (position_ == before) advance();
      }
      node->patterns.push_back(std::move(patterns));
      node->children.push_back(body_until({"esac"}));
      skip_blanks();
      for (const std::string_view end : {";;&", ";;", ";&"}) {
        if (!starts_with(end)) continue;
        advance(end.size());
        break;
      }
      if (position_ == before) advance();
    }
    expect_reserved("esac");
    return node;
  }

  ShellNodePtr read_function_keyword() {
    ShellNodePtr node = make_node(ShellNodeKind::function, line_);
    advance(8);
    skip_blanks();
    while (!at_word_end()) {
      node->name += peek();
      advance();
    }
    skip_blanks();
    if (peek() == '(') {
      advance();
      skip_blanks();
      if (peek() == ')') advance();
    }
    return with_body(std::move(node));
  }

  /// `name() body`; null where no function is defined here.
  ShellNodePtr read_function() {
    std::size_t length = 0;
    while (is_name_char(peek(length)) ||
           (peek(length) != '\0' && std::string_view("-.:+@/!").find(peek(length)) != std::string_view::npos))
      ++length;
    if (length == 0) return nullptr;
    std::size_t open = length;
    while (peek(open) == ' ' || peek(open) == '\t') ++open;
    if (peek(open) != '(') return nullptr;
    std::size_t close = open + 1;
    while (peek(close) == ' ' || peek(close) == '\t') ++close;
    if (peek(close) != ')') return nullptr;
    ShellNodePtr node = make_node(ShellNodeKind::function, line_);
    node->name = text_.substr(position_, length);
    advance(close + 1);
    return with_body(std::move(node));
  }

  ShellNodePtr with_body(ShellNodePtr node) {
    skip_lines();
    ShellNodePtr body = read_command();
    if (!body) {
      problem(Problem::Kind::syntax_error, "function `" + node->name + "` has no body");
      body = make_node(ShellNodeKind::list, line_);
    }
    node->children.push_back(std::move(body));
    return node;
  }

  bool at_redirection() const {
    std::size_t i = 0;
    while (peek(i) >= '0' && peek(i) <= '9') ++i;
    if (i == 0 && peek() == '{') {
      i = 1;
      while (is_name_char(peek(i))) ++i;
      if (i == 1 || peek(i) != '}') return false;
      ++i;
      return peek(i) == '<' || peek(i) == '>';
    }
    if (peek(i) == '<' || peek(i) == '>') return i > 0 || peek(i + 1) != '(';
    return i == 0 && starts_with("&>");
  }

  void read_redirection(ShellNode& node) {
    ShellRedirection redirection;
    while (peek() != '<' && peek() != '>' && peek() != '&') {
      redirection.op += peek();
      advance();
    }
    for (const std::string_view op : {"<<<", "<<-", "&>>", "<<", ">>", "<&", ">&", "&>", "<>", ">|", "<", ">"}) {
      if (!starts_with(op)) continue;
      redirection.op += op;
      advance(op.size());
      break;
    }
    skip_blanks();
    redirection.target = read_word();
    node.redirections.push_back(std::move(redirection));
    ShellRedirection& kept = node.redirections.back();
    if (kept.op.find("<<") != std::string::npos && !kept.op.ends_with("<<<")) expect_heredoc(kept);
  }

  /// Whether `NAME=`, `NAME+=` or `NAME[x]=` stands here; gives the length up to the value.
  std::optional<std::size_t> assignment_length() const {
    std::size_t i = 0;
    while (is_name_char(peek(i))) ++i;
    if (i == 0 || (peek() >= '0' && peek() <= '9')) return std::nullopt;
    if (peek(i) == '[') {
      while (peek(i) != ']' && peek(i) != '\0' && peek(i) != '\n' && peek(i) != ' ') ++i;
      if (peek(i) != ']') return std::nullopt;
      ++i;
    }
    if (peek(i) == '+') ++i;
    if (peek(i) != '=') return std::nullopt;
    return i + 1;
  }

  ShellAssignment read_assignment(std::size_t length) {
    ShellAssignment assignment;
    assignment.name = text_.substr(position_, length - 1);
    if (assignment.name.ends_with('+')) {
      assignment.name.pop_back();
      assignment.append = true;
    }
    advance(length);
    assignment.value = read_assignment_value();
    return assignment;
  }

  ShellNodePtr read_simple() {
    ShellNodePtr node = make_node(ShellNodeKind::simple, line_);
    for (skip_blanks(); !at_end(); skip_blanks()) {
      if (at_redirection()) {
        read_redirection(*node);
        continue;
      }
      if (at_word_end() && !starts_with("<(") && !starts_with(">(")) {
        // `declare -a list=(...)`: the parenthesis follows a word that ends with `=`.
        if (peek() != '(' || node->words.empty() || !ends_with_equals(node->words.back())) break;
        ShellWord array = read_assignment_value();
        for (ShellPiece& piece : array.pieces) node->words.back().pieces.push_back(std::move(piece));
        continue;
      }
      if (node->words.empty()) {
        if (const auto length = assignment_length()) {
          node->assignments.push_back(read_assignment(*length));
          continue;
        }
      }
      const std::size_t before = position_;
      ShellWord word = read_word();
      if (position_ == before) break;
      if (!word.pieces.empty() || word.quoted) node->words.push_back(std::move(word));
    }
    if (node->words.empty() && node->assignments.empty() && node->redirections.empty()) return nullptr;
    return node;
  }

  bool ends_with_equals(const ShellWord& word) const {
    return position_ > 0 && text_[position_ - 1] == '=' && !word.pieces.empty() &&
           word.pieces.back().text.ends_with('=');
  }
};

}  // namespace

ShellTree read_shell_tree(std::string_view text, std::uint32_t first_line, unsigned depth) {
  return ShellParser(text, first_line, depth).parse();
}

}  // namespace tollbar::document
