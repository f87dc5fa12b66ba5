// Predicates of tollbar's own statements: written from tables of texts, and read so that nothing in them is passed
// over.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "attest/statement.h"
#include "util/instant.h"

namespace tollbar::attest {

/// A text of a record and the member of a JSON object that holds it.
template <typename Record>
struct TextMember {
  const char* key;
  std::string Record::*member;
  bool required = false;  ///< it must not be empty
};

template <typename Record, std::size_t Size>
nlohmann::json write_texts(const Record& record, const std::array<TextMember<Record>, Size>& texts) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& text : texts) {
    json[text.key] = record.*text.member;
  }
  return json;
}

/// Reads a JSON object of which every member must be asked for. All of it throws util::Error naming `source`, what it
/// should have been (`approval`) and the member.
class ObjectReader {
 public:
  ObjectReader(const nlohmann::json& json, std::string_view what, std::string_view source);

  [[noreturn]] void refuse(std::string_view problem) const;
  const nlohmann::json& member(const char* key);
  std::string text(const char* key);
  util::Instant instant(const char* key);
  std::uint64_t number(const char* key);
  /// One or more.
  std::vector<std::string> text_list(const char* key);
  /// The text must be this one: it says once more what follows from the rest.
  void expect(const char* key, std::string_view value, std::string_view else_problem);
  /// Nothing else may stand there: an older program would pass over what a newer one means by it.
  void end() const;

  template <typename Record, std::size_t Size>
  void texts(Record& record, const std::array<TextMember<Record>, Size>& texts) {
    for (const auto& each : texts) {
      record.*each.member = text(each.key);
      if (each.required && (record.*each.member).empty()) {
        refuse_empty(each.key);
      }
    }
  }

 private:
  [[noreturn]] void refuse_empty(const char* key) const;

  const nlohmann::json& json_;
  std::string_view what_, source_;
  std::size_t read_ = 0;
};

/// The predicate of a statement of one type. Throws util::Error for another type.
class PredicateReader : public ObjectReader {
 public:
  PredicateReader(const Statement& statement, std::string_view what, std::string_view type, std::string_view source);

  /// As ObjectReader has it; and the one subject must be this: what an index of statements finds is what was signed.
  void end(const Subject& expected) const;

 private:
  const Statement& statement_;
};

}  // namespace tollbar::attest
