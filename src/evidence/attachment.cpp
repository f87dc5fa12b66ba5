// A predicate of texts, and the record that repeats which change it is about.
#include "evidence/attachment.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "approval/record.h"
#include "attest/predicate.h"

namespace tollbar::evidence {
namespace {

using Json = nlohmann::json;

constexpr std::array<attest::TextMember<Attachment>, 5> attachment_texts{{
    {"outcome", &Attachment::outcome},
    {"validation", &Attachment::validation},
    {"location", &Attachment::location},
    {"note", &Attachment::note},
    {"by", &Attachment::by},
}};

attest::Subject subject_of(const Attachment& attachment) {
  return {fmt::format("evidence record {}", attachment.record.number), {{"sha256", attachment.record.digest}}};
}

}  // namespace

attest::Statement to_statement(const Attachment& attachment) {
  Json predicate = write_texts(approval::with_texts(attachment, attachment_texts), attachment_texts);
  predicate["fingerprint"] = attachment.record.digest;
  predicate["record"] = attachment.record.number;
  predicate["created"] = util::to_text(attachment.created);
  return {{subject_of(attachment)}, std::string(attachment_type), std::move(predicate)};
}

Attachment read_attachment(const attest::Statement& statement, std::string_view source) {
  attest::PredicateReader reader(statement, "attachment", attachment_type, source);
  Attachment attachment;
  reader.texts(attachment, attachment_texts);
  attachment.record.digest = reader.text("fingerprint");
  attachment.record.number = reader.number("record");
  attachment.created = reader.instant("created");
  reader.end(subject_of(attachment));
  return attachment;
}

Record record_of(const Attachment& attachment, const Record& earlier) {
  Record record;
  record.kind = Record::Kind::attachment;
  record.time = attachment.created;
  record.repository = earlier.repository;
  record.ref = earlier.ref;
  record.pull_request = earlier.pull_request;
  record.of = earlier.of;
  record.object = earlier.object;
  record.object_type = earlier.object_type;
  record.title = earlier.title;
  record.final_outcome = attachment.outcome;
  record.validation = attachment.validation;
  record.location = attachment.location;
  record.note = attachment.note;
  record.signer = attachment.by;
  record.refers_to = attachment.record;
  return record;
}

}  // namespace tollbar::evidence
