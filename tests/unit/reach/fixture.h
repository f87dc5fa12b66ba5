// Small trees of workflows and scripts, judged with the data that tollbar ships.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/memory_tree.h"
#include "reach/execution.h"
#include "reach/inventory.h"
#include "reach/knowledge.h"

namespace tollbar::reach::test {

using Files = std::map<std::string, std::string>;

/// rules/data/*.yml of this project.
const Knowledge& shipped();
document::Command command(const std::string& text);

/// @p mode is that of every file.
model::MemoryTree tree_of(const Files& files, model::FileMode mode = model::FileMode::regular);

struct Run {
  model::MemoryTree tree;
  Execution execution;
};
Run run(const Files& files, const Knowledge& knowledge = shipped());

/// What its pipelines run, one after the other.
std::vector<const ExecutedStep*> steps_of(const Execution& execution);

/// `fate tool` of every change, sorted: `neutered pytest`.
std::vector<std::string> fates(const Files& before, const Files& after, const Knowledge& knowledge = shipped());

/// A workflow for pull requests with one job `test` whose steps are these.
std::string workflow(const std::string& steps, const std::string& job = "test", const std::string& extra = "");
/// `      - run: TEXT` lines.
std::string steps(const std::vector<std::string>& commands);

inline constexpr char kCi[] = ".github/workflows/ci.yml";

}  // namespace tollbar::reach::test
