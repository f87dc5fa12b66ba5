// `tollbar evidence attach`: what became of a change. On the server straight into the log, elsewhere as a signed
// statement that is pushed.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "approval/signing.h"
#include "approval/store.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/evidence_records.h"
#include "cli/run.h"
#include "cli/signing.h"
#include "evidence/attachment.h"
#include "evidence/decision.h"
#include "evidence/signing.h"
#include "git/settings.h"
#include "report/escape.h"
#include "rule/redaction.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

/// The decision that the word means: of several about one commit the last.
const evidence::Entry& decision_among(const std::vector<evidence::Entry>& entries, const std::string& word) {
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [](const evidence::Entry& entry) {
    return entry.record.kind == evidence::Record::Kind::decision;
  });
  if (found == entries.rend()) {
    throw util::UsageError(fmt::format("record `{}` is no decision; attach to the decision that it speaks of", word));
  }
  return *found;
}

evidence::Attachment attachment_of(const Arguments& arguments, const evidence::Entry& entry) {
  const rule::RuleSet rules = rule::load_builtin();
  const rule::Redactor redactor(rules);
  const auto text = [&](const char* flag) { return redactor.redact_prose(arguments.value(flag).value_or("")); };
  evidence::Attachment attachment;
  attachment.record = entry.link;
  attachment.outcome = text("--outcome");
  attachment.validation = text("--validation");
  attachment.location = text("--location");
  attachment.note = text("--note");
  attachment.created = util::now();
  if (attachment.outcome.empty() && attachment.validation.empty() && attachment.location.empty() &&
      attachment.note.empty()) {
    throw util::UsageError("nothing to attach: give --outcome, --validation, --location or --note");
  }
  return attachment;
}

/// Whoever runs commands on the server is trusted already; the log's own key stands for it.
void log_here(git::Repository& repository, const evidence::Attachment& attachment, const evidence::Entry& entry,
              Console& console) {
  evidence::Record record = evidence::record_of(attachment, entry.record);
  record.version = TOLLBAR_VERSION;
  record.signer = "administrator of the server";
  const evidence::Link head = evidence::append(repository, {std::move(record)}, evidence::server_signer(repository));
  console.out << "record " << head.number << " is about record " << entry.link.number << '\n'
              << "tollbar: evidence log at " << head.number << ' ' << head.digest << '\n';
}

void sign_and_store(git::Repository& repository, evidence::Attachment attachment, Console& console) {
  attachment.by = git::text_setting("user.email").value_or("");
  if (attachment.by.empty()) {
    throw util::UsageError("who attaches this? git config user.email PRINCIPAL, as the allowed signers spell it");
  }
  const approval::StoredRecord stored =
      approval::sign_record(to_statement(attachment), attachment.record.digest, settings_that_verify(repository));
  approval::add_to_store(repository, {stored}, "Attach what became of a change\n");
  console.out << "signed as " << report::escape(attachment.by) << ": " << stored.digest << '\n';
  console.err << "hint: it reaches the evidence log with: tollbar approvals push\n";
}

}  // namespace

int run_evidence_attach(const Arguments& arguments, Console& console) {
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const evidence::Log log(repository);
  const std::string& word = arguments.words.front();
  const std::vector<evidence::Entry> entries = entries_about(repository, log, word);
  const evidence::Entry& entry = decision_among(entries, word);
  const evidence::Attachment attachment = attachment_of(arguments, entry);
  if (repository.is_bare()) {
    log_here(repository, attachment, entry, console);
  } else {
    sign_and_store(repository, attachment, console);
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
