// Parsed documents and the pipelines read from them by blob id, so that a file is read once however many commits hold
// it.
#pragma once

#include <memory>
#include <string>

#include "document/formats.h"
#include "document/node.h"
#include "model/tree.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

/// Not thread-safe; one per thread. The least recently used documents are dropped beyond some 64 MiB of text or 4,096
/// documents; one that was handed out stays valid.
class DocumentCache {
 public:
  static constexpr std::size_t largest_document = 8U
                                                  << 20;  ///< bytes; a larger one is not read, which is a problem of it

  DocumentCache();
  ~DocumentCache();
  /// The document of an entry; a broken one where the blob is missing, too large or binary.
  std::shared_ptr<const document::Document> read(document::Format format, model::Tree& tree,
                                                 const model::FileEntry& entry);
  std::shared_ptr<const document::Document> yaml(model::Tree& tree, const model::FileEntry& entry) {
    return read(document::Format::yaml, tree, entry);
  }

  /// A pipeline that was read from this file alone and from what `handed` names; null where it is not kept.
  std::shared_ptr<const Pipeline> pipeline(const std::string& path, const std::string& handed,
                                           const model::FileEntry& entry) const;
  void keep(const std::string& path, const std::string& handed, const model::FileEntry& entry,
            std::shared_ptr<const Pipeline> pipeline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tollbar::pipeline
