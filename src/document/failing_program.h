// A program with the statements by which it fails, and those by which it notes that it shall. Internal to src/document.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/failing_ends_grammar.h"
#include "document/program_outline.h"

namespace tollbar::document {

/// A statement that ends the program in failure, or (`mark`) notes that it shall.
struct FailingEnd {
  std::size_t statement = Statement::none;
  std::string branch;         ///< the text of what it stands under
  std::string ahead, behind;  ///< the rest of its own statement: `[ -n "$x" ] &&`, `if bad.any?`
  bool mark = false;
  bool started = false;  ///< a check that it starts
  bool call = false;     ///< of a function of the program that fails inside
  std::string key() const { return branch + '\n' + ahead + '\n' + behind; }
};

class FailingProgram {
 public:
  FailingProgram(std::string_view text, Language language)
      : outline_(text, language), grammar_(failing_grammar(language)) {}

  const ProgramOutline& outline() const { return outline_; }
  const FailingGrammar& grammar() const { return grammar_; }
  const std::vector<FailingEnd>& ends() const { return ends_; }

  /// Finds the ends. What a function of `before` loses is told where it stands, not by its calls.
  void find_ends(const FailingProgram* before);
  /// What decides whether an end is reached: the names in its branch, its condition and its value.
  void add_deciding_names(std::set<std::string>& names) const;
  /// Finds what notes under one of the names that the program shall fail: `failed=1`, `return False` of what is asked.
  void find_marks(const std::set<std::string>& names);

  std::size_t count(bool marks) const;
  /// Something in it fails by itself.
  bool fails() const;
  /// Questions whose answer may end a script that stops at the first failure.
  std::size_t questions() const;
  /// The last thing that a script does may fail, and with it the script.
  bool ends_with_a_command() const;
  bool is_harmless(const std::string& text) const;

 private:
  bool asks(const Statement& statement) const;
  bool is_about_use(const FailingEnd& end) const;
  bool is_end(std::size_t at) const;
  bool add(std::size_t at, std::size_t begin, std::size_t end, bool mark);
  std::set<std::string> functions_for_exit() const;
  bool is_only_asked(const std::string& function) const;
  void find_direct();
  void find_calls();
  void find_assignments(const std::set<std::string>& deciding);
  void find_marking_calls();
  void find_answers(const std::set<std::string>& deciding);

  ProgramOutline outline_;
  const FailingGrammar& grammar_;
  std::set<std::string> fails_inside_, marks_inside_;  // functions
  std::set<std::size_t> calls_;
  std::vector<FailingEnd> ends_;
};

}  // namespace tollbar::document
