// A list in order of use, found by format and blob id.
#include "pipeline/document_cache.h"

#include <fmt/format.h>

#include <list>
#include <string>
#include <unordered_map>

#include "text/decode.h"

namespace tollbar::pipeline {
namespace {

constexpr std::size_t most_documents = 4096;
constexpr std::size_t most_bytes = 64U << 20;
constexpr std::size_t most_versions = 16;     // of one pipeline
constexpr std::size_t most_pipelines = 2048;  // that are handed something, or are not

document::Document unreadable(document::Problem::Kind kind, std::string message) {
  document::Document document;
  document.problems.push_back({kind, 0, std::move(message)});
  return document;
}

document::Document parse(document::Format format, const model::Content& content) {
  using Kind = document::Problem::Kind;
  if (content.state == model::ContentState::missing) return unreadable(Kind::syntax_error, "the content is missing");
  if (content.state == model::ContentState::too_large || content.bytes->size() > DocumentCache::largest_document)
    return unreadable(Kind::limit, fmt::format("{} bytes are over the limit of {} for a document", content.size,
                                               DocumentCache::largest_document));
  const auto decoded = text::decode(*content.bytes);
  if (decoded.encoding == text::Encoding::binary) return unreadable(Kind::syntax_error, "the file is binary");
  return document::read(format, decoded.text);
}

struct Key {
  document::Format format;
  model::ObjectId id;
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const noexcept {
    return std::hash<model::ObjectId>()(key.id) ^ static_cast<std::size_t>(key.format);
  }
};

}  // namespace

struct DocumentCache::State {
  struct Entry {
    Key key;
    std::size_t bytes = 0;
    std::shared_ptr<const document::Document> document;
  };
  std::list<Entry> entries;  // most recently used first
  std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> known;
  std::size_t bytes = 0;
  std::unordered_map<std::string, std::unordered_map<model::ObjectId, std::shared_ptr<const Pipeline>>>
      pipelines;  // by path and what is handed to it

  void shrink() {
    while (entries.size() > 1 && (entries.size() > most_documents || bytes > most_bytes)) {
      bytes -= entries.back().bytes;
      known.erase(entries.back().key);
      entries.pop_back();
    }
  }
};

DocumentCache::DocumentCache() : state_(std::make_unique<State>()) {}
DocumentCache::~DocumentCache() = default;

std::shared_ptr<const Pipeline> DocumentCache::pipeline(const std::string& path, const std::string& handed,
                                                        const model::FileEntry& entry) const {
  const auto versions = state_->pipelines.find(path + '\0' + handed);
  if (versions == state_->pipelines.end()) return nullptr;
  const auto found = versions->second.find(entry.id);
  return found == versions->second.end() ? nullptr : found->second;
}

void DocumentCache::keep(const std::string& path, const std::string& handed, const model::FileEntry& entry,
                         std::shared_ptr<const Pipeline> pipeline) {
  if (state_->pipelines.size() >= most_pipelines) state_->pipelines.clear();
  auto& versions = state_->pipelines[path + '\0' + handed];
  if (versions.size() >= most_versions) versions.clear();
  versions[entry.id] = std::move(pipeline);
}

std::shared_ptr<const document::Document> DocumentCache::read(document::Format format, model::Tree& tree,
                                                              const model::FileEntry& entry) {
  if (entry.mode == model::FileMode::directory || entry.mode == model::FileMode::submodule)
    return std::make_shared<document::Document>(unreadable(document::Problem::Kind::syntax_error, "there is no file"));
  const Key key{format, entry.id};
  if (const auto known = state_->known.find(key); known != state_->known.end()) {
    state_->entries.splice(state_->entries.begin(), state_->entries, known->second);
    return known->second->document;
  }
  const auto content = tree.read(entry);
  auto document = std::make_shared<const document::Document>(parse(format, content));
  if (content.state != model::ContentState::present) return document;  // it may be there in the next tree
  state_->entries.push_front({key, content.bytes->size() + 1, document});
  state_->known[key] = state_->entries.begin();
  state_->bytes += content.bytes->size() + 1;
  state_->shrink();
  return document;
}

}  // namespace tollbar::pipeline
