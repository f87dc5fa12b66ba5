// Facts from reach: a changed file that a credentialed or deploying job executes.
#include <algorithm>
#include <map>
#include <set>

#include "rule/checks/images.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"

namespace tollbar::rule {
namespace {

/// The job's power: a credential beyond the platform's token, or something it deploys.
bool powerful(const reach::ExecutedStep& step, const reach::Knowledge& knowledge) {
  const bool secret = std::any_of(step.credentials.begin(), step.credentials.end(), [](const auto& use) {
    return use.kind != pipeline::CredentialUse::Kind::platform_token;
  });
  return secret || (step.job != nullptr && !step.job->environment.empty()) ||
         (step.job != nullptr && deploys(*step.job, knowledge));
}

std::vector<std::string> chain_text(const reach::ExecutedFile& file) {
  std::vector<std::string> chain;
  for (auto link = file.chain.rbegin(); link != file.chain.rend(); ++link) {
    if (link == file.chain.rbegin() && link->path == file.path) continue;
    chain.push_back(link->part.empty() ? link->path : link->path + ": " + link->part);
  }
  const auto& step = *file.step;
  if (step.pipeline != nullptr && step.job != nullptr) {
    auto text = step.pipeline->path + ": " + step.job->id;
    if (step.step != nullptr && !step.step->name.empty()) text += ", step " + step.step->name;
    chain.push_back(std::move(text));
  }
  std::set<std::string> names;
  for (const auto& use : step.credentials)
    if (use.kind != pipeline::CredentialUse::Kind::platform_token) names.insert(use.name);
  for (const auto& name : names) chain.push_back("credential " + name);
  return chain;
}

/// What a package manifest says besides its scripts and the package manager that runs them: versions, which lock files
/// and reviews of dependencies answer for, settings of tools, words about the package, and scripts that no such job
/// starts.
bool not_executed(const document::Edit& edit, const std::set<std::string>& parts) {
  if (edit.path.empty()) return false;
  const auto& section = edit.path.front().text;
  if (section == "scripts" && edit.path.size() > 1)
    return !parts.empty() && parts.count("") == 0 && parts.count(edit.path[1].text) == 0;
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

/// The bytes differ and so may what runs: comments and blank lines of a shell script do not count.
/// @p parts are the scripts or targets of the file that powerful jobs start.
bool means_something(FileChange& file, const std::set<std::string>& parts) {
  const auto& delta = file.delta();
  if (delta.mode_only() || !delta.before || !delta.after) return true;
  const bool is_package = file.path() == "package.json" || file.path().ends_with("/package.json");
  if (file.format() == document::Format::makefile && !parts.empty() && parts.count("") == 0)
    return started_commands(file.before_commands(), parts) != started_commands(file.after_commands(), parts);
  if (file.format() == document::Format::shell || file.format() == document::Format::makefile) {
    const auto& before = file.before_commands();
    const auto& after = file.after_commands();
    return !same_but_for_space(file.lines()) ||
           !std::equal(before.begin(), before.end(), after.begin(), after.end(), [](const auto& a, const auto& b) {
             return a.command.text() == b.command.text() && a.command.context.following == b.command.context.following;
           });
  }
  if (file.format() == document::Format::dockerfile) return !only_versions_moved(file.before_text(), file.after_text());
  if (is_package && !file.after_document().roots.empty())
    return !std::all_of(file.edits().begin(), file.edits().end(),
                        [&](const document::Edit& edit) { return not_executed(edit, parts); });
  if (file.format() != document::Format::none && !file.after_document().roots.empty()) return !file.edits().empty();
  return !(has_hash_comments(file.path()) && only_comments_differ(file.lines()));
}

void report(FileChange& file, const reach::ExecutedFile& executed, std::vector<Fact>& facts) {
  Fact fact;
  fact.kind = "executed-file-changed";
  fact.path = file.path();
  fact.line = file.delta().after ? 1 : 0;
  const auto& lines = file.lines();
  if (!lines.added.empty()) fact.line = static_cast<std::uint32_t>(lines.added.front().number);
  fact.subject = executed.part.empty() ? "file" : executed.part;
  if (!lines.removed.empty()) fact.before = shortened(lines.removed.front().text);
  if (!lines.added.empty()) fact.after = shortened(lines.added.front().text);
  fact.reach = chain_text(executed);
  const auto& step = *executed.step;
  for (const auto& use : step.credentials)
    if (use.kind != pipeline::CredentialUse::Kind::platform_token && fact.authority.credential.empty())
      fact.authority = {use.name, use.source, use.scope};
  if (step.job != nullptr) {
    fact.target.environment = step.job->environment;
    fact.attributes["job"] = step.job->id;
  }
  fact.attributes["credentialed"] = fact.authority.credential.empty() ? "false" : "true";
  fact.attributes["chain"] = joined(fact.reach, " <- ");
  fact.context = fact.attributes["chain"];
  if (step.pipeline != nullptr && step.job != nullptr) fact.context += "; " + surroundings(*step.pipeline, *step.job);
  facts.push_back(std::move(fact));
}

}  // namespace

void reach_facts(Change& change, std::vector<Fact>& facts) {
  if (!change.touches_execution()) return;
  std::map<std::string, std::set<std::string>> parts[2];  // before and after
  std::vector<reach::ExecutedFile> reached;               // the first way to each file, as the tree is now
  for (const bool after : {true, false}) {
    for (const auto& executed : reach::executed_files(after ? change.after_execution() : change.before_execution())) {
      if (executed.step == nullptr || change.file(executed.path) == nullptr) continue;
      if (!powerful(*executed.step, change.knowledge())) continue;
      if (parts[0].count(executed.path) + parts[1].count(executed.path) == 0) reached.push_back(executed);
      parts[after ? 1 : 0][executed.path].insert(executed.part);
    }
  }
  for (const auto& executed : reached) {
    auto& file = *change.file(executed.path);
    auto& before = parts[0][executed.path];
    const auto& after = parts[1][executed.path];
    const bool other_targets = file.format() == document::Format::makefile && before != after;
    before.insert(after.begin(), after.end());
    if (other_targets || means_something(file, before)) report(file, executed, facts);
  }
}

}  // namespace tollbar::rule
