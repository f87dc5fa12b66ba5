// The seam between what tollbar asks of a repository and the two ways of reading one. Internal to src/git.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"
#include "model/object_id.h"
#include "model/tree.h"

namespace tollbar::git {

/// A path that the next commit would hold.
struct IndexEntry {
  std::string path;
  model::FileEntry entry;
};

/// A repository as one implementation reads it. Not thread-safe. Absence is an empty optional; everything else that
/// fails is util::Error.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual bool is_bare() = 0;
  virtual std::string git_directory() = 0;
  virtual std::string work_directory() = 0;
  /// History is cut short here, or by what is being pushed.
  virtual bool is_shallow() = 0;
  /// The length of an object id in bytes: 20 or 32.
  virtual std::size_t hash_size() = 0;

  virtual std::optional<std::string> config(const std::string& name) = 0;
  virtual std::vector<Reference> references() = 0;
  /// What the reference `name` leads to; empty where it is absent or dangling.
  virtual std::optional<model::ObjectId> reference(const std::string& name) = 0;
  /// The name that the symbolic reference `name` holds; empty where it is absent or no symbolic one.
  virtual std::optional<std::string> symbolic_target(const std::string& name) = 0;

  virtual std::optional<model::ObjectId> resolve_commit(const std::string& revision) = 0;
  virtual std::optional<model::ObjectId> merge_base(const model::ObjectId& a, const model::ObjectId& b) = 0;

  virtual std::optional<ObjectHeader> header(const model::ObjectId& id) = 0;
  virtual std::optional<RawObject> object(const model::ObjectId& id) = 0;

  /// What is staged, in path order, without intent-to-add entries. Throws util::Error naming an unmerged path.
  virtual std::vector<IndexEntry> index() = 0;
};

/// How a path led to a repository.
struct Location {
  std::string path;
  OpenOptions options;
};

/// Through libgit2. Empty where libgit2 cannot read this kind of repository, with its reason in `reason`.
/// Throws util::UsageError where there is no repository, util::Error where it belongs to someone else.
std::unique_ptr<Backend> open_with_libgit2(const Location& location, std::string& reason);

/// Through git's plumbing commands. Throws util::Error where git cannot read it either.
std::unique_ptr<Backend> open_with_plumbing(const Location& location);

}  // namespace tollbar::git
