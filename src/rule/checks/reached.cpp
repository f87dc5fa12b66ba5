// Facts from reach: a changed file that a credentialed or deploying job executes.
#include <algorithm>
#include <map>
#include <set>

#include "document/formats.h"
#include "document/shell.h"
#include "rule/checks/build_edits.h"
#include "rule/checks/images.h"
#include "rule/checks/pairs.h"
#include "rule/checks/pom_edits.h"
#include "rule/checks/producers.h"
#include "rule/checks/ways.h"
#include "rule/matching.h"
#include "text/glob.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

/// The script calls nothing but known checks: what a job only compiles, tests or lints is not executed by it.
bool only_judges(const document::Node* script, const reach::Knowledge& knowledge) {
  if (script == nullptr) return true;
  const auto commands = document::parse_shell(script->text()).commands;
  return !commands.empty() && std::all_of(commands.begin(), commands.end(), [&](const document::Command& command) {
    return knowledge.check_tool(command) != nullptr;
  });
}

/// What a package manifest says besides its scripts and the package manager that runs them: versions, which lock files
/// and reviews of dependencies answer for, settings of tools, words about the package, and scripts that no such job
/// starts.
bool not_executed(const document::Edit& edit, const std::set<std::string>& parts, const reach::Knowledge& knowledge) {
  if (edit.path.empty()) return false;
  const auto& section = edit.path.front().text;
  if (section == "wireit" && edit.path.size() > 1)
    return parts.count("") == 0 && parts.count("wireit " + edit.path[1].text) == 0;
  const auto is_started = [&](const std::string& script) {
    return parts.empty() || parts.count("") != 0 || parts.count(script) != 0;
  };
  if (section == "scripts" && edit.path.size() > 1)
    return !is_started(edit.path[1].text) ||
           (only_judges(edit.before, knowledge) && only_judges(edit.after, knowledge));
  if (section == "scripts" && edit.before == nullptr && edit.after != nullptr)
    return std::all_of(edit.after->members.begin(), edit.after->members.end(), [&](const document::Member& script) {
      return !is_started(std::string(script.key.text())) || only_judges(&script.value, knowledge);
    });
  if (section == "packageManager" && edit.before != nullptr && edit.after != nullptr) {
    const auto name = [](const document::Node& node) { return node.text().substr(0, node.text().find('@')); };
    return name(*edit.before) == name(*edit.after) && edit.after->text().find("://") == std::string_view::npos;
  }
  return section != "scripts" && section != "packageManager";
}

/// Programs in which a line that begins with `#` says nothing: Ruby, Python, Perl and their build files.
bool has_hash_comments(std::string_view path) {
  static constexpr std::string_view endings[] = {".rb", ".rake", ".py", ".pl", "/Rakefile", "/Gemfile", "/Fastfile"};
  const auto rooted = "/" + std::string(path);
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return rooted.ends_with(ending); });
}

/// Every line of a Gemfile that differs names a library or a version, or is a comment.
bool only_dependencies_moved(const text::LineDiff& diff) {
  static const text::Pattern dependency(R"(^\s*(?:$|#|gem\b|\S*[vV]ersion\S*\s*[=:(,<]))");
  const auto names_one = [](const text::Line& line) { return dependency.matches(line.text); };
  return std::all_of(diff.added.begin(), diff.added.end(), names_one) &&
         std::all_of(diff.removed.begin(), diff.removed.end(), names_one);
}

/// What the targets run that powerful jobs start; a pattern rule may stand behind any of them.
std::vector<std::string> started_commands(const std::vector<CommandPlace>& commands,
                                          const std::set<std::string>& targets) {
  constexpr std::string_view prefix = "target ";
  std::vector<std::string> started;
  for (const auto& place : commands) {
    const auto target = place.subject.substr(prefix.size());
    if (targets.count(target) == 0 && target.find('%') == std::string::npos) continue;
    started.push_back(target + ": " + place.command.text() + " " + place.command.context.following);
  }
  return started;
}

/// The edit leaves alone what the targets of an Nx project run: it is about what they build, or about other targets.
bool not_run_by_nx(const document::Edit& edit, const std::set<std::string>& targets) {
  const auto key = [&](std::size_t depth) {
    return depth < edit.path.size() ? std::string_view(edit.path[depth].text) : std::string_view();
  };
  if (edit.path.empty() || key(0) != "targets") return !edit.path.empty();
  if (edit.path.size() == 1) return false;
  if (targets.count(std::string(key(1))) == 0) return true;
  if (edit.path.size() == 2) return false;
  if (key(2) != "options" || edit.path.size() == 3)
    return key(2) != "command" && key(2) != "executor" && key(2) != "dependsOn" && key(2) != "options";
  return key(3) != "command" && key(3) != "commands" && key(3) != "cwd";
}

/// A workflow that others call is a pipeline of its own: versions of actions that move in it are told there.
bool only_action_versions_moved(FileChange& file) {
  const auto name = [](const document::Node& node) { return node.text().substr(0, node.text().find('@')); };
  return file.path().starts_with(".github/workflows/") && !file.edits().empty() &&
         std::all_of(file.edits().begin(), file.edits().end(), [&](const document::Edit& edit) {
           return edit.before != nullptr && edit.after != nullptr && !edit.path.empty() &&
                  edit.path.back().text == "uses" && name(*edit.before) == name(*edit.after);
         });
}

/// The bytes differ and so may what runs: comments and blank lines of a shell script do not count.
/// @p parts are the scripts or targets of the file that powerful jobs start.
bool means_something(FileChange& file, const std::set<std::string>& parts, const reach::Knowledge& knowledge) {
  const auto& delta = file.delta();
  if (delta.mode_only()) return true;
  if (is_gradle_file(file.path())) {
    if (!delta.after) return !is_gradle_project(file.path()) && acts(file.before_text());
    if (only_declares(file.path(), file.before_text(), file.after_text(), file.lines())) return false;
  }
  if (is_maven_file(file.path()) && !delta.mode_only() && !file.binary() &&
      only_declares_maven(file.path(), delta.before ? file.before_text() : "", delta.after ? file.after_text() : ""))
    return false;
  if (!delta.after) return true;
  if (text::base_name(file.path()) == "package.json") {  // also among test data, where no rule reads it
    const auto before = document::read_json(delta.before ? file.before_text() : "{}");
    const auto after = document::read_json(file.after_text());
    const auto edits = document::compare(before, after);
    if (!before.broken() && !after.broken())
      return !std::all_of(edits.begin(), edits.end(),
                          [&](const auto& edit) { return not_executed(edit, parts, knowledge); });
  }
  if (!delta.before) return true;
  const bool holds_versions = file.path().ends_with(".hcl") || file.path().ends_with(".ps1");
  if (holds_versions && only_version_values_moved(file.lines())) return false;
  if (file.format() == document::Format::makefile && !parts.empty() && parts.count("") == 0)
    return started_commands(file.before_commands(), parts) != started_commands(file.after_commands(), parts);
  if (file.format() == document::Format::shell && document::same_script(file.before_text(), file.after_text()))
    return false;
  if (file.format() == document::Format::shell || file.format() == document::Format::makefile) {
    const auto& before = file.before_commands();
    const auto& after = file.after_commands();
    return !same_but_for_space(file.lines()) ||
           !std::equal(before.begin(), before.end(), after.begin(), after.end(), [](const auto& a, const auto& b) {
             return a.command.text() == b.command.text() && a.command.context.following == b.command.context.following;
           });
  }
  if (file.format() == document::Format::dockerfile) return !only_versions_moved(file.before_text(), file.after_text());
  if (text::base_name(file.path()) == "project.json" && parts.count("") == 0) {
    const auto before = document::read_json(file.before_text()), after = document::read_json(file.after_text());
    const auto edits = document::compare(before, after);
    if (!before.broken() && !after.broken())
      return !std::all_of(edits.begin(), edits.end(), [&](const auto& edit) { return not_run_by_nx(edit, parts); });
  }
  if (only_action_versions_moved(file)) return false;
  if (text::base_name(file.path()) == "Gemfile" && only_dependencies_moved(file.lines())) return false;
  if (file.format() != document::Format::none && !file.after_document().roots.empty()) return !file.edits().empty();
  if (!file.binary() && same_but_for_line_ends(file.lines())) return false;
  return !(has_hash_comments(file.path()) && only_comments_differ(file.lines()));
}

/// A file of the change with every way by which jobs with power come to it; the first is told at length.
struct ReachedFile {
  reach::ExecutedFile first;
  std::set<std::string> ways;
};

void report(FileChange& file, const ReachedFile& reached, const reach::Knowledge& knowledge, Powers& powers,
            std::vector<Fact>& facts) {
  const auto& executed = reached.first;
  Fact fact;
  fact.kind = "executed-file-changed";
  fact.path = file.path();
  fact.line = file.delta().after ? 1 : 0;
  const auto& lines = file.lines();
  if (!lines.added.empty()) fact.line = static_cast<std::uint32_t>(lines.added.front().number);
  fact.subject = executed.part.empty() ? "file" : executed.part;
  if (!lines.removed.empty()) fact.before = shortened(lines.removed.front().text);
  if (!lines.added.empty()) fact.after = shortened(lines.added.front().text);
  fact.reach = way_text(executed.path, executed.chain, *executed.step, powers);
  fact.target.system = acts_on(*executed.step, knowledge);
  const auto& step = *executed.step;
  for (const auto& use : powers.acting_credentials(step))
    if (fact.authority.credential.empty()) fact.authority = {use.name, use.source, use.scope};
  if (step.job != nullptr) {
    fact.target.environment = step.job->environment;
    fact.attributes["job"] = step.job->id;
  }
  fact.attributes["credentialed"] = fact.authority.credential.empty() ? "false" : "true";
  fact.attributes["chain"] = joined(fact.reach, " <- ");
  fact.context = all_ways(reached.ways);
  if (step.pipeline != nullptr && step.job != nullptr) fact.context += "; " + surroundings(*step.pipeline, *step.job);
  facts.push_back(std::move(fact));
}

/// The changed files that the policy wants to count as executed although jobs only compile, import or test them.
std::set<std::string> declared_executed(Change& change) {
  std::set<std::string> paths;
  for (const auto& pattern : change.policy().executed) {
    const text::Glob glob(text::fold_path(pattern));
    for (const auto& file : change.files())
      if (glob.matches(file.folded_path())) paths.insert(file.path());
  }
  return paths;
}

/// Whatever has power in the execution runs each of the paths.
std::vector<reach::ExecutedFile> executed_by_all(const std::set<std::string>& paths,
                                                 const reach::Execution& execution) {
  std::vector<reach::ExecutedFile> files;
  if (paths.empty()) return files;
  for (const auto& run : execution.pipelines)
    for (const auto& step : run->steps)
      for (const auto& path : paths) files.push_back({path, "", &step, {}});
  return files;
}

}  // namespace

void reach_facts(Change& change, std::vector<Fact>& facts) {
  const auto declared = declared_executed(change);
  if (!change.touches_execution() && declared.empty()) return;
  change.before_execution();
  std::map<std::string, std::set<std::string>> parts[2];  // before and after
  std::map<std::string, ReachedFile> reached;             // as the tree is now, else as it was
  std::set<std::string_view> altered;
  for (const auto& file : change.files()) altered.insert(file.path());
  auto& powers = change.powers();
  for (const bool after : {true, false}) {
    const auto& execution = after ? change.after_execution() : change.before_execution();
    auto files = reach::executed_files(execution, altered);
    const auto more = executed_by_all(declared, execution);
    files.insert(files.end(), more.begin(), more.end());
    for (const auto& executed : files) {
      if (executed.step == nullptr) continue;
      if (powers.of(*executed.step).empty()) continue;
      const bool runs_now = !parts[1][executed.path].empty();
      parts[after ? 1 : 0][executed.path].insert(executed.part);
      if (!after && runs_now) continue;
      auto& file = reached.try_emplace(executed.path, ReachedFile{executed, {}}).first->second;
      file.ways.insert(joined(way_text(executed.path, executed.chain, *executed.step, powers), " <- "));
    }
  }
  for (const auto& [path, ways] : reached) {
    auto& file = *change.file(path);
    auto& before = parts[0][path];
    const auto& after = parts[1][path];
    const bool other_targets = file.format() == document::Format::makefile && before != after;
    before.insert(after.begin(), after.end());
    if (other_targets || means_something(file, before, change.knowledge()))
      report(file, ways, change.knowledge(), powers, facts);
  }
}

}  // namespace tollbar::rule
