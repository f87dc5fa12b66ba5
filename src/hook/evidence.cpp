// From a push to the log, by way of the spool where the log cannot be written yet.
#include "hook/evidence.h"

#include <fmt/format.h>

#include <optional>
#include <ostream>
#include <vector>

#include "evidence/decision.h"
#include "evidence/log.h"
#include "evidence/signing.h"
#include "evidence/spool.h"
#include "hook/statements.h"
#include "report/escape.h"
#include "rule/redaction.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

using evidence::Record;
using evidence::Spool;

/// What one reference of a push leaves.
struct Kept {
  std::string name;
  std::vector<Record> records;
};

/// As the server calls it, else as the policy or the configuration does; empty where nobody says.
std::string repository_of(ServerGate& gate, const gate::RefVerdict& ref) {
  if (!gate.origin().repository.empty()) {
    return gate.origin().repository;
  }
  return ref.policy && !ref.policy->policy.repository.empty()
             ? ref.policy->policy.repository
             : gate.repository().config("tollbar.repository").value_or("");
}

std::vector<Kept> records_of(ServerGate& gate, const gate::PushResult& result, bool accepted) {
  evidence::Circumstances circumstances;
  circumstances.time = util::now();
  circumstances.version = TOLLBAR_VERSION;
  circumstances.actor = gate.origin().actor;
  circumstances.pull_request = gate.origin().pull_request;
  circumstances.accepted = accepted;
  std::optional<rule::Redactor> redactor;  // made only where there is something to keep
  std::vector<Kept> kept;
  for (const gate::RefVerdict& ref : result.refs) {
    if (ref.verdicts.empty()) {
      continue;
    }
    if (!redactor) {
      redactor.emplace(gate.rules());
    }
    circumstances.repository = repository_of(gate, ref);
    Kept one{evidence::name_of(ref.update), evidence::records_of(gate.repository(), ref, circumstances, *redactor)};
    for (std::size_t i = 0; i < one.records.size(); ++i) {
      one.records[i].event = fmt::format("{}-{}", one.name, i + 1);
    }
    if (!one.records.empty()) {
      kept.push_back(std::move(one));
    }
  }
  return kept;
}

bool breaks_glass(const std::vector<Kept>& kept) {
  for (const Kept& one : kept) {
    for (const Record& record : one.records) {
      if (record.status == model::to_string(model::Status::break_glass)) {
        return true;
      }
    }
  }
  return false;
}

/// A decision that pre-receive left, and no post-receive spoke of: whether the push came to anything shows in the
/// reference.
void complete(const git::Repository& repository, Record& record) {
  const auto tip = repository.reference(record.ref);
  const auto after = model::ObjectId::from_hex(record.after);
  const bool there = after ? tip && (*tip == *after || repository.merge_base(*tip, *after) == *after) : !tip;
  record.outcome = there ? "accepted" : "";
  record.note = there ? "written late: post-receive was ended before it could log this decision"
                      : "post-receive did not speak of this push, and the reference does not show it";
}

std::vector<Record> records_waiting(const git::Repository& repository, std::vector<Spool::Waiting> waiting) {
  std::vector<Record> records;
  for (Spool::Waiting& each : waiting) {
    for (Record& record : each.records) {
      if (each.why == Spool::Why::pending) {
        complete(repository, record);
      }
      records.push_back(std::move(record));
    }
  }
  return records;
}

void say(ServerGate& gate, std::string_view kind, std::string_view text) {
  gate.err() << gate.line_prefix() << kind << ": " << report::escape(text) << '\n';
}

void tell_problem(ServerGate& gate, const std::string& problem) {
  say(gate, "warning", "the spool of the evidence log: " + problem);
}

/// Statements of people, redacted as everything that is kept.
std::vector<Record> statements(ServerGate& gate, const gate::PushResult& result) {
  std::vector<Record> records = records_of_statements(
      gate.repository(), result, [&](const std::string& problem) { say(gate, "warning", problem); });
  if (!records.empty()) {
    const rule::Redactor redactor(gate.rules());
    for (Record& record : records) {
      evidence::redact(record, redactor);
    }
  }
  return records;
}

/// What waits there goes first: it happened earlier.
void log_waiting(ServerGate& gate, const Spool& spool, const evidence::Signer& signer) {
  spool.take(
      [&](std::vector<Spool::Waiting> waiting) {
        evidence::append(gate.repository(), records_waiting(gate.repository(), std::move(waiting)), signer);
      },
      [&](const std::string& problem) { tell_problem(gate, problem); });
}

/// The log cannot be written: the next push shall.
void keep_for_later(ServerGate& gate, const Spool& spool, const std::vector<Kept>& kept, const std::string& why) {
  say(gate, "error", "the push is accepted, but the evidence log cannot be written: " + why);
  for (const Kept& one : kept) {
    try {
      spool.put(Spool::Why::late, one.name, one.records);
      spool.remove(Spool::Why::pending, one.name);
      say(gate, "error",
          fmt::format("its {} decision{} wait{} in {} for the next push; tell the server's administrator",
                      one.records.size(), one.records.size() == 1 ? "" : "s", one.records.size() == 1 ? "s" : "",
                      spool.directory()));
    } catch (const util::Error& error) {
      say(gate, "error",
          fmt::format("NOT LOGGED: {} decisions about {}, and the spool fails, too: {}; the marks in "
                      "refs/notes/tollbar stay; tell the server's administrator now",
                      one.records.size(), one.records.front().ref, error.what()));
    }
  }
}

}  // namespace

std::string keep_answer(ServerGate& gate, const gate::PushResult& result) {
  const bool accepted = !result.refused();
  const Spool spool(gate.repository());
  bool glass = false;
  try {
    const std::vector<Kept> kept = records_of(gate, result, accepted);
    glass = accepted && breaks_glass(kept);
    for (const Kept& one : kept) {
      spool.put(accepted ? Spool::Why::pending : Spool::Why::refused, one.name, one.records);
    }
  } catch (const util::Error& error) {
    if (glass) {
      return fmt::format("break-glass leaves a record or does not happen, and it cannot be written: {}", error.what());
    }
    say(gate, "warning", fmt::format("this decision is not kept as evidence: {}", error.what()));
  }
  return "";
}

void log_decisions(ServerGate& gate, const gate::PushResult& result) {
  const Spool spool(gate.repository());
  const std::vector<Kept> kept = records_of(gate, result, true);
  try {
    const evidence::Signer signer = evidence::server_signer(gate.repository());
    log_waiting(gate, spool, signer);
    std::vector<Record> records = statements(gate, result);
    for (const Kept& one : kept) {
      records.insert(records.end(), one.records.begin(), one.records.end());
    }
    if (const evidence::Link head = evidence::append(gate.repository(), std::move(records), signer); head.number > 0) {
      gate.err() << gate.line_prefix() << "tollbar: evidence log at " << head.number << ' ' << head.digest << '\n';
    }
    for (const Kept& one : kept) {
      spool.remove(Spool::Why::pending, one.name);
    }
  } catch (const util::Error& error) {
    keep_for_later(gate, spool, kept, error.what());
  }
}

}  // namespace tollbar::hook
