// Reading the fields of a pipeline document, whatever kind of node stands there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/tree.h"
#include "pipeline/model.h"
#include "pipeline/readers.h"

namespace tollbar::pipeline {

/// Limit for nodes rendered in one line where the text is compared, not shown.
inline constexpr std::size_t kWholeText = 16'384;

using StringMap = std::map<std::string, std::string>;

/// A scalar's text, a short rendering of anything else, nothing for null or absent nodes.
std::string text_of(const document::Node* node);
/// A mapping's values as texts; empty for anything else.
StringMap text_map(const document::Node* node);
/// `over` laid over `base`.
StringMap merged(StringMap base, const StringMap& over);
/// texts() of a node that may be absent.
std::vector<std::string> texts_of(const document::Node* node);
/// Calls for each member of a mapping that counts: the last one of duplicates.
void for_each_member(const document::Node* node,
                     const std::function<void(std::string_view key, const document::Node& value)>& visit);
/// The line on which a scalar's own text begins: below the `|` of a block.
std::uint32_t script_line(const document::Node& scalar);
/// A script written as text or as a list of texts.
struct ScriptSection {
  std::string text;
  std::string padded;  ///< the same with every item on its own line of the file, so that commands know where they stand
  std::uint32_t line = 0;
};
ScriptSection read_section(const document::Node& node);
/// A directory relative to the root of the tree: `./a/../b/` -> `b`. What leads outside, or is computed, is kept as it
/// is.
std::string normalise_directory(std::string_view path);
/// `base` followed by `path`, normalised.
std::string join_path(std::string_view base, std::string_view path);

/// The document of a live pipeline, its problems copied into the pipeline. Null (and the pipeline marked broken) where
/// there is no file, it cannot be trusted, or its root is no mapping; an empty document is a mapping without members.
std::shared_ptr<const document::Document> open_pipeline(Pipeline& pipeline, model::Tree& tree,
                                                        DocumentCache& documents);

/// The files directly in a directory whose name ends in one of `endings`, regardless of the case of its path.
std::vector<std::string> files_in(model::Tree& tree, std::string_view directory,
                                  const std::vector<std::string_view>& endings);
/// Those of `paths` that are files of the tree, regardless of the case of their names.
std::vector<std::string> existing_files(model::Tree& tree, const std::vector<std::string_view>& paths);
/// Every directory of the tree that is `directory`, regardless of case.
std::vector<std::string> directories_like(model::Tree& tree, std::string_view directory);

}  // namespace tollbar::pipeline
