// Members are counted as they are asked for.
#include "attest/predicate.h"

#include <fmt/format.h>

#include "util/error.h"

namespace tollbar::attest {

ObjectReader::ObjectReader(const nlohmann::json& json, std::string_view what, std::string_view source)
    : json_(json), what_(what), source_(source) {
  if (!json.is_object()) {
    refuse("it is no object");
  }
}

void ObjectReader::refuse(std::string_view problem) const {
  throw util::Error(fmt::format("{}: no {}: {}", source_, what_, problem));
}

void ObjectReader::refuse_empty(const char* key) const {
  refuse(fmt::format("`{}` is empty", key));
}

const nlohmann::json& ObjectReader::member(const char* key) {
  const auto found = json_.find(key);
  if (found == json_.end()) {
    refuse(fmt::format("`{}` is missing", key));
  }
  ++read_;
  return *found;
}

std::string ObjectReader::text(const char* key) {
  const nlohmann::json& value = member(key);
  if (!value.is_string()) {
    refuse(fmt::format("`{}` is no text", key));
  }
  return value;
}

util::Instant ObjectReader::instant(const char* key) {
  const auto instant = util::parse_instant(text(key));
  if (!instant) {
    refuse(fmt::format("`{}` is no time such as 2027-01-31T12:00:00Z", key));
  }
  return *instant;
}

std::uint64_t ObjectReader::number(const char* key) {
  const nlohmann::json& value = member(key);
  if (!value.is_number_unsigned()) {
    refuse(fmt::format("`{}` is no number", key));
  }
  return value;
}

std::vector<std::string> ObjectReader::text_list(const char* key) {
  const nlohmann::json& list = member(key);
  if (!list.is_array() || list.empty()) {
    refuse(fmt::format("`{}` names none", key));
  }
  std::vector<std::string> texts;
  for (const nlohmann::json& each : list) {
    if (!each.is_string()) {
      refuse(fmt::format("`{}` holds no texts", key));
    }
    texts.push_back(each);
  }
  return texts;
}

void ObjectReader::expect(const char* key, std::string_view value, std::string_view else_problem) {
  if (text(key) != value) {
    refuse(fmt::format("`{}` {}", key, else_problem));
  }
}

void ObjectReader::end() const {
  if (json_.size() != read_) {
    refuse("it has members that this tollbar does not know");
  }
}

PredicateReader::PredicateReader(const Statement& statement, std::string_view what, std::string_view type,
                                 std::string_view source)
    : ObjectReader(statement.predicate, what, source), statement_(statement) {
  if (statement.predicate_type != type) {
    refuse(fmt::format("its predicate type is {}", statement.predicate_type));
  }
}

void PredicateReader::end(const Subject& expected) const {
  ObjectReader::end();
  const auto& subjects = statement_.subjects;
  if (subjects.size() != 1 || subjects.front().name != expected.name || subjects.front().digest != expected.digest) {
    refuse("its subject is not what its predicate speaks of");
  }
}

}  // namespace tollbar::attest
