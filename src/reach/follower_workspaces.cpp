// The packages of a monorepo, for calls that run a script in all of them.
#include <algorithm>
#include <string_view>

#include "document/formats.h"
#include "reach/follower.h"
#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostPackages = 500;

std::vector<std::string> texts_of(const document::Node* node) {
  if (!node) return {};
  if (const auto* packages = node->get("packages")) return packages->texts();
  return node->is_sequence() ? node->texts() : std::vector<std::string>();
}

}  // namespace

std::vector<std::string> Follower::workspace_packages(const std::string& root) {
  const std::string directory = root.substr(0, root.find('/') == std::string::npos ? 0 : root.rfind('/'));
  std::vector<std::string> globs;
  if (const auto entry = find(root)) {
    const auto manifest = document::read_json(scripts_.text(tree_, *entry));
    globs = texts_of(manifest.root().get("workspaces"));
  }
  if (const auto entry = find(join_path(directory, "pnpm-workspace.yaml"))) {
    const auto more = texts_of(&documents_.yaml(tree_, *entry)->root());
    globs.insert(globs.end(), more.begin(), more.end());
  }
  std::vector<std::string> packages;
  const auto add = [&](const std::string& folder) {
    const std::string path = join_path(directory, folder + "/package.json");
    const bool known = std::find(packages.begin(), packages.end(), path) != packages.end();
    if (!path.empty() && !known && packages.size() < kMostPackages && find(path)) packages.push_back(path);
  };
  for (const auto& glob : globs) {
    if (glob.empty() || glob.front() == '!') continue;
    const auto star = glob.find('*');
    if (star == std::string::npos) {
      add(glob);
      continue;
    }
    const auto slash = glob.rfind('/', star);
    const std::string parent = slash == std::string::npos ? "." : glob.substr(0, slash);
    const std::string pattern = glob.substr(slash == std::string::npos ? 0 : slash + 1);
    const std::string folder = join_path(directory, parent);
    if (folder.empty()) continue;
    execution_.listed.insert(folder);
    for (const auto& file : tree_.list(folder == "." ? "" : folder)) {
      const bool fits = word_matches(pattern, file.name) || pattern.starts_with("**");
      if (fits && file.entry.mode == model::FileMode::directory) add(parent + "/" + file.name);
    }
  }
  return packages;
}

}  // namespace tollbar::reach
