// What a coding agent is about to do, whichever agent it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::hook {

/// A piece of text put in the place of another.
struct Replacement {
  std::string before;
  std::string after;
  bool everywhere = false;  ///< not only the first time it stands there
};

struct PendingEdit {
  enum class Kind { write, replace, remove };
  Kind kind = Kind::write;
  std::string path;                         ///< as the agent names it: absolute, or from its directory
  std::string content{};                    ///< of Kind::write
  std::vector<Replacement> replacements{};  ///< of Kind::replace, in order
  std::string moved_to{};                   ///< of Kind::replace: where the result goes; empty: it stays

  /// The file after the edit; empty where it is removed. Throws util::Error where a replacement finds nothing to
  /// replace: the agent's tool fails then, too.
  std::optional<std::string> applied_to(const std::string& before) const;
};

struct PendingAction {
  std::string directory;               ///< where the agent is; empty where it does not say
  std::optional<std::string> command;  ///< for a shell
  std::vector<PendingEdit> edits;
};

/// The edits of a patch as `apply_patch` understands it (`*** Begin Patch`, `*** Update File: ...`). Throws util::Error
/// for what is none.
std::vector<PendingEdit> read_patch(std::string_view patch);

}  // namespace tollbar::hook
