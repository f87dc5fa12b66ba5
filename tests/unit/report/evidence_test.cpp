// Evidence for spreadsheets, programs and auditors: nothing that a stranger wrote becomes a formula or markup.
#include "report/evidence.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "attest/statement.h"
#include "unit/evidence/fixtures.h"

using namespace tollbar;
using namespace tollbar::report;
using evidence::Entry;

namespace {

Entry entry(evidence::Record record, std::uint64_t number = 1) {
  return {{number, std::string(64, 'd')}, std::move(record)};
}

std::string written(void (*write)(std::ostream& out, const std::vector<Entry>& entries),
                    const std::vector<Entry>& entries) {
  std::ostringstream out;
  write(out, entries);
  return out.str();
}

}  // namespace

TEST_CASE("a row a fact, and no field is a formula") {
  evidence::Record record = evidence::decision("=HYPERLINK(\"http://evil.example\")");
  record.facts.push_back(record.facts.front());
  const std::string csv = written(write_evidence_csv, {entry(record)});
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  CHECK(csv.find("\"'=HYPERLINK(\"\"http://evil.example\"\")\"") != std::string::npos);
  CHECK(csv.find("\"'@acme/platform\"") != std::string::npos);
  CHECK(csv.find("\"grace@example.com\",\"Release 2.0, ticket 17\"") != std::string::npos);
  CHECK(csv.find("\"unknown\"") != std::string::npos);
}

TEST_CASE("a line of JSON is the statement as it lies in the log") {
  const auto line = nlohmann::json::parse(written(write_evidence_jsonl, {entry(evidence::decision(), 7)}));
  CHECK(line.at("number") == 7);
  CHECK(line.at("statement") == nlohmann::json::parse(attest::write_statement(to_statement(evidence::decision()))));
}

TEST_CASE("the packet says everything from top to bottom, and text of strangers stays text") {
  evidence::Record hostile = evidence::decision("# <script>alert(1)</script> | `x` \x1b[31m");
  evidence::Record later = hostile;
  later.kind = evidence::Record::Kind::attachment;
  later.refers_to = evidence::Link{1, std::string(64, 'd')};
  later.final_outcome = "deployed";
  later.signer = "linus@example.com";
  const std::string packet = written(write_evidence_markdown, {entry(hostile), entry(later, 2)});
  std::size_t place = 0;
  for (const char* part :
       {"# Evidence: ", "## What changed", "## Why it was not simply allowed", "@acme/platform", "NPM_TOKEN",
        "npm registry", "## Who approved it", "grace@example.com", "SHA256:abc", "Release 2.0, ticket 17",
        "## Under which policy", "git show 1a2b3c4d5e6f:.tollbar.yml | sha256sum", "## What happened after",
        "linus@example.com", "deployed", "## How to verify this yourself", "ssh-keygen -Y verify",
        "tollbar approvals verify"}) {
    CAPTURE(part);
    place = packet.find(part, place);
    CHECK((place != std::string::npos));
  }
  CHECK(packet.find("<script>") == std::string::npos);
  CHECK(packet.find('\x1b') == std::string::npos);
  CHECK(packet.find("\\<script\\>alert(1)\\</script\\> \\| \\`x\\`") != std::string::npos);
}

TEST_CASE("a packet about nothing that was decided says so") {
  CHECK(written(write_evidence_markdown, {}).find("no decision") != std::string::npos);
}
