// JSON for programs: the shapes that are a contract, in one place for the document and the stream.
#include <nlohmann/json.hpp>
#include <ostream>

#include "report/format.h"

namespace tollbar::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const model::Finding& finding) {
  // The keys up to `fingerprint` and their order are the contract; what follows may grow.
  Json json{
      {"rule", finding.rule},
      {"trigger", model::to_string(finding.trigger)},
      {"decision", model::to_string(finding.decision)},
      {"risk", model::to_string(finding.risk)},
      {"path", finding.path},
      {"line", finding.line},
      {"before", finding.before},
      {"after", finding.after},
      {"action", finding.action},
      {"authority",
       {{"credential", finding.authority.credential},
        {"source", finding.authority.source},
        {"scope", finding.authority.scope}}},
      {"target",
       {{"system", finding.target.system}, {"environment", finding.target.environment}, {"name", finding.target.name}}},
      {"reach", finding.reach},
      {"fingerprint", finding.fingerprint},
      {"line_before", finding.line_before},
      {"subject", finding.subject},
      {"context", finding.context},
      {"message", finding.message},
      {"remedy", finding.remedy},
      {"undecided", finding.undecided},
      {"waived", nullptr},
  };
  if (!finding.waived.empty()) {
    const model::Waived& waived = finding.waived.front();
    json["waived"] = {{"reason", waived.reason}, {"owner", waived.owner}, {"expires", waived.expires}};
  }
  if (!finding.approved.empty()) {
    Json approved = Json::array();
    for (const model::Approved& each : finding.approved) {
      approved.push_back({{"person", each.person},
                          {"principal", each.principal},
                          {"record", each.record},
                          {"fact", each.fact},
                          {"reason", each.reason},
                          {"expires", each.expires}});
    }
    json["approved"] = std::move(approved);
  }
  if (!finding.unapproved.empty()) {
    json["unapproved"] = finding.unapproved;
  }
  return json;
}

Json to_json(const gate::Verdict& verdict) {
  Json findings = Json::array();
  for (const model::Finding& finding : verdict.findings) {
    findings.push_back(to_json(finding));
  }
  // What is staged is no commit yet: git's own sign for that is the zero id.
  const bool staged = verdict.of == gate::Verdict::Of::staged;
  const model::ObjectId id = staged ? model::ObjectId{} : verdict.commit.id;
  Json json{
      {"commit", id.hex()},
      {"decision", model::to_string(verdict.decision)},
      {"status", model::to_string(verdict.status)},
      {"findings", std::move(findings)},
      {"policy", verdict.policy},
  };
  if (!verdict.agents.empty()) {
    json["agents"] = verdict.agents;  // as the commit claims
  }
  if (!verdict.undecided.empty()) {
    json["undecided"] = verdict.undecided;
  }
  if (staged) {
    json["staged"] = true;
  }
  if (verdict.of == gate::Verdict::Of::net) {
    json["net"] = true;
  }
  return json;
}

class JsonLines : public Writer {
 public:
  explicit JsonLines(std::ostream& out) : out_(out) {}
  void verdict(const gate::Verdict& verdict) override { out_ << dump(to_json(verdict)) << '\n'; }
  void finish(const gate::ScanResult& result) override {
    if (result.net) {
      verdict(*result.net);
    }
  }

 private:
  std::ostream& out_;
};

class JsonDocument : public Writer {
 public:
  explicit JsonDocument(std::ostream& out) : out_(out) {}

  void finish(const gate::ScanResult& result) override {
    const Json range = result.range;
    const Json summary{
        {"commits", result.commits}, {"allowed", result.allowed},     {"needs_approval", result.needs_approval},
        {"blocked", result.blocked}, {"undecided", result.undecided}, {"exit_code", result.exit_code()},
    };
    // One commit a line, and never two copies of a long history in memory.
    out_ << R"({"version":1,"range":)" << dump(range) << R"(,"summary":)" << dump(summary) << R"(,"commits":[)";
    const char* separator = "\n";
    for (const gate::Verdict& verdict : result.verdicts) {
      out_ << separator << dump(to_json(verdict));
      separator = ",\n";
    }
    out_ << "\n],\"net\":" << (result.net ? dump(to_json(*result.net)) : "null") << "}\n";
  }

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<Writer> make_json(std::ostream& out, const Style&) {
  return std::make_unique<JsonDocument>(out);
}

std::unique_ptr<Writer> make_jsonl(std::ostream& out, const Style&) {
  return std::make_unique<JsonLines>(out);
}

}  // namespace tollbar::report
