// The shapes that scripts rely on.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "fixtures.h"
#include "report/format.h"

namespace tollbar::report {
namespace {

using Json = nlohmann::ordered_json;

std::string written(std::string_view format, const gate::ScanResult& result) {
  std::ostringstream out;
  const auto writer = find_format(format)->make(out, {});
  for (const gate::Verdict& verdict : result.verdicts) {
    writer->verdict(verdict);
  }
  writer->finish(result);
  return out.str();
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) {
    names.push_back(item.key());
  }
  return names;
}

TEST_CASE("jsonl: one object a commit, its first keys in the order of the contract") {
  const std::string text = written("jsonl", result_of({verdict_of('1', "x", model::Status::blocked, {neutered()}),
                                                       verdict_of('2', "y", model::Status::allowed, {})}));
  std::istringstream lines(text);
  std::string line;
  REQUIRE(std::getline(lines, line));
  CHECK(line.rfind(
            "{\"commit\":\"1111111111111111111111111111111111111111\",\"decision\":\"block\",\"status\":\"blocked\","
            "\"findings\":[{\"rule\":\"checks/neutered\",\"trigger\":\"disabled-check\",\"decision\":\"block\","
            "\"risk\":\"critical\",\"path\":\".github/workflows/ci.yml\",\"line\":31,\"before\":\"pytest -q\","
            "\"after\":\"pytest -q || true\",\"action\":\"lets failing tests through\",\"authority\":{",
            0) == 0);
  const Json first = Json::parse(line);
  const auto names = keys(first["findings"][0]);
  REQUIRE(names.size() > 13);
  CHECK(std::vector<std::string>(names.begin(), names.begin() + 13) ==
        std::vector<std::string>{"rule", "trigger", "decision", "risk", "path", "line", "before", "after", "action",
                                 "authority", "target", "reach", "fingerprint"});
  CHECK(keys(first["findings"][0]["authority"]) == std::vector<std::string>{"credential", "source", "scope"});
  CHECK(first["findings"][0]["reach"].is_array());
  REQUIRE(std::getline(lines, line));
  CHECK(line.rfind(
            "{\"commit\":\"2222222222222222222222222222222222222222\",\"decision\":\"allow\",\"status\":\"allowed\","
            "\"findings\":[]",
            0) == 0);
  CHECK(!std::getline(lines, line));
}

TEST_CASE("jsonl: every status has its word") {
  using model::Status;
  const std::pair<Status, std::string> words[] = {
      {Status::allowed, "allowed"}, {Status::needs_approval, "needs-approval"}, {Status::approved, "approved"},
      {Status::blocked, "blocked"}, {Status::break_glass, "break-glass"},       {Status::undecided, "undecided"}};
  for (const auto& [status, word] : words) {
    CHECK(Json::parse(written("jsonl", result_of({verdict_of('1', "x", status, {})})))["status"] == word);
  }
}

TEST_CASE("jsonl: the net change is a last object that says so") {
  gate::ScanResult result = result_of({verdict_of('1', "x", model::Status::allowed, {})});
  result.net = verdict_of('1', "x", model::Status::blocked, {neutered()});
  result.net->of = gate::Verdict::Of::net;
  std::istringstream lines(written("jsonl", result));
  std::string line;
  std::getline(lines, line);
  CHECK(!Json::parse(line).contains("net"));
  std::getline(lines, line);
  CHECK(Json::parse(line)["net"] == true);
}

TEST_CASE("what is staged has the id of no commit") {
  gate::Verdict verdict = verdict_of('1', "x", model::Status::allowed, {});
  verdict.of = gate::Verdict::Of::staged;
  const Json json = Json::parse(written("jsonl", result_of({verdict})));
  CHECK(json["commit"] == std::string(40, '0'));
  CHECK(json["staged"] == true);
}

TEST_CASE("bytes that are no UTF-8 still give JSON, on one line") {
  model::Finding finding = neutered();
  finding.path = "a\xff\n\x1b.yml";
  const std::string text = written("jsonl", result_of({verdict_of('1', "\xfe", model::Status::blocked, {finding})}));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(Json::parse(text)["findings"][0]["path"] == "a\uFFFD\n\x1b.yml");
}

TEST_CASE("json: one document, its commits the same objects as in jsonl") {
  const gate::ScanResult result = result_of(
      {verdict_of('1', "x", model::Status::blocked, {neutered()}), verdict_of('2', "y", model::Status::allowed, {})});
  const Json document = Json::parse(written("json", result));
  CHECK(keys(document) == std::vector<std::string>{"version", "range", "summary", "commits", "net"});
  CHECK(document["version"] == 1);
  CHECK(document["range"] == "main..feature");
  CHECK(document["summary"]["commits"] == 2);
  CHECK(document["summary"]["blocked"] == 1);
  CHECK(document["summary"]["exit_code"] == 1);
  CHECK(document["net"].is_null());
  std::istringstream lines(written("jsonl", result));
  for (const Json& commit : document["commits"]) {
    std::string line;
    std::getline(lines, line);
    CHECK(commit == Json::parse(line));
  }
  CHECK(Json::parse(written("json", result_of({})))["commits"].empty());
}

}  // namespace
}  // namespace tollbar::report
