// The log: records in a chain on a reference, each naming the digest of the one before. Only ever appended to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/bundle.h"
#include "evidence/record.h"
#include "git/repository.h"

namespace tollbar::evidence {

inline constexpr std::string_view log_ref = "refs/tollbar/log";

/// Where a record lies in the log's tree: `00/00/12/34.intoto.jsonl`. A hundred entries a directory at most, so that an
/// append writes four small trees however long the log is.
std::string path_of(std::uint64_t number);

/// `1234:9f86d0...`, as it is printed to be anchored outside.
std::string to_text(const Link& head);
/// Empty for anything that to_text() would not write.
std::optional<Link> parse_head(std::string_view text);
/// The same as a commit of the log says about itself; empty where it says nothing.
std::optional<Link> head_in_message(std::string_view message);

/// The log as it stood when this was made.
class Log {
 public:
  explicit Log(const git::Repository& repository);

  bool empty() const { return !tip_; }
  const std::optional<model::ObjectId>& tip() const { return tip_; }
  /// The last record; empty where there is none.
  std::optional<Link> head() const;
  /// How many records there are: the number of the last one.
  std::uint64_t size() const { return size_; }
  /// The bytes of a record's file; empty where there is none. Throws util::Error for a blob that is missing.
  std::optional<std::string> bytes(std::uint64_t number) const;
  /// Throws util::Error naming the record where it cannot be read, UsageError where there is none.
  Bundle bundle(std::uint64_t number) const;
  /// Paths that are no record's, of records behind the last one among them.
  std::vector<std::string> foreign_paths() const;

 private:
  std::optional<model::ObjectId> tip_;
  mutable std::optional<git::RepositoryTree> tree_;
  std::uint64_t size_ = 0;
};

/// Appends records in one commit: gives them their numbers and their places in the chain, and tries again where another
/// writer was faster. Gives the new head. Throws util::Error where it cannot be written; then nothing is.
Link append(git::Repository& repository, std::vector<Record> records, const Signer& signer);

}  // namespace tollbar::evidence
