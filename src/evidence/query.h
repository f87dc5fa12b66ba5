// Finding records in the log: by what they say, and by the change they speak of.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/log.h"
#include "evidence/record.h"
#include "model/object_id.h"
#include "util/instant.h"

namespace tollbar::evidence {

/// A record, and the digest of its file.
struct Entry {
  Link link;
  Record record;
};

/// Empty parts let everything through.
struct Filter {
  std::optional<util::Instant> since;
  std::string rule;      ///< id or glob: of a fact
  std::string decision;  ///< a decision (`block`), a status (`needs-approval`) or an outcome (`refused`)
  std::string ref;       ///< full name, branch or glob
  std::string actor;

  bool lets_through(const Record& record) const;
};

/// Every record that the filter lets through, oldest first. Throws util::Error naming one that cannot be read.
void each_entry(const Log& log, const Filter& filter, const std::function<void(const Entry& entry)>& visit);

/// The decisions about these commits, and everything that speaks of one of them later; in the log's order.
std::vector<Entry> about(const Log& log, const std::set<model::ObjectId>& commits);
/// One record, and everything that speaks of it later.
std::vector<Entry> about(const Log& log, std::uint64_t number);

}  // namespace tollbar::evidence
