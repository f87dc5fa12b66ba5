// Scripts that are called where nobody knows the folder: any file of the name, in the folders that may be meant, is
// one.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "reach/call_words.h"
#include "reach/computed_call.h"
#include "reach/follower.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostFolders = 512;

/// By its ending the word names a script.
bool names_script(std::string_view word) {
  constexpr std::array<std::string_view, 8> kEndings{".sh", ".bash", ".py", ".js", ".mjs", ".rb", ".pl", ".ps1"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return word.ends_with(ending); });
}

/// The folder that the last `cd` before the command goes to; null where there is none.
const document::Word* last_folder(const document::Command& command, const document::Script& script) {
  const document::Word* folder = nullptr;
  for (const auto& earlier : script.commands) {
    if (&earlier == &command || earlier.line > command.line) break;
    if (changes_directory(earlier) && earlier.argv.size() > 1 && !earlier.context.in_substitution)
      folder = &earlier.argv[1];
  }
  return folder;
}

}  // namespace

void Follower::follow_elsewhere(const std::vector<std::string>& argv, const document::Command& command,
                                const document::Script& script, const Place& place) {
  const bool relative = !argv.empty() && argv[0].starts_with("./") && names_script(argv[0]);
  const auto* folder = relative && !place.unreachable ? last_folder(command, script) : nullptr;
  if (folder == nullptr ||
      !is_computed_folder(*folder, literal(*folder, {*place.variables, standing_in(place), place.directory})) ||
      !open_directories(place).empty())
    return;
  Call call;
  call.files = {argv[0]};
  if (!locate(call, place).empty()) return;
  step_->unknown.push_back({command.text(), place.path, command.line, place.chain});
  // `cd "charts/$NAME"` is one folder down; `cd "$CHART"` may be two.
  const auto slash = folder->text.rfind('/', folder->text.find('$'));
  const bool open = slash == std::string::npos;
  const auto above = join_directory(place.directory, open ? "." : folder->text.substr(0, slash));
  if (!above) return;
  std::vector<std::string> parents{*above}, candidates;
  for (int depth = open ? 2 : 1; depth > 0; --depth) {
    std::vector<std::string> inner;
    for (const auto& parent : parents) {
      execution_.dependence.listed.insert(parent.empty() ? "." : parent);
      for (const auto& [name, entry] : tree_.list(parent)) {
        const bool counts = entry.mode == model::FileMode::directory && !name.starts_with('.');
        if (counts && candidates.size() + inner.size() < kMostFolders)
          inner.push_back(parent.empty() ? name : parent + "/" + name);
      }
    }
    candidates.insert(candidates.end(), inner.begin(), inner.end());
    parents = std::move(inner);
  }
  Place within = place;
  within.certainty = Certainty::inferred;
  for (const auto& candidate : candidates) {
    within.directory = candidate;
    const std::string path = join_path(candidate, argv[0]);
    if (find(path)) enter_script(call, command, script, path, within);
  }
}

}  // namespace tollbar::reach
