// Variables of a script that always hold one literal text, so that `cmd=env; $cmd` is seen as `env`; lists likewise
// (`cmd=(kubectl delete)`, `"${cmd[@]}"`), and texts that are only known in part but name the program.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/shell.h"
#include "document/shell_tree.h"

namespace tollbar::document {

/// Whether a value is a list: `(kubectl delete)`.
bool is_list(const ShellWord& value);

class ShellConstants {
 public:
  /// Counts the assignments of the whole script; a name assigned under a condition is never constant.
  void survey(const ShellNode& root);
  /// Takes note of an assignment as the listing passes it; only those of the script's own top level and of the top
  /// level of a function count. A dynamic value is kept for prefix() alone.
  void assign(const std::string& name, const Word& value);
  /// `name+=value`: known where the name was.
  void append(const std::string& name, const Word& value);
  void forget(const std::string& name);
  /// A file that is read in may set any name anew.
  void forget_all();
  void assign_list(const std::string& name, std::vector<Word> words, bool append);
  /// The value at this place. `repeated`: the place may run after later assignments too (loops, functions, traps).
  const std::string* find(std::string_view name, bool repeated) const;
  /// The same, also of values that hold plain parameters: good for the first word of a command.
  const Word* prefix(std::string_view name, bool repeated) const;
  /// The same where all its parameters belong to the environment, which the script leaves alone: `$HOME/.config`.
  const Word* environment_path(std::string_view name, bool repeated) const;
  const std::vector<Word>* list(std::string_view name, bool repeated) const;

 private:
  enum class Place : std::uint8_t { top, function, uncertain };
  void visit(const ShellNode& node, Place place);
  void visit_simple(const ShellNode& node, Place place);
  void count(std::string_view name, Place place);
  bool settled(std::string_view name, bool repeated) const;

  struct Uses {
    unsigned assignments = 0;
    bool uncertain = false;
    bool in_function = false;  ///< a value only where nothing else assigns the name
  };
  std::map<std::string, Uses, std::less<>> uses_;
  std::map<std::string, Word, std::less<>> values_;
  std::map<std::string, std::vector<Word>, std::less<>> lists_;
};

}  // namespace tollbar::document
