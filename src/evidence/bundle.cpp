// Two envelopes, one line each; the second names the first by its digest.
#include "evidence/bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "attest/statement.h"
#include "evidence/summary.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::evidence {
namespace {

std::string line_of(const attest::Statement& statement, const Signer& signer) {
  attest::Envelope envelope{std::string(attest::in_toto_type), attest::write_statement(statement), {}};
  if (signer) {
    attest::Signed made = signer(attest::pre_authentication_encoding(envelope.payload_type, envelope.payload));
    envelope.signatures.push_back({std::move(made.keyid), std::move(made.signature)});
  }
  return attest::write_envelope(envelope);
}

/// Takes a line with its line feed off `bytes`.
std::string_view take_line(std::string_view& bytes, std::string_view source) {
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) {
    throw util::Error(fmt::format("{}: it ends in the middle of a line", source));
  }
  const std::string_view line = bytes.substr(0, end + 1);
  bytes.remove_prefix(end + 1);
  return line;
}

attest::Envelope read_line(std::string_view line, std::string_view source) {
  attest::Envelope envelope = attest::read_envelope(line, source);
  if (envelope.payload_type != attest::in_toto_type) {
    throw util::Error(fmt::format("{}: its payload type is {}", source, envelope.payload_type));
  }
  return envelope;
}

/// Canonical JSON or nothing: every byte of a record has one meaning.
attest::Statement read_payload(const attest::Envelope& envelope, std::string_view source) {
  attest::Statement statement = attest::read_statement(envelope.payload, source);
  if (attest::write_statement(statement) != envelope.payload) {
    throw util::Error(fmt::format("{}: its statement is not in canonical form", source));
  }
  return statement;
}

bool same_subjects(const attest::Statement& a, const attest::Statement& b) {
  return std::equal(a.subjects.begin(), a.subjects.end(), b.subjects.begin(), b.subjects.end(),
                    [](const attest::Subject& one, const attest::Subject& other) {
                      return one.name == other.name && one.digest == other.digest;
                    });
}

/// A summary may not pass what its record does not let pass.
void check_summary(const attest::Statement& summary, const attest::Statement& record, const attest::Statement& expected,
                   std::string_view source) {
  const auto result = [](const attest::Statement& statement, const char* key) {
    const auto found = statement.predicate.find(key);
    return found == statement.predicate.end() ? nlohmann::json() : *found;
  };
  const bool same = summary.predicate_type == summary_type && same_subjects(summary, record) &&
                    result(summary, "inputAttestations") == result(expected, "inputAttestations") &&
                    result(summary, "verificationResult") == result(expected, "verificationResult");
  if (!same) {
    throw util::Error(fmt::format("{}: its verification summary is not about it", source));
  }
}

}  // namespace

std::string write_bundle(const Record& record, const Signer& signer) {
  std::string bytes = line_of(to_statement(record), signer);
  if (record.kind == Record::Kind::decision) {
    bytes += line_of(summary_of(record, util::sha256_hex(bytes)), signer);
  }
  return bytes;
}

Bundle read_bundle(std::string_view bytes, std::string_view source) {
  const std::string_view line = take_line(bytes, source);
  Bundle bundle;
  bundle.envelope = read_line(line, source);
  const attest::Statement statement = read_payload(bundle.envelope, source);
  bundle.record = read_record(statement, source);
  if (bundle.record.kind == Record::Kind::decision) {
    bundle.summary = read_line(take_line(bytes, source), source);
    check_summary(read_payload(*bundle.summary, source), statement, summary_of(bundle.record, util::sha256_hex(line)),
                  source);
  }
  if (!bytes.empty()) {
    throw util::Error(fmt::format("{}: it has lines too many", source));
  }
  return bundle;
}

}  // namespace tollbar::evidence
