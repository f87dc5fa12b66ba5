// Both sides as lists of what their elements say, wherever in the file: what stands on one side alone is judged by
// where it stands.
#include "rule/checks/pom_edits.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "document/xml.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/replaced.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::XmlElement;
using text::is_one_of;

/// What one element says, by the names of the elements that hold it.
struct Statement {
  std::string place, value;
  bool acts = false;

  bool operator<(const Statement& other) const {
    return std::tie(place, value, acts) < std::tie(other.place, other.value, other.acts);
  }
};
using Statements = std::map<Statement, int>;  // how often

/// Runs or loads something, fetches, or reads a credential.
bool starts_something(std::string_view text) {
  static const text::Pattern words(
      R"((?<![a-z])exec(?:utable)?\b|javaagent:(?!\$\{)|agent(?:lib|path):|://|(?i:token|passw|secret|credential|nexus)|\b[sS]cript|[cC]ommand|\bbsh|[bB]eanshell|getRuntime|ProcessBuilder|\.execute\(|\$\{env\.)");
  return words.matches(text);
}

/// Plugins of Maven itself do as their names say, and only few of those act; others are known by words in theirs.
bool only_builds(std::string_view group, std::string_view name) {
  static const text::Pattern about(
      R"(tests?\b|junit|jacoco|cobertura|pitest|jmh|surefire|failsafe|coverage|javadoc|dokka|compiler|checkstyle|spotless|spotbugs|findbugs|\bpmd|\blint|detekt|errorprone|animal-sniffer|license|\bfmt|formatter|sortpom|enforcer|asciidoc|build-helper|flatten|bundle|buildnumber|jandex|revapi|japicmp|clirr|versions|modernizer|impsort|\brat\b|sonar)");
  static const text::Pattern acts(R"(antrun|deploy|gpg|release|scm|stage|remote-resources|scripting)");
  const bool of_maven = group.empty() || group == "org.apache.maven.plugins";
  return of_maven && name.starts_with("maven-") ? !acts.matches(name) : about.matches(name);
}

std::string serialized(const XmlElement& element) {
  std::string text = "<" + element.name;
  for (const auto& [name, value] : element.attributes) text += " " + name + "=" + value;
  text += ">" + element.text;
  for (const auto& child : element.children) text += serialized(child);
  return text + "</>";
}

bool is_harmless_property(std::string_view name, std::string_view value) {
  static const text::Pattern telling(
      R"((?i)version|encoding|\bjava\b|\bjdk|compiler\.|\.source|\.target|^release$|jacoco|surefire|failsafe|tests?\b|argline|checkstyle|spotbugs|pmd|javadoc|sonar|license|timestamp|module\.name|bundle|osgi)");
  static const text::Pattern acting(
      R"((?i)^(?:exec|gpg|deploy|maven\.deploy|maven\.install|sign|alt|release\w|script|antrun))");
  static const text::Pattern plain(R"(^(?:v?\d[\w.+-]*|true|false|UTF-8|\$\{[\w.-]*[vV]ersion[\w.-]*\})?$)");
  if (acting.matches(name) || starts_something(name) || starts_something(value)) return false;
  return telling.matches(name) || plain.matches(value);
}

class PomReader {
 public:
  Statements read(const XmlElement& project) {
    read_project(project);
    return std::move(found_);
  }

 private:
  void add(std::string place, std::string value, bool acts) { ++found_[{std::move(place), std::move(value), acts}]; }

  void read_project(const XmlElement& project) {
    for (const auto& section : project.children) {
      if (section.name == "build") {
        read_build(section);
      } else if (section.name == "profiles") {
        for (const auto& profile : section.children) read_project(profile);
      } else if (section.name == "properties") {
        for (const auto& property : section.children)
          add("property " + property.name, property.text, !is_harmless_property(property.name, property.text));
      } else if (section.name == "parent") {
        read_parent(section);
      } else if (section.name == "scm") {
        for (const auto& item : section.children) add("scm", serialized(item), item.name.ends_with("onnection"));
      } else if (is_one_of(section.name, {"dependencies", "dependencyManagement"})) {
        add(section.name, serialized(section), serialized(section).find("<systemPath>") != std::string::npos);
      } else {
        add(section.name, serialized(section), !tells_about_project(section.name));
      }
    }
  }

  static bool tells_about_project(std::string_view section) {
    return is_one_of(section, {"modelVersion", "groupId",       "artifactId",
                               "version",      "packaging",     "name",
                               "description",  "url",           "inceptionYear",
                               "licenses",     "organization",  "developers",
                               "contributors", "mailingLists",  "issueManagement",
                               "ciManagement", "prerequisites", "modules",
                               "subprojects",  "reporting",     "id"});
  }

  /// Another version of the parent is one of a library; another parent brings other plugins.
  void read_parent(const XmlElement& parent) {
    for (const auto& item : parent.children) add("parent", serialized(item), item.name != "version");
  }

  void read_build(const XmlElement& build) {
    for (const auto& item : build.children) {
      if (item.name == "pluginManagement") {
        read_build(item);
      } else if (item.name == "plugins") {
        for (const auto& plugin : item.children) read_plugin(plugin);
      } else {
        add("build", serialized(item), !names_place(item.name));
      }
    }
  }

  static bool names_place(std::string_view name) {
    return name.ends_with("irectory") || is_one_of(name, {"resources", "testResources", "finalName", "filters"});
  }

  /// A plugin that is only named, with its version, is one more library.
  void read_plugin(const XmlElement& plugin) {
    const auto group = plugin.text_of("groupId"), name = plugin.text_of("artifactId");
    const bool builds = only_builds(group, name);
    const std::string place = "plugin " + std::string(group) + ":" + std::string(name);
    for (const auto& item : plugin.children) {
      if (is_one_of(item.name, {"groupId", "artifactId", "version", "dependencies", "inherited"})) continue;
      if (!builds)
        add(place, serialized(item), true);
      else
        read_setting(item, std::string(name));
    }
  }

  void read_setting(const XmlElement& setting, const std::string& place) {
    std::string said = setting.name + "=" + setting.text;
    for (const auto& [name, value] : setting.attributes) said += " " + name + "=" + value;
    if (!setting.text.empty() || setting.children.empty())
      add(place, said, starts_something(place) || starts_something(said));
    for (const auto& child : setting.children) read_setting(child, place + "/" + setting.name);
  }

  Statements found_;
};

/// Neither side alone says something that acts.
bool same_acts(const Statements& before, const Statements& after) {
  const auto acts_like = [](const Statements& these, const Statements& those) {
    return std::all_of(these.begin(), these.end(), [&](const auto& statement) {
      const auto same = those.find(statement.first);
      return !statement.first.acts || (same != those.end() && same->second == statement.second);
    });
  };
  return acts_like(before, after) && acts_like(after, before);
}

std::optional<Statements> statements_of(std::string_view text) {
  if (text::trimmed(text).empty()) return Statements();
  const auto project = document::read_xml(text);
  if (!project) return std::nullopt;
  return PomReader().read(*project);
}

/// Lines of options that say how Maven itself works: its threads, its memory, what it prints.
bool is_harmless_option(std::string_view line) {
  static const text::Pattern words(
      R"(^\s*(?:(?:#.*|-T\s*\S+|--threads\s*\S+|-B|--batch-mode|-ntp|--no-transfer-progress|-e|--errors|-X[ms]\w+|-XX:[\w:+=-]+|-q|--quiet|--fail-at-end|-fae|-U|-D(?:style|file|maven\.(?:wagon|artifact|test))[\w.]*=[\w.-]*|-D(?:revision|changelist|sha1|[\w.-]*[vV]ersion)=[\w.+-]+|-Daether\.[\w.]*=[\w.-]*|--add-(?:opens|exports)\s*=?\s*\S+)\s*)*$)");
  return words.matches(line);
}

std::map<std::string, int> lines_of(std::string_view text) {
  std::map<std::string, int> counts;
  for (const auto line : text::Lines(text)) ++counts[std::string(text::trimmed(line))];
  return counts;
}

bool only_options_differ(std::string_view before, std::string_view after) {
  auto counts = lines_of(before);
  for (const auto& [line, count] : lines_of(after)) counts[line] -= count;
  return std::all_of(counts.begin(), counts.end(),
                     [](const auto& line) { return line.second == 0 || is_harmless_option(line.first); });
}

/// An address of a file with its versions taken out: newer versions are ordinary.
std::string without_versions(std::string_view text) {
  static const text::Pattern version(R"(\d+(?:\.\d+)+(?:[.-][\w]+)*|(?<==)[0-9a-f]{64}|<version>[^<]*</version>)");
  return text::replaced(text, version, "@");
}

}  // namespace

bool is_maven_file(std::string_view path) {
  const auto rooted = "/" + std::string(path);
  return text::base_name(path) == "pom.xml" || rooted.find("/.mvn/") != std::string::npos;
}

bool only_declares_maven(std::string_view path, std::string_view before, std::string_view after) {
  const auto name = text::base_name(path);
  if (name.ends_with(".config")) return only_options_differ(before, after);
  if (name != "pom.xml") return without_versions(before) == without_versions(after);
  const auto old = statements_of(before), now = statements_of(after);
  return old && now && same_acts(*old, *now);
}

}  // namespace tollbar::rule
