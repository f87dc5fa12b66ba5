// in-toto Statement v1 (https://in-toto.io/Statement/v1): subjects by digest, a predicate of some type.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::attest {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";

struct Subject {
  std::string name;
  std::map<std::string, std::string> digest;  ///< algorithm -> hexadecimal: `sha256`, `gitCommit`, `gitTree`
};

struct Statement {
  std::vector<Subject> subjects;
  std::string predicate_type;
  nlohmann::json predicate;
};

/// Canonical JSON without a line feed: what an envelope carries.
std::string write_statement(const Statement& statement);
/// Throws util::Error naming `source` and the member that is missing, wrong or unknown.
Statement read_statement(std::string_view payload, std::string_view source);

}  // namespace tollbar::attest
