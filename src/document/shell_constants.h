// Variables of a script that always hold one literal text, so that `cmd=env; $cmd` is seen as `env`.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "document/shell_tree.h"

namespace tollbar::document {

class ShellConstants {
 public:
  /// Counts the assignments of the whole script; a name assigned under a condition is never constant.
  void survey(const ShellNode& root);
  /// Takes note of an assignment as the listing passes it; only those of the script's own top level count.
  void assign(const std::string& name, std::optional<std::string> value);
  /// The value at this place. `repeated`: the place may run after later assignments too (loops, functions, traps).
  const std::string* find(std::string_view name, bool repeated) const;

 private:
  void visit(const ShellNode& node, bool certain);
  void visit_simple(const ShellNode& node, bool certain);
  void count(std::string_view name, bool certain);

  struct Uses {
    unsigned assignments = 0;
    bool uncertain = false;
  };
  std::map<std::string, Uses, std::less<>> uses_;
  std::map<std::string, std::string, std::less<>> values_;
  bool sources_files_ = false;
};

}  // namespace tollbar::document
