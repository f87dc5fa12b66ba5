// Gradle: the build files of the projects whose tasks run, and the scripts that those apply.
#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

#include "reach/follower.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr int kDeepest = 4;
constexpr std::size_t kMostApplied = 40;

/// The string that begins behind `at`, if one does before the line ends.
std::string_view string_behind(std::string_view line, std::size_t at) {
  const auto open = line.find_first_of("'\"", at);
  if (open == std::string_view::npos) return {};
  const auto close = line.find(line[open], open + 1);
  return close == std::string_view::npos ? std::string_view() : line.substr(open + 1, close - open - 1);
}

/// A path as it is written in a build file: `$rootDir/gradle/release.gradle` begins at the root.
std::string local_path(std::string_view written) {
  for (const std::string_view root :
       {"$rootDir/", "${rootDir}/", "$rootProject.projectDir/", "${rootProject.projectDir}/", "${rootProject.rootDir}/",
        "$projectDir/", "${projectDir}/"}) {
    if (!written.starts_with(root)) continue;
    const bool of_project = root.find("{project") != std::string_view::npos || root.starts_with("$project");
    return (of_project ? "" : std::string(1, kTreeRoot) + "/") + std::string(written.substr(root.size()));
  }
  const bool elsewhere = written.find("://") != std::string_view::npos || written.find('$') != std::string_view::npos;
  return elsewhere ? std::string() : std::string(written);
}

/// `apply from: "x"`, `apply(from = "x")` and `id("x")` of plugins that the build brings itself: candidates for paths,
/// one a line.
ScriptCache::Line applied_scripts(const std::string& text) {
  ScriptCache::Line found;
  std::size_t count = 0;
  bool plugins = false;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line) && count < kMostApplied;) {
    const auto words = text::trimmed(line);
    if (words.starts_with("plugins")) plugins = true;
    if (words == "}") plugins = false;
    std::string path;
    if (words.starts_with("apply")) {
      const auto from = words.find("from");
      if (from != std::string_view::npos) path = local_path(string_behind(words, from));
      const auto plugin = words.find("plugin");
      if (plugin != std::string_view::npos) path = "plugin " + std::string(string_behind(words, plugin));
    } else if (plugins &&
               (words.find("id(") != std::string_view::npos || words.find("id ") != std::string_view::npos)) {
      path = "plugin " + std::string(string_behind(words, words.find("id")));
    }
    if (path.empty() || path == "plugin ") continue;
    ++count;
    found.text += path + '\n';
  }
  return found;
}

}  // namespace

void Follower::enter_gradle(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const std::string root = text::directory_of(path);
  for (const auto& task : call.parts) {
    std::string file = path;
    const auto last = task.rfind(':');
    if (last != std::string::npos && last > 0) {  // `:web:release`
      std::string folder = task.substr(task.front() == ':' ? 1 : 0, last - (task.front() == ':' ? 1 : 0));
      std::replace(folder.begin(), folder.end(), ':', '/');
      for (const std::string_view name : {"build.gradle.kts", "build.gradle"}) {
        const std::string own = join_path(root, folder + "/" + std::string(name));
        if (!own.empty() && find(own)) file = own;
      }
    }
    enter_gradle_script(file, task, line, root, place, 0);
    if (file != path) enter_gradle_script(path, task, line, root, place, 0);
  }
}

void Follower::enter_gradle_script(const std::string& path, const std::string& part, std::uint32_t line,
                                   const std::string& root, const Place& place, int depth) {
  Place within = place;
  if (!descend(within, path, part, line, root) || depth > kDeepest) return;
  follow_program(path, within);
  const auto entry = find(path);
  if (!entry) return;
  std::istringstream paths(scripts_.line(tree_, *entry, {"scripts of Gradle"}, applied_scripts).text);
  within.certainty = Certainty::declared;
  for (std::string written; std::getline(paths, written);) {
    constexpr std::string_view plugin = "plugin ";
    if (!written.starts_with(plugin)) {
      const std::string file = join_path(text::directory_of(path), written);
      if (!file.empty() && find(file)) enter_gradle_script(file, "", line, root, within, depth + 1);
      continue;
    }
    const std::string name = written.substr(plugin.size());
    for (const std::string& own :
         {"buildSrc/src/main/groovy/" + name + ".gradle", "buildSrc/src/main/kotlin/" + name + ".gradle.kts"}) {
      const std::string file = join_path(root, own);
      if (find("buildSrc") && find(file)) enter_gradle_script(file, "", line, root, within, depth + 1);
    }
  }
}

}  // namespace tollbar::reach
