// Gradle: the build files of the projects whose tasks run, and the scripts that those apply.
#include <algorithm>
#include <sstream>
#include <string_view>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/gradle_statements.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr int kDeepest = 4;

ScriptCache::Line read_applied(const std::string& text) {
  return {applied_scripts(text), 1};
}

}  // namespace

void Follower::enter_gradle(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const std::string root = gradle_root(text::directory_of(path));
  for (const auto& task : call.parts) {
    std::string file = path;
    const auto last = task.rfind(':');
    if (last != std::string::npos && last > 0) {  // `:web:release`
      std::string folder = task.substr(task.front() == ':' ? 1 : 0, last - (task.front() == ':' ? 1 : 0));
      std::replace(folder.begin(), folder.end(), ':', '/');
      const auto directory = join_path(root, folder);
      const auto own = directory.empty() ? std::string() : first_file(directory, {"build.gradle", "build.gradle.kts"});
      if (!own.empty()) file = own;
    }
    enter_gradle_script(file, task, line, root, place, 0);
    if (file != path) enter_gradle_script(path, task, line, root, place, 0);
  }
  for (const auto& script : call.loaded) {
    const auto file = join_path(place.directory, script);
    if (!file.empty() && find(file)) enter_gradle_script(file, "", line, root, place, 0);
  }
  if (!only_builds(call.parts)) enter_gradle_build(path, line, place);
}

void Follower::enter_gradle_script(const std::string& path, const std::string& part, std::uint32_t line,
                                   const std::string& root, const Place& place, int depth) {
  Place within = place;
  if (!descend(within, path, part, line, root) || depth > kDeepest) return;
  follow_program(path, within);
  const auto entry = find(path);
  if (!entry) return;
  std::istringstream paths(scripts_.line(tree_, *entry, {"scripts of Gradle"}, read_applied).text);
  within.certainty = Certainty::declared;
  for (std::string written; std::getline(paths, written);) {
    constexpr std::string_view plugin = "plugin ";
    if (!written.starts_with(plugin)) {
      const std::string file = written_path(written, text::directory_of(path), root);
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
