// Builds the trees and loads the shipped data once.
#include "fixture.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "document/formats.h"

namespace tollbar::reach::test {

const Knowledge& shipped() {
  static const Knowledge knowledge = [] {
    Knowledge result;
    const auto folder = std::filesystem::path(TOLLBAR_SOURCE_DIR) / "rules/data";
    for (const char* name : {"check-tools", "check-actions", "effects", "runners", "credentials"}) {
      std::ifstream file(folder / (std::string(name) + ".yml"));
      std::ostringstream text;
      text << file.rdbuf();
      const auto document = document::read_yaml(text.str());
      read_knowledge(document.root(), result);
    }
    result.index_tools();
    return result;
  }();
  return knowledge;
}

document::Command command(const std::string& text) {
  return document::parse_shell(text).commands.at(0);
}

model::MemoryTree tree_of(const Files& files, model::FileMode mode) {
  std::map<std::string, model::MemoryTree::File> tree;
  for (const auto& [path, bytes] : files) tree[path] = {bytes, mode};
  return model::MemoryTree(std::move(tree));
}

Run run(const Files& files, const Knowledge& knowledge) {
  Run result;
  result.tree = tree_of(files);
  pipeline::DocumentCache documents;
  result.execution = execute(result.tree, knowledge, documents);
  return result;
}

std::vector<std::string> fates(const Files& before, const Files& after, const Knowledge& knowledge) {
  const Run old = run(before, knowledge), now = run(after, knowledge);
  std::vector<std::string> result;
  for (const auto& change : compare(inventory(old.execution, knowledge), inventory(now.execution, knowledge), knowledge,
                                    {unreadable_pipelines(now.execution), {}})) {
    const Check& check = change.fate == CheckFate::added ? change.after : change.before;
    result.push_back(std::string(to_string(change.fate)) + " " + check.tool);
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::string workflow(const std::string& steps, const std::string& job, const std::string& extra) {
  return "on: [pull_request]\njobs:\n  " + job + ":\n    runs-on: ubuntu-latest\n" + extra + "    steps:\n" + steps;
}

std::string steps(const std::vector<std::string>& commands) {
  std::string result;
  for (const auto& text : commands) {
    result += "      - run: |\n";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) result += "          " + line + "\n";
  }
  return result;
}

std::vector<const ExecutedStep*> steps_of(const Execution& execution) {
  std::vector<const ExecutedStep*> steps;
  for (const auto& pipeline : execution.pipelines)
    for (const auto& step : pipeline->steps) steps.push_back(&step);
  return steps;
}

}  // namespace tollbar::reach::test
