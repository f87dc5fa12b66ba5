// A predicate of texts, and the record that repeats which change it is about.
#include "evidence/attachment.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "approval/record.h"
#include "util/error.h"

namespace tollbar::evidence {
namespace {

using Json = nlohmann::json;

struct Text {
  const char* key;
  std::string Attachment::*member;
};
constexpr std::array<Text, 5> texts{{
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
  Json predicate{{"fingerprint", attachment.record.digest},
                 {"record", attachment.record.number},
                 {"created", util::to_text(attachment.created)}};
  for (const Text& text : texts) {
    predicate[text.key] = approval::as_text(attachment.*text.member);
  }
  return {{subject_of(attachment)}, std::string(attachment_type), std::move(predicate)};
}

Attachment read_attachment(const attest::Statement& statement, std::string_view source) {
  const auto refuse = [&](std::string_view problem) {
    throw util::Error(fmt::format("{}: no attachment: {}", source, problem));
  };
  if (statement.predicate_type != attachment_type) {
    refuse(fmt::format("its predicate type is {}", statement.predicate_type));
  }
  const Json& json = statement.predicate;
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string()) {
      refuse(fmt::format("`{}` is missing or no text", key));
    }
    return found->get<std::string>();
  };
  Attachment attachment;
  for (const Text& each : texts) {
    attachment.*each.member = text(each.key);
  }
  attachment.record.digest = text("fingerprint");
  const auto number = json.find("record");
  if (number == json.end() || !number->is_number_unsigned()) {
    refuse("`record` is missing or no number");
  }
  attachment.record.number = number->get<std::uint64_t>();
  const auto created = util::parse_instant(text("created"));
  if (!created) {
    refuse("`created` is no time");
  }
  attachment.created = *created;
  if (attest::write_statement(to_statement(attachment)) != attest::write_statement(statement)) {
    refuse("it says more than this tollbar knows, or its subject is another record");
  }
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
