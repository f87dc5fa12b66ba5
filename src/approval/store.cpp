// The store as a tree of git: `ab/<fingerprint>/<digest>.json` keeps every directory small.
#include "approval/store.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include "approval/record.h"
#include "attest/envelope.h"
#include "attest/statement.h"
#include "git/contention.h"
#include "git/transport.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

using model::FileMode;
using model::ObjectId;

constexpr std::size_t digest_length = 64;
constexpr std::string_view extension = ".json";
constexpr std::string_view own_types = "https://tollbar.dev/";
constexpr std::size_t most_new_records = 50'000;  ///< of one push

bool is_digest(std::string_view text) {
  return text.size() == digest_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string directory_of(std::string_view fingerprint) {
  return fmt::format("{}/{}", fingerprint.substr(0, 2), fingerprint);
}

/// A path taken apart, without the content; empty where it is that of no record.
std::optional<StoredRecord> record_at(std::string_view path) {
  constexpr std::size_t fingerprint_at = 3;
  constexpr std::size_t digest_at = fingerprint_at + digest_length + 1;
  if (path.size() != digest_at + digest_length + extension.size()) {
    return std::nullopt;
  }
  StoredRecord record;
  record.fingerprint = path.substr(fingerprint_at, digest_length);
  record.digest = path.substr(digest_at, digest_length);
  const bool named = is_digest(record.fingerprint) && is_digest(record.digest) && record.path() == path;
  return named ? std::optional(std::move(record)) : std::nullopt;
}

/// Throws util::Error where `bytes` are no signed statement of tollbar's about the fact under whose name they lie.
void check_form(const StoredRecord& name, std::string_view bytes, std::string_view source) {
  const attest::Envelope envelope = attest::read_envelope(bytes, source);
  if (envelope.payload_type != attest::in_toto_type || envelope.signatures.empty()) {
    throw util::Error("it is no signed in-toto statement");
  }
  const attest::Statement statement = attest::read_statement(envelope.payload, source);
  if (statement.predicate_type == approval_type) {
    read_approval(statement, source);
  } else if (statement.predicate_type == revocation_type) {
    read_revocation(statement, source);
  } else if (!statement.predicate_type.starts_with(own_types)) {
    throw util::Error(fmt::format("statements of type {} have no place here", statement.predicate_type));
  }
  const auto fingerprint = statement.predicate.find("fingerprint");
  if (fingerprint == statement.predicate.end() || *fingerprint != name.fingerprint) {
    throw util::Error("it lies under another `fingerprint` than its own");
  }
}

/// A file of the store whose content was read as far as the store allows.
struct ReadRecord {
  StoredRecord record;
  std::string problem;
};

ReadRecord read_record(model::Tree& tree, const std::string& path, const model::FileEntry& entry) {
  if (entry.mode == FileMode::directory || entry.mode == FileMode::submodule) {
    return {{}, "is no file"};
  }
  const model::Content content = tree.read(entry);
  if (content.state == model::ContentState::missing) {
    return {{}, "its content is missing"};
  }
  if (content.state == model::ContentState::too_large) {
    return {{}, fmt::format("is larger than {} bytes", most_record_bytes)};
  }
  if (auto problem = problem_of_record(path, entry.mode, *content.bytes)) {
    return {{}, std::move(*problem)};
  }
  StoredRecord record = *record_at(path);
  record.envelope = *content.bytes;
  return {std::move(record), ""};
}

git::RepositoryTree tree_at(const git::Repository& repository, const ObjectId& commit) {
  return {repository, repository.commit(commit).tree, most_record_bytes};
}

/// Calls `visit` with every file below `directory`, in git's order.
void walk(model::Tree& tree, const std::string& directory, std::size_t depth,
          const std::function<void(const std::string& path, const model::FileEntry& entry)>& visit) {
  constexpr std::size_t record_depth = 2;  // `ab/<fingerprint>/`
  for (const model::DirectoryEntry& entry : tree.list(directory)) {
    const std::string path = directory.empty() ? entry.name : directory + '/' + entry.name;
    if (entry.entry.mode == FileMode::directory && depth < record_depth) {
      walk(tree, path, depth + 1, visit);
    } else {
      visit(path, entry.entry);
    }
  }
}

/// The same for the files that `before` has not, as long as `visit` wants more.
bool walk_added(model::Tree& before, model::Tree& after, const std::string& directory, std::size_t depth,
                const std::function<bool(const std::string& path, const model::FileEntry& entry)>& visit) {
  constexpr std::size_t record_depth = 2;  // `ab/<fingerprint>/`
  std::unordered_map<std::string, model::FileEntry> known;
  for (model::DirectoryEntry& entry : before.list(directory)) {
    known.emplace(std::move(entry.name), entry.entry);
  }
  for (const model::DirectoryEntry& entry : after.list(directory)) {
    if (const auto same = known.find(entry.name); same != known.end() && same->second == entry.entry) {
      continue;
    }
    const std::string path = directory.empty() ? entry.name : directory + '/' + entry.name;
    const bool deeper = entry.entry.mode == FileMode::directory && depth < record_depth;
    if (!(deeper ? walk_added(before, after, path, depth + 1, visit) : visit(path, entry.entry))) {
      return false;
    }
  }
  return true;
}

/// What a commit does to the tree of one of its parents, or to the empty one.
std::optional<std::string> problem_of_step(const git::Repository& repository, const ObjectId& before,
                                           const model::Commit& commit, std::unordered_set<std::string>& seen) {
  git::RepositoryTree tree(repository, commit.tree, most_record_bytes);
  for (const model::FileDelta& delta : git::diff_trees(repository, before, commit.tree)) {
    if (!delta.added()) {
      return fmt::format("commit {} {} {}; records are only ever added", commit.id.short_hex(),
                         delta.removed() ? "takes away" : "changes", delta.path);
    }
    if (!seen.insert(delta.path).second) {
      continue;  // its other parents, and merges of it, add the same
    }
    if (const ReadRecord read = read_record(tree, delta.path, *delta.after); !read.problem.empty()) {
      return fmt::format("{} {}", delta.path, read.problem);
    }
    if (seen.size() > most_new_records) {
      return fmt::format("more than {} new records at once", most_new_records);
    }
  }
  return std::nullopt;
}

/// The records that `theirs` has and `ours` has not.
std::map<std::string, std::string> missing_records(const git::Repository& repository, const ObjectId& ours,
                                                   const ObjectId& theirs) {
  std::map<std::string, std::string> files;
  git::RepositoryTree tree = tree_at(repository, theirs);
  for (const model::FileDelta& delta : git::diff_trees(repository, repository.commit(ours).tree, tree.id())) {
    if (delta.removed()) {
      continue;  // ours alone
    }
    ReadRecord read = read_record(tree, delta.path, *delta.after);
    if (!delta.added() || !read.problem.empty()) {
      throw util::Error(fmt::format("merge approvals: {} {}", delta.path,
                                    read.problem.empty() ? "is another file here" : read.problem));
    }
    files.emplace(delta.path, std::move(read.record.envelope));
  }
  return files;
}

std::size_t count_records(const git::Repository& repository, const std::optional<ObjectId>& tip) {
  std::size_t number = 0;
  if (tip) {
    git::RepositoryTree tree = tree_at(repository, *tip);
    walk(tree, "", 0, [&](const std::string&, const model::FileEntry&) { ++number; });
  }
  return number;
}

}  // namespace

std::string StoredRecord::path() const {
  return fmt::format("{}/{}{}", directory_of(fingerprint), digest, extension);
}

StoredRecord make_stored(std::string fingerprint, std::string envelope) {
  StoredRecord record{std::move(fingerprint), util::sha256_hex(envelope), std::move(envelope)};
  if (auto problem = problem_of_record(record.path(), FileMode::regular, record.envelope)) {
    throw util::Error(fmt::format("store an approval: {} {}", record.path(), *problem));
  }
  return record;
}

std::optional<std::string> problem_of_record(std::string_view path, FileMode mode, std::string_view bytes) {
  const std::optional<StoredRecord> record = record_at(path);
  if (!record) {
    return "is not where a record lies (ab/FINGERPRINT/DIGEST.json)";
  }
  if (mode != FileMode::regular) {
    return "is no ordinary file";
  }
  if (bytes.size() > most_record_bytes) {
    return fmt::format("is larger than {} bytes", most_record_bytes);
  }
  if (util::sha256_hex(bytes) != record->digest) {
    return "is not named after its digest";
  }
  try {
    check_form(*record, bytes, path);
  } catch (const util::Error& error) {
    return fmt::format("is no record: {}", error.what());
  }
  return std::nullopt;
}

Store::Store(const git::Repository& repository) : repository_(repository), tip_(repository.reference(store_ref)) {}

Store::Store(const git::Repository& repository, const ObjectId& tip) : repository_(repository), tip_(tip) {}

std::vector<StoredRecord> Store::about(std::string_view fingerprint) const {
  std::vector<StoredRecord> records;
  if (!tip_) {
    return records;
  }
  git::RepositoryTree tree = tree_at(repository_, *tip_);
  const std::string directory = directory_of(fingerprint);
  for (const model::DirectoryEntry& entry : tree.list(directory)) {
    const std::string path = directory + '/' + entry.name;
    ReadRecord read = read_record(tree, path, entry.entry);
    if (!read.problem.empty()) {
      throw util::Error(fmt::format("read approvals: {} {}", path, read.problem));
    }
    records.push_back(std::move(read.record));
  }
  return records;
}

void Store::each(const Visit& visit, const Damaged& damaged) const {
  if (!tip_) {
    return;
  }
  git::RepositoryTree tree = tree_at(repository_, *tip_);
  walk(tree, "", 0, [&](const std::string& path, const model::FileEntry& entry) {
    const ReadRecord read = read_record(tree, path, entry);
    if (read.problem.empty()) {
      visit(read.record);
    } else if (damaged) {
      damaged(path, read.problem);
    } else {
      throw util::Error(fmt::format("read approvals: {} {}", path, read.problem));
    }
  });
}

void Store::each_recent(std::size_t most, const Visit& visit) const {
  std::size_t left = most;
  std::size_t commits = 0;  // none of them need bring anything
  const auto tree_of = [&](const ObjectId& id) {
    return std::make_shared<git::RepositoryTree>(repository_, id, most_record_bytes);
  };
  std::shared_ptr<git::RepositoryTree> tree;
  for (std::optional<ObjectId> at = tip_; at && left > 0 && commits < most; ++commits) {
    const model::Commit commit = repository_.commit(*at);
    at = commit.parents.empty() ? std::nullopt : std::optional(commit.parents.front());
    tree = tree ? tree : tree_of(commit.tree);
    const auto before = tree_of(at ? repository_.commit(*at).tree : repository_.empty_tree());
    walk_added(*before, *tree, "", 0, [&](const std::string& path, const model::FileEntry& entry) {
      std::optional<StoredRecord> record = record_at(path);
      const model::Content content = record && entry.mode == FileMode::regular
                                         ? tree->read(entry)
                                         : model::Content{model::ContentState::missing, 0, {}};
      if (content.state == model::ContentState::present) {
        record->envelope = *content.bytes;
        visit(*record);
      }
      return --left > 0;
    });
    tree = before;
  }
}

void add_to_store(git::Repository& repository, const std::vector<StoredRecord>& records, const std::string& message) {
  const std::string ref(store_ref);
  git::until_written(ref, [&] {
    git::RecordCommit commit{ref, repository.reference(ref), git::record_author(), message, {}, {}, {}};
    std::optional<git::RepositoryTree> tree;
    if (commit.tip) {
      tree.emplace(repository, repository.commit(*commit.tip).tree, most_record_bytes);
    }
    for (const StoredRecord& record : records) {
      if (!tree || !tree->find(record.path())) {
        commit.files.emplace(record.path(), record.envelope);
      }
    }
    return commit.files.empty() || repository.write_records(commit);
  });
}

std::size_t merge_into_store(git::Repository& repository, const ObjectId& other) {
  const std::string ref(store_ref);
  const auto common = [&](const std::optional<ObjectId>& tip) {
    return tip ? repository.merge_base(*tip, other) : std::nullopt;
  };
  const std::optional<ObjectId> known = common(repository.reference(ref));
  if (auto problem = known == other ? std::nullopt : problem_of_growth(repository, known, other)) {
    throw util::Error("merge approvals: " + *problem);
  }
  std::size_t added = 0;
  git::until_written(ref, [&] {
    const std::optional<ObjectId> tip = repository.reference(ref);
    const std::optional<ObjectId> base = common(tip);
    if (base == other) {
      added = 0;
      return true;
    }
    if (!tip || base == tip) {
      added = count_records(repository, other) - count_records(repository, tip);
      return git::forward_reference(repository, ref, tip, other);
    }
    git::RecordCommit commit{ref, tip, git::record_author(), "Approvals of two histories\n", {}, {}, {other}};
    commit.files = missing_records(repository, *tip, other);
    added = commit.files.size();
    return repository.write_records(commit);
  });
  return added;
}

std::optional<std::string> problem_of_growth(const git::Repository& repository, const std::optional<ObjectId>& before,
                                             const ObjectId& after) {
  if (before && repository.merge_base(*before, after) != before) {
    return "it leaves out records that are there; fetch them first: tollbar approvals fetch";
  }
  std::unordered_set<std::string> seen;
  const auto excluded = before ? std::vector<ObjectId>{*before} : std::vector<ObjectId>{};
  for (const ObjectId& id : repository.commits({after}, excluded)) {
    const model::Commit commit = repository.commit(id);
    std::vector<ObjectId> trees;
    for (const ObjectId& parent : commit.parents) {
      trees.push_back(repository.commit(parent).tree);
    }
    if (trees.empty()) {
      trees.push_back(repository.empty_tree());
    }
    for (const ObjectId& tree : trees) {
      if (auto problem = problem_of_step(repository, tree, commit, seen)) {
        return problem;
      }
    }
  }
  return std::nullopt;
}

}  // namespace tollbar::approval
