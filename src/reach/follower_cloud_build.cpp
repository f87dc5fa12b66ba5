// Builds that a job hands to a cloud: the steps of a cloudbuild.yaml, the phases of a buildspec.yml.
#include <string_view>

#include "reach/follower.h"
#include "reach/node_text.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using document::Node;

/// `gcr.io/cloud-builders/docker:24` runs docker.
std::string program_of(std::string_view image) {
  image.remove_prefix(image.rfind('/') == std::string_view::npos ? 0 : image.rfind('/') + 1);
  return std::string(image.substr(0, image.find_first_of(":@")));
}

/// What a step of Cloud Build runs, as a line of a shell.
std::string step_command(const Node& step) {
  if (const std::string script = text_at(step, {"script"}); !script.empty()) return script;
  const std::string entrypoint = text_at(step, {"entrypoint"});
  std::string line = entrypoint.empty() ? program_of(text_at(step, {"name"})) : entrypoint;
  const Node* arguments = step.get("args");
  for (const auto& word : arguments != nullptr ? arguments->texts() : std::vector<std::string>())
    line += " " + (word.find('$') == std::string::npos ? util::shell_quoted(word) : '"' + word + '"');
  return line;
}

}  // namespace

void Follower::enter_cloud_build(std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  Place within = place;
  if (!entry || !descend(within, path, "", line, place.directory)) return;
  within.entered = false;
  const auto document = documents_.yaml(tree_, *entry);
  if (document->roots.empty()) return;
  const auto run = [&](const std::string& text, std::uint32_t number, const std::string& directory) {
    Place here = within;
    if (!directory.empty()) here.directory = join_directory(within.directory, directory).value_or("");
    follow_script(document::parse_shell(text, {true, false, number}), std::move(here));
  };
  const Node* steps = document->root().get("steps");
  for (const auto& step : steps != nullptr ? steps->items : std::vector<Node>())
    run(step_command(step), step.line, text_at(step, {"dir"}));
  const Node* phases = document->root().get("phases");
  for (const auto& phase : phases != nullptr ? phases->members : std::vector<document::Member>()) {
    std::string all;  // one shell for the whole phase
    const Node* commands = phase.value.get("commands");
    for (const auto& command : commands != nullptr ? commands->texts() : std::vector<std::string>())
      all += command + "\n";
    run(all, phase.value.line, "");
  }
}

}  // namespace tollbar::reach
