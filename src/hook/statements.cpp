// Only what is new in the store is read.
#include "hook/statements.h"

#include <fmt/format.h>

#include <optional>

#include "approval/break_glass.h"
#include "approval/store.h"
#include "attest/envelope.h"
#include "attest/verifier.h"
#include "evidence/attachment.h"
#include "evidence/log.h"
#include "gate/signers.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::hook {
namespace {

using evidence::Record;

/// The envelopes that the update adds.
std::vector<std::string> new_envelopes(const git::Repository& repository, const gate::RefUpdate& update) {
  const auto tree_of = [&](const model::ObjectId& commit) { return repository.commit(commit).tree; };
  const model::ObjectId before = update.creates() ? repository.empty_tree() : tree_of(update.before);
  git::RepositoryTree after(repository, tree_of(update.after));
  std::vector<std::string> envelopes;
  for (const model::FileDelta& delta : git::diff_trees(repository, before, after.id())) {
    const model::Content content = delta.added() ? after.read(*delta.after) : model::Content{};
    if (content.bytes) {
      envelopes.push_back(*content.bytes);
    }
  }
  return envelopes;
}

class Intake {
 public:
  Intake(const git::Repository& repository, const gate::RefVerdict& ref)
      : log_(repository), verifier_(gate::signers_of(repository, ref.policy->policy, ref.base)) {}

  /// Empty for statements that are not the log's business.
  std::optional<Record> record_of(const std::string& bytes) const {
    const std::string digest = util::sha256_hex(bytes);
    const std::string source = digest.substr(0, 12);
    const attest::Envelope envelope = attest::read_envelope(bytes, source);
    const attest::Statement statement = attest::read_statement(envelope.payload, source);
    std::optional<Record> record = unsigned_record(statement, source);
    if (!record) {
      return std::nullopt;
    }
    const attest::Signer signer = signer_of(envelope, source);
    if (signer.principal != record->signer) {
      throw util::Error(
          fmt::format("{}: it is signed by {}, and says that it is {}'s", source, signer.principal, record->signer));
    }
    record->signer_key = signer.key;
    record->statement = statement.predicate_type;
    record->envelope = digest;
    record->version = TOLLBAR_VERSION;
    return record;
  }

 private:
  std::optional<Record> unsigned_record(const attest::Statement& statement, const std::string& source) const {
    if (statement.predicate_type == evidence::attachment_type) {
      return of_attachment(evidence::read_attachment(statement, source), source);
    }
    Record record;
    record.kind = Record::Kind::signed_in;
    if (statement.predicate_type == approval::break_glass_type) {
      const approval::BreakGlass glass = approval::read_break_glass(statement, source);
      record.time = glass.created;
      record.repository = glass.repository;
      record.ref = glass.ref;
      record.incident = glass.incident;
      record.signer = glass.principal;
      record.note = fmt::format("breaks the glass for {} until {}: {}", fmt::join(glass.rules, ", "),
                                util::to_text(glass.expires), glass.reason);
      return record;
    }
    if (statement.predicate_type == approval::review_type) {
      const approval::Review review = approval::read_review(statement, source);
      record.time = review.created;
      record.repository = review.repository;
      record.incident = review.incident;
      record.signer = review.principal;
      record.note = fmt::format("reviews break-glass record {}: {}", review.record, review.reason);
      return record;
    }
    return std::nullopt;
  }

  Record of_attachment(const evidence::Attachment& attachment, const std::string& source) const {
    const auto earlier = log_.bytes(attachment.record.number);
    if (!earlier || util::sha256_hex(*earlier) != attachment.record.digest) {
      throw util::Error(
          fmt::format("{}: it speaks of record {}, and that of this log is another", source, attachment.record.number));
    }
    return evidence::record_of(attachment, log_.bundle(attachment.record.number).record);
  }

  attest::Signer signer_of(const attest::Envelope& envelope, const std::string& source) const {
    if (!verifier_) {
      throw util::Error(fmt::format("{}: there are no allowed signers", source));
    }
    attest::Verification found = verifier_->verify(envelope, util::now());
    if (!found.signer) {
      throw util::Error(fmt::format("{}: {}", source, found.problem));
    }
    return *found.signer;
  }

  evidence::Log log_;
  std::optional<attest::Verifier> verifier_;
};

}  // namespace

std::vector<Record> records_of_statements(const git::Repository& repository, const gate::PushResult& result,
                                          const std::function<void(const std::string& text)>& problem) {
  std::vector<Record> records;
  for (const gate::RefVerdict& ref : result.refs) {
    if (ref.update.ref != approval::store_ref || ref.update.deletes() || !ref.policy) {
      continue;
    }
    const Intake intake(repository, ref);
    for (const std::string& envelope : new_envelopes(repository, ref.update)) {
      try {
        if (auto record = intake.record_of(envelope)) {
          records.push_back(std::move(*record));
        }
      } catch (const util::Error& error) {
        problem(fmt::format("a signed statement is not taken into the evidence log: {}", error.what()));
      }
    }
  }
  return records;
}

}  // namespace tollbar::hook
