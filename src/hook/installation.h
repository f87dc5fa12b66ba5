// Placing hooks in a hooks directory, looking at what is there, and taking them away without a trace.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hook/hooks.h"

namespace tollbar::hook {

/// Where hooks are placed.
struct Place {
  enum class Serves { repository, user };
  Serves serves = Serves::repository;
  std::string directory;  ///< absolute
};

/// The hooks directory of the repository here (core.hooksPath is obeyed, which may be that of the user), or tollbar's
/// own for all repositories of the user. Throws util::UsageError where there is none, or it belongs to a tool that
/// writes it anew.
Place place_of(Place::Serves serves, const Environment& environment);

/// What stands in a hooks directory under the name of a hook.
struct HookFile {
  enum class State {
    absent,
    ours,
    foreign,  ///< somebody else's
    idle,     ///< git passes over it: no run bit, or a symbolic link that leads nowhere
  };
  std::string name;
  State state = State::absent;
  std::string program{};     ///< of ours: what it calls
  bool runs_before = false;  ///< of ours: another hook is kept beside it and called first
  bool judges = false;       ///< of ours: it calls tollbar, and not only the repository's own hook
};

/// The hooks that tollbar has, in the order of its table.
std::vector<HookFile> inspect(const std::string& directory);

/// One thing done, for the user: `pre-push`, `installed, after the hook that was there`.
struct Step {
  std::string hook;
  std::string what;
};

/// Places the hooks of one side. What is there already is kept and called first; what is right already is left alone.
/// `program` is the absolute path of tollbar. Throws util::Error where something cannot be written, util::UsageError
/// where a hook cannot be kept because another is kept already.
std::vector<Step> install(const Place& place, Side side, const std::string& program);
/// Takes all of tollbar's hooks away and puts back what was there before them.
std::vector<Step> uninstall(const Place& place);

/// The absolute path by which this program is found again: the first in `search_path` that leads to it, else its own.
std::string program_path(const std::string& search_path);

}  // namespace tollbar::hook
