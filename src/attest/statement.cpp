// Statements as JSON.
#include "attest/statement.h"

#include <fmt/format.h>

#include "attest/canonical_json.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(std::string_view source, std::string_view problem) {
  throw util::Error(fmt::format("{}: no in-toto statement: {}", source, problem));
}

const Json& member(const Json& object, const char* key, Json::value_t type, std::string_view source) {
  const auto found = object.find(key);
  if (found == object.end() || found->type() != type) {
    refuse(source, fmt::format("`{}` is missing or of the wrong type", key));
  }
  return *found;
}

Subject read_subject(const Json& json, std::string_view source) {
  if (!json.is_object()) {
    refuse(source, "a subject is no object");
  }
  Subject subject{member(json, "name", Json::value_t::string, source), {}};
  for (const auto& [algorithm, digest] : member(json, "digest", Json::value_t::object, source).items()) {
    if (!digest.is_string()) {
      refuse(source, fmt::format("the digest `{}` is no text", algorithm));
    }
    subject.digest[algorithm] = digest;
  }
  return subject;
}

}  // namespace

std::string write_statement(const Statement& statement) {
  Json subjects = Json::array();
  for (const Subject& subject : statement.subjects) {
    subjects.push_back({{"name", subject.name}, {"digest", subject.digest}});
  }
  return canonical_json({{"_type", statement_type},
                         {"subject", std::move(subjects)},
                         {"predicateType", statement.predicate_type},
                         {"predicate", statement.predicate}});
}

Statement read_statement(std::string_view payload, std::string_view source) {
  const Json json = Json::parse(payload, nullptr, false);
  if (!json.is_object()) {
    refuse(source, "it is no JSON object");
  }
  if (member(json, "_type", Json::value_t::string, source) != statement_type) {
    refuse(source, fmt::format("`_type` is not {}", statement_type));
  }
  Statement statement;
  for (const Json& subject : member(json, "subject", Json::value_t::array, source)) {
    statement.subjects.push_back(read_subject(subject, source));
  }
  statement.predicate_type = member(json, "predicateType", Json::value_t::string, source);
  statement.predicate = member(json, "predicate", Json::value_t::object, source);
  if (json.size() != 4) {
    refuse(source, "it has members that no statement has");
  }
  return statement;
}

}  // namespace tollbar::attest
