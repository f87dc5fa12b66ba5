// One map per kind of file, keyed by blob id and by what else decides how it reads.
#include "reach/script_cache.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <unordered_map>
#include <utility>

#include "document/formats.h"
#include "reach/file_parts.h"
#include "text/decode.h"
#include "util/sha256.h"

namespace tollbar::reach {
namespace {

constexpr std::uint64_t kLargestScript = 1U << 20U;
constexpr std::size_t kMostEntries = 20'000;

struct KeyHash {
  std::size_t operator()(const model::ObjectId& id) const noexcept { return std::hash<model::ObjectId>()(id); }
  std::size_t operator()(const std::string& text) const noexcept { return std::hash<std::string>()(text); }
  template <typename First, typename Second>
  std::size_t operator()(const std::pair<First, Second>& pair) const noexcept {
    return (*this)(pair.first) * 31 + (*this)(pair.second);
  }
  std::size_t operator()(ReadPart read) const noexcept { return std::hash<ReadPart>()(read); }
  /// Lists that are told apart by what else stands in the key, or by how they begin.
  std::size_t operator()(const std::vector<std::string>& texts) const noexcept {
    return texts.empty() ? 0 : (*this)(texts.front());
  }
};

template <typename Key, typename Value>
using Known = std::unordered_map<Key, std::shared_ptr<const Value>, KeyHash>;

template <typename Key, typename Value, typename Make>
std::shared_ptr<const Value> remembered(Known<Key, Value>& map, const Key& key, Make make) {
  if (const auto found = map.find(key); found != map.end()) return found->second;
  if (map.size() >= kMostEntries) map.clear();
  auto value = std::make_shared<const Value>(make());
  map.emplace(key, value);
  return value;
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
  Known<std::string, document::Script> shells;
  Known<std::string, std::set<std::string>> tested;  // names
  Known<std::string, std::shared_ptr<const document::Script>> settled;
  Known<model::ObjectId, document::Makefile> makefiles, justfiles;
  Known<model::ObjectId, Package> packages;  // by what is followed in them
  Known<model::ObjectId, document::Dockerfile> dockerfiles;
  Known<std::pair<model::ObjectId, std::vector<std::string>>, Line> lines;
  Known<std::pair<model::ObjectId, ReadPart>, model::ObjectId> parts;
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

std::shared_ptr<const Package> ScriptCache::package(model::Tree& tree, const model::FileEntry& entry) {
  return remembered(state_->packages, part(tree, entry, followed_in_manifest), [&] {
    const auto manifest = document::read_json(text(tree, entry));
    const auto* name = manifest.root().get("name");
    return Package{name != nullptr && name->is_scalar() ? name->scalar : std::string(),
                   document::package_scripts(manifest)};
  });
}

ScriptCache::Line ScriptCache::line(model::Tree& tree, const model::FileEntry& entry,
                                    const std::vector<std::string>& looked_for,
                                    const std::function<Line(std::string text)>& find) {
  return *remembered(state_->lines, std::pair{entry.id, looked_for}, [&] { return find(text(tree, entry)); });
}

model::ObjectId ScriptCache::part(model::Tree& tree, const model::FileEntry& entry, ReadPart read) {
  if (read == nullptr) return entry.id;
  return *remembered(state_->parts, std::pair{entry.id, read}, [&] {
    const auto digest = util::sha256(read(text(tree, entry)));
    return model::ObjectId::from_raw(digest.data(), digest.size());
  });
}

std::shared_ptr<const document::Dockerfile> ScriptCache::dockerfile(model::Tree& tree, const model::FileEntry& entry) {
  return remembered(state_->dockerfiles, entry.id, [&] { return document::read_dockerfile(text(tree, entry)); });
}

}  // namespace tollbar::reach
