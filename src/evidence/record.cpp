// Records as in-toto predicates, by tables that are read in both directions.
#include "evidence/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "approval/record.h"
#include "util/error.h"

namespace tollbar::evidence {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kinds{"decision", "attachment", "signed"};

template <typename Part>
struct Text {
  const char* key;
  std::string Part::*member;
};

constexpr std::array<Text<Approver>, 7> approver_texts{{
    {"principal", &Approver::principal},
    {"team", &Approver::team},
    {"key", &Approver::key},
    {"reason", &Approver::reason},
    {"relayedFor", &Approver::relayed_for},
    {"approval", &Approver::approval},
    {"expires", &Approver::expires},
}};
constexpr std::array<Text<Emergency>, 7> emergency_texts{{
    {"incident", &Emergency::incident},
    {"reason", &Emergency::reason},
    {"principal", &Emergency::principal},
    {"key", &Emergency::key},
    {"envelope", &Emergency::envelope},
    {"expires", &Emergency::expires},
    {"reviewBy", &Emergency::review_by},
}};
constexpr std::array<Text<JudgedFact>, 23> fact_texts{{
    {"rule", &JudgedFact::rule},
    {"trigger", &JudgedFact::trigger},
    {"decision", &JudgedFact::decision},
    {"riskTier", &JudgedFact::risk},
    {"fingerprint", &JudgedFact::fingerprint},
    {"path", &JudgedFact::path},
    {"subject", &JudgedFact::subject},
    {"before", &JudgedFact::before},
    {"after", &JudgedFact::after},
    {"action", &JudgedFact::action},
    {"message", &JudgedFact::message},
    {"ownerSource", &JudgedFact::owner_source},
    {"workflow", &JudgedFact::workflow},
    {"job", &JudgedFact::job},
    {"tool", &JudgedFact::tool},
    {"credential", &JudgedFact::credential},
    {"credentialSource", &JudgedFact::credential_source},
    {"credentialScope", &JudgedFact::credential_scope},
    {"credentialPurpose", &JudgedFact::credential_purpose},
    {"targetSystem", &JudgedFact::system},
    {"targetEnvironment", &JudgedFact::environment},
    {"targetName", &JudgedFact::target},
    {"waiver", &JudgedFact::waiver},
}};
constexpr std::array<Text<Record>, 27> record_texts{{
    {"tollbarVersion", &Record::version},
    {"event", &Record::event},
    {"repository", &Record::repository},
    {"ref", &Record::ref},
    {"pullRequest", &Record::pull_request},
    {"actor", &Record::actor},
    {"of", &Record::of},
    {"object", &Record::object},
    {"objectType", &Record::object_type},
    {"title", &Record::title},
    {"author", &Record::author},
    {"committer", &Record::committer},
    {"before", &Record::before},
    {"after", &Record::after},
    {"decision", &Record::decision},
    {"status", &Record::status},
    {"outcome", &Record::outcome},
    {"undecided", &Record::undecided},
    {"policy", &Record::policy},
    {"policyDigest", &Record::policy_digest},
    {"validationResult", &Record::validation},
    {"finalOutcome", &Record::final_outcome},
    {"evidenceLocation", &Record::location},
    {"note", &Record::note},
    {"signer", &Record::signer},
    {"signerKey", &Record::signer_key},
    {"incident", &Record::incident},
}};
// Only where a person's statement was taken in.
constexpr std::array<Text<Record>, 2> statement_texts{{
    {"statementType", &Record::statement},
    {"envelope", &Record::envelope},
}};

Json text_or_unknown(std::string_view text) {
  return approval::as_text(or_unknown(text));
}

template <typename Part, std::size_t Size>
void write_texts(Json& json, const Part& part, const std::array<Text<Part>, Size>& texts) {
  for (const auto& text : texts) {
    json[text.key] = text_or_unknown(part.*text.member);
  }
}

Json write_list(const std::vector<std::string>& list) {
  Json json = Json::array();
  for (const std::string& text : list) {
    json.push_back(approval::as_text(text));
  }
  return json;
}

/// For lists of which an empty one would claim that there is nobody.
Json write_list_or_unknown(const std::vector<std::string>& list) {
  return list.empty() ? Json::array({unknown}) : write_list(list);
}

Json write_link(const std::optional<Link>& link) {
  return link ? Json{{"number", link->number}, {"sha256", link->digest}} : Json(nullptr);
}

template <typename Part, std::size_t Size>
Json write_part(const Part& part, const std::array<Text<Part>, Size>& texts) {
  Json json = Json::object();
  write_texts(json, part, texts);
  return json;
}

Json write_fact(const JudgedFact& fact) {
  Json json = write_part(fact, fact_texts);
  json["line"] = fact.line;
  json["lineBefore"] = fact.line_before;
  json["owners"] = write_list_or_unknown(fact.owners);
  json["reach"] = write_list(fact.reach);
  json["approvers"] = Json::array();
  for (const Approver& approver : fact.approvers) {
    json["approvers"].push_back(write_part(approver, approver_texts));
  }
  json["breakGlass"] = fact.emergency ? write_part(*fact.emergency, emergency_texts) : Json(nullptr);
  return json;
}

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  const Json& member(const Json& object, const char* key, bool (Json::*is)() const noexcept) const {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end() || !((*found).*is)()) {
      throw util::Error(fmt::format("{}: no evidence: `{}` is missing or of the wrong type", source_, key));
    }
    return *found;
  }

  template <typename Part, std::size_t Size>
  void texts(const Json& json, Part& part, const std::array<Text<Part>, Size>& texts) const {
    for (const auto& text : texts) {
      part.*text.member = known(member(json, text.key, &Json::is_string));
    }
  }

  std::vector<std::string> list(const Json& json, const char* key) const {
    std::vector<std::string> texts;
    for (const Json& item : member(json, key, &Json::is_array)) {
      if (!item.is_string()) {
        throw util::Error(fmt::format("{}: no evidence: `{}` holds no texts", source_, key));
      }
      if (std::string text = known(item); !text.empty()) {
        texts.push_back(std::move(text));
      }
    }
    return texts;
  }

  std::uint64_t number(const Json& json, const char* key) const {
    return member(json, key, &Json::is_number_unsigned).get<std::uint64_t>();
  }

  std::optional<Link> link(const Json& json, const char* key) const {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) {
      return std::nullopt;
    }
    return Link{number(*found, "number"), member(*found, "sha256", &Json::is_string)};
  }

  util::Instant instant(const Json& json, const char* key) const {
    const auto time = util::parse_instant(member(json, key, &Json::is_string).get<std::string>());
    if (!time) {
      throw util::Error(fmt::format("{}: no evidence: `{}` is no time", source_, key));
    }
    return *time;
  }

  JudgedFact fact(const Json& json) const {
    JudgedFact fact;
    texts(json, fact, fact_texts);
    fact.line = number(json, "line");
    fact.line_before = number(json, "lineBefore");
    fact.owners = list(json, "owners");
    fact.reach = list(json, "reach");
    for (const Json& item : member(json, "approvers", &Json::is_array)) {
      texts(item, fact.approvers.emplace_back(), approver_texts);
    }
    if (const auto found = json.find("breakGlass"); found != json.end() && !found->is_null()) {
      texts(*found, fact.emergency.emplace(), emergency_texts);
    }
    return fact;
  }

 private:
  static std::string known(const Json& text) { return text == unknown ? std::string() : text.get<std::string>(); }

  std::string source_;
};

/// What in-toto calls the digests of git's objects, in either hash.
std::string digest_name(std::string_view object_type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> names{
      {{"tree", "gitTree"}, {"blob", "gitBlob"}, {"tag", "gitTag"}}};
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const auto& name) { return name.first == object_type; });
  return std::string(found == names.end() ? "gitCommit" : found->second);
}

attest::Subject subject_of(const Record& record) {
  if (record.object.empty()) {
    return {"signed statement", {{"sha256", record.envelope}}};
  }
  const std::string where = record.ref.empty() ? std::string(unknown) : approval::as_text(record.ref);
  return {where, {{digest_name(record.object_type), record.object}}};
}

}  // namespace

std::string_view to_string(Record::Kind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

std::string_view or_unknown(std::string_view text) {
  return text.empty() ? unknown : text;
}

std::string branch_of(std::string_view ref) {
  constexpr std::string_view branches = "refs/heads/";
  return ref.starts_with(branches) ? std::string(ref.substr(branches.size())) : std::string();
}

attest::Statement to_statement(const Record& record) {
  Json predicate = write_part(record, record_texts);
  if (record.kind != Record::Kind::decision) {
    write_texts(predicate, record, statement_texts);
  }
  predicate["kind"] = to_string(record.kind);
  predicate["chain"] = {{"number", record.number}, {"previous", write_link(record.previous)}};
  predicate["timestamp"] = util::to_text(record.time);
  predicate["branch"] = text_or_unknown(branch_of(record.ref));
  predicate["claimedAgents"] = write_list_or_unknown(record.agents);
  predicate["refersTo"] = write_link(record.refers_to);
  predicate["facts"] = Json::array();
  for (const JudgedFact& fact : record.facts) {
    predicate["facts"].push_back(write_fact(fact));
  }
  return {{subject_of(record)}, std::string(record_type), std::move(predicate)};
}

Record read_record(const attest::Statement& statement, std::string_view source) {
  if (statement.predicate_type != record_type) {
    throw util::Error(fmt::format("{}: no evidence: its predicate type is {}", source, statement.predicate_type));
  }
  const Reader reader(source);
  const Json& json = statement.predicate;
  Record record;
  const auto kind = std::find(kinds.begin(), kinds.end(), reader.member(json, "kind", &Json::is_string));
  if (kind == kinds.end()) {
    throw util::Error(fmt::format("{}: no evidence: its kind is not known", source));
  }
  record.kind = static_cast<Record::Kind>(kind - kinds.begin());
  reader.texts(json, record, record_texts);
  if (record.kind != Record::Kind::decision) {
    reader.texts(json, record, statement_texts);
  }
  const Json& chain = reader.member(json, "chain", &Json::is_object);
  record.number = reader.number(chain, "number");
  record.previous = reader.link(chain, "previous");
  record.time = reader.instant(json, "timestamp");
  record.agents = reader.list(json, "claimedAgents");
  record.refers_to = reader.link(json, "refersTo");
  for (const Json& fact : reader.member(json, "facts", &Json::is_array)) {
    record.facts.push_back(reader.fact(fact));
  }
  return record;
}

}  // namespace tollbar::evidence
