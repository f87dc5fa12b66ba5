// One map per kind of file, keyed by blob id and by what else decides how it reads.
#include "reach/script_cache.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "document/formats.h"
#include "text/decode.h"

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

}  // namespace

struct ScriptCache::State {
  std::map<std::string, std::shared_ptr<const document::Script>> shells;
  std::map<model::ObjectId, std::shared_ptr<const document::Makefile>> makefiles, justfiles;
  std::map<model::ObjectId, std::shared_ptr<const std::vector<document::PackageScript>>> packages;
  std::map<model::ObjectId, std::shared_ptr<const document::Dockerfile>> dockerfiles;
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
  std::string key = entry.id.hex() + (options.errexit ? "e" : "-") + (options.pipefail ? "p" : "-");
  for (const auto& call : calls) key.append(" ").append(call);
  return remembered(state_->shells, key, [&] {
    std::string source = text(tree, entry);
    const auto lines = static_cast<std::uint32_t>(std::count(source.begin(), source.end(), '\n') + 1);
    if (!calls.empty()) source += '\n';
    for (const auto& call : calls) source.append(call).append("\n");
    document::Script script = document::parse_shell(source, options);
    std::erase_if(script.commands, [&](const auto& command) { return !calls.empty() && command.line > lines; });
    return script;
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

std::shared_ptr<const document::Dockerfile> ScriptCache::dockerfile(model::Tree& tree, const model::FileEntry& entry) {
  return remembered(state_->dockerfiles, entry.id, [&] { return document::read_dockerfile(text(tree, entry)); });
}

}  // namespace tollbar::reach
