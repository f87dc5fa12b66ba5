// Maven: a build that does more than build runs the plugins of all its modules, and before them its own extensions.
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/maven_statements.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

constexpr std::size_t kMostPoms = 400;

ScriptCache::Line read_statements(const std::string& text) {
  return {to_lines(maven_statements(text)), 1};
}

/// A command with the root of the build put in, as a place in the tree.
std::string placed(std::string text, const std::string& root) {
  const std::string mark = std::string(1, kTreeRoot) + "/";
  for (auto at = text.find(mark); !root.empty() && at != std::string::npos; at = text.find(mark, at + mark.size()))
    text.insert(at + mark.size(), root + "/");
  return text;
}

}  // namespace

void Follower::enter_maven(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  Place last = place;
  for (const auto& goal : call.parts.empty() ? std::vector<std::string>{""} : call.parts) {
    Place within = place;
    if (descend(within, path, goal, line, place.directory)) last = std::move(within);
  }
  for (const auto& settings : call.loaded) {
    Place within = place;
    const auto file = join_path(place.directory, settings);
    if (!file.empty() && find(file)) descend(within, file, "", line, place.directory);
  }
  if (only_builds_maven(call.parts) || last.path != path) return;
  last.certainty = Certainty::declared;
  const std::string root = maven_root(directory_of(path));
  for (const std::string_view name : {".mvn/extensions.xml", ".mvn/maven.config", ".mvn/jvm.config"}) {
    Place within = place;
    if (find(below(root, name))) descend(within, below(root, name), "", line, place.directory);
  }
  const std::string wrapper = below(root, ".mvn/wrapper/maven-wrapper.properties");
  if (call.main_part == "mvnw" && find(wrapper)) {
    Place within = place;
    descend(within, wrapper, "", line, place.directory);
  }
  std::set<std::string> seen{path};
  const MavenBuild build{root, {call.recursive ? std::vector<std::string>() : call.workspaces, directory_of(path)}};
  follow_pom(path, line, build, last, seen);
}

std::string Follower::maven_root(const std::string& folder) {
  return nearest_above(folder, [&](const std::string& above) {
    const auto found = find(below(above, ".mvn"));
    return found && found->mode == model::FileMode::directory;
  });
}

void Follower::follow_pom(const std::string& path, std::uint32_t line, const MavenBuild& build, const Place& place,
                          std::set<std::string>& seen) {
  const std::string& root = build.root;
  const auto entry = find(path);
  if (!entry) return;
  const auto statements =
      maven_statements_from(scripts_.line(tree_, *entry, {"statements of Maven"}, read_statements).text);
  const std::string folder = directory_of(path);
  for (const auto& command : statements.commands) {
    Place here = place;
    here.entered = false;
    here.directory = folder;
    if (!command.directory.empty()) {
      const auto directory = written_path(command.directory, folder, root);
      here.directory = directory == "." ? "" : directory;
    }
    follow_script(document::parse_shell(placed(command.text, root), {true, false, command.line}), std::move(here));
  }
  for (const auto& written : statements.files) {
    const auto file = written_path(written, folder, root);
    if (file.empty() || file == "." || !find(file)) continue;
    Place within = place;
    if (descend(within, file, "", line, folder)) follow_program(file, within);
  }
  auto poms = statements.modules;
  if (!statements.parent.empty()) poms.push_back(statements.parent);
  for (const auto& written : poms) {
    auto pom = written_path(written, folder, root);
    if (pom == ".") pom.clear();
    if (!pom.ends_with(".xml")) pom = below(pom, "pom.xml");
    const bool is_parent = &written == &poms.back() && !statements.parent.empty();
    if (!is_parent && !build.projects.hold(directory_of(pom))) continue;
    if (seen.size() >= kMostPoms || !find(pom) || !seen.insert(pom).second) continue;
    Place within = place;
    if (!descend(within, pom, "", line, directory_of(pom))) continue;
    within.certainty = Certainty::declared;
    follow_pom(pom, line, build, within, seen);
  }
}

}  // namespace tollbar::reach
