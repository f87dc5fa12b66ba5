// Approvals and revocations as in-toto predicates.
#include "approval/record.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "attest/canonical_json.h"
#include "text/decode.h"
#include "util/error.h"
#include "util/random.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

using Json = nlohmann::json;

constexpr std::size_t nonce_bytes = 16;

template <typename Record>
struct Text {
  const char* key;
  std::string Record::*member;
  bool required = false;
};

constexpr std::array<Text<Fact>, 8> fact_texts{{{"repository", &Fact::repository, true},
                                                {"ref", &Fact::ref, true},
                                                {"path", &Fact::path},
                                                {"rule", &Fact::rule, true},
                                                {"subject", &Fact::subject},
                                                {"before", &Fact::before},
                                                {"after", &Fact::after},
                                                {"context", &Fact::context}}};
constexpr std::array<Text<Approval>, 6> approval_texts{{{"reason", &Approval::reason, true},
                                                        {"approver", &Approval::approver, true},
                                                        {"relayedFor", &Approval::relayed_for},
                                                        {"tollbarVersion", &Approval::version, true},
                                                        {"policyDigest", &Approval::policy, true},
                                                        {"nonce", &Approval::nonce, true}}};
constexpr std::array<Text<Revocation>, 4> revocation_texts{{{"approval", &Revocation::approval, true},
                                                            {"fingerprint", &Revocation::fingerprint, true},
                                                            {"reason", &Revocation::reason, true},
                                                            {"revoker", &Revocation::revoker, true}}};

template <typename Record, std::size_t Size>
Json write_texts(const Record& record, const std::array<Text<Record>, Size>& texts) {
  Json json = Json::object();
  for (const auto& text : texts) {
    json[text.key] = record.*text.member;
  }
  return json;
}

/// Reads a JSON object of which every member must be asked for.
class ObjectReader {
 public:
  ObjectReader(const Json& json, std::string_view what, std::string_view source)
      : json_(json), what_(what), source_(source) {
    if (!json.is_object()) {
      refuse("it is no object");
    }
  }

  [[noreturn]] void refuse(std::string_view problem) const {
    throw util::Error(fmt::format("{}: no {}: {}", source_, what_, problem));
  }

  const Json& member(const char* key) {
    const auto found = json_.find(key);
    if (found == json_.end()) {
      refuse(fmt::format("`{}` is missing", key));
    }
    ++read_;
    return *found;
  }

  std::string text(const char* key) {
    const Json& value = member(key);
    if (!value.is_string()) {
      refuse(fmt::format("`{}` is no text", key));
    }
    return value;
  }

  template <typename Record, std::size_t Size>
  void texts(Record& record, const std::array<Text<Record>, Size>& texts) {
    for (const auto& each : texts) {
      record.*each.member = text(each.key);
      if (each.required && (record.*each.member).empty()) {
        refuse(fmt::format("`{}` is empty", each.key));
      }
    }
  }

  util::Instant instant(const char* key) {
    const std::string written = text(key);
    const auto instant = util::parse_instant(written);
    if (!instant) {
      refuse(fmt::format("`{}` is no time such as 2027-01-31T12:00:00Z", key));
    }
    return *instant;
  }

  /// Nothing else may stand there: an older program would pass over what a newer one means by it.
  void end() const {
    if (json_.size() != read_) {
      refuse("it has members that this tollbar does not know");
    }
  }

 private:
  const Json& json_;
  std::string_view what_, source_;
  std::size_t read_ = 0;
};

void check_statement(const attest::Statement& statement, std::string_view type, const ObjectReader& reader) {
  if (statement.predicate_type != type) {
    reader.refuse(fmt::format("its predicate type is {}", statement.predicate_type));
  }
}

/// The one subject must have exactly this digest: what an index of statements finds is what was signed.
void check_subject(const attest::Statement& statement, const attest::Subject& expected, const ObjectReader& reader) {
  if (statement.subjects.size() != 1 || statement.subjects.front().name != expected.name ||
      statement.subjects.front().digest != expected.digest) {
    reader.refuse("its subject is not what its predicate speaks of");
  }
}

attest::Subject subject_of(const Fact& fact) {
  return {fmt::format("{} {}", fact.rule, fact.path), {{"sha256", fingerprint(fact)}}};
}

attest::Subject subject_of(const Revocation& revocation) {
  return {"approval", {{"sha256", revocation.approval}}};
}

bool is_nonce(std::string_view text) {
  return text.size() == 2 * nonce_bytes && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string as_text(std::string_view bytes) {
  constexpr std::string_view mark = "\xEF\xBF\xBD";  // U+FFFD: begins what stands for other bytes, and nothing else
  if (text::is_valid_utf8(bytes) && !bytes.starts_with(mark)) {
    return std::string(bytes);
  }
  std::string text(mark);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte >= 0x80 ? fmt::format("\\x{:02x}", byte) : c == '\\' ? std::string("\\\\") : std::string(1, c);
  }
  return text;
}

std::string fingerprint(const Fact& fact) {
  constexpr int schema = 1;
  Json json = write_texts(fact, fact_texts);
  json["schema"] = schema;
  return util::sha256_hex(attest::canonical_json(json));
}

std::string new_nonce() {
  return util::random_hex(nonce_bytes);
}

attest::Statement to_statement(const Approval& approval) {
  Json predicate = write_texts(approval, approval_texts);
  predicate["fact"] = write_texts(approval.fact, fact_texts);
  predicate["fingerprint"] = fingerprint(approval.fact);
  predicate["binding"] = model::to_string(approval.binding);
  predicate["created"] = util::to_text(approval.created);
  predicate["expires"] = util::to_text(approval.expires);
  return {{subject_of(approval.fact)}, std::string(approval_type), std::move(predicate)};
}

attest::Statement to_statement(const Revocation& revocation) {
  Json predicate = write_texts(revocation, revocation_texts);
  predicate["created"] = util::to_text(revocation.created);
  return {{subject_of(revocation)}, std::string(revocation_type), std::move(predicate)};
}

Approval read_approval(const attest::Statement& statement, std::string_view source) {
  ObjectReader reader(statement.predicate, "approval", source);
  check_statement(statement, approval_type, reader);
  Approval approval;
  ObjectReader fact(reader.member("fact"), "approval: `fact`", source);
  fact.texts(approval.fact, fact_texts);
  fact.end();
  reader.texts(approval, approval_texts);
  if (!is_nonce(approval.nonce)) {
    reader.refuse("`nonce` is not 32 hexadecimal digits");
  }
  const auto binding = model::parse_binding(reader.text("binding"));
  if (!binding) {
    reader.refuse("`binding` is none of fact, file, tree");
  }
  approval.binding = *binding;
  approval.created = reader.instant("created");
  approval.expires = reader.instant("expires");
  if (approval.expires <= approval.created) {
    reader.refuse("it expires before it begins");
  }
  if (reader.text("fingerprint") != fingerprint(approval.fact)) {
    reader.refuse("`fingerprint` is not that of its fact");
  }
  reader.end();
  check_subject(statement, subject_of(approval.fact), reader);
  return approval;
}

Revocation read_revocation(const attest::Statement& statement, std::string_view source) {
  ObjectReader reader(statement.predicate, "revocation", source);
  check_statement(statement, revocation_type, reader);
  Revocation revocation;
  reader.texts(revocation, revocation_texts);
  revocation.created = reader.instant("created");
  reader.end();
  check_subject(statement, subject_of(revocation), reader);
  return revocation;
}

}  // namespace tollbar::approval
