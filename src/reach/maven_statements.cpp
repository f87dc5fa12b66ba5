// By the shape of a configuration and not by the plugin's name: an executable with arguments, a script, an ant task.
#include "reach/maven_statements.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "document/xml.h"
#include "reach/calls.h"
#include "text/lines.h"
#include "text/word_list.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using document::XmlElement;

constexpr std::size_t kMostStatements = 400;

/// A path from the pom's folder; empty where something in it is computed.
std::string path_of(std::string_view written) {
  if (written.starts_with("file://")) written.remove_prefix(written.starts_with("file:///") ? 8 : 7);
  for (const std::string_view here : {"${project.basedir}/", "${basedir}/", "${pom.basedir}/", "./"})
    if (written.starts_with(here)) written.remove_prefix(here.size());
  std::string path;
  for (const std::string_view root : {"${maven.multiModuleProjectDirectory}/", "${session.executionRootDirectory}/",
                                      "${session.rootDirectory}/", "${project.rootDirectory}/"}) {
    if (!written.starts_with(root)) continue;
    path = std::string(1, kTreeRoot) + "/";
    written.remove_prefix(root.size());
  }
  const bool computed = written.find('$') != std::string_view::npos || written.find('\n') != std::string_view::npos ||
                        written.find("://") != std::string_view::npos;
  return computed ? std::string() : path + std::string(written);
}

/// A word of a command: a path of the build where it is one, else quoted as it stands.
std::string word_of(std::string_view written) {
  const bool names_place = written.starts_with("${") && written.find('}') + 1 < written.size();
  const auto path = names_place ? path_of(written) : std::string();
  if (path.empty()) return util::shell_quoted(std::string(written));
  return util::shell_quoted(path.front() == kTreeRoot ? path : "./" + path);
}

class PomReader {
 public:
  MavenStatements read(const XmlElement& project) {
    read_frame(project);
    if (const auto* parent = project.child("parent")) {
      const auto* told = parent->child("relativePath");
      found_.parent = told == nullptr ? "../pom.xml" : path_of(told->text);
    }
    if (const auto* build = project.child("build")) read_build(*build);
    for (const auto* profiles = project.child("profiles"); profiles != nullptr; profiles = nullptr)
      for (const auto& profile : profiles->children) {
        read_frame(profile);
        if (const auto* build = profile.child("build")) read_build(*build);
      }
    return std::move(found_);
  }

 private:
  void read_frame(const XmlElement& project) {
    for (const std::string_view list : {"modules", "subprojects"})
      if (const auto* modules = project.child(list))
        for (const auto& module : modules->children) {
          auto path = path_of(module.text);
          if (!path.empty() && found_.modules.size() < kMostStatements) found_.modules.push_back(std::move(path));
        }
  }

  void read_build(const XmlElement& build) {
    for (const auto* place : {&build, build.child("pluginManagement")})
      if (const auto* plugins = place != nullptr ? place->child("plugins") : nullptr)
        for (const auto& plugin : plugins->children) read_plugin(plugin);
  }

  void read_plugin(const XmlElement& plugin) {
    if (const auto* configuration = plugin.child("configuration")) read_configuration(*configuration, nullptr);
    const auto* executions = plugin.child("executions");
    for (const auto& execution : executions != nullptr ? executions->children : std::vector<XmlElement>())
      if (const auto* configuration = execution.child("configuration")) read_configuration(*configuration, &execution);
  }

  void read_configuration(const XmlElement& configuration, const XmlElement* execution) {
    read_executable(configuration);
    if (execution != nullptr) read_package_manager(configuration, *execution);
    read_tasks(configuration, 0);
  }

  /// `<executable>sh</executable><arguments><argument>x.sh</argument></arguments>`
  void read_executable(const XmlElement& configuration) {
    const auto program = configuration.text_of("executable");
    if (program.empty()) return;
    std::string text = word_of(program);
    for (const std::string_view line : {"commandlineArgs", "commandLineArgs"})
      if (const auto words = configuration.text_of(line); !words.empty()) text += " " + std::string(words);
    if (const auto* arguments = configuration.child("arguments"))
      for (const auto& argument : arguments->children)
        if (!argument.text.empty()) text += " " + word_of(argument.text);
    add(configuration.child("executable")->line, std::move(text), configuration.text_of("workingDirectory"));
  }

  /// `<goal>npm</goal>` beside `<arguments>run build</arguments>`
  void read_package_manager(const XmlElement& configuration, const XmlElement& execution) {
    const auto* arguments = configuration.child("arguments");
    const auto* goals = execution.child("goals");
    if (arguments == nullptr || !arguments->children.empty() || goals == nullptr) return;
    for (const auto& goal : goals->children)
      if (text::is_one_of(goal.text, {"npm", "npx", "yarn", "pnpm", "bun", "gulp", "grunt"}))
        add(arguments->line, goal.text + " " + arguments->text, configuration.text_of("workingDirectory"));
  }

  /// Tasks of ant, and scripts that are loaded.
  void read_tasks(const XmlElement& element, int depth) {
    constexpr int kDeepest = 12;
    if (depth > kDeepest) return;
    if (element.name == "exec" || element.name == "java") read_ant_command(element);
    for (const std::string_view file : {"antfile", "file", "src"})
      if (text::is_one_of(element.name, {"ant", "import", "include", "groovy", "script"}))
        load(element.attribute(file));
    if (text::is_one_of(element.name, {"source", "script", "scriptFile", "scriptPath", "buildFile"}) ||
        element.text.ends_with(".groovy"))
      load(element.text);
    for (const auto& child : element.children) read_tasks(child, depth + 1);
  }

  void read_ant_command(const XmlElement& element) {
    const auto program = element.attribute("executable");
    if (program.empty()) return;
    std::string text = word_of(program);
    for (const auto& argument : element.children) {
      if (argument.name != "arg") continue;
      if (const auto line = argument.attribute("line"); !line.empty()) text += " " + std::string(line);
      for (const std::string_view one : {"value", "file", "path"})
        if (const auto value = argument.attribute(one); !value.empty()) text += " " + word_of(value);
    }
    add(element.line, std::move(text), element.attribute("dir"));
  }

  void load(std::string_view written) {
    const auto path = path_of(text::trimmed(written));
    const bool is_path =
        !path.empty() && path.find_first_of(" \t;(=") == std::string::npos && path.find('.') != std::string::npos;
    if (is_path && found_.files.size() < kMostStatements) found_.files.push_back(path);
  }

  void add(std::uint32_t line, std::string text, std::string_view directory) {
    std::replace_if(
        text.begin(), text.end(), [](char byte) { return byte == '\n' || byte == '\t'; }, ' ');
    if (found_.commands.size() < kMostStatements)
      found_.commands.push_back({line, std::move(text), path_of(directory)});
  }

  MavenStatements found_;
};

/// Phases of the life cycle, and plugins by the prefix of their goals.
constexpr std::string_view kBuilding =
    "validate initialize generate-sources process-sources generate-resources process-resources compile "
    "process-classes test-compile test prepare-package package integration-test pre-integration-test "
    "post-integration-test verify install clean site dependency versions help surefire surefire-report "
    "failsafe jacoco checkstyle spotbugs pmd enforcer license sonar spotless fmt formatter javadoc "
    "source compiler resources jar wrapper eclipse idea archetype";

/// `verify`, `sonar` of `sonar:sonar` and of `org.sonarsource.scanner.maven:sonar-maven-plugin:4.0:sonar`.
std::string_view phase_or_prefix(std::string_view goal) {
  const auto colon = goal.find(':');
  if (colon != std::string_view::npos && goal.find('.') < colon) {
    goal.remove_prefix(colon + 1);
    goal = goal.starts_with("maven-") ? goal.substr(6, goal.find("-plugin") - 6)
                                      : goal.substr(0, goal.find("-maven-plugin"));
  }
  return goal.substr(0, goal.find(':'));
}

}  // namespace

MavenStatements maven_statements(std::string_view pom) {
  const auto project = document::read_xml(pom);
  return project ? PomReader().read(*project) : MavenStatements();
}

std::string to_lines(const MavenStatements& statements) {
  std::string lines;
  for (const auto& module : statements.modules) lines += "m" + module + '\n';
  for (const auto& file : statements.files) lines += "f" + file + '\n';
  if (!statements.parent.empty()) lines += "p" + statements.parent + '\n';
  for (const auto& command : statements.commands)
    lines += "c" + std::to_string(command.line) + '\t' + command.directory + '\t' + command.text + '\n';
  return lines;
}

MavenStatements maven_statements_from(std::string_view lines) {
  MavenStatements statements;
  for (const auto line : text::Lines(lines)) {
    if (line.empty()) continue;
    const auto rest = line.substr(1);
    if (line.front() == 'm') statements.modules.emplace_back(rest);
    if (line.front() == 'f') statements.files.emplace_back(rest);
    if (line.front() == 'p') statements.parent = rest;
    if (line.front() != 'c') continue;
    MavenStatements::Command command;
    const auto first = rest.find('\t'), second = rest.find('\t', first + 1);
    std::from_chars(rest.data(), rest.data() + first, command.line);
    command.directory = rest.substr(first + 1, second - first - 1);
    command.text = rest.substr(second + 1);
    statements.commands.push_back(std::move(command));
  }
  return statements;
}

MavenProjects::MavenProjects(const std::vector<std::string>& selectors, std::string folder) {
  if (!folder.empty()) folder += '/';
  for (std::string_view selector : selectors) {
    const bool drops = selector.starts_with('!') || selector.starts_with('-');
    if (drops) selector.remove_prefix(1);
    if (selector.starts_with('?') || selector.starts_with('+')) selector.remove_prefix(1);
    if (selector.starts_with("./")) selector.remove_prefix(2);
    if (selector.ends_with('/')) selector.remove_suffix(1);
    const bool told =
        !selector.empty() && selector.find_first_of(":$\x01") == std::string_view::npos && selector != ".";
    if (drops && told) left_out_.push_back(folder + std::string(selector));
    if (drops) continue;
    chosen_.push_back(told ? folder + std::string(selector) : std::string());
  }
  any_ = chosen_.empty() || std::find(chosen_.begin(), chosen_.end(), "") != chosen_.end();
}

bool MavenProjects::hold(std::string_view folder) const {
  const auto within = [](std::string_view inner, std::string_view outer) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
  };
  const auto is_left_out = [&](const std::string& other) { return folder == other; };
  if (std::any_of(left_out_.begin(), left_out_.end(), is_left_out)) return false;
  return any_ || std::any_of(chosen_.begin(), chosen_.end(), [&](const std::string& chosen) {
           return within(folder, chosen) || within(chosen, folder);
         });
}

bool only_builds_maven(const std::vector<std::string>& goals) {
  return std::all_of(goals.begin(), goals.end(), [](const std::string& goal) {
    return goal.find('/') == std::string::npos && text::lists(kBuilding, phase_or_prefix(goal));
  });
}

}  // namespace tollbar::reach
