// A git repository opened for reading: through libgit2, or through git's own plumbing where libgit2 cannot open it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/commit.h"
#include "model/object_id.h"
#include "model/tree.h"

namespace tollbar::git {

enum class ObjectType : std::uint8_t { commit, tree, blob, tag };

/// git's spelling of an object type.
std::string_view to_string(ObjectType type);

struct RawObject {
  ObjectType type;
  std::string data;
};

struct ObjectHeader {
  ObjectType type;
  std::uint64_t size = 0;
};

struct Reference {
  std::string name;    ///< full name; symbolic references resolved, dangling ones left out
  model::ObjectId id;  ///< of the object it names (a tag object is not peeled)
};

/// What an object is once all tags are taken off.
struct Peeled {
  model::ObjectId id;
  ObjectType type = ObjectType::commit;
  unsigned tags = 0;  ///< tag objects that were taken off
};

/// A commit to be made on a reference that tollbar keeps: notes, approvals, the log.
struct RecordCommit {
  std::string ref;                     ///< full name
  std::optional<model::ObjectId> tip;  ///< what `ref` must still name; empty: it must not exist yet
  model::Signature author;
  std::string message;
  std::map<model::ObjectId, std::string> notes;  ///< each takes the place of the commit's former note
  std::map<std::string, std::string> files;      ///< by path; each takes the place of a former file, others stay
  std::vector<model::ObjectId> merged;           ///< further parents
};

struct OpenOptions {
  bool from_environment =
      false;                     ///< obey GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY, ... as git sets them for hooks
  bool trust_any_owner = false;  ///< server hooks only
};

/// Not thread-safe: one per thread (see reopen). Replace refs and grafts are ignored.
class Repository {
 public:
  /// Finds the repository at or above `path`. Throws util::UsageError where there is none, util::Error where it cannot
  /// be read.
  static Repository open(const std::string& path, OpenOptions options = {});
  /// A second, independent handle on the same repository, for another thread. Staged trees are shared.
  Repository reopen() const;

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  bool is_bare() const;
  /// No commit on any reference.
  bool is_empty() const;
  std::string git_directory() const;
  std::string work_directory() const;  ///< empty where bare
  /// A value of git's configuration, the last one where it stands several times.
  std::optional<std::string> config(std::string_view name) const;
  std::vector<Reference> references() const;
  /// What the reference of this full name leads to (a tag object is not peeled); empty where there is none.
  std::optional<model::ObjectId> reference(std::string_view name) const;
  /// What HEAD names: a branch's full name, or empty where detached.
  std::string head_branch() const;
  /// The branch others start from: refs/remotes/origin/HEAD, else init.defaultBranch, else main, else master; empty
  /// where none exists.
  std::string default_branch() const;

  /// Any revision git understands (`HEAD~2`, a short id, a tag), peeled to a commit; empty where it names nothing.
  std::optional<model::ObjectId> resolve_commit(std::string_view revision) const;
  std::optional<model::ObjectId> merge_base(const model::ObjectId& a, const model::ObjectId& b) const;
  /// Commits reachable from `include`, not from `exclude` nor from any reference below `namespaces` (`refs/heads`),
  /// newest first (committer time, then topology; with many to exclude by time alone). Tags of trees and blobs exclude
  /// nothing. Throws util::Error where history is cut short (shallow, missing objects).
  std::vector<model::ObjectId> commits(const std::vector<model::ObjectId>& include,
                                       const std::vector<model::ObjectId>& exclude,
                                       const std::vector<std::string>& namespaces = {}) const;

  /// Empty where the object database has no such object. Throws util::Error for a corrupt one.
  std::optional<ObjectHeader> header(const model::ObjectId& id) const;
  std::optional<RawObject> object(const model::ObjectId& id) const;
  /// Throws util::Error naming the id where it is missing, no commit or malformed.
  model::Commit commit(const model::ObjectId& id) const;
  /// Follows tags to what they name in the end; empty where an object on the way is missing.
  std::optional<Peeled> peel(const model::ObjectId& id) const;
  /// The commit that an object is or, through any number of tags, names; empty for tags of trees and blobs and for
  /// missing objects.
  std::optional<model::ObjectId> peel_to_commit(const model::ObjectId& id) const;
  /// The bytes of a tree, kept for a while. Throws util::Error naming the id where it is missing or no tree.
  std::shared_ptr<const std::string> tree_data(const model::ObjectId& id) const;

  /// The note on a commit; empty where there is none.
  std::optional<std::string> note(std::string_view ref, const model::ObjectId& id) const;
  /// False, and nothing is changed, where `record.ref` is no longer at `record.tip`: read again and try again (see
  /// until_written). Throws util::Error where nothing may be written: in a push that is not accepted yet.
  bool write_records(const RecordCommit& record);

  /// The id of a tree, kept in memory, that holds one file of this name.
  model::ObjectId tree_of_file(const std::string& name, const model::FileEntry& file) const;
  /// The tree id of what is staged; differences to what git would commit are none (intent-to-add left out). Nothing is
  /// written. Throws util::Error for an unmerged index.
  model::ObjectId staged_tree() const;
  /// The well-known empty tree of this repository's hash.
  model::ObjectId empty_tree() const;

 private:
  struct State;
  explicit Repository(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The tree `id` of a repository behind model::Tree. The repository must outlive it. Directory listings are cached.
class RepositoryTree : public model::Tree {
 public:
  static constexpr std::uint64_t default_blob_limit = 128U << 20;  ///< bytes; larger blobs are too_large
  RepositoryTree(const Repository& repository, model::ObjectId tree, std::uint64_t blob_limit = default_blob_limit);
  ~RepositoryTree() override;
  std::optional<model::FileEntry> find(std::string_view path) override;
  std::vector<model::DirectoryEntry> list(std::string_view path) override;
  model::Content read(const model::FileEntry& entry) override;
  std::optional<model::ObjectId> identity() const override { return id_; }
  const model::ObjectId& id() const { return id_; }

 private:
  const Repository& repository_;
  model::ObjectId id_;
  std::uint64_t blob_limit_;
  struct Cache;
  std::unique_ptr<Cache> cache_;
};

struct DiffLimits {
  std::size_t deltas = 1'000'000;  ///< paths
  std::size_t depth = 512;         ///< directories below each other
  std::size_t path_length = 4096;  ///< bytes
};

/// The paths that differ between two trees (the empty tree for a root commit), in git's order. Equal subtrees are not
/// read. Throws util::Error for a malformed tree (order, duplicate or unsafe names, unknown mode), a missing one, or a
/// limit.
std::vector<model::FileDelta> diff_trees(const Repository& repository, const model::ObjectId& before,
                                         const model::ObjectId& after, DiffLimits limits = {});

}  // namespace tollbar::git
