// Records of the evidence log for people and programs: one table of formats, one file each.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/query.h"

namespace tollbar::report {

struct EvidenceFormat {
  std::string_view name;
  std::string_view summary;
  void (*write)(std::ostream& out, const std::vector<evidence::Entry>& entries);
};

const std::vector<EvidenceFormat>& evidence_formats();

/// One object a line: number, digest and the statement as it lies in the log.
void write_evidence_jsonl(std::ostream& out, const std::vector<evidence::Entry>& entries);
/// One row a fact, with a heading.
void write_evidence_csv(std::ostream& out, const std::vector<evidence::Entry>& entries);
/// A packet that an auditor reads from top to bottom.
void write_evidence_markdown(std::ostream& out, const std::vector<evidence::Entry>& entries);

/// One line, and one for each fact, for a list on a terminal.
void write_evidence_line(std::ostream& out, const evidence::Entry& entry);
/// All that a record says, a field a line.
void write_evidence_text(std::ostream& out, const std::vector<evidence::Entry>& entries);

}  // namespace tollbar::report
