// Images that a step builds: the stages of a Dockerfile, alone or through a bake or compose file.
#include <algorithm>
#include <iterator>
#include <sstream>
#include <string_view>

#include "reach/bake.h"
#include "reach/follower.h"
#include "reach/image_stages.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Node;

std::string text_of(const Node& node, std::string_view key, std::string_view fallback) {
  const Node* found = node.get(key);
  return std::string(found != nullptr ? found->text(fallback) : fallback);
}

/// The items of a list that an input holds, by commas or lines.
std::vector<std::string> listed(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// What a container runs, a text or a list of words, as a line of a shell.
std::string container_command(const Node& command) {
  if (command.is_scalar()) return command.scalar;
  std::string line;
  for (const auto& word : command.texts()) {
    if (!line.empty()) line += ' ';
    line += '\'';
    for (const char byte : word) line += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
    line += '\'';
  }
  return line;
}

}  // namespace

void Follower::enter_image(const std::string& path, const std::string& target, std::uint32_t line, const Place& place) {
  Place within = place;
  within.certainty = Certainty::declared;
  if (!descend(within, path, target, line, "")) return;
  const auto entry = find(path);
  const std::string_view name = text::base_name(path);
  const bool image =
      name.find("ockerfile") != std::string_view::npos || name.find("ontainerfile") != std::string_view::npos;
  if (!entry || entry->mode == model::FileMode::directory || !image) return;
  within.entered = false;
  within.at_best = Certainty::inferred;  // the image's files need not be the tree's
  const auto file = scripts_.dockerfile(tree_, *entry);
  for (const auto* instruction : instructions_of(*file, target)) {
    if (instruction->name == "RUN") follow_script({file, &instruction->script}, within);
  }
}

void Follower::enter_entrypoint(const std::string& path, const std::string& directory, std::uint32_t line,
                                const Place& place) {
  const auto entry = find(path);
  if (!entry || entry->mode == model::FileMode::directory || path.find("ockerfile") == std::string::npos) return;
  for (const auto& instruction : scripts_.dockerfile(tree_, *entry)->instructions) {
    if (instruction.name != "ENTRYPOINT" && instruction.name != "CMD") continue;
    for (const auto& command : instruction.script.commands) {
      if (command.argv.empty()) continue;
      Call call;
      call.certainty = Certainty::inferred;
      for (const auto& word : command.argv) {
        const std::string beside = join_path(directory, std::string(text::base_name(word.text)));
        if (word.text.find('/') == std::string::npos || word.dynamic || beside.empty()) continue;
        const auto script = find(beside);
        if (!script || script->mode == model::FileMode::directory) continue;
        Place here = place;
        here.certainty = call.certainty;
        document::Command started = command;
        started.line = line;
        enter_script(call, started, {}, beside, here);
      }
    }
  }
}

bool Follower::enter_bake(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return false;
  const auto format = path.ends_with(".json") ? document::Format::json : document::Format::hcl;
  const auto document = documents_.read(format, tree_, *entry);
  const auto parts = call.parts.empty() ? std::vector<std::string>{"default"} : call.parts;
  const auto followed = std::count_if(parts.begin(), parts.end(), [&](const std::string& part) {
    const auto targets = part == "*" ? all_bake_targets(document->root()) : bake_targets(document->root(), part);
    Place within = place;
    if (!descend(within, path, part, line, place.directory)) return true;
    return std::count_if(targets.begin(), targets.end(), [&](const BakeTarget& target) {
             if (target.context.empty() || target.dockerfile.empty()) return false;
             const std::string context = join_path(place.directory, target.context);
             const std::string image = context.empty() ? context : in_tree(join_path(context, target.dockerfile));
             if (image.empty() || !find(image)) return false;
             enter_image(image, target.stage, line, within);
             return true;
           }) > 0;
  });
  return followed > 0 && static_cast<std::size_t>(followed) == parts.size();
}

void Follower::enter_compose(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return;
  const auto document = documents_.yaml(tree_, *entry);
  const Node* services = document->root().get("services");
  if (services == nullptr || !services->is_mapping()) return;
  const std::string directory = text::directory_of(path);
  for (const auto& member : services->members) {
    const std::string name(member.key.text());
    if (!call.parts.empty() && std::find(call.parts.begin(), call.parts.end(), name) == call.parts.end()) continue;
    const Node* build = member.value.get("build");
    const Node* command = call.main_part == name ? member.value.get("command") : nullptr;
    Place within = place;
    if ((build == nullptr && command == nullptr) || !descend(within, path, name, line, directory)) continue;
    if (build != nullptr) enter_build(*build, directory, within);
    if (command == nullptr) continue;
    within.entered = false;
    within.at_best = Certainty::inferred;  // the image's files need not be the tree's
    follow_script(document::parse_shell(container_command(*command), {true, false, command->line}), within);
  }
}

void Follower::enter_build(const Node& build, const std::string& directory, const Place& place) {
  const std::string context = build.is_scalar() ? build.scalar : text_of(build, "context", ".");
  const std::string folder = join_path(directory, context);
  if (folder.empty()) return;
  const std::string path = join_path(folder == "." ? "" : folder, text_of(build, "dockerfile", "Dockerfile"));
  if (!path.empty() && find(path)) enter_image(path, text_of(build, "target", ""), build.line, place);
}

bool Follower::builds_images(const pipeline::Step& step) {
  const auto name = text::base_name(step.uses);  // others publish the same for their own builders
  return name == "build-push-action" || name == "bake-action";
}

void Follower::follow_image_action(const pipeline::Step& step, const Place& place) {
  const auto input = [&](const std::string& name, const std::string& fallback) {
    const auto found = step.with.find(name);
    return found == step.with.end() || found->second.empty() ? fallback : found->second;
  };
  if (text::base_name(step.uses) == "build-push-action") {
    const std::string path = join_path("", input("file", input("context", ".") + "/Dockerfile"));
    if (!path.empty() && find(path)) enter_image(path, input("target", ""), step.line, place);
    return;
  }
  std::vector<std::string> argv{"docker", "buildx", "bake"};
  for (const auto& file : listed(input("files", ""))) argv.insert(argv.end(), {"-f", file});
  for (const auto& target : listed(input("targets", ""))) argv.push_back(target);
  Place here = place;
  if (const std::string directory = input("workdir", ""); !directory.empty())
    here.directory = join_path(place.directory, directory) == "." ? "" : join_path(place.directory, directory);
  for (const auto& call : calls_of(argv, false)) {
    const std::string path = locate(call, here);
    if (!path.empty()) enter_bake(call, step.line, path, here);
  }
}

}  // namespace tollbar::reach
