// The grammar of shell commands: recursive descent over the characters of a script, bounded in depth.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "document/shell_reader.h"
#include "document/shell_tree.h"

namespace tollbar::document {

class ShellParser final : public ShellReader {
 public:
  using ShellReader::ShellReader;

  ShellTree parse();

 private:
  using Words = std::initializer_list<std::string_view>;

  // Lists and pipelines
  ShellNodePtr read_until_parenthesis() override;
  /// Moves past a token that fits nowhere, so that every loop ends.
  void skip_stray();
  /// The unquoted word at this place, where it is one of the grammar's own; else empty.
  std::string reserved_word() const;
  bool at_reserved(Words wanted) const;
  bool accept_reserved(std::string_view wanted);
  void expect_reserved(std::string_view wanted);
  /// Blanks, comments and line ends.
  void skip_lines();
  void skip_separators();
  bool at_closing_word() const { return at_reserved({"then", "elif", "else", "fi", "do", "done", "esac", "}"}); }
  /// Reads and-or lists up to one of the reserved words, `;;` or `)`.
  void read_list(ShellNode& list, Words terminators, bool in_parentheses);
  void read_separator(ShellNode& list);
  ShellNodePtr read_and_or();
  ShellNodePtr read_pipeline();
  ShellNodePtr read_command();

  // Compound commands
  /// Null where a simple command stands here.
  ShellNodePtr read_compound();
  ShellNodePtr read_arithmetic_command();
  ShellNodePtr read_test();
  ShellNodePtr read_subshell();
  ShellNodePtr body_until(Words terminators);
  ShellNodePtr read_group();
  ShellNodePtr read_branch();
  ShellNodePtr read_do_group();
  ShellNodePtr read_loop(const std::string& word);
  ShellNodePtr read_iteration(const std::string& word);
  ShellNodePtr read_choice();
  ShellNodePtr read_function_keyword();
  /// `name() body`; null where no function is defined here.
  ShellNodePtr read_function();
  ShellNodePtr with_body(ShellNodePtr node);

  // Simple commands and redirections
  bool at_redirection() const;
  void read_redirection(ShellNode& node);
  /// Whether `NAME=`, `NAME+=` or `NAME[x]=` stands here; gives the length up to the value.
  std::optional<std::size_t> assignment_length() const;
  ShellAssignment read_assignment(std::size_t length);
  ShellNodePtr read_simple();
  bool ends_with_equals(const ShellWord& word) const;
};

ShellNodePtr make_shell_node(ShellNodeKind kind, std::uint32_t line);
/// A word of plain text, as the parser makes it for brackets and operators.
ShellWord literal_shell_word(std::string_view text, std::uint32_t line);
/// May stand in the name of a variable.
bool is_shell_name_char(char c);

}  // namespace tollbar::document
