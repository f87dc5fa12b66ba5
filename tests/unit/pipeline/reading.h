// Reads small documents into pipelines for the tests of this folder.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/memory_tree.h"
#include "pipeline/readers.h"

namespace tollbar::pipeline {

inline model::MemoryTree tree_of(const std::map<std::string, std::string>& texts) {
  std::map<std::string, model::MemoryTree::File> files;
  for (const auto& [path, text] : texts) files[path] = {text, model::FileMode::regular};
  return model::MemoryTree(std::move(files));
}

inline Pipeline read_only(const std::map<std::string, std::string>& texts) {
  auto tree = tree_of(texts);
  DocumentCache documents;
  auto pipelines = read_all(tree, documents);
  return pipelines.size() == 1 ? *pipelines.front() : Pipeline{};
}

inline Pipeline read_github(const std::string& text) {
  return read_only({{".github/workflows/ci.yml", text}});
}
inline Pipeline read_gitlab(const std::string& text) {
  return read_only({{".gitlab-ci.yml", text}});
}

/// The job of an id; an empty one (and so failing expectations) where there is none.
inline const Job& job(const Pipeline& pipeline, std::string_view id) {
  static const Job nothing;
  for (const auto& candidate : pipeline.jobs) {
    if (candidate.id == id) return candidate;
  }
  return nothing;
}

inline const Event* event(const std::vector<Event>& events, std::string_view name) {
  for (const auto& candidate : events) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

inline const CredentialUse* credential(const std::vector<CredentialUse>& uses, std::string_view name) {
  for (const auto& use : uses) {
    if (use.name == name) return &use;
  }
  return nullptr;
}

}  // namespace tollbar::pipeline
