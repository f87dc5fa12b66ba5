// The table of CI systems: which files are live, and who reads them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/tree.h"
#include "pipeline/document_cache.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

struct Reader {
  System system;
  /// True for a path where the system looks for pipelines (folded path).
  bool (*is_live)(std::string_view path);
  /// Where to look: directories and files of the tree, so that no whole tree is walked.
  std::vector<std::string> (*find)(model::Tree& tree);
  /// Never throws for bad content: the pipeline is marked broken instead.
  Pipeline (*read)(model::Tree& tree, std::string_view path, DocumentCache& documents);
};

const std::vector<Reader>& readers();

/// What these pipelines say stands in one file, whatever else the tree holds.
bool self_contained(System system);

/// Where a live pipeline stands.
struct PipelinePlace {
  System system;
  std::string path;
};
/// Every live pipeline of a tree, by system and path.
std::vector<PipelinePlace> find_all(model::Tree& tree);
/// The same, read; none is null.
std::vector<std::shared_ptr<const Pipeline>> read_all(model::Tree& tree, DocumentCache& documents);

/// The pipeline in one file, live or not; never null.
std::shared_ptr<const Pipeline> read_one(System system, model::Tree& tree, const std::string& path,
                                         DocumentCache& documents);

/// What a caller hands to a workflow or an action of GitHub: texts by the names of its inputs. One with `${{ }}` in it
/// is not known.
using HandedInputs = std::map<std::string, std::string>;

/// The workflow or action of GitHub in one file as this caller finds it: conditions, runners and arguments that its
/// inputs decide are decided. Never null.
std::shared_ptr<const Pipeline> read_called(System system, model::Tree& tree, const std::string& path,
                                            DocumentCache& documents, const HandedInputs& handed);

/// The action that stands in a directory of the tree ("" is the root) as `action.yml` or `action.yaml`: one job `runs`,
/// whose steps are those of a composite action, or one step that names the files of a JavaScript or Docker action in
/// `with`. Null where there is none. `handed` null: of its inputs nothing is known.
std::shared_ptr<const Pipeline> read_action(model::Tree& tree, std::string_view directory, DocumentCache& documents,
                                            const HandedInputs* handed = nullptr);

}  // namespace tollbar::pipeline
