// The variables of a Makefile and what references to them become.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::document {

/// Without blanks at either end.
std::string_view make_trimmed(std::string_view text);
/// The words of a line; what stands inside `$( )` or `${ }` is never split.
std::vector<std::string> make_words(std::string_view text);

class MakeVariables {
 public:
  static constexpr std::size_t maximum_length = 64 << 10;

  using Map = std::map<std::string, std::string, std::less<>>;

  std::string& operator[](const std::string& name) { return values_[name]; }
  void erase(const std::string& name) { values_.erase(name); }
  std::size_t count(std::string_view name) const { return values_.count(name); }
  Map::const_iterator find(std::string_view name) const { return values_.find(name); }
  Map::const_iterator begin() const { return values_.begin(); }
  Map::const_iterator end() const { return values_.end(); }

  /// From here on texts are recipes: `$$` is the shell's, and what make does not know is left to the shell.
  void enter_recipes() { in_recipe_ = true; }

  /// Replaces references to known variables; what is unknown is written so that the shell sees one expansion.
  std::string expand(std::string_view text, unsigned depth = 0) const;

 private:
  std::string reference(std::string_view name, unsigned depth) const;

  Map values_;
  bool in_recipe_ = false;
};

}  // namespace tollbar::document
