// Signed records on `refs/tollbar/approvals`: only ever added, merged by union.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"

namespace tollbar::approval {

inline constexpr std::string_view store_ref = "refs/tollbar/approvals";

/// One envelope as it lies in the store: `ab/<fingerprint>/<digest>.json`, digest being the SHA-256 of its bytes.
struct StoredRecord {
  std::string fingerprint;  ///< of the fact it speaks of: 64 hexadecimal digits
  std::string digest;       ///< of the envelope's bytes
  std::string envelope;     ///< bytes
};

/// The store at one commit. Reads only the directories it is asked for, so that its size does not matter.
class Store {
 public:
  /// At the tip of the reference, or at a commit that is being pushed to it.
  explicit Store(const git::Repository& repository);
  Store(const git::Repository& repository, const model::ObjectId& tip);

  bool empty() const { return !tip_; }
  /// The records about a fact, by digest. Throws util::Error naming the path of a record whose name is not its digest.
  std::vector<StoredRecord> about(std::string_view fingerprint) const;
  /// Every record, in order of path.
  void each(const std::function<void(const StoredRecord& record)>& visit) const;

 private:
  const git::Repository& repository_;
  std::optional<model::ObjectId> tip_;
};

/// Adds records in one commit; those that are there already stay as they are.
void add_to_store(git::Repository& repository, const std::vector<StoredRecord>& records, const std::string& message);

}  // namespace tollbar::approval
