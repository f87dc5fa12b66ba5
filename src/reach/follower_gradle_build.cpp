// A build of Gradle that does more than build: before any of its tasks runs, its settings do, the build files of all
// its projects and its own plugins.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/gradle_statements.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

constexpr std::size_t kMostProjects = 400;
constexpr std::size_t kMostFolders = 64;  // of the sources of a build's own plugins
constexpr int kDeepestBuild = 3;

/// `a:b` of a build is the folder `a/b`, unless the settings say otherwise.
std::string folder_of(const std::string& project, const GradleStatements& settings) {
  for (std::size_t i = 0; i + 1 < settings.folders.size(); i += 2)
    if (settings.folders[i] == project) return settings.folders[i + 1];
  std::string folder = project;
  std::replace(folder.begin(), folder.end(), ':', '/');
  return folder;
}

bool is_source(std::string_view name) {
  constexpr std::array<std::string_view, 6> kEndings{".gradle", ".kts", ".kt", ".java", ".groovy", ".scala"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return name.ends_with(ending); });
}

ScriptCache::Line read_plugin_marks(const std::string& text) {
  return {makes_plugins(text) ? "makes plugins" : "", 1};
}

ScriptCache::Line read_statements(const std::string& text) {
  return {to_lines(gradle_statements(text)), 1};
}

}  // namespace

std::string Follower::first_file(const std::string& folder, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const std::string path = join_path(folder, name);
    const auto entry = path.empty() ? std::nullopt : find(path);
    if (entry && entry->mode != model::FileMode::directory) return path;
  }
  return {};
}

void Follower::enter_gradle_build(const std::string& path, std::uint32_t line, const Place& place) {
  enter_gradle_projects(gradle_root(directory_of(path)), line, place, 0);
}

bool Follower::brings_plugins(const std::string& build_file) {
  const auto entry = build_file.empty() ? std::nullopt : find(build_file);
  return entry && !scripts_.line(tree_, *entry, {"plugins of Gradle"}, read_plugin_marks).text.empty();
}

std::string Follower::gradle_root(const std::string& folder) {
  return nearest_above(folder, [&](const std::string& above) {
    return !first_file(above, {"settings.gradle.kts", "settings.gradle"}).empty();
  });
}

void Follower::enter_gradle_projects(const std::string& root, std::uint32_t line, const Place& place, int depth) {
  const std::string file = first_file(root, {"settings.gradle.kts", "settings.gradle"});
  const auto entry = file.empty() ? std::nullopt : find(file);
  const auto settings = entry ? from_lines(scripts_.line(tree_, *entry, {"settings of Gradle"}, read_statements).text)
                              : GradleStatements();
  if (!file.empty()) enter_gradle_script(file, "", line, root, place, 0);
  if (const auto properties = first_file(root, {"gradle.properties"}); !properties.empty())
    enter_gradle_script(properties, "", line, root, place, 0);
  std::vector<std::string> folders{root};
  for (std::size_t i = 0; i < settings.projects.size() && i < kMostProjects; ++i) {
    const auto folder = join_directory(root, folder_of(settings.projects[i], settings));
    if (folder && *folder != root) folders.push_back(*folder);
  }
  for (const auto& folder : folders) {
    const std::string name(text::base_name(folder));
    const auto build_file =
        first_file(folder, {"build.gradle.kts", "build.gradle", name + ".gradle.kts", name + ".gradle"});
    if (!build_file.empty() && !runs(build_file)) enter_gradle_script(build_file, "", line, root, place, 0);
    std::size_t left = kMostFolders;
    if (depth > 0 && (text::base_name(root) == "buildSrc" || brings_plugins(build_file)))
      enter_plugin_sources(below(folder, "src/main"), line, place, left);
  }
  if (depth >= kDeepestBuild) return;
  if (find(below(root, "buildSrc"))) enter_gradle_projects(below(root, "buildSrc"), line, place, depth + 1);
  for (const auto& build : settings.builds) {
    const auto folder = join_directory(root, build);
    if (folder && !folder->empty() && *folder != root && find(*folder))
      enter_gradle_projects(*folder, line, place, depth + 1);
  }
}

void Follower::enter_plugin_sources(const std::string& folder, std::uint32_t line, const Place& place,
                                    std::size_t& left) {
  const auto there = find(folder);
  if (!there || there->mode != model::FileMode::directory || left == 0) return;
  --left;
  execution_.dependence.listed.insert(folder);
  for (const auto& [name, entry] : tree_.list(folder)) {
    const std::string path = below(folder, name);
    if (entry.mode == model::FileMode::directory) {
      enter_plugin_sources(path, line, place, left);
    } else if (is_source(name) && !runs(path)) {
      execution_.dependence.consulted.insert(path);
      Place within = place;
      descend(within, path, "", line, place.directory);
    }
  }
}

}  // namespace tollbar::reach
