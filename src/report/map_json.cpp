// The map for programs. The shape is a contract: keys may be added, none renamed or taken away.
#include <nlohmann/json.hpp>
#include <ostream>

#include "report/map.h"

namespace tollbar::report {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word(pipeline::CredentialUse::Kind kind) {
  using Kind = pipeline::CredentialUse::Kind;
  switch (kind) {
    case Kind::secret:
      return "secret";
    case Kind::platform_token:
      return "platform-token";
    case Kind::identity:
      return "identity";
    case Kind::all_secrets:
      return "all-secrets";
    case Kind::computed:
      return "computed";
    case Kind::service:
      return "service";
  }
  return "secret";
}

std::string_view word(reach::Before before) {
  constexpr std::string_view words[] = {"none", "maybe", "present"};
  return words[static_cast<std::size_t>(before)];
}

Json to_json(const std::vector<reach::Actor>& actors) {
  Json json = Json::array();
  for (const auto& actor : actors)
    json.push_back({{"event", actor.event}, {"who", actor.who}, {"stranger", actor.stranger}});
  return json;
}

Json to_json(const reach::MapAuthority& authority) {
  Json credentials = Json::array();
  for (const auto& use : authority.credentials)
    credentials.push_back({{"name", use.name},
                           {"kind", word(use.kind)},
                           {"source", use.source},
                           {"scope", use.scope},
                           {"bound_to", use.bound_to},
                           {"line", use.line}});
  return {{"credentials", std::move(credentials)},
          {"permissions", authority.permissions},
          {"environment", authority.environment},
          {"runner", authority.runner}};
}

Json to_json(const std::vector<reach::Link>& chain) {
  Json json = Json::array();
  for (const auto& link : chain)
    json.push_back({{"path", link.path},
                    {"part", link.part},
                    {"line", link.line},
                    {"certainty", reach::to_string(link.certainty)}});
  return json;
}

Json action_of(const reach::MapPath& way) {
  return {{"what", way.action},
          {"known", way.known},
          {"release", way.release},
          {"by", way.by},
          {"also", way.also},
          {"path", way.by_path},
          {"line", way.by_line},
          {"chain", to_json(way.chain)},
          {"certainty", reach::to_string(way.certainty)}};
}

Json approval_of(const gate::WayApproval& approval) {
  return {{"decision", model::to_string(approval.decision)},
          {"trigger", model::to_string(approval.trigger)},
          {"owners", approval.owners},
          {"quorum", approval.quorum}};
}

Json to_json(const gate::JudgedPath& path) {
  const auto& way = path.way;
  Json files = Json::array();
  for (const auto& file : way.files) files.push_back({{"path", file.path}, {"part", file.part}, {"step", file.step}});
  Json actions = Json::array();
  for (const auto& action : way.foreign)
    actions.push_back({{"uses", action.uses},
                       {"version", action.version},
                       {"pinned", action.pinned},
                       {"path", action.path},
                       {"line", action.line}});
  Json gaps = Json::array();
  for (const auto& gap : path.gaps)
    gaps.push_back({{"kind", gate::to_string(gap.kind)}, {"what", gap.what}, {"path", gap.path}, {"line", gap.line}});
  return {{"job", way.job},
          {"step", way.step},
          {"path", way.path},
          {"line", way.line},
          {"side", gate::to_string(path.side)},
          {"differences", path.differences},
          {"actors", to_json(way.actors)},
          {"conditions", way.conditions},
          {"authority", to_json(way.authority)},
          {"action", action_of(way)},
          {"target", {{"system", way.system}, {"host", way.host}, {"environment", way.target_environment}}},
          {"approval", approval_of(path.approval)},
          {"evidence", gate::evidence_ref},
          {"checks_before", word(way.checks)},
          {"gate_before", word(way.gate)},
          {"files", std::move(files)},
          {"actions", std::move(actions)},
          {"gaps", std::move(gaps)}};
}

Json to_json(const gate::JudgedPipeline& pipeline) {
  Json paths = Json::array();
  for (const auto& path : pipeline.paths) paths.push_back(to_json(path));
  return {{"path", pipeline.path},
          {"name", pipeline.name},
          {"system", pipeline.system},
          {"needs_approval", pipeline.needs_approval()},
          {"side", gate::to_string(pipeline.side)},
          {"actors", to_json(pipeline.actors)},
          {"problems", pipeline.problems},
          {"paths", std::move(paths)}};
}

}  // namespace

void write_map_json(std::ostream& out, const gate::ActionMap& map, const Style&) {
  Json gaps = Json::object(), closed = Json::object();
  for (const auto& row : gate::gap_rows()) {
    gaps[std::string(row.name)] = map.count(row.kind);
    closed[std::string(row.name)] = map.closed(row.kind);
  }
  Json workflows = Json::array();
  for (const auto& pipeline : map.pipelines) workflows.push_back(to_json(pipeline));
  const Json json{{"version", 1},
                  {"of", map.of},
                  {"policy", map.policy},
                  {"difference", map.difference},
                  {"log_kept", map.log_kept},
                  {"summary",
                   {{"workflows", map.pipelines.size()},
                    {"paths", map.path_count()},
                    {"gaps", std::move(gaps)},
                    {"gaps_closed", std::move(closed)}}},
                  {"workflows", std::move(workflows)}};
  out << json.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace tollbar::report
