// What stands under what in a program, which functions it has, and what of it can never run. Internal to src/document.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "document/program_statements.h"

namespace tollbar::document {

class ProgramOutline {
 public:
  ProgramOutline(std::string_view text, Language language);

  Language language() const { return language_; }
  const std::vector<Statement>& statements() const { return statements_; }
  /// The statements directly below a header; Statement::none: below none.
  const std::vector<std::size_t>& under(std::size_t header) const;
  /// The text of what it stands under; empty where that is nothing.
  std::string branch_of(const Statement& statement) const;
  /// The innermost function it stands in; empty outside of all.
  std::string function_of(std::size_t at) const;
  bool has_function(const std::string& name) const { return functions_.count(name) != 0; }
  const std::set<std::string>& functions() const { return functions_; }

  /// Finds what can never run: behind an end, under a condition that never holds, in a function that the program
  /// calls no more though `before` does (null: nothing is known).
  void bury(const ProgramOutline* before);
  bool is_dead(std::size_t at) const { return dead_.count(at) != 0; }
  /// Dead as nothing calls its function any more.
  bool is_given_up(std::size_t at) const { return given_up_.count(function_of(at)) != 0; }

 private:
  bool never_holds(const Statement& statement) const;
  bool calls(const std::string& function) const;
  bool is_given_up(const std::string& function, const ProgramOutline* before) const;

  Language language_;
  std::vector<Statement> statements_;
  std::map<std::size_t, std::vector<std::size_t>> children_;
  std::set<std::string> functions_, given_up_;
  std::set<std::string> truths_, falsehoods_;  ///< variables that are one constant throughout
  std::map<std::string, unsigned> words_;
  std::set<std::size_t> dead_;
};

}  // namespace tollbar::document
