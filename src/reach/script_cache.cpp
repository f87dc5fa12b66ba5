// One map per kind of file, keyed by blob id and by what else decides how it reads.
#include "reach/script_cache.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "document/formats.h"
#include "text/decode.h"
#include "text/lines.h"
#include "util/sha256.h"

namespace tollbar::reach {
namespace {

constexpr std::uint64_t kLargestScript = 1U << 20U;
constexpr std::size_t kMostEntries = 20'000;

template <typename Key, typename Value, typename Make>
std::shared_ptr<const Value> remembered(std::map<Key, std::shared_ptr<const Value>>& map, const Key& key, Make make) {
  if (const auto found = map.find(key); found != map.end()) return found->second;
  if (map.size() >= kMostEntries) map.clear();
  auto value = std::make_shared<const Value>(make());
  map.emplace(key, value);
  return value;
}

/// A first-level key of package.json under which nothing stands that a script runs or obeys: dependencies, for which
/// lock files answer, and words about the package.
bool never_executed(std::string_view manifest_key) {
  constexpr std::array<std::string_view, 15> kKeys{"version",
                                                   "dependencies",
                                                   "devDependencies",
                                                   "peerDependencies",
                                                   "optionalDependencies",
                                                   "description",
                                                   "keywords",
                                                   "author",
                                                   "contributors",
                                                   "homepage",
                                                   "license",
                                                   "private",
                                                   "repository",
                                                   "bugs",
                                                   "engines"};
  return std::find(kKeys.begin(), kKeys.end(), manifest_key) != kKeys.end();
}

/// The text without what never runs; line numbers stay.
std::string executed_text(std::string_view text) {
  const document::Document document = document::read_json(text);
  const auto& members = document.root().members;
  std::vector<bool> blank(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 2);
  for (std::size_t i = 0; i < members.size() && !document.broken(); ++i) {
    const auto first = members[i].key.line, last = members[i].value.end_line;
    const bool shared = first <= document.root().line || (i > 0 && members[i - 1].value.end_line == first) ||
                        (i + 1 < members.size() ? members[i + 1].key.line : document.root().end_line) == last;
    if (shared || last >= blank.size() || !never_executed(members[i].key.text())) continue;
    std::fill(blank.begin() + first, blank.begin() + last + 1, true);
  }
  std::string result;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (!blank[++number]) result.append(text.substr(begin, end - begin));
    result += '\n';
    begin = end + 1;
  }
  return result;
}

/// A Cargo.toml without its tables of dependencies, the greater part of it; as it is where a text over several lines
/// may hold what looks like the head of a table.
std::string without_dependencies(std::string_view toml) {
  if (toml.find("\"\"\"") != std::string_view::npos || toml.find("'''") != std::string_view::npos)
    return std::string(toml);
  std::string rest;
  bool is_left_out = false;
  for (const auto line : text::Lines(toml)) {
    if (line.starts_with('[')) is_left_out = line.find("dependencies") != std::string_view::npos;
    if (!is_left_out) rest.append(line).append("\n");
  }
  return rest;
}

/// Of a Cargo.toml: which programs of which packages it names.
std::string cargo_programs(std::string_view text) {
  const document::Document document = document::read_toml(without_dependencies(text));
  if (document.broken()) return std::string(text);
  const auto& root = document.root();
  std::string result;
  for (const auto* node : {root.get({"package", "name"}), root.get({"package", "default-run"}),
                           root.get({"workspace", "members"}), root.get("bin")})
    result += (node != nullptr ? node->brief(text.size()) : std::string()) + "\n";
  return result;
}

/// Of a go.mod: the module's name.
std::string module_line(std::string_view text) {
  const auto at = text.starts_with("module ") ? 0 : text.find("\nmodule ");
  return at == std::string_view::npos ? std::string() : std::string(text.substr(at, text.find('\n', at + 1) - at));
}

/// Of a pnpm-workspace.yaml: the packages that it keeps together.
std::string workspace_members(std::string_view text) {
  const document::Document document = document::read_yaml(text);
  if (document.broken() || document.roots.empty()) return std::string(text);
  if (document.root().is_sequence()) return std::string(text);
  const auto* packages = document.root().get("packages");
  return packages == nullptr ? std::string() : packages->brief(text.size());
}

/// Of a turbo.json: the tasks of the root that it names.
std::string root_tasks(std::string_view text) {
  const document::Document document = document::read_json(text);
  if (document.broken()) return std::string(text);
  std::string names;
  for (const auto* key : {"tasks", "pipeline"})
    if (const auto* tasks = document.root().get(key); tasks != nullptr)
      for (const auto& task : tasks->members)
        if (task.key.text().starts_with("//#")) names.append(key).append(task.key.text()).append("\n");
  return names;
}

using ExecutedText = std::string (*)(std::string_view text);

/// What a run depends on in files of this name; null where it is all of them.
ExecutedText executed_text_of(std::string_view name) {
  if (name == "package.json") return executed_text;
  if (name == "Cargo.toml") return cargo_programs;
  if (name == "pnpm-workspace.yaml") return workspace_members;
  if (name == "turbo.json") return root_tasks;
  return name == "go.mod" ? module_line : nullptr;
}

/// Names a script that is read from the file with these options.
std::string shell_key(const model::FileEntry& entry, document::ShellOptions options,
                      const std::vector<std::string>& calls) {
  std::string key = entry.id.hex() + (options.errexit ? "e" : "-") + (options.pipefail ? "p" : "-");
  for (const auto& call : calls) key.append(" ").append(call);
  return key;
}

std::string with_calls(std::string source, const std::vector<std::string>& calls) {
  if (!calls.empty()) source += '\n';
  for (const auto& call : calls) source.append(call).append("\n");
  return source;
}

}  // namespace

struct ScriptCache::State {
  std::map<std::string, std::shared_ptr<const document::Script>> shells;
  std::map<std::string, std::shared_ptr<const std::set<std::string>>> tested;  // names
  std::map<std::string, std::shared_ptr<const std::shared_ptr<const document::Script>>> settled;
  std::map<model::ObjectId, std::shared_ptr<const document::Makefile>> makefiles, justfiles;
  std::map<model::ObjectId, std::shared_ptr<const std::vector<document::PackageScript>>> packages;
  std::map<model::ObjectId, std::shared_ptr<const std::string>> package_names;
  std::map<model::ObjectId, std::shared_ptr<const document::Dockerfile>> dockerfiles;
  std::map<std::pair<model::ObjectId, std::vector<std::string>>, std::shared_ptr<const Line>> lines;
  std::map<std::pair<model::ObjectId, std::string>, std::shared_ptr<const model::ObjectId>> executed_parts;  // by name
};

ScriptCache::ScriptCache() : state_(std::make_unique<State>()) {}
ScriptCache::~ScriptCache() = default;
ScriptCache::ScriptCache(ScriptCache&&) noexcept = default;
ScriptCache& ScriptCache::operator=(ScriptCache&&) noexcept = default;

std::string ScriptCache::text(model::Tree& tree, const model::FileEntry& entry) {
  if (entry.mode == model::FileMode::directory || entry.mode == model::FileMode::submodule) return {};
  const model::Content content = tree.read(entry);
  if (content.state != model::ContentState::present || content.size > kLargestScript) return {};
  return text::decode(*content.bytes).text;
}

std::shared_ptr<const document::Script> ScriptCache::shell(model::Tree& tree, const model::FileEntry& entry,
                                                           document::ShellOptions options,
                                                           const std::vector<std::string>& calls) {
  return remembered(state_->shells, shell_key(entry, options, calls), [&] {
    const std::string source = text(tree, entry);
    const auto lines = static_cast<std::uint32_t>(std::count(source.begin(), source.end(), '\n') + 1);
    document::Script script = document::parse_shell(with_calls(source, calls), options);
    std::erase_if(script.commands, [&](const auto& command) { return !calls.empty() && command.line > lines; });
    return script;
  });
}

std::shared_ptr<const document::Script> ScriptCache::settled_shell(model::Tree& tree, const model::FileEntry& entry,
                                                                   document::ShellOptions options,
                                                                   const std::vector<std::string>& calls,
                                                                   const Given& given) {
  const auto script = shell(tree, entry, options, calls);
  const auto key = shell_key(entry, options, calls);
  const auto names = remembered(state_->tested, key, [&] { return tested_names(*script); });
  const auto assignments = settling_assignments(*names, given);
  if (assignments.empty()) return script;
  return *remembered(state_->settled, key + "\n" + assignments, [&] {
    return with_tests_settled(script, with_calls(text(tree, entry), calls), options, assignments);
  });
}

std::shared_ptr<const document::Makefile> ScriptCache::makefile(model::Tree& tree, const model::FileEntry& entry) {
  return remembered(state_->makefiles, entry.id, [&] { return document::read_makefile(text(tree, entry)); });
}

std::shared_ptr<const document::Makefile> ScriptCache::justfile(model::Tree& tree, const model::FileEntry& entry) {
  return remembered(state_->justfiles, entry.id, [&] { return document::read_justfile(text(tree, entry)); });
}

std::shared_ptr<const std::vector<document::PackageScript>> ScriptCache::package(model::Tree& tree,
                                                                                 const model::FileEntry& entry) {
  return remembered(state_->packages, entry.id,
                    [&] { return document::package_scripts(document::read_json(text(tree, entry))); });
}

std::string ScriptCache::package_name(model::Tree& tree, const model::FileEntry& entry) {
  return *remembered(state_->package_names, entry.id, [&] {
    const auto manifest = document::read_json(text(tree, entry));
    const auto* name = manifest.root().get("name");
    return name != nullptr && name->is_scalar() ? name->scalar : std::string();
  });
}

ScriptCache::Line ScriptCache::line(model::Tree& tree, const model::FileEntry& entry,
                                    const std::vector<std::string>& looked_for,
                                    const std::function<Line(std::string text)>& find) {
  return *remembered(state_->lines, std::pair{entry.id, looked_for}, [&] { return find(text(tree, entry)); });
}

model::ObjectId ScriptCache::executed_part(model::Tree& tree, const model::FileEntry& entry, std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto read = executed_text_of(name);
  if (read == nullptr) return entry.id;
  return *remembered(state_->executed_parts, std::pair{entry.id, std::string(name)}, [&] {
    const auto digest = util::sha256(read(text(tree, entry)));
    return model::ObjectId::from_raw(digest.data(), digest.size());
  });
}

std::shared_ptr<const document::Dockerfile> ScriptCache::dockerfile(model::Tree& tree, const model::FileEntry& entry) {
  return remembered(state_->dockerfiles, entry.id, [&] { return document::read_dockerfile(text(tree, entry)); });
}

}  // namespace tollbar::reach
