// Scripts that a script writes into a file and then runs: `cat > x.sh <<EOF`, `echo '...' >> x.sh`, `sh x.sh`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "document/shell.h"
#include "document/shell_nested.h"

namespace tollbar::document {

class WrittenScripts {
 public:
  /// Takes in what `echo`, `printf`, `cat` or `tee` write to a file whose name is known, and forgets files that
  /// anything else writes.
  void note(const Command& command);

  /// The text that the command runs by the name of its file; none where nothing known was written there.
  std::optional<NestedText> run_by(const Command& command) const;

 private:
  enum class Write : std::uint8_t { whole, append };

  void note_tee(const Command& command);
  void write(const std::string& name, NestedText text, Write how);

  std::map<std::string, NestedText, std::less<>> files_;  ///< by name, without `./`
};

}  // namespace tollbar::document
