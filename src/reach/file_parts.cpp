// Each reader keeps line numbers where they are told later.
#include "reach/file_parts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "document/formats.h"
#include "reach/go_module.h"
#include "reach/gradle_statements.h"
#include "reach/maven_statements.h"
#include "reach/program_calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

/// A first-level key of package.json under which nothing stands that a script runs or obeys: dependencies, for which
/// lock files answer, and words about the package.
bool never_executed(std::string_view manifest_key) {
  constexpr std::array<std::string_view, 15> kKeys{"version",
                                                   "dependencies",
                                                   "devDependencies",
                                                   "peerDependencies",
                                                   "optionalDependencies",
                                                   "description",
                                                   "keywords",
                                                   "author",
                                                   "contributors",
                                                   "homepage",
                                                   "license",
                                                   "private",
                                                   "repository",
                                                   "bugs",
                                                   "engines"};
  return std::find(kKeys.begin(), kKeys.end(), manifest_key) != kKeys.end();
}

/// The text without what never runs; line numbers stay.
std::string executed_text(std::string_view text) {
  const document::Document document = document::read_json(text);
  const auto& members = document.root().members;
  std::vector<bool> blank(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 2);
  for (std::size_t i = 0; i < members.size() && !document.broken(); ++i) {
    const auto first = members[i].key.line, last = members[i].value.end_line;
    const bool shared = first <= document.root().line || (i > 0 && members[i - 1].value.end_line == first) ||
                        (i + 1 < members.size() ? members[i + 1].key.line : document.root().end_line) == last;
    if (shared || last >= blank.size() || !never_executed(members[i].key.text())) continue;
    std::fill(blank.begin() + first, blank.begin() + last + 1, true);
  }
  std::string result;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (!blank[++number]) result.append(text.substr(begin, end - begin));
    result += '\n';
    begin = end + 1;
  }
  return result;
}

/// A Cargo.toml without its tables of dependencies, the greater part of it; as it is where a text over several lines
/// may hold what looks like the head of a table.
std::string without_dependencies(std::string_view toml) {
  if (toml.find("\"\"\"") != std::string_view::npos || toml.find("'''") != std::string_view::npos)
    return std::string(toml);
  std::string rest;
  bool is_left_out = false;
  for (const auto line : text::Lines(toml)) {
    if (line.starts_with('[')) is_left_out = line.find("dependencies") != std::string_view::npos;
    if (!is_left_out) rest.append(line).append("\n");
  }
  return rest;
}

/// Of a Cargo.toml: which programs of which packages it names.
std::string cargo_programs(std::string_view text) {
  const document::Document document = document::read_toml(without_dependencies(text));
  if (document.broken()) return std::string(text);
  const auto& root = document.root();
  std::string result;
  for (const auto* node : {root.get({"package", "name"}), root.get({"package", "default-run"}),
                           root.get({"workspace", "members"}), root.get("bin")})
    result += (node != nullptr ? node->brief(text.size()) : std::string()) + "\n";
  return result;
}

/// Of a pnpm-workspace.yaml: the packages that it keeps together.
std::string workspace_members(std::string_view text) {
  const document::Document document = document::read_yaml(text);
  if (document.broken() || document.roots.empty()) return std::string(text);
  if (document.root().is_sequence()) return std::string(text);
  const auto* packages = document.root().get("packages");
  return packages == nullptr ? std::string() : packages->brief(text.size());
}

/// Of a turbo.json: the tasks of the root that it names.
std::string root_tasks(std::string_view text) {
  const document::Document document = document::read_json(text);
  if (document.broken()) return std::string(text);
  std::string names;
  for (const auto* key : {"tasks", "pipeline"})
    if (const auto* tasks = document.root().get(key); tasks != nullptr)
      for (const auto& task : tasks->members)
        if (task.key.text().starts_with("//#")) names.append(key).append(task.key.text()).append("\n");
  return names;
}

/// Of a Gradle file: what it calls and which others it brings in.
std::string followed_in_gradle(std::string_view text) {
  const std::string build(text);
  return called_texts(build).text + applied_scripts(build) + to_lines(gradle_statements(build)) +
         (makes_plugins(build) ? "plugins" : "");
}

/// Of a pom: what its plugins run and which others it brings in.
std::string followed_in_maven(std::string_view text) {
  return to_lines(maven_statements(text));
}

}  // namespace

std::string followed_in_manifest(std::string_view text) {
  constexpr std::array<std::string_view, 5> kKeys{"name", "scripts", "wireit", "workspaces", "bin"};
  const auto manifest = document::read_json(text);
  std::vector<bool> counts(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 2, manifest.broken());
  for (const auto& member : manifest.root().members) {
    const bool is_followed = std::find(kKeys.begin(), kKeys.end(), member.key.text()) != kKeys.end();
    for (auto line = member.key.line; is_followed && line <= member.value.end_line && line < counts.size(); ++line)
      counts[line] = true;
  }
  std::string followed;
  std::size_t number = 0;
  for (const auto line : text::Lines(text))
    if (counts[++number]) followed.append(std::to_string(number)).append(line).append("\n");
  return followed;
}

ReadPart executed_in(std::string_view path) {
  const auto name = text::base_name(path);
  if (name == "package.json") return executed_text;
  if (name == "Cargo.toml") return cargo_programs;
  if (name == "pnpm-workspace.yaml") return workspace_members;
  if (name == "turbo.json") return root_tasks;
  return name == "go.mod" ? module_of : nullptr;
}

ReadPart followed_in(std::string_view path) {
  if (path.ends_with(".gradle") || path.ends_with(".kts")) return followed_in_gradle;
  if (path.ends_with("pom.xml")) return followed_in_maven;
  return text::base_name(path) == "package.json" ? followed_in_manifest : executed_in(path);
}

}  // namespace tollbar::reach
