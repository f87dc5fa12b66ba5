// Scripts, Makefiles and package files parsed once per blob, however many trees hold them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/scripts.h"
#include "document/shell.h"
#include "model/tree.h"
#include "reach/file_parts.h"
#include "reach/settled_tests.h"

namespace tollbar::reach {

struct Package {
  std::string name;  ///< empty where it gives itself none
  std::vector<document::PackageScript> scripts;
};

/// Not thread-safe; one per thread, as with DocumentCache. Results are never null: what cannot be read has no commands.
class ScriptCache {
 public:
  ScriptCache();
  ~ScriptCache();
  ScriptCache(ScriptCache&&) noexcept;
  ScriptCache& operator=(ScriptCache&&) noexcept;

  /// `calls` are functions that a sourcing script calls: they run as if the file called them at its end.
  std::shared_ptr<const document::Script> shell(model::Tree& tree, const model::FileEntry& entry,
                                                document::ShellOptions options,
                                                const std::vector<std::string>& calls = {});
  /// The same with its tests settled by what is given there (settled_tests.h).
  std::shared_ptr<const document::Script> settled_shell(model::Tree& tree, const model::FileEntry& entry,
                                                        document::ShellOptions options,
                                                        const std::vector<std::string>& calls, const Given& given);
  std::shared_ptr<const document::Makefile> makefile(model::Tree& tree, const model::FileEntry& entry);
  /// A justfile, read as a Makefile whose recipes need no tabs.
  std::shared_ptr<const document::Makefile> justfile(model::Tree& tree, const model::FileEntry& entry);
  /// What is followed in a package.json or composer.json. One and the same for all files that say the same of it on the
  /// same lines, so that scripts which dependencies stand beside keep their address while those move.
  std::shared_ptr<const Package> package(model::Tree& tree, const model::FileEntry& entry);
  std::shared_ptr<const document::Dockerfile> dockerfile(model::Tree& tree, const model::FileEntry& entry);
  /// The first line that `find` finds in the text of a file; `looked_for` names what that is.
  struct Line {
    std::string text;  ///< empty: there is none
    std::uint32_t number = 0;
    friend bool operator==(const Line&, const Line&) = default;
  };
  Line line(model::Tree& tree, const model::FileEntry& entry, const std::vector<std::string>& looked_for,
            const std::function<Line(std::string text)>& find);
  /// Names what `read` (file_parts.h) finds in the file: equal where that is equal. The blob where it is null.
  model::ObjectId part(model::Tree& tree, const model::FileEntry& entry, ReadPart read);
  /// Bytes of a blob as text; empty where missing, binary or larger than a script has any business to be.
  std::string text(model::Tree& tree, const model::FileEntry& entry);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tollbar::reach
