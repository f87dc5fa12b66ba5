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
inline constexpr std::size_t most_record_bytes = 64U << 10;  ///< of one envelope

/// One envelope as it lies in the store: `ab/<fingerprint>/<digest>.json`, digest being the SHA-256 of its bytes.
struct StoredRecord {
  std::string fingerprint;  ///< of the fact it speaks of: 64 hexadecimal digits
  std::string digest;       ///< of the envelope's bytes
  std::string envelope;     ///< bytes

  std::string path() const;
};

/// An envelope under the name that the store gives it. Throws util::Error for a fingerprint that is none and for an
/// envelope that is too large for the store.
StoredRecord make_stored(std::string fingerprint, std::string envelope);

/// What is wrong with a file of the store, for people: its place, its mode, its size, its name, its form; empty where
/// it is a record: an envelope of tollbar's own around an in-toto statement of one of its types, whose predicate names
/// the directory's fingerprint in its member `fingerprint`. Whether its signature holds is another question.
std::optional<std::string> problem_of_record(std::string_view path, model::FileMode mode, std::string_view bytes);

/// The store at one commit. Reads only the directories it is asked for, so that its size does not matter.
class Store {
 public:
  /// At the tip of the reference, or at a commit that is being pushed to it.
  explicit Store(const git::Repository& repository);
  Store(const git::Repository& repository, const model::ObjectId& tip);

  bool empty() const { return !tip_; }
  const std::optional<model::ObjectId>& tip() const { return tip_; }
  /// The records about a fact, by digest. Throws util::Error naming the path of a file that is no record.
  std::vector<StoredRecord> about(std::string_view fingerprint) const;

  using Visit = std::function<void(const StoredRecord& record)>;
  using Damaged = std::function<void(const std::string& path, const std::string& problem)>;
  /// Every record, in order of path. `damaged` hears of files that are none; without it they throw util::Error.
  void each(const Visit& visit, const Damaged& damaged = nullptr) const;
  /// The `most` files that came last to where records lie, the newest first (along the first parents; those of one
  /// commit in order of path). Their content is not looked at: for those who look for one among many and check what
  /// they find (see problem_of_record). However large the store is, no more of it is read.
  void each_recent(std::size_t most, const Visit& visit) const;

 private:
  const git::Repository& repository_;
  std::optional<model::ObjectId> tip_;
};

/// Adds records in one commit; those that are there already stay as they are.
void add_to_store(git::Repository& repository, const std::vector<StoredRecord>& records, const std::string& message);

/// Takes in the store at `other`, a commit that is here already: from then on the reference leads to the records of
/// both. Gives how many are new. Throws util::Error where `other` is no sound store (see problem_of_growth), or holds
/// another content under a name of ours.
std::size_t merge_into_store(git::Repository& repository, const model::ObjectId& other);

/// What is wrong with moving the reference from `before` (empty: it is new) to `after`, for people: a commit that does
/// not descend from it, one that takes away or changes what any of its parents has, a file that is no record, too many
/// of them. Empty where records are only added.
std::optional<std::string> problem_of_growth(const git::Repository& repository,
                                             const std::optional<model::ObjectId>& before,
                                             const model::ObjectId& after);

}  // namespace tollbar::approval
