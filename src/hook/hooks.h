// The hooks of git, in one table: what `tollbar hook NAME` runs.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::hook {

/// A variable of the environment; empty where it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// How a hook was called, and its way to the outside.
struct Call {
  std::vector<std::string> arguments;  ///< as git gives them, without the hook's name
  std::istream& in;
  std::ostream& out;
  std::ostream& err;  ///< what people read; on a server it reaches the pusher
  Environment environment;
  std::optional<std::string> policy_file;  ///< --policy or TOLLBAR_POLICY
};

/// Whose hook it is: the developer's, who can skip it, or the server's, who cannot be skipped.
enum class Side { client, server };

/// What git writes to a hook's standard input.
enum class Input { nothing, lines };

/// Whether `tollbar install` places it.
enum class Placing { by_default, by_hand };

struct Hook {
  std::string_view name;  ///< git's
  Side side = Side::client;
  Input input = Input::nothing;
  Placing placing = Placing::by_default;
  std::string_view summary;
  int (*run)(Call& call) = nullptr;  ///< gives the exit status (gate/exit_status.h); git refuses for any but 0
};

const std::vector<Hook>& hooks();
/// Null for a name that is none.
const Hook* find_hook(std::string_view name);

int run_pre_commit(Call& call);
int run_pre_merge_commit(Call& call);
int run_commit_msg(Call& call);
int run_post_commit(Call& call);
int run_post_rewrite(Call& call);
int run_pre_push(Call& call);
int run_pre_receive(Call& call);
int run_update(Call& call);
int run_post_receive(Call& call);

}  // namespace tollbar::hook
