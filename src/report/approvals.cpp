// Lists of signed records, for people and for programs.
#include "report/approvals.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "report/escape.h"
#include "util/instant.h"

namespace tollbar::report {
namespace {

using approval::Listed;
using Json = nlohmann::ordered_json;

constexpr std::size_t shown_digits = 12;

std::string short_digest(const std::string& digest) {
  return digest.substr(0, shown_digits);
}

/// Who stands behind it, as far as that is known.
std::string people_of(const Listed& listed) {
  const std::string claimed = listed.record.claimed_by.empty() ? "nobody" : listed.record.claimed_by;
  std::string text = listed.signer ? listed.signer->principal : claimed + " (not verified)";
  if (listed.record.approval && !listed.record.approval->relayed_for.empty()) {
    text += " for " + listed.record.approval->relayed_for;
  }
  return escape(text);
}

std::string until(const Listed& listed) {
  return listed.record.expires == 0 ? "" : " until " + util::to_text(listed.record.expires);
}

std::string about(const Listed& listed) {
  if (listed.record.revocation) {
    return "takes back " + short_digest(listed.record.revocation->approval);
  }
  if (!listed.record.approval) {
    return "";
  }
  const approval::Fact& fact = listed.record.approval->fact;
  const std::string subject = fact.subject.empty() ? "" : fmt::format(" ({})", fact.subject);
  return escape(fmt::format("{}: {}{} for {}", fact.rule, fact.path, subject, fact.ref));
}

void write_head(std::ostream& out, const Listed& listed) {
  out << fmt::format("{}  {:<10}  {}{} by {}\n", short_digest(listed.record.digest), listed.record.type,
                     to_string(listed.standing), until(listed), people_of(listed));
}

void write_line(std::ostream& out, std::string_view name, const std::string& value) {
  if (!value.empty()) {
    out << fmt::format("  {:<12} {}\n", name, escape(value));
  }
}

Json to_json(const approval::Fact& fact) {
  return {{"repository", fact.repository}, {"ref", fact.ref},       {"path", fact.path},   {"rule", fact.rule},
          {"subject", fact.subject},       {"before", fact.before}, {"after", fact.after}, {"context", fact.context}};
}

Json to_json(const Listed& listed) {
  const approval::SignedRecord& record = listed.record;
  Json json{{"digest", record.digest},
            {"fingerprint", record.fingerprint},
            {"type", record.type},
            {"standing", to_string(listed.standing)},
            {"claimed_by", record.claimed_by},
            {"signed_by", listed.signer ? Json(listed.signer->principal) : Json()},
            {"key", listed.signer ? Json(listed.signer->key) : Json()},
            {"problem", listed.problem},
            {"reason", record.reason},
            {"created", record.created == 0 ? Json() : Json(util::to_text(record.created))},
            {"expires", record.expires == 0 ? Json() : Json(util::to_text(record.expires))},
            {"revoked_by", listed.revoked_by}};
  if (record.approval) {
    json["relayed_for"] = record.approval->relayed_for;
    json["binding"] = to_string(record.approval->binding);
    json["fact"] = to_json(record.approval->fact);
  }
  if (record.revocation) {
    json["revokes"] = record.revocation->approval;
  }
  return json;
}

}  // namespace

void write_approvals_text(std::ostream& out, const std::vector<const Listed*>& records) {
  for (const Listed* listed : records) {
    write_head(out, *listed);
    for (const std::string& line : {about(*listed), escape(listed->record.reason), escape(listed->problem)}) {
      if (!line.empty()) {
        out << "  " << line << '\n';
      }
    }
  }
}

void write_approval_text(std::ostream& out, const Listed& listed) {
  const approval::SignedRecord& record = listed.record;
  write_head(out, listed);
  write_line(out, "digest", record.digest);
  write_line(out, "fingerprint", record.fingerprint);
  write_line(out, "signed by", listed.signer ? listed.signer->principal + ", key " + listed.signer->key : "");
  write_line(out, "problem", listed.problem);
  write_line(out, "created", record.created == 0 ? "" : util::to_text(record.created));
  write_line(out, "expires", record.expires == 0 ? "" : util::to_text(record.expires));
  write_line(out, "reason", record.reason);
  if (record.approval) {
    const approval::Fact& fact = record.approval->fact;
    write_line(out, "binds to", std::string(to_string(record.approval->binding)));
    write_line(out, "relayed for", record.approval->relayed_for);
    write_line(out, "repository", fact.repository);
    write_line(out, "reference", fact.ref);
    write_line(out, "path", fact.path);
    write_line(out, "rule", fact.rule);
    write_line(out, "place", fact.subject);
    write_line(out, "before", fact.before);
    write_line(out, "after", fact.after);
    write_line(out, "context", fact.context);
  }
  write_line(out, "takes back", record.revocation ? record.revocation->approval : "");
  write_line(out, "revoked by", listed.revoked_by);
}

void write_approvals_json(std::ostream& out, const std::vector<const Listed*>& records) {
  Json list = Json::array();
  for (const Listed* listed : records) {
    list.push_back(to_json(*listed));
  }
  out << Json{{"version", 1}, {"records", std::move(list)}}.dump(-1, ' ', false, Json::error_handler_t::replace)
      << '\n';
}

}  // namespace tollbar::report
