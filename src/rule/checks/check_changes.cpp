// Facts about checks: what the inventory of the whole tree lost, net of what moved.
#include "document/formats.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"

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

}  // namespace

void check_facts(Change& change, std::vector<Fact>& facts) {
  for (const auto& changed : change.check_changes()) {
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
