// The packet for an auditor: what changed, why it needed approval, who approved it, under which policy, what happened
// after, and how to verify all of it without us.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <set>

#include "report/escape.h"
#include "report/evidence.h"

namespace tollbar::report {
namespace {

using evidence::Entry;
using evidence::JudgedFact;
using evidence::Record;

/// Text of strangers inside a paragraph or a table: nothing in it is markup.
std::string plain(std::string_view text) {
  std::string safe;
  for (const char c : escape(evidence::or_unknown(text))) {
    if (std::string_view("\\`*_{}[]<>#|~!&").find(c) != std::string_view::npos) {
      safe += '\\';
    }
    safe += c;
  }
  return safe;
}

/// The same as code: no markup but the backtick itself and, in tables, the bar.
std::string code(std::string_view text) {
  std::string safe = escape(evidence::or_unknown(text));
  std::replace(safe.begin(), safe.end(), '`', '\'');
  for (std::size_t bar = safe.find('|'); bar != std::string::npos; bar = safe.find('|', bar + 2)) {
    safe.insert(bar, 1, '\\');
  }
  return '`' + safe + '`';
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  return fmt::format("{}", fmt::join(texts, separator));
}

class Packet {
 public:
  explicit Packet(std::ostream& out) : out_(out) {}

  void write(const std::vector<Entry>& entries) {
    const auto decided = [](const Entry& entry) { return entry.record.kind == Record::Kind::decision; };
    for (const Entry& entry : entries) {
      if (!decided(entry)) {
        continue;
      }
      heading(entry);
      what_changed(entry.record);
      why(entry.record);
      who(entry.record);
      policy(entry.record);
      after(entry, entries);
    }
    if (std::none_of(entries.begin(), entries.end(), decided)) {
      out_ << "# Evidence\n\nThe log holds no decision about this.\n";
      return;
    }
    verify(entries);
  }

 private:
  void row(std::string_view name, const std::string& value) { out_ << "| " << name << " | " << value << " |\n"; }
  void table() { out_ << "| | |\n|-|-|\n"; }

  void heading(const Entry& entry) {
    const Record& record = entry.record;
    out_ << "# Evidence: " << plain(record.title) << "\n\n";
    out_ << "Record " << entry.link.number << " of the evidence log, written " << util::to_text(record.time)
         << " by tollbar " << plain(record.version)
         << ". What nobody could tell says `unknown`; nothing was filled in later.\n\n";
    table();
    row("decision", fmt::format("**{}**, {}", plain(record.decision), plain(record.status)));
    row("push", plain(record.outcome));
    row(record.of == "net" ? "net change up to" : record.of == "reference" ? "object" : "commit", code(record.object));
    row("repository", plain(record.repository));
    row("reference", code(record.ref));
    row("pull request", plain(record.pull_request));
    row("pushed by", plain(record.actor));
    row("author (a claim of the commit)", plain(record.author));
    row("agents (claims of the commit)", plain(joined(record.agents, ", ")));
    out_ << '\n';
    if (!record.undecided.empty()) {
      out_ << "It could not be decided: " << plain(record.undecided) << "\n\n";
    }
    if (!record.note.empty()) {
      out_ << "Note: " << plain(record.note) << "\n\n";
    }
  }

  void what_changed(const Record& record) {
    out_ << "## What changed\n\nThe reference moved from " << code(record.before) << " to " << code(record.after)
         << ".\n\n";
    for (const JudgedFact& fact : record.facts) {
      const std::uint64_t line = fact.line != 0 ? fact.line : fact.line_before;
      out_ << "- " << code(fact.path + (line == 0 ? "" : fmt::format(":{}", line))) << ", " << plain(fact.subject)
           << ": before " << code(fact.before.empty() ? "(nothing)" : fact.before) << ", after "
           << code(fact.after.empty() ? "(nothing)" : fact.after) << '\n';
    }
    out_ << '\n';
  }

  void why(const Record& record) {
    out_ << "## Why it was not simply allowed\n\n";
    for (const JudgedFact& fact : record.facts) {
      out_ << "### " << plain(fact.rule) << "\n\n" << plain(fact.message) << "\n\n";
      table();
      row("decision of the rule", fmt::format("{} ({})", plain(fact.decision), plain(fact.trigger)));
      row("risk tier", plain(fact.risk));
      row("owner",
          plain(joined(fact.owners, ", ")) + (fact.owners.empty() ? "" : " (" + plain(fact.owner_source) + ")"));
      row("workflow", code(fact.workflow) + (fact.job.empty() ? "" : ", " + plain(fact.job)));
      row("tool", code(fact.tool));
      row("credential", fmt::format("{}; source {}; scope {}", code(fact.credential), plain(fact.credential_source),
                                    plain(fact.credential_scope)));
      row("action", plain(fact.action));
      row("target system",
          fmt::format("{}; environment {}; name {}", plain(fact.system), plain(fact.environment), plain(fact.target)));
      if (!fact.reach.empty()) {
        row("reached through", plain(joined(fact.reach, " <- ")));
      }
      row("fingerprint of the fact", code(fact.fingerprint));
      out_ << '\n';
    }
  }

  void who(const Record& record) {
    out_ << "## Who approved it\n\n";
    bool any = false;
    for (const JudgedFact& fact : record.facts) {
      for (const evidence::Approver& approver : fact.approvers) {
        any = true;
        out_ << "- " << plain(fact.rule) << ": **" << plain(approver.principal) << "**"
             << (approver.team.empty() ? "" : " for " + plain(approver.team))
             << (approver.relayed_for.empty() ? "" : ", relayed for " + plain(approver.relayed_for)) << ", key "
             << code(approver.key) << ", until " << plain(approver.expires) << ". Reason: " << plain(approver.reason)
             << ". Signed envelope: " << code(approver.approval) << '\n';
      }
      if (fact.emergency) {
        any = true;
        const evidence::Emergency& glass = *fact.emergency;
        out_ << "- " << plain(fact.rule) << ": **break-glass** by **" << plain(glass.principal) << "**, key "
             << code(glass.key) << ", incident " << plain(glass.incident) << ", until " << plain(glass.expires)
             << ", review due by " << plain(glass.review_by) << ". Reason: " << plain(glass.reason)
             << ". Signed envelope: " << code(glass.envelope) << '\n';
      }
      if (!fact.waiver.empty()) {
        any = true;
        out_ << "- " << plain(fact.rule) << ": waived by the policy: " << plain(fact.waiver) << '\n';
      }
    }
    out_ << (any ? "\n" : "Nobody had approved it when this was written.\n\n");
  }

  void policy(const Record& record) {
    out_ << "## Under which policy\n\n";
    table();
    row("policy", code(record.policy));
    row("its SHA-256", code(record.policy_digest));
    row("tollbar", plain(record.version));
    out_ << '\n';
    // `1a2b3c4d5e6f:.tollbar.yml` stands in the repository itself.
    if (const std::size_t colon = record.policy.find(':');
        colon != std::string::npos && record.policy.find_first_not_of("0123456789abcdef") == colon) {
      out_ << "```sh\ngit show " << escape(record.policy) << " | sha256sum\n```\n\n";
    }
  }

  void after(const Entry& decision, const std::vector<Entry>& entries) {
    out_ << "## What happened after\n\n";
    bool any = false;
    for (const Entry& entry : entries) {
      const Record& record = entry.record;
      if (!record.refers_to || record.refers_to->number != decision.link.number) {
        continue;
      }
      any = true;
      out_ << "Record " << entry.link.number << ", " << util::to_text(record.time) << ", by " << plain(record.signer)
           << (record.signer_key.empty() ? "" : ", key " + code(record.signer_key)) << ":\n\n";
      table();
      row("validation result", plain(record.validation));
      row("final outcome", plain(record.final_outcome));
      row("evidence location", plain(record.location));
      row("note", plain(record.note));
      out_ << '\n';
    }
    if (!any) {
      out_ << "Nothing was attached: validation result, final outcome and evidence location are unknown.\n\n";
    }
  }

  void verify(const std::vector<Entry>& entries) {
    out_ << "## How to verify this yourself\n\n"
            "The records are files on the reference `refs/tollbar/log`, each an in-toto bundle: lines of DSSE "
            "envelopes whose payload\n"
            "is an in-toto statement. Each names the SHA-256 of the file before it.\n\n```sh\n"
            "git fetch ORIGIN refs/tollbar/log:refs/tollbar/log\n";
    for (const Entry& entry : entries) {
      out_ << "git cat-file blob refs/tollbar/log:" << evidence::path_of(entry.link.number) << " | sha256sum    # "
           << entry.link.digest << '\n';
    }
    const Entry& last = entries.back();
    out_ << "tollbar evidence verify --head " << evidence::to_text(last.link)
         << " --signers SIGNERS\n"
            "```\n\nGive `--head` a head that was printed by a push and kept elsewhere: it proves that nothing up to "
            "it was changed,\n"
            "dropped or reordered. Without tollbar, a signature is checked so (SIGNERS: ssh-keygen(1), ALLOWED "
            "SIGNERS):\n\n```sh\n"
            "git cat-file blob refs/tollbar/log:"
         << evidence::path_of(entries.front().link.number)
         << " | head -n 1 > envelope.json\n"
            "jq -r .payload envelope.json | base64 -d > payload.json\n"
            "jq -r '.signatures[0].sig' envelope.json | base64 -d > payload.sig\n"
            "{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' \"$(wc -c < payload.json)\"; cat payload.json; } > "
            "signed\n"
            "ssh-keygen -Y find-principals -f SIGNERS -s payload.sig\n"
            "ssh-keygen -Y verify -f SIGNERS -I PRINCIPAL -n tollbar -s payload.sig < signed\n"
            "```\n\nA record whose `signatures` are empty is held by the chain alone.\n";
    approvals(entries);
  }

  void approvals(const std::vector<Entry>& entries) {
    std::set<std::string> envelopes;
    for (const Entry& entry : entries) {
      for (const JudgedFact& fact : entry.record.facts) {
        for (const evidence::Approver& approver : fact.approvers) {
          envelopes.insert(approver.approval);
        }
      }
    }
    if (envelopes.empty()) {
      return;
    }
    out_ << "\nThe approvals are envelopes of the same form, named by their own SHA-256:\n\n```sh\n"
            "git fetch ORIGIN refs/tollbar/approvals:refs/tollbar/approvals\n";
    for (const std::string& digest : envelopes) {
      out_ << "git ls-tree -r --name-only refs/tollbar/approvals | grep " << escape(digest) << '\n';
    }
    out_ << "tollbar approvals verify\n```\n";
  }

  std::ostream& out_;
};

}  // namespace

void write_evidence_markdown(std::ostream& out, const std::vector<Entry>& entries) {
  Packet(out).write(entries);
}

}  // namespace tollbar::report
