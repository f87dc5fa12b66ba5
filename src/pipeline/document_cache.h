// Parsed documents by blob id, so that a file is read once however many commits hold it.
#pragma once

#include <memory>

#include "document/formats.h"
#include "document/node.h"
#include "model/tree.h"

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

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tollbar::pipeline
