// The variables of a Makefile and what references to them become.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tollbar::document {

/// Without blanks at either end.
std::string_view make_trimmed(std::string_view text);
/// The words of a line; what stands inside `$( )` or `${ }` is never split.
std::vector<std::string> make_words(std::string_view text);
/// The names that `$(NAME)`, `${NAME}` and `$(NAME:.c=.o)` in the text refer to; functions are none.
std::vector<std::string_view> make_references(std::string_view text);

class MakeVariables {
 public:
  static constexpr std::size_t maximum_length = 64 << 10;

  using Map = std::map<std::string, std::string, std::less<>>;

  std::string& operator[](const std::string& name) { return values_[name]; }
  void erase(const std::string& name) { values_.erase(name); }
  std::size_t count(std::string_view name) const { return values_.count(name); }
  Map::const_iterator find(std::string_view name) const { return values_.find(name); }

  /// Set by `?=` alone: the environment may say otherwise.
  bool is_default(std::string_view name) const { return defaults_.count(name) != 0; }
  void note_default(const std::string& name) { defaults_.insert(name); }
  void note_assignment(const std::string& name) { defaults_.erase(name); }
  /// A default decides what the text says.
  bool hangs_on_default(std::string_view text, unsigned depth = 0) const;
  /// Set by the caller of make: nothing in the Makefile sets it otherwise.
  void give(const std::string& name, const std::string& value);
  bool is_given(std::string_view name) const { return given_.count(name) != 0; }
  Map::const_iterator begin() const { return values_.begin(); }
  Map::const_iterator end() const { return values_.end(); }

  /// From here on texts are recipes: `$$` is the shell's, and what make does not know is left to the shell.
  void enter_recipes() { in_recipe_ = true; }

  /// Replaces references to known variables; what is unknown is written so that the shell sees one expansion.
  std::string expand(std::string_view text, unsigned depth = 0) const;

  /// A line that is nothing but `$(if CONDITION,COMMAND)`, whose condition cannot be told.
  bool is_optional(std::string_view line) const;

  /// The texts that `$(eval ...)` of the lines expanded so far makes part of the Makefile.
  std::vector<std::string> take_evaluated() { return std::exchange(evaluated_, {}); }

 private:
  std::string reference(std::string_view name, unsigned depth) const;
  /// `$(NAMES:%=send-%)`; no value where it is another reference, or the names are not told.
  std::optional<std::string> substitution(std::string_view name, unsigned depth) const;
  /// A function whose arguments are told; no value for any other text.
  std::optional<std::string> function(std::string_view text, unsigned depth) const;
  std::optional<std::string> called(const std::vector<std::string>& written, unsigned depth) const;
  std::optional<std::string> repeated(const std::vector<std::string>& written, unsigned depth) const;
  std::optional<std::string> chosen(const std::vector<std::string>& written, unsigned depth) const;

  Map values_;
  std::set<std::string, std::less<>> defaults_, given_;
  mutable std::vector<std::string> arguments_;  ///< of the template that is called: its name, then `$(1)`
  mutable Map locals_;                          ///< variables of `foreach`
  mutable std::vector<std::string> evaluated_;
  mutable std::size_t references_ = 0;  ///< looked up so far: what templates make of each other is bounded
  bool in_recipe_ = false;
};

}  // namespace tollbar::document
