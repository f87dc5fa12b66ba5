// One pass over the log, as records lie in the order of time and not of what they speak of.
#include "evidence/query.h"

#include <algorithm>

#include "gate/policy.h"
#include "text/glob.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::evidence {
namespace {

bool fits(const std::string& pattern, std::string_view text) {
  return pattern.empty() || pattern == text || text::Glob(pattern).matches(text);
}

Entry entry_at(const Log& log, std::uint64_t number) {
  const auto bytes = log.bytes(number);
  if (!bytes) {
    throw util::Error("read the evidence log: record " + std::to_string(number) + " is missing; see evidence verify");
  }
  return {{number, util::sha256_hex(*bytes)}, read_bundle(*bytes, "record " + std::to_string(number)).record};
}

/// Those that `begins` names, and those that refer to one of them.
std::vector<Entry> with_followers(const Log& log, const std::function<bool(const Entry& entry)>& begins) {
  std::vector<Entry> found;
  std::set<std::uint64_t> numbers;
  each_entry(log, {}, [&](const Entry& entry) {
    const auto& earlier = entry.record.refers_to;
    if (begins(entry) || (earlier && numbers.count(earlier->number) != 0)) {
      numbers.insert(entry.link.number);
      found.push_back(entry);
    }
  });
  return found;
}

}  // namespace

bool Filter::lets_through(const Record& record) const {
  const auto names_it = [&](const JudgedFact& fact) { return gate::names_rule(rule, fact.rule); };
  const bool rule_fits = rule.empty() || std::any_of(record.facts.begin(), record.facts.end(), names_it);
  const bool decision_fits = decision.empty() || decision == record.decision || decision == record.status ||
                             decision == record.outcome || decision == to_string(record.kind);
  const bool ref_fits = fits(ref, record.ref) || fits(ref, branch_of(record.ref));
  return (!since || record.time >= *since) && rule_fits && decision_fits && ref_fits &&
         (actor.empty() || actor == record.actor || actor == record.signer);
}

void each_entry(const Log& log, const Filter& filter, const std::function<void(const Entry& entry)>& visit) {
  for (std::uint64_t number = 1; number <= log.size(); ++number) {
    if (const Entry entry = entry_at(log, number); filter.lets_through(entry.record)) {
      visit(entry);
    }
  }
}

std::vector<Entry> about(const Log& log, const std::set<model::ObjectId>& commits) {
  std::set<std::string> ids;
  for (const model::ObjectId& id : commits) {
    ids.insert(id.hex());
  }
  return with_followers(log, [&](const Entry& entry) {
    return entry.record.kind == Record::Kind::decision && ids.count(entry.record.object) != 0;
  });
}

std::vector<Entry> about(const Log& log, std::uint64_t number) {
  log.bundle(number);  // throws for one that is not there
  return with_followers(log, [&](const Entry& entry) { return entry.link.number == number; });
}

}  // namespace tollbar::evidence
