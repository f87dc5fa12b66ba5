// Facts about checks: what the inventory of the whole tree lost, net of what moved.
#include <algorithm>

#include "document/command_identity.h"
#include "document/forgotten_status.h"
#include "document/formats.h"
#include "reach/calls.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/checks/started_checks.h"
#include "rule/unseen_checks.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

std::string_view kind_of(reach::CheckFate fate) {
  switch (fate) {
    case reach::CheckFate::removed:
      return "check-removed";
    case reach::CheckFate::neutered:
      return "check-neutered";
    case reach::CheckFate::narrowed:
      return "check-narrowed";
    case reach::CheckFate::moved:
      return "check-moved";
    case reach::CheckFate::renamed:
      return "check-renamed";
    case reach::CheckFate::added:
      return "check-added";
    case reach::CheckFate::restored:
      return "check-restored";
  }
  return "check-removed";
}

std::string place_of(const reach::Check& check) {
  if (check.job.empty()) return check.pipeline;
  auto place = "job " + check.job;
  if (!check.step_name.empty()) place += " / step " + check.step_name;
  return place;
}

std::vector<std::string> chain_of(const reach::Check& check) {
  std::vector<std::string> chain;
  for (auto link = check.chain.rbegin(); link != check.chain.rend(); ++link)
    chain.push_back(link->part.empty() ? link->path : link->path + ": " + link->part);
  if (!chain.empty()) chain.push_back(check.pipeline + ": " + check.job);
  return chain;
}

/// The configuration of pre-commit speaks to pre-commit.ci, which runs the hooks for every pull request where the owner
/// of the repository has let it in: nobody can tell from the tree.
bool hooks_have_service(model::Tree& tree) {
  for (const auto* path : {".pre-commit-config.yaml", ".pre-commit-config.yml"}) {
    const auto entry = tree.find(path);
    if (!entry || entry->mode != model::FileMode::regular) continue;
    const auto content = tree.read(*entry);
    if (content.state == model::ContentState::present &&
        document::read_yaml(*content.bytes).root().get("ci") != nullptr)
      return true;
  }
  return false;
}

/// The command ran in that very job before.
bool ran_there(const reach::Check& check, const reach::Execution& execution) {
  for (const auto& pipeline : execution.pipelines) {
    if (pipeline->pipeline == nullptr || pipeline->pipeline->path != check.pipeline) continue;
    for (const auto& step : pipeline->steps) {
      if (step.job == nullptr || step.job->id != check.job) continue;
      for (const auto& executed : step.commands)
        if (document::identity(*executed.command) == check.identity) return true;
    }
  }
  return false;
}

/// A known check gave way to a command that stood beside it all the time and is taken for one by its job's name alone:
/// it takes nothing over. Where the change brings a check, that may.
reach::CheckChange judged_by_what_runs(const reach::CheckChange& changed, Change& change) {
  const auto& all = change.check_changes();
  const bool by_name = changed.fate == reach::CheckFate::moved && changed.before.known_tool &&
                       !changed.after.known_tool && !changed.after.identity.empty();
  if (!by_name || changed.before.tool == changed.after.tool || !ran_there(changed.after, change.before_execution()))
    return changed;
  const bool helped = std::any_of(all.begin(), all.end(), [&](const reach::CheckChange& other) {
    if (other.fate != reach::CheckFate::added || !other.after.enforced) return false;
    const bool same_job = other.after.pipeline == changed.before.pipeline && other.after.job == changed.before.job;
    return other.after.known_tool || (same_job && !ran_there(other.after, change.before_execution()));
  });
  if (helped) return changed;
  reach::CheckChange lost{reach::CheckFate::removed, changed.before, {}, {}, changed.required};
  lost.what = "`" + changed.before.identity + "` runs nowhere any more";
  const auto elsewhere = runs_unseen(changed.before, change.after_execution(), change);
  if (!elsewhere.empty()) {
    lost.what += ", unless " + elsewhere + " does";
    lost.before.strength = reach::Strength::weak;
  }
  return lost;
}

/// The command names the program: its file, or the folder of a source of Go.
bool is_called(std::string_view command, std::string_view path) {
  const auto folder = text::directory_of(path);
  const bool by_folder = path.ends_with(".go") && !folder.empty();
  return command.find(by_folder ? std::string_view(folder) : text::base_name(path)) != std::string_view::npos;
}

/// The program starts the tool itself.
bool starts(const std::string& program, std::string_view tool, const reach::Knowledge& knowledge) {
  const auto checks = started_checks(program, knowledge);
  return std::any_of(checks.begin(), checks.end(), [&](const StartedCheck& check) { return check.tool->name == tool; });
}

/// The change brings a program that the command names and that lets the failure of what it starts pass.
bool leads_to_new_wrapper(std::string_view command, Change& change) {
  return std::any_of(change.files().begin(), change.files().end(), [&](auto& file) {
    const bool fresh = file.delta().added() && file.unreadable({}).empty() && !file.binary();
    if (!fresh || !is_called(command, file.path())) return false;
    const auto& text = file.after_text();
    return document::starts_and_forgets(text, document::language_of(file.path(), text));
  });
}

/// The command runs a program of the tree that starts the tool and lets its failure pass.
bool leads_to_wrapper(const reach::Check& check, std::string_view tool, Change& change) {
  const auto words = document::parse_shell(check.identity).commands;
  if (words.empty()) return false;
  return std::any_of(words.front().argv.begin(), words.front().argv.end(), [&](const document::Word& word) {
    const auto path = reach::join_path(check.directory, word.text);
    const auto entry = path.empty() ? std::nullopt : change.after().find(path);
    if (!entry || entry->mode == model::FileMode::directory || entry->mode == model::FileMode::symlink) return false;
    const auto content = change.after().read(*entry);
    if (content.state != model::ContentState::present) return false;
    const std::string program(*content.bytes);
    return starts(program, tool, change.knowledge()) &&
           document::starts_and_forgets(program, document::language_of(path, program));
  });
}

/// A known check went behind a program that lets its failure pass: it tells nobody.
reach::CheckChange judged_by_its_wrapper(reach::CheckChange changed, Change& change) {
  const bool wrapped = changed.fate == reach::CheckFate::moved && changed.before.known_tool &&
                       !changed.after.known_tool && !changed.after.identity.empty();
  if (!wrapped) return changed;
  if (!leads_to_new_wrapper(changed.after.identity, change) &&
      !leads_to_wrapper(changed.after, changed.before.tool, change))
    return changed;
  changed.fate = reach::CheckFate::neutered;
  changed.what = "`" + changed.after.identity + "` starts it and lets its failure pass";
  return changed;
}

}  // namespace

void check_facts(Change& change, std::vector<Fact>& facts) {
  for (const auto& reported : change.check_changes()) {
    const auto changed = judged_by_its_wrapper(judged_by_what_runs(reported, change), change);
    const bool gone = changed.after.identity.empty();
    const auto& shown = gone ? changed.before : changed.after;
    Fact fact;
    fact.kind = kind_of(changed.fate);
    fact.path = shown.why_path.empty() ? shown.path : shown.why_path;
    fact.line = gone ? 0 : (shown.why_line != 0 ? shown.why_line : shown.line);
    fact.line_before = changed.before.line;
    const auto& name = shown.shown.empty() ? shown.tool : shown.shown;
    fact.subject = place_of(shown) + " / check " + (name.empty() ? shown.identity : name);
    fact.before = changed.before.identity;
    fact.after =
        gone ? "" : (shown.enforced || shown.why.empty() ? shown.identity : shown.identity + "  (" + shown.why + ")");
    fact.action = changed.what;
    fact.reach = chain_of(shown);
    fact.context = "pipeline: " + shown.pipeline;
    fact.attributes["what"] = changed.what;
    fact.attributes["tool"] = name;
    fact.attributes["check_kind"] = reach::to_string(shown.kind);
    fact.attributes["job"] = shown.job;
    fact.attributes["step"] = shown.step_name;
    fact.attributes["required"] = changed.required ? "true" : "false";
    fact.attributes["enforced"] = shown.enforced ? "true" : "false";
    fact.attributes["known_tool"] = shown.known_tool ? "true" : "false";
    // What it was worth before the change says what is lost.
    fact.attributes["strength"] =
        reach::to_string(changed.before.identity.empty() ? shown.strength : changed.before.strength);
    if (gone && changed.before.tool == "pre-commit" && hooks_have_service(change.after())) {
      fact.action += ", unless pre-commit.ci does, to which its configuration speaks";
      fact.attributes["what"] = fact.action;
      fact.attributes["strength"] = reach::to_string(reach::Strength::weak);
    }
    fact.attributes["name"] = shown.context.empty() ? shown.job : shown.context;
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
