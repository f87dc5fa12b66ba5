// Reads the words of a shell script: quoting, expansions, templates and here-documents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/shell_tree.h"

namespace tollbar::document {

/// Constructs nested more deeply are not read.
inline constexpr unsigned maximum_shell_depth = 200;

/// The place in a script's text and what is read at the level of words. ShellParser adds the grammar of commands.
class ShellReader {
 public:
  ShellReader(std::string_view text, std::uint32_t first_line, unsigned depth);
  virtual ~ShellReader() = default;
  ShellReader(const ShellReader&) = delete;
  ShellReader& operator=(const ShellReader&) = delete;

 protected:
  /// The commands up to a closing parenthesis, which is left for the caller.
  virtual ShellNodePtr read_until_parenthesis() = 0;

  bool at_end() const { return position_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0'; }
  bool starts_with(std::string_view wanted) const { return text_.substr(position_).starts_with(wanted); }
  /// Moves on, counting lines; a line end outside quotes also reads the here-documents that wait for it.
  void advance(std::size_t count = 1);
  void consume_newline();
  void skip_blanks();
  bool at_word_end() const;
  void problem(Problem::Kind kind, std::string message);
  /// Gives up on the rest of the text.
  void stop() { position_ = text_.size(); }
  bool too_deep();

  ShellWord read_word();
  /// Inside `[[ ]]` after `=~`: parentheses and bars belong to the word.
  ShellWord read_regex();
  /// After `NAME=`: a value, which may be an array in parentheses.
  ShellWord read_assignment_value();
  /// `((` ... `))` from after the opening; false where it does not close as arithmetic.
  bool read_arithmetic(std::string& text);
  /// Queues the body of a here-document of the redirection, read at the next line end.
  void expect_heredoc(ShellRedirection& redirection);
  void read_heredocs();

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  unsigned depth_ = 0;
  std::vector<Problem> problems_;

 private:
  friend class DepthGuard;
  struct PendingHeredoc {
    ShellRedirection* redirection;
    std::string delimiter;
    bool literal;
    bool strip_tabs;
  };

  static void append_literal(ShellWord& word, std::string_view text, bool quoted);
  void read_single_quotes(ShellWord& word);
  void read_double_quotes(ShellWord& word);
  void read_ansi_quotes(ShellWord& word);
  bool read_template(ShellWord& word, bool quoted);
  void read_dollar(ShellWord& word, bool quoted);
  void read_braced_parameter(ShellWord& word, bool quoted);
  void read_substitution(ShellWord& word, bool quoted, std::size_t opening);
  void read_backquotes(ShellWord& word, bool quoted);
  void read_escape(ShellWord& word);
  std::string read_ansi_escape();
  ShellWord expand_heredoc(std::string_view body, std::uint32_t first_line);

  std::vector<PendingHeredoc> pending_;
};

/// Counts how deeply constructs nest while it lives.
class DepthGuard {
 public:
  explicit DepthGuard(ShellReader& reader) : reader_(reader) { ++reader_.depth_; }
  ~DepthGuard() { --reader_.depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  ShellReader& reader_;
};

}  // namespace tollbar::document
