// Comma-separated values (RFC 4180) that a spreadsheet may open: no field is taken for a formula.
#include <fmt/format.h>

#include <array>
#include <ostream>

#include "report/evidence.h"

namespace tollbar::report {
namespace {

using evidence::Entry;
using evidence::JudgedFact;

/// Spreadsheets compute what begins so (OWASP, CSV injection).
bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

std::string field(std::string_view text) {
  std::string quoted = looks_like_formula(text) ? "\"'" : "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string approvers_of(const JudgedFact& fact) {
  std::vector<std::string> names;
  for (const evidence::Approver& approver : fact.approvers) {
    names.push_back(approver.principal + (approver.relayed_for.empty() ? "" : " for " + approver.relayed_for));
  }
  if (fact.emergency) {
    names.push_back(fact.emergency->principal + " (break-glass)");
  }
  return names.empty() ? "nobody" : fmt::format("{}", fmt::join(names, "; "));
}

std::string reasons_of(const JudgedFact& fact) {
  std::vector<std::string> reasons;
  for (const evidence::Approver& approver : fact.approvers) {
    reasons.push_back(approver.reason);
  }
  if (fact.emergency) {
    reasons.push_back(fact.emergency->reason);
  }
  if (!fact.waiver.empty()) {
    reasons.push_back("waived: " + fact.waiver);
  }
  return fmt::format("{}", fmt::join(reasons, "; "));
}

template <typename List>
std::string listed(const List& list) {
  return fmt::format("{}", fmt::join(list, " "));
}

struct Column {
  std::string_view name;
  std::string (*value)(const Entry& entry, const JudgedFact& fact);
};

const std::array<Column, 37> columns{{
    {"number", [](const Entry& entry, const JudgedFact&) { return std::to_string(entry.link.number); }},
    {"sha256", [](const Entry& entry, const JudgedFact&) { return entry.link.digest; }},
    {"kind", [](const Entry& entry, const JudgedFact&) { return std::string(to_string(entry.record.kind)); }},
    {"refers_to",
     [](const Entry& entry, const JudgedFact&) {
       return entry.record.refers_to ? std::to_string(entry.record.refers_to->number) : std::string("none");
     }},
    {"timestamp", [](const Entry& entry, const JudgedFact&) { return util::to_text(entry.record.time); }},
    {"repository", [](const Entry& entry, const JudgedFact&) { return entry.record.repository; }},
    {"ref", [](const Entry& entry, const JudgedFact&) { return entry.record.ref; }},
    {"branch", [](const Entry& entry, const JudgedFact&) { return evidence::branch_of(entry.record.ref); }},
    {"pull_request", [](const Entry& entry, const JudgedFact&) { return entry.record.pull_request; }},
    {"commit", [](const Entry& entry, const JudgedFact&) { return entry.record.object; }},
    {"title", [](const Entry& entry, const JudgedFact&) { return entry.record.title; }},
    {"author", [](const Entry& entry, const JudgedFact&) { return entry.record.author; }},
    {"actor", [](const Entry& entry, const JudgedFact&) { return entry.record.actor; }},
    {"claimed_agents", [](const Entry& entry, const JudgedFact&) { return listed(entry.record.agents); }},
    {"decision", [](const Entry& entry, const JudgedFact&) { return entry.record.decision; }},
    {"status", [](const Entry& entry, const JudgedFact&) { return entry.record.status; }},
    {"push", [](const Entry& entry, const JudgedFact&) { return entry.record.outcome; }},
    {"rule", [](const Entry&, const JudgedFact& fact) { return fact.rule; }},
    {"trigger", [](const Entry&, const JudgedFact& fact) { return fact.trigger; }},
    {"risk_tier", [](const Entry&, const JudgedFact& fact) { return fact.risk; }},
    {"path", [](const Entry&, const JudgedFact& fact) { return fact.path; }},
    {"owners", [](const Entry&, const JudgedFact& fact) { return listed(fact.owners); }},
    {"workflow", [](const Entry&, const JudgedFact& fact) { return fact.workflow; }},
    {"tool", [](const Entry&, const JudgedFact& fact) { return fact.tool; }},
    {"credential", [](const Entry&, const JudgedFact& fact) { return fact.credential; }},
    {"credential_source", [](const Entry&, const JudgedFact& fact) { return fact.credential_source; }},
    {"credential_scope", [](const Entry&, const JudgedFact& fact) { return fact.credential_scope; }},
    {"action", [](const Entry&, const JudgedFact& fact) { return fact.action; }},
    {"target_system", [](const Entry&, const JudgedFact& fact) { return fact.system; }},
    {"target_environment", [](const Entry&, const JudgedFact& fact) { return fact.environment; }},
    {"approvers", [](const Entry&, const JudgedFact& fact) { return approvers_of(fact); }},
    {"reasons", [](const Entry&, const JudgedFact& fact) { return reasons_of(fact); }},
    {"policy", [](const Entry& entry, const JudgedFact&) { return entry.record.policy; }},
    {"policy_sha256", [](const Entry& entry, const JudgedFact&) { return entry.record.policy_digest; }},
    {"validation_result", [](const Entry& entry, const JudgedFact&) { return entry.record.validation; }},
    {"final_outcome", [](const Entry& entry, const JudgedFact&) { return entry.record.final_outcome; }},
    {"evidence_location", [](const Entry& entry, const JudgedFact&) { return entry.record.location; }},
}};

void write_row(std::ostream& out, const Entry& entry, const JudgedFact& fact) {
  const char* separator = "";
  for (const Column& column : columns) {
    out << separator << field(evidence::or_unknown(column.value(entry, fact)));
    separator = ",";
  }
  out << "\r\n";
}

}  // namespace

void write_evidence_csv(std::ostream& out, const std::vector<Entry>& entries) {
  const char* separator = "";
  for (const Column& column : columns) {
    out << separator << column.name;
    separator = ",";
  }
  out << "\r\n";
  for (const Entry& entry : entries) {
    for (const JudgedFact& fact : entry.record.facts) {
      write_row(out, entry, fact);
    }
    if (entry.record.facts.empty()) {
      write_row(out, entry, JudgedFact{});
    }
  }
}

}  // namespace tollbar::report
