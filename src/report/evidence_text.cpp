// Records on a terminal.
#include <fmt/format.h>

#include <ostream>

#include "report/escape.h"
#include "report/evidence.h"

namespace tollbar::report {
namespace {

using evidence::Entry;
using evidence::JudgedFact;
using evidence::Record;

class Fields {
 public:
  Fields(std::ostream& out, std::string_view indent) : out_(out), indent_(indent) {}

  void field(std::string_view name, std::string_view text) const {
    constexpr std::size_t width = 18;
    const std::size_t blanks = name.size() + 1 < width ? width - name.size() - 1 : 1;
    out_ << indent_ << name << ':' << std::string(blanks, ' ') << escape(evidence::or_unknown(text)) << '\n';
  }
  void known(std::string_view name, std::string_view text) const {
    if (!text.empty()) {
      field(name, text);
    }
  }

 private:
  std::ostream& out_;
  std::string_view indent_;
};

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  return fmt::format("{}", fmt::join(texts, separator));
}

std::string place_of(const JudgedFact& fact) {
  const std::uint64_t line = fact.line != 0 ? fact.line : fact.line_before;
  return fact.path + (line == 0 ? "" : fmt::format(":{}", line));
}

void write_fact(std::ostream& out, const JudgedFact& fact) {
  out << "  " << escape(fmt::format("{}  {}  {}", fact.rule, fact.decision, place_of(fact))) << '\n';
  const Fields fields(out, "    ");
  fields.known("what", fact.message);
  fields.known("before", fact.before);
  fields.known("after", fact.after);
  fields.field("risk tier", fact.risk);
  fields.field("owner", joined(fact.owners, " ") + (fact.owners.empty() ? "" : "  (" + fact.owner_source + ")"));
  fields.field("workflow", fact.workflow);
  fields.known("job", fact.job);
  fields.field("tool", fact.tool);
  fields.field("credential", fact.credential);
  fields.field("its source", fact.credential_source);
  fields.field("its scope", fact.credential_scope);
  fields.field("action", fact.action);
  fields.field("target system", fact.system);
  fields.known("environment", fact.environment);
  fields.known("reach", joined(fact.reach, " <- "));
  fields.known("waived", fact.waiver);
  for (const evidence::Approver& approver : fact.approvers) {
    fields.field("approved by", fmt::format("{}{}{} ({}): {}", approver.principal,
                                            approver.team.empty() ? "" : " for " + approver.team,
                                            approver.relayed_for.empty() ? "" : ", relayed for " + approver.relayed_for,
                                            evidence::or_unknown(approver.key), approver.reason));
  }
  if (fact.emergency) {
    fields.field("break-glass",
                 fmt::format("{} by {}: {}; review by {}", fact.emergency->incident, fact.emergency->principal,
                             fact.emergency->reason, fact.emergency->review_by));
  }
  fields.field("fingerprint", fact.fingerprint);
}

void write_decision(const Fields& fields, const Record& record) {
  fields.field("repository", record.repository);
  fields.field("reference", record.ref);
  fields.field("pull request", record.pull_request);
  fields.field("pushed by", record.actor);
  fields.field(record.of.empty() ? "commit" : record.of, record.object);
  fields.field("title", record.title);
  fields.field("author", record.author);
  fields.field("claimed agents", joined(record.agents, " "));
  fields.field("decision", fmt::format("{}, {}", record.decision, record.status));
  fields.field("push", record.outcome);
  fields.known("undecided", record.undecided);
  fields.field("policy", record.policy);
  fields.field("its sha256", record.policy_digest);
  fields.field("tollbar", record.version);
}

}  // namespace

void write_evidence_line(std::ostream& out, const Entry& entry) {
  const Record& record = entry.record;
  const std::string_view what =
      record.kind == Record::Kind::decision ? std::string_view(record.status) : to_string(record.kind);
  out << escape(fmt::format("{:>6}  {}  {:<14}  {}  {}", entry.link.number, util::to_text(record.time), what,
                            record.object.substr(0, 12), evidence::or_unknown(record.ref)))
      << '\n';
  if (record.refers_to) {
    out << "        "
        << escape(fmt::format("about {}: {}", record.refers_to->number,
                              joined({record.validation, record.final_outcome, record.location, record.note}, " ")))
        << '\n';
  }
  if (record.kind == Record::Kind::signed_in) {
    out << "        " << escape(fmt::format("{}, {}: {}", record.incident, record.signer, record.note)) << '\n';
  }
  for (const JudgedFact& fact : record.facts) {
    out << "        " << escape(fmt::format("{} {} {}", fact.rule, fact.decision, place_of(fact))) << '\n';
  }
}

void write_evidence_text(std::ostream& out, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const Record& record = entry.record;
    out << fmt::format("record {}  {}\n", entry.link.number, entry.link.digest);
    const Fields fields(out, "  ");
    fields.field("kind", to_string(record.kind));
    fields.field("time", util::to_text(record.time));
    if (record.kind == Record::Kind::decision) {
      write_decision(fields, record);
    } else {
      fields.known("about record", record.refers_to ? std::to_string(record.refers_to->number) : "");
      fields.known("incident", record.incident);
      fields.field("by", record.signer);
      fields.known("key", record.signer_key);
    }
    fields.field("validation", record.validation);
    fields.field("final outcome", record.final_outcome);
    fields.field("evidence at", record.location);
    fields.known("note", record.note);
    for (const JudgedFact& fact : record.facts) {
      write_fact(out, fact);
    }
  }
}

}  // namespace tollbar::report
