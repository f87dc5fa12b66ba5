// Approvals and revocations as in-toto predicates.
#include "approval/record.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "attest/canonical_json.h"
#include "attest/predicate.h"
#include "text/decode.h"
#include "util/error.h"
#include "util/random.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

using attest::TextMember;
using Json = nlohmann::json;

constexpr std::size_t nonce_bytes = 16;

constexpr std::array<TextMember<Fact>, 8> fact_texts{{{"repository", &Fact::repository, true},
                                                      {"ref", &Fact::ref, true},
                                                      {"path", &Fact::path},
                                                      {"rule", &Fact::rule, true},
                                                      {"subject", &Fact::subject},
                                                      {"before", &Fact::before},
                                                      {"after", &Fact::after},
                                                      {"context", &Fact::context}}};
constexpr std::array<TextMember<Approval>, 6> approval_texts{{{"reason", &Approval::reason, true},
                                                              {"approver", &Approval::approver, true},
                                                              {"relayedFor", &Approval::relayed_for},
                                                              {"tollbarVersion", &Approval::version, true},
                                                              {"policyDigest", &Approval::policy, true},
                                                              {"nonce", &Approval::nonce, true}}};
constexpr std::array<TextMember<Revocation>, 4> revocation_texts{{{"approval", &Revocation::approval, true},
                                                                  {"fingerprint", &Revocation::fingerprint, true},
                                                                  {"reason", &Revocation::reason, true},
                                                                  {"revoker", &Revocation::revoker, true}}};

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
  Json json = attest::write_texts(fact, fact_texts);
  json["schema"] = schema;
  return util::sha256_hex(attest::canonical_json(json));
}

std::string new_nonce() {
  return util::random_hex(nonce_bytes);
}

attest::Statement to_statement(const Approval& approval) {
  Json predicate = attest::write_texts(with_texts(approval, approval_texts), approval_texts);
  predicate["fact"] = attest::write_texts(approval.fact, fact_texts);
  predicate["fingerprint"] = fingerprint(approval.fact);
  predicate["binding"] = model::to_string(approval.binding);
  predicate["created"] = util::to_text(approval.created);
  predicate["expires"] = util::to_text(approval.expires);
  return {{subject_of(approval.fact)}, std::string(approval_type), std::move(predicate)};
}

attest::Statement to_statement(const Revocation& revocation) {
  Json predicate = attest::write_texts(with_texts(revocation, revocation_texts), revocation_texts);
  predicate["created"] = util::to_text(revocation.created);
  return {{subject_of(revocation)}, std::string(revocation_type), std::move(predicate)};
}

Approval read_approval(const attest::Statement& statement, std::string_view source) {
  attest::PredicateReader reader(statement, "approval", approval_type, source);
  Approval approval;
  attest::ObjectReader fact(reader.member("fact"), "approval: `fact`", source);
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
  reader.expect("fingerprint", fingerprint(approval.fact), "is not that of its fact");
  reader.end(subject_of(approval.fact));
  return approval;
}

Revocation read_revocation(const attest::Statement& statement, std::string_view source) {
  attest::PredicateReader reader(statement, "revocation", revocation_type, source);
  Revocation revocation;
  reader.texts(revocation, revocation_texts);
  revocation.created = reader.instant("created");
  reader.end(subject_of(revocation));
  return revocation;
}

}  // namespace tollbar::approval
