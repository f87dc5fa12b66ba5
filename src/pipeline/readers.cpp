// The table of CI systems and the cache of parsed documents that their readers share.
#include "pipeline/readers.h"

#include <list>
#include <unordered_map>

#include "document/formats.h"
#include "pipeline/readers/systems.h"
#include "text/decode.h"

namespace tollbar::pipeline {
namespace {

constexpr std::size_t kMaxEntries = 4096;
constexpr std::size_t kMaxBytes = 64u << 20;

document::Document unreadable(document::Problem::Kind kind, const char* message) {
  document::Document document;
  document.problems.push_back({kind, 0, message});
  return document;
}

document::Document parse(const model::Content& content) {
  using Kind = document::Problem::Kind;
  if (content.state == model::ContentState::missing) return unreadable(Kind::syntax_error, "the content is missing");
  if (content.state == model::ContentState::too_large) return unreadable(Kind::limit, "the file is too large");
  const auto decoded = text::decode(*content.bytes);
  if (decoded.encoding == text::Encoding::binary) return unreadable(Kind::syntax_error, "the file is binary");
  return document::read_yaml(decoded.text);
}

}  // namespace

struct DocumentCache::State {
  struct Entry {
    model::ObjectId id;
    std::size_t bytes = 0;
    std::shared_ptr<const document::Document> document;
  };
  std::list<Entry> entries;  // most recently used first
  std::unordered_map<model::ObjectId, std::list<Entry>::iterator> by_id;
  std::size_t bytes = 0;

  void shrink() {
    while (entries.size() > 1 && (entries.size() > kMaxEntries || bytes > kMaxBytes)) {
      bytes -= entries.back().bytes;
      by_id.erase(entries.back().id);
      entries.pop_back();
    }
  }
};

DocumentCache::DocumentCache() : state_(std::make_unique<State>()) {}
DocumentCache::~DocumentCache() = default;

std::shared_ptr<const document::Document> DocumentCache::yaml(model::Tree& tree, const model::FileEntry& entry) {
  if (entry.mode == model::FileMode::directory || entry.mode == model::FileMode::submodule) {
    return std::make_shared<document::Document>(unreadable(document::Problem::Kind::syntax_error, "there is no file"));
  }
  if (const auto known = state_->by_id.find(entry.id); known != state_->by_id.end()) {
    state_->entries.splice(state_->entries.begin(), state_->entries, known->second);
    return known->second->document;
  }
  const auto content = tree.read(entry);
  auto document = std::make_shared<const document::Document>(parse(content));
  if (content.state != model::ContentState::present) return document;  // it may be there in the next tree
  state_->entries.push_front({entry.id, content.bytes->size() + 1, document});
  state_->by_id[entry.id] = state_->entries.begin();
  state_->bytes += content.bytes->size() + 1;
  state_->shrink();
  return document;
}

const std::vector<Reader>& readers() {
  static const std::vector<Reader> table{
      {System::github, github::is_workflow, github::find_workflows, github::read_workflow},
      {System::github_action, github::is_action, github::find_actions, github::read_action_file},
      {System::gitlab, gitlab::is_live, gitlab::find, gitlab::read},
      {System::travis, travis::is_live, travis::find, travis::read},
      {System::cirrus, cirrus::is_live, cirrus::find, cirrus::read},
      {System::bitbucket, bitbucket::is_live, bitbucket::find, bitbucket::read},
      {System::appveyor, appveyor::is_live, appveyor::find, appveyor::read},
      {System::circleci, circleci::is_live, circleci::find, circleci::read},
      {System::azure, azure::is_live, azure::find, azure::read},
      {System::buildkite, buildkite::is_live, buildkite::find, buildkite::read},
      {System::drone, drone::is_live, drone::find, drone::read},
      {System::woodpecker, woodpecker::is_live, woodpecker::find, woodpecker::read},
      {System::tekton, tekton::is_live, tekton::find, tekton::read},
      {System::argo, argo::is_live, argo::find, argo::read},
  };
  return table;
}

std::vector<Pipeline> read_all(model::Tree& tree, DocumentCache& documents) {
  std::vector<Pipeline> pipelines;
  for (const auto& reader : readers()) {
    for (const auto& path : reader.find(tree)) pipelines.push_back(reader.read(tree, path, documents));
  }
  return pipelines;
}

}  // namespace tollbar::pipeline
