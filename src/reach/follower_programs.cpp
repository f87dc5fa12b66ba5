// Programs that a tool builds from the tree and runs at once: Go packages, generators of Go, Cargo's binaries.
#include <algorithm>
#include <string_view>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/go_module.h"
#include "reach/node_text.h"
#include "reach/word_glob.h"
#include "text/lines.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

using document::Node;

constexpr std::size_t kMostMembers = 256;  // of a Cargo workspace
constexpr std::size_t kLongestPart = 80;

/// Files in which the programs of a package begin, likeliest first. `name` is the binary that was asked for.
std::vector<std::string> crate_roots(const Node& manifest, std::string name) {
  if (name.empty()) name = text_at(manifest, {"package", "default-run"});
  std::vector<std::string> roots;
  const Node* binaries = manifest.get("bin");
  for (const auto& binary : binaries != nullptr ? binaries->items : std::vector<Node>()) {
    const auto path = text_at(binary, {"path"});
    if (!path.empty() && (name.empty() || text_at(binary, {"name"}) == name)) roots.push_back(path);
  }
  if (!name.empty())
    roots.insert(roots.end(), {"src/bin/" + name + ".rs", "src/bin/" + name + "/main.rs", "examples/" + name + ".rs",
                               "examples/" + name + "/main.rs"});
  roots.emplace_back("src/main.rs");
  return roots;
}

/// The commands of a Go source's `//go:generate` lines, each on the line where it stands; empty where it has none.
ScriptCache::Line generators(const std::string& text) {
  constexpr std::string_view mark = "//go:generate ";
  ScriptCache::Line found;
  if (text.find(mark) == std::string::npos) return found;
  for (const auto words : text::Lines(text)) {
    if (words.starts_with(mark)) found.text += words.substr(mark.size());
    found.text += '\n';
  }
  return found;
}

}  // namespace

void Follower::enter_sources(const std::string& path, std::uint32_t line, const Place& place) {
  const std::string folder = path == "." ? std::string() : path;
  execution_.dependence.listed.insert(path);
  for (const auto& file : tree_.list(folder)) {
    if (!file.name.ends_with(".go") || file.name.ends_with("_test.go")) continue;
    const std::string source = below(folder, file.name);
    execution_.dependence.consulted.insert(source);
    Place within = place;
    if (descend(within, source, "", line, place.directory)) follow_program(source, within);
  }
}

void Follower::enter_module_sources(const Call& call, std::uint32_t line, const std::string& go_mod,
                                    const Place& place) {
  const auto entry = find(go_mod);
  if (!entry || call.parts.empty()) return;
  const std::string module = module_of(scripts_.text(tree_, *entry));
  const std::string& wanted = call.parts.front();
  if (module.empty() || !wanted.starts_with(module)) return;
  const std::string rest = wanted.substr(module.size());
  if (!rest.empty() && rest.front() != '/') return;
  const std::string folder = join_path(directory_of(go_mod), rest.empty() ? "." : rest.substr(1));
  if (!folder.empty()) enter_sources(folder, line, place);
}

void Follower::enter_generated(const std::string& path, std::uint32_t line, const Place& place) {
  const std::string folder = path == "." ? std::string() : path;
  execution_.dependence.listed.insert(path);
  for (const auto& file : tree_.list(folder)) {
    if (!file.name.ends_with(".go")) continue;
    const std::string source = below(folder, file.name);
    const auto entry = find(source);
    if (!entry) continue;
    const std::string commands = scripts_.line(tree_, *entry, {"//go:generate"}, generators).text;
    std::uint32_t number = 0;
    for (const auto words : text::Lines(commands)) {
      ++number;
      if (words.empty()) continue;
      Place within = place;
      within.certainty = Certainty::declared;
      if (!descend(within, source, "go:generate " + std::string(words.substr(0, kLongestPart)), line, folder)) break;
      within.entered = false;
      follow_script(document::parse_shell(words, {true, false, number}), within);
    }
  }
}

std::optional<std::string> Follower::cargo_package(const std::string& root, const std::string& name) {
  const auto manifest_of = [&](const std::string& folder) {
    const auto entry = find(below(folder, "Cargo.toml"));
    return entry ? documents_.read(document::Format::toml, tree_, *entry) : nullptr;
  };
  const auto workspace = manifest_of(root);
  if (!workspace) return std::nullopt;
  if (text_at(workspace->root(), {"package", "name"}) == name) return root;
  const Node* members = workspace->root().get({"workspace", "members"});
  std::vector<std::string> folders;
  for (const auto& glob : members != nullptr ? members->texts() : std::vector<std::string>()) {
    const auto star = glob.find('*');
    const auto slash = glob.rfind('/', star);
    const auto parent = join_path(root, slash == std::string::npos ? "." : glob.substr(0, slash));
    if (star == std::string::npos) {
      folders.push_back(join_path(root, glob));
      continue;
    }
    if (parent.empty()) continue;
    execution_.dependence.listed.insert(parent);
    for (const auto& file : tree_.list(parent == "." ? "" : parent))
      if (word_matches(glob.substr(slash == std::string::npos ? 0 : slash + 1), file.name))
        folders.push_back(join_path(parent, file.name));
  }
  // The folder is mostly called as the package is.
  std::stable_partition(folders.begin(), folders.end(),
                        [&](const std::string& folder) { return folder.substr(folder.rfind('/') + 1) == name; });
  for (std::size_t i = 0; i < folders.size() && i < kMostMembers; ++i) {
    if (folders[i].empty()) continue;
    const auto manifest = manifest_of(folders[i]);
    if (manifest && text_at(manifest->root(), {"package", "name"}) == name) return folders[i];
  }
  return std::nullopt;
}

void Follower::enter_cargo(const Call& call, std::uint32_t line, const std::string& manifest, const Place& place) {
  std::string folder = directory_of(manifest);
  if (!call.parts.empty() && !call.parts.front().empty()) {
    const auto package = cargo_package(folder, call.parts.front());
    if (!package) return;
    folder = *package == "." ? std::string() : *package;
  }
  const auto entry = find(below(folder, "Cargo.toml"));
  if (!entry) return;
  const auto document = documents_.read(document::Format::toml, tree_, *entry);
  for (const auto& root : crate_roots(document->root(), call.main_part)) {
    const std::string path = join_path(folder, root);
    if (path.empty() || !find(path)) continue;
    Place within = place;
    if (!descend(within, path, "", line, place.directory)) return;
    follow_program(path, within);
    // What an alias calls is a tool of the tree: its modules are no library.
    if (place.part.starts_with("alias ")) enter_modules(path, line, within);
    return;
  }
}

void Follower::enter_modules(const std::string& path, std::uint32_t line, const Place& place) {
  const std::string folder = directory_of(path);
  execution_.dependence.listed.insert(folder.empty() ? "." : folder);
  for (const auto& file : tree_.list(folder)) {
    const std::string source = below(folder, file.name);
    if (!file.name.ends_with(".rs") || source == path) continue;
    execution_.dependence.consulted.insert(source);
    Place within = place;
    if (descend(within, source, "", line, place.directory)) follow_program(source, within);
  }
}

bool Follower::enter_cargo_alias(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry || call.parts.empty()) return false;
  const auto document = documents_.read(document::Format::toml, tree_, *entry);
  const Node* alias = document->root().get({"alias", call.parts.front()});
  if (alias == nullptr) return false;
  std::vector<std::string> argv{"cargo"};
  for (const auto& text : alias->texts()) {
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find(' ', at), text.size());
      if (end > at) argv.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }
  Place within = place;
  if (!descend(within, path, "alias " + call.parts.front(), line, place.directory)) return false;
  argv.insert(argv.end(), call.arguments.begin(), call.arguments.end());
  std::string text;
  for (const auto& word : argv) text += (text.empty() ? "" : " ") + util::shell_quoted(word);
  within.entered = false;
  follow_script(document::parse_shell(text, {true, false, alias->line}), std::move(within));
  return false;
}

void Follower::enter_tasks(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  for (const auto& task : call.parts) {
    Place within = place;
    descend(within, path, task, line, place.directory);
  }
}

}  // namespace tollbar::reach
