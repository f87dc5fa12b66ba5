// `tollbar evidence`: reads the evidence log, verifies it, and adds what became of a change.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <ostream>
#include <set>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/evidence_records.h"
#include "cli/run.h"
#include "evidence/log.h"
#include "evidence/query.h"
#include "evidence/verify.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "git/revisions.h"
#include "report/escape.h"
#include "report/evidence.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

using evidence::Entry;

/// `2026-11-23` or `2026-11-23T05:00:00Z`.
util::Instant parse_since(const std::string& text) {
  auto instant = util::parse_instant(text);
  if (!instant) {
    instant = util::parse_instant(text + "T00:00:00Z");
  }
  if (!instant) {
    throw util::UsageError(fmt::format("--since: `{}` is neither 2026-11-23 nor 2026-11-23T05:00:00Z", text));
  }
  return *instant;
}

evidence::Filter filter_of(const Arguments& arguments) {
  evidence::Filter filter;
  if (const auto since = arguments.value("--since")) {
    filter.since = parse_since(*since);
  }
  filter.rule = arguments.value("--rule").value_or("");
  filter.decision = arguments.value("--decision").value_or("");
  filter.ref = arguments.value("--ref").value_or("");
  filter.actor = arguments.value("--actor").value_or("");
  return filter;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

struct Signers {
  std::optional<attest::Verifier> verifier;
  std::string source;
};

/// --signers, else the allowed signers of git's configuration.
void load_signers(const Arguments& arguments, const git::Repository& repository, Signers& signers) {
  const auto configured = repository.config("gpg.ssh.allowedSignersFile");
  const auto file = arguments.value("--signers") ? arguments.value("--signers") : configured;
  if (!file) {
    return;
  }
  attest::TrustAnchors anchors;
  anchors.allowed_signers = gate::read_policy_file(*file);
  anchors.allowed_signers_source = *file;
  if (const auto revoked = repository.config("gpg.ssh.revocationFile")) {
    anchors.revoked = gate::read_policy_file(*revoked);
    anchors.revoked_source = *revoked;
  }
  signers.source = *file;
  signers.verifier.emplace(std::move(anchors));
}

void write_verification(std::ostream& out, const evidence::LogVerification& found) {
  for (const std::string& problem : found.problems) {
    out << "problem: " << report::escape(problem) << '\n';
  }
  out << "evidence log: "
      << (found.head ? fmt::format("{}, head {}", counted(found.records, "record"), evidence::to_text(*found.head))
                     : std::string("empty"))
      << '\n';
  for (const auto& [principal, records] : found.signed_by) {
    out << "signed by " << report::escape(principal) << ": " << counted(records, "record") << '\n';
  }
  if (found.unchecked_signatures > 0) {
    out << "not checked: the signatures of " << counted(found.unchecked_signatures, "record")
        << "; --signers FILE names the keys to check them against\n";
  }
  if (found.unsigned_records > 0) {
    out << "not signed: " << counted(found.unsigned_records, "record")
        << "; only the chain holds them, and only a head that was kept elsewhere proves it whole\n";
  }
}

}  // namespace

std::vector<Entry> entries_about(const git::Repository& repository, const evidence::Log& log, const std::string& word) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error == std::errc{} && end == word.data() + word.size() && number <= log.size()) {
    return evidence::about(log, number);
  }
  constexpr std::size_t longest_number = 8;
  const bool is_number = error == std::errc{} && end == word.data() + word.size() && word.size() <= longest_number;
  if (is_number && !repository.resolve_commit(word)) {
    throw util::UsageError(
        fmt::format("the evidence log has no record {}; it has {} (tollbar evidence list)", number, log.size()));
  }
  const git::Range range = git::resolve_range(repository, word);
  std::set<model::ObjectId> commits(range.commits.begin(), range.commits.end());
  if (range.tip) {
    commits.insert(*range.tip);
  }
  std::vector<Entry> entries = evidence::about(log, commits);
  if (entries.empty()) {
    throw util::UsageError(
        fmt::format("the evidence log has nothing about `{}`: what is simply allowed leaves no record", word));
  }
  return entries;
}

int run_evidence_show(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  report::write_evidence_text(console.out,
                              entries_about(repository, evidence::Log(repository), arguments.words.front()));
  return exit_allowed;
}

int run_evidence_list(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const evidence::Log log(repository);
  if (log.empty()) {
    console.err << "note: there is no evidence log here; that of a server comes with: "
                   "git fetch origin refs/tollbar/log:refs/tollbar/log\n";
  }
  evidence::each_entry(log, filter_of(arguments),
                       [&](const Entry& entry) { report::write_evidence_line(console.out, entry); });
  return exit_allowed;
}

int run_evidence_export(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const std::string name = arguments.value("--output").value_or("jsonl");
  const auto& formats = report::evidence_formats();
  const auto format = std::find_if(formats.begin(), formats.end(), [&](const auto& each) { return each.name == name; });
  if (format == formats.end()) {
    throw util::UsageError(fmt::format("there is no format `{}` of evidence", name));
  }
  const evidence::Log log(repository);
  std::vector<Entry> entries;
  if (arguments.words.empty()) {
    evidence::each_entry(log, filter_of(arguments), [&](const Entry& entry) { entries.push_back(entry); });
  } else {
    entries = entries_about(repository, log, arguments.words.front());
  }
  format->write(console.out, entries);
  return exit_allowed;
}

int run_evidence_verify(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  evidence::VerifyOptions options;
  for (const std::string& text : arguments.values("--head")) {
    const auto head = evidence::parse_head(text);
    if (!head) {
      throw util::UsageError(
          fmt::format("--head: `{}` is no head; a push prints one as NUMBER DIGEST, written NUMBER:DIGEST", text));
    }
    options.heads.push_back(*head);
  }
  Signers signers;
  load_signers(arguments, repository, signers);
  options.verifier = signers.verifier ? &*signers.verifier : nullptr;
  options.required_signer = arguments.value("--signed-by").value_or("");
  if (!options.required_signer.empty() && options.verifier == nullptr) {
    throw util::UsageError("--signed-by needs --signers, or gpg.ssh.allowedSignersFile in git's configuration");
  }
  const evidence::LogVerification found = evidence::verify_log(repository, options);
  write_verification(console.out, found);
  return found.problems.empty() ? exit_allowed : exit_blocked;
}

}  // namespace tollbar::cli
