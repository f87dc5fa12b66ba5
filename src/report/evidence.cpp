// The table of formats, and JSON lines.
#include "report/evidence.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "attest/statement.h"

namespace tollbar::report {

const std::vector<EvidenceFormat>& evidence_formats() {
  static const std::vector<EvidenceFormat> table{
      {"jsonl", "one object a record, a line each", write_evidence_jsonl},
      {"csv", "one row a fact", write_evidence_csv},
      {"markdown", "a packet for an auditor", write_evidence_markdown},
  };
  return table;
}

void write_evidence_jsonl(std::ostream& out, const std::vector<evidence::Entry>& entries) {
  for (const evidence::Entry& entry : entries) {
    const nlohmann::ordered_json line{
        {"number", entry.link.number},
        {"sha256", entry.link.digest},
        {"statement", nlohmann::json::parse(attest::write_statement(evidence::to_statement(entry.record)))},
    };
    out << line.dump() << '\n';
  }
}

}  // namespace tollbar::report
