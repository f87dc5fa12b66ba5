// The packages of a monorepo, for calls that run a script in all of them.
#include <algorithm>
#include <string_view>

#include "document/formats.h"
#include "reach/follower.h"
#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostPackages = 500;

std::vector<std::string> texts_of(const document::Node* node) {
  if (!node) return {};
  if (const auto* packages = node->get("packages")) return packages->texts();
  return node->is_sequence() ? node->texts() : std::vector<std::string>();
}

/// `core` of `...^core...`: a selector without what asks for the packages round those it names.
std::string_view centre_of(std::string_view selector) {
  while (selector.starts_with("...") || selector.starts_with("^")) selector.remove_prefix(selector[0] == '^' ? 1 : 3);
  while (selector.ends_with("...") || selector.ends_with("^")) selector.remove_suffix(selector.back() == '^' ? 1 : 3);
  if (selector.starts_with('{') && selector.ends_with('}')) selector = selector.substr(1, selector.size() - 2);
  return selector;
}

}  // namespace

bool Follower::is_selected(const std::string& path, const std::string& directory, const std::string& selector) {
  std::string_view centre = centre_of(selector);
  if (centre.empty() || centre.front() == '[') return true;  // whatever changed since some commit
  const std::string folder = text::directory_of(path);
  const std::string wanted = join_path(directory, std::string(centre));
  if (!wanted.empty() && (wanted == folder || word_matches(wanted, folder))) return true;
  if (centre.front() == '.' || centre.front() == '/') return wanted == "." || folder.starts_with(wanted + "/");
  const auto entry = find(path);
  const std::string name = entry ? scripts_.package(tree_, *entry)->name : std::string();
  const bool is_scoped = centre.front() == '@' || !name.starts_with('@');
  return word_matches(centre, name) || (!is_scoped && word_matches(centre, text::base_name(name)));
}

std::vector<std::string> Follower::selected_packages(const std::string& directory,
                                                     const std::vector<std::string>& selectors) {
  std::string root = directory;
  auto packages = workspace_packages(join_path(root, "package.json"));
  while (packages.empty() && !root.empty()) {
    root = text::directory_of(root);
    packages = workspace_packages(join_path(root, "package.json"));
  }
  std::vector<std::string> wanted, unwanted;
  for (const auto& selector : selectors) {
    if (selector.starts_with('!'))
      unwanted.push_back(selector.substr(1));
    else
      wanted.push_back(selector);
  }
  const auto any_selects = [&](const std::vector<std::string>& list, const std::string& path) {
    return std::any_of(list.begin(), list.end(),
                       [&](const auto& selector) { return is_selected(path, directory, selector); });
  };
  std::erase_if(packages, [&](const std::string& path) {
    return (!wanted.empty() && !any_selects(wanted, path)) || any_selects(unwanted, path);
  });
  if (!packages.empty()) return packages;
  for (const auto& selector : wanted) {  // no workspace says where: a path, or a folder of that name in the usual place
    const std::string name(centre_of(selector));
    const bool is_path = name.find('/') != std::string::npos && name.front() != '@';
    const std::string path =
        join_path(root, (is_path ? name : "packages/" + std::string(text::base_name(name))) + "/package.json");
    if (!path.empty() && find(path)) packages.push_back(path);
  }
  return packages;
}

std::vector<std::string> Follower::root_tasks(const std::string& root, const std::vector<std::string>& names) {
  std::vector<std::string> result;
  const auto entry = find(join_path(text::directory_of(root), "turbo.json"));
  if (!entry) return result;
  const auto settings = document::read_json(scripts_.text(tree_, *entry));
  for (const auto* key : {"tasks", "pipeline"}) {
    const auto* tasks = settings.root().get(key);
    for (const auto& name : names) {
      if (tasks && tasks->get("//#" + name)) result.push_back(name);
    }
  }
  return result;
}

const std::vector<std::string>& Follower::workspace_packages(const std::string& root) {
  return packages_.of(root, execution_.dependence, [&] { return find_workspace_packages(root); });
}

std::vector<std::string> Follower::find_workspace_packages(const std::string& root) {
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
    execution_.dependence.listed.insert(folder);
    for (const auto& file : tree_.list(folder == "." ? "" : folder)) {
      const bool fits = word_matches(pattern, file.name) || pattern.starts_with("**");
      if (fits && file.entry.mode == model::FileMode::directory) add(parent + "/" + file.name);
    }
  }
  return packages;
}

bool Follower::follow_in_packages(const document::Command& command, const document::Script& script,
                                  const Place& place) {
  std::vector<std::string> argv;
  for (const auto& word : command.argv) argv.push_back(word.dynamic ? std::string() : word.text);
  const auto call = package_exec(argv);
  if (!call) return false;
  const auto packages = call->workspaces.empty() ? workspace_packages(join_path(place.directory, "package.json"))
                                                 : selected_packages(place.directory, call->workspaces);
  bool followed = false;
  for (const auto& package : packages) {
    for (const auto& inner : calls_of(call->arguments, false)) {
      Place here = place;
      here.directory = text::directory_of(package);
      here.certainty = inner.certainty;
      followed = follow_call(inner, command, script, here) || followed;
    }
  }
  return followed;
}

}  // namespace tollbar::reach
