// Facts about dependencies that a manifest names for the first time. Another version of a known one is none, and so is
// one that another manifest of the change named before.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/edit.h"
#include "document/program_text.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/ascii.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using text::Pattern;

/// What a manifest depends on, each name with the line that names it.
using Names = std::map<std::string, std::uint32_t>;

/// Manifests of an ecosystem: names are keys of mappings, stand in texts such as `requests[socks]>=2`, or are found in
/// lines. Sources: the reference of package.json of npm, PEP 508, 621, 735, Poetry's, Cargo's and Composer's manuals.
struct Manifest {
  const char* kind;       ///< of file, see rules/data/kinds.yml
  const char* ecosystem;  ///< for people
  std::vector<document::PathPattern> keys, texts;
  const Pattern* lines = nullptr;  ///< group 1 is the name
};

const std::vector<Manifest>& manifests() {
  using document::PathPattern;
  static const Pattern requirement(R"((?m)^[ \t]*([A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]\n]*\][ \t]*)?(?:[<>=!~;#@].*)?$)");
  static const Pattern module(
      R"((?m)^[ \t]*(?:require[ \t]+)?([\w.-]+\.[\w-]+(?:/[^\s=]+)*)[ \t]+v\d\S*(?![^\n]*(?:=>|//[ \t]*indirect)))");
  static const Pattern gradle(
      R"((?m)^[ \t]*(?:\w*(?:[iI]mplementation|[aA]pi|(?:compile|runtime)Only)|kapt|ksp|annotationProcessor)[ \t(]+(?:platform\()?['"]([^'":\n]+:[^'":\n]+)[:'"])");
  static const Pattern maven(R"((?s)<dependency>(?:(?!</dependency>).)*?<artifactId>\s*([^<\s]+)\s*</artifactId>)");
  static const std::vector<Manifest> table = [] {
    std::vector<Manifest> result;
    result.push_back({"npm-manifest",
                      "npm",
                      {PathPattern("{dependencies,devDependencies,optionalDependencies,peerDependencies}.*")},
                      {}});
    result.push_back({"python-manifest",
                      "Python",
                      {PathPattern("tool.poetry.{dependencies,dev-dependencies}.*"),
                       PathPattern("tool.poetry.group.*.dependencies.*")},
                      {PathPattern("project.dependencies.*"), PathPattern("project.optional-dependencies.*.*"),
                       PathPattern("dependency-groups.*.*")}});
    result.push_back({"uv-config", "Python", {PathPattern("{packages,dev-packages}.*")}, {}});
    result.push_back({"requirements", "Python", {}, {}, &requirement});
    result.push_back(
        {"cargo-manifest",
         "Rust",
         {PathPattern("{dependencies,dev-dependencies,build-dependencies}.*"), PathPattern("workspace.dependencies.*"),
          PathPattern("target.*.{dependencies,dev-dependencies,build-dependencies}.*")},
         {}});
    result.push_back({"composer-manifest", "PHP", {PathPattern("{require,require-dev}.*")}, {}});
    result.push_back({"go-module", "Go", {}, {}, &module});
    result.push_back({"gradle-script", "JVM", {}, {}, &gradle});
    result.push_back({"maven-manifest", "JVM", {}, {}, &maven});
    return result;
  }();
  return table;
}

/// PEP 503: case, dots and underscores do not tell packages apart.
std::string python_name(std::string_view written) {
  std::string name = text::ascii_lower(written);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '_' || c == '.'; }, '-');
  return name;
}

/// `requests` of `requests[socks] >= 2; python_version < "3"`.
std::string_view required_name(std::string_view requirement) {
  return text::trimmed(requirement.substr(0, requirement.find_first_of("[<>=!~;@ (")));
}

/// A part of the same repository, or what the root of the workspace names: `{path: ../mill}`, `workspace:*`.
bool is_own(const document::Node& value) {
  const auto text = value.text();
  const bool local = text.starts_with("workspace:") || text.starts_with("link:") || text.starts_with("file:") ||
                     text.starts_with("portal:");
  return local || value.get("path") != nullptr || value.get("workspace") != nullptr;
}

/// The language itself and its extensions stand among the dependencies of Poetry and Composer.
bool is_platform(std::string_view name) {
  return name == "python" || name == "php" || name.starts_with("ext-") || name.starts_with("lib-");
}

Names names_in(const Manifest& manifest, const document::Document& document, std::string_view text) {
  Names names;
  const bool python = std::string_view(manifest.ecosystem) == "Python";
  const auto add = [&](std::string_view name, std::uint32_t line) {
    if (!name.empty() && !is_platform(name)) names.emplace(python ? python_name(name) : std::string(name), line);
  };
  for (const auto& root : document.roots) {
    for (const auto& pattern : manifest.keys)
      for (const auto& place : document::find_all(root, pattern))
        if (!is_own(*place.node)) add(place.path.back().text, place.node->line);
    for (const auto& pattern : manifest.texts)
      for (const auto& place : document::find_all(root, pattern))
        add(required_name(place.node->text()), place.node->line);
  }
  if (manifest.lines != nullptr)
    text::each_match(*manifest.lines, text, [&](const text::Match& match) {
      const auto name = *match.groups[1];
      add(name, document::line_at(text, static_cast<std::size_t>(name.data() - text.data())));
    });
  return names;
}

KindSet kinds_of_manifests(const Kinds& kinds) {
  KindSet set;
  for (const auto& manifest : manifests())
    if (const auto kind = kinds.index(manifest.kind)) set.set(*kind);
  return set;
}

const Manifest& manifest_of(const FileChange& file, const Kinds& kinds) {
  return *std::find_if(manifests().begin(), manifests().end(), [&](const Manifest& manifest) {
    const auto kind = kinds.index(manifest.kind);
    return kind && file.kinds()[*kind];
  });
}

struct Changed {
  const Manifest* manifest = nullptr;
  FileChange* file = nullptr;
  Names before, after;
};

std::vector<Changed> read_all(Change& change) {
  std::vector<Changed> all;
  const auto& kinds = change.rules().kinds;
  const auto any_manifest = kinds_of_manifests(kinds);
  for (auto& file : change.files()) {
    if (file.delta().mode_only() || (file.kinds() & any_manifest).none()) continue;
    if (file.binary() || !file.unreadable(file.kinds()).empty()) continue;
    const auto* manifest = &manifest_of(file, kinds);
    const bool structured = manifest->lines == nullptr;
    static const document::Document none;
    all.push_back({manifest, &file, {}, {}});
    if (file.delta().before)
      all.back().before = names_in(*manifest, structured ? file.before_document() : none, file.before_text());
    if (file.delta().after)
      all.back().after = names_in(*manifest, structured ? file.after_document() : none, file.after_text());
  }
  return all;
}

}  // namespace

void dependency_facts(Change& change, std::vector<Fact>& facts) {
  const auto all = read_all(change);
  std::map<std::string_view, std::set<std::string_view>> known;
  for (const auto& changed : all)
    for (const auto& [name, line] : changed.before) known[changed.manifest->ecosystem].insert(name);
  for (const auto& changed : all) {
    for (const auto& [name, line] : changed.after) {
      if (known[changed.manifest->ecosystem].count(name) != 0) continue;
      Fact fact;
      fact.kind = "dependency-new";
      fact.path = changed.file->path();
      fact.line = line;
      fact.subject = fact.after = name;
      fact.attributes["name"] = name;
      fact.attributes["ecosystem"] = changed.manifest->ecosystem;
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
