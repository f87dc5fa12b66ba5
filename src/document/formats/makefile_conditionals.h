// Conditionals of a Makefile: which of its lines count, as far as the text tells.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats/makefile_variables.h"

namespace tollbar::document {

enum class Counts : std::uint8_t { always, perhaps, never };

class MakeConditionals {
 public:
  /// Takes `ifeq (a,b)`, `else ifdef X`, `endif` and the like; false for any other line.
  bool read(std::string_view line, const MakeVariables& variables);
  /// Whether a line that stands here counts.
  Counts here() const;
  bool open() const { return !branches_.empty(); }

  /// Notes that a variable is set here; true where an earlier branch of the same conditional sets it as well.
  bool sets_again(const std::string& name);
  /// The variables that conditions ask for.
  const std::set<std::string>& asked() const { return asked_; }

 private:
  struct Branch {
    Counts counts = Counts::always;
    bool decided = false;                                 ///< a branch before it, or this one, always counts
    bool perhaps = false;                                 ///< a branch before it may count
    std::set<std::string, std::less<>> earlier, current;  ///< variables that the branches set
  };
  Counts judge(std::string_view word, std::string_view rest, const MakeVariables& variables);
  void enter(Counts condition, Branch& branch) const;

  std::vector<Branch> branches_;
  std::set<std::string> asked_;
};

}  // namespace tollbar::document
