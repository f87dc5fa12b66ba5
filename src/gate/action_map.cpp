// Approvals from policy and CODEOWNERS, gaps from what the way itself shows.
#include "gate/action_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "approval/quorum.h"
#include "pipeline/document_cache.h"
#include "reach/program_acts.h"
#include "rule/codeowners.h"

namespace tollbar::gate {
namespace {

using pipeline::CredentialUse;
using reach::MapPath;

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

model::Trigger trigger_of(const MapPath& way) {
  if (way.release) return model::Trigger::release_target;
  if (way.known) return model::Trigger::shared_system_write;
  return way.authority.credentials.empty() ? model::Trigger::workflow_change : model::Trigger::credentialed_action;
}

/// Judges the ways of one tree.
class Mapper {
 public:
  Mapper(const reach::Knowledge& knowledge, const Policy& policy, rule::OwnersFile owners)
      : knowledge_(knowledge), policy_(policy), owners_(std::move(owners)) {}

  JudgedPath judge(MapPath way, std::string_view system) const {
    JudgedPath judged;
    judged.way = std::move(way);
    approval(judged);
    credentials(judged, system);
    gates(judged);
    foreign_actions(judged);
    if (!judged.way.elsewhere.empty())
      add(judged, GapKind::unknown_edge, fmt::format("what {} does is not in this tree", judged.way.elsewhere),
          judged.way.by_path, judged.way.by_line);
    for (const auto& call : judged.way.fetched)
      add(judged, GapKind::unknown_edge, fmt::format("`{}` runs what it fetches", call.text), call.path, call.line);
    for (const auto& call : judged.way.unknown)
      add(judged, GapKind::unknown_edge, fmt::format("what `{}` runs is computed", call.text), call.path, call.line);
    return judged;
  }

 private:
  static void add(JudgedPath& judged, GapKind kind, std::string what, std::string path, std::uint32_t line) {
    judged.gaps.push_back({kind, std::move(what), std::move(path), line});
  }

  void approval(JudgedPath& judged) const {
    const auto& way = judged.way;
    auto& approval = judged.approval;
    const bool credentialed = !way.authority.credentials.empty();
    approval.trigger = trigger_of(way);
    const auto setting = policy_.setting(
        credentialed ? "release/credentialed-file-changed" : "release/executed-file-changed", approval.trigger);
    approval.decision = setting.decision.value_or(model::Decision::approve);
    if (!setting.quorum.empty()) approval.quorum = approval::to_text(setting.quorum);
    rule::Owners all;
    std::vector<std::string> ownerless;
    for (const auto& file : way.files) {
      const auto owners = rule::owners_of(owners_, file.path).owners;
      all.insert(owners.begin(), owners.end());
      if (owners.empty() && !contains(ownerless, file.path)) ownerless.push_back(file.path);
    }
    approval.owners.assign(all.begin(), all.end());
    if (ownerless.empty() || !approval.quorum.empty()) return;
    auto what = "nobody owns " + ownerless.front();
    if (ownerless.size() > 1) what += fmt::format(" and {} more", ownerless.size() - 1);
    add(judged, GapKind::no_owner, std::move(what), ownerless.front(), 0);
  }

  void credentials(JudgedPath& judged, std::string_view system) const {
    const auto& uses = judged.way.authority.credentials;
    const auto is = [](CredentialUse::Kind kind) {
      return [kind](const CredentialUse& use) { return use.kind == kind; };
    };
    const bool identity = std::any_of(uses.begin(), uses.end(), is(CredentialUse::Kind::identity));
    const bool could = !identity && contains(knowledge_.identity_platforms, system) &&
                       contains(knowledge_.identity_systems, judged.way.system);
    std::vector<std::string> unregistered;
    const auto& path = judged.way.path;
    for (const auto& use : uses) {
      if (use.kind == CredentialUse::Kind::identity) continue;
      if (!policy_.view.registered(use.name)) unregistered.push_back(use.name);
      if (use.kind != CredentialUse::Kind::secret) continue;
      if (knowledge_.is_long_lived(use.name) || knowledge_.is_long_lived(use.bound_to))
        add(judged, GapKind::standing_key, use.name + " is a stored key of a cloud", path, use.line);
      else if (could && knowledge_.is_credential_of(judged.way.system, use.name, use.bound_to))
        add(judged, GapKind::standing_key,
            fmt::format("{} is stored; {} takes the job's identity", use.name, judged.way.system), path, use.line);
    }
    if (!unregistered.empty())
      add(judged, GapKind::unregistered_credential,
          fmt::format("{} {} not in the policy", fmt::join(unregistered, ", "),
                      unregistered.size() == 1 ? "is" : "are"),
          path, judged.way.line);
  }

  static void gates(JudgedPath& judged) {
    const auto& way = judged.way;
    if (!way.release) return;
    if (way.checks == reach::Before::none)
      add(judged, GapKind::no_check, "no check has to pass before it", way.path, way.line);
    if (way.gate == reach::Before::none)
      add(judged, GapKind::unprotected_environment, "it names no environment: nobody has to let it through", way.path,
          way.line);
    if (way.gate == reach::Before::maybe)
      add(judged, GapKind::unprotected_environment,
          fmt::format("whether someone must let it into {} is set on the platform, not here",
                      way.authority.environment),
          way.path, way.line);
  }

  void foreign_actions(JudgedPath& judged) const {
    const auto& way = judged.way;
    if (way.authority.credentials.empty() && way.authority.permissions.empty()) return;
    for (const auto& action : way.foreign) {
      if (action.pinned || contains(policy_.view.trusted_owners, action.uses.substr(0, action.uses.find('/'))))
        continue;
      const auto version = action.version.empty() ? "" : "@" + action.version;
      add(judged, GapKind::unpinned_action, fmt::format("{}{} is not pinned to a commit", action.uses, version),
          action.path, action.line);
    }
  }

  const reach::Knowledge& knowledge_;
  const Policy& policy_;
  rule::OwnersFile owners_;
};

}  // namespace

const std::vector<GapRow>& gap_rows() {
  static const std::vector<GapRow> rows{
      {GapKind::no_owner, "no-owner", "no owner is named for a file on the way",
       "name an owner in CODEOWNERS or a team in the policy"},
      {GapKind::unregistered_credential, "unregistered-credential", "the policy does not know the credential",
       "register owner and purpose under `credentials` in the policy"},
      {GapKind::standing_key, "standing-key", "a stored key where the job's identity would do",
       "log in by workload identity (OIDC) and delete the key"},
      {GapKind::no_check, "no-check", "it releases and waits for no check", "let the job need one that tests"},
      {GapKind::unprotected_environment, "unprotected-environment", "no manual gate can be seen before a release",
       "let somebody act before it: an environment with reviewers, an approval job, a manual step"},
      {GapKind::unpinned_action, "unpinned-action",
       "foreign code that can change runs with credentials or a token that writes", "pin it to a full commit id"},
      {GapKind::unknown_edge, "unknown-edge", "what runs cannot be told from the tree",
       "call it by a name that can be read, or keep it in the tree"},
  };
  return rows;
}

std::string_view to_string(GapKind kind) {
  return gap_rows()[static_cast<std::size_t>(kind)].name;
}

std::string_view to_string(MapSide side) {
  constexpr std::string_view words[] = {"same", "added", "removed", "changed"};
  return words[static_cast<std::size_t>(side)];
}

bool JudgedPipeline::needs_approval() const {
  return std::any_of(paths.begin(), paths.end(),
                     [](const JudgedPath& one) { return one.approval.decision != model::Decision::allow; });
}

namespace {

std::size_t count_of(const ActionMap& map, GapKind kind, std::vector<Gap> JudgedPath::*gaps) {
  std::size_t count = 0;
  for (const auto& pipeline : map.pipelines)
    for (const auto& path : pipeline.paths)
      count += static_cast<std::size_t>(
          std::count_if((path.*gaps).begin(), (path.*gaps).end(), [&](const Gap& gap) { return gap.kind == kind; }));
  return count;
}

}  // namespace

std::size_t ActionMap::path_count() const {
  std::size_t count = 0;
  for (const auto& pipeline : pipelines) count += pipeline.paths.size();
  return count;
}

std::size_t ActionMap::count(GapKind kind) const {
  return count_of(*this, kind, difference ? &JudgedPath::opened : &JudgedPath::gaps);
}

std::size_t ActionMap::closed(GapKind kind) const {
  return count_of(*this, kind, &JudgedPath::closed);
}

ActionMap map_tree(model::Tree& tree, const rule::RuleSet& rules, const Policy& policy) {
  pipeline::DocumentCache documents;
  const auto& knowledge = policy.view.knowledge ? *policy.view.knowledge : rules.knowledge;
  const auto execution = reach::execute(tree, knowledge, documents);
  const Mapper mapper(knowledge, policy, rule::read_owners(tree));
  ActionMap map;
  map.policy = policy.source;
  reach::ProgramActs programs(tree, knowledge);
  for (auto& mapped : reach::map_actions(execution, knowledge, &programs)) {
    JudgedPipeline judged{
        std::move(mapped.path),     std::move(mapped.name), std::move(mapped.system), std::move(mapped.actors), {},
        std::move(mapped.problems), MapSide::same};
    for (auto& way : mapped.paths) judged.paths.push_back(mapper.judge(std::move(way), judged.system));
    map.pipelines.push_back(std::move(judged));
  }
  return map;
}

}  // namespace tollbar::gate
