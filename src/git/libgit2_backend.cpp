// Reading a repository through libgit2: the fast way, open to all that libgit2 1.5 knows.
#include <git2/sys/repository.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "git/backend.h"
#include "git/environment.h"
#include "git/handle.h"

namespace tollbar::git {
namespace {

std::optional<ObjectType> known_type(git_object_t type) {
  switch (type) {
    case GIT_OBJECT_COMMIT:
      return ObjectType::commit;
    case GIT_OBJECT_TREE:
      return ObjectType::tree;
    case GIT_OBJECT_BLOB:
      return ObjectType::blob;
    case GIT_OBJECT_TAG:
      return ObjectType::tag;
    default:
      return std::nullopt;
  }
}

ObjectType type_of(git_object_t type, const model::ObjectId& id) {
  const auto known = known_type(type);
  if (!known) {
    throw util::Error(fmt::format("read object {}: unknown type", id.hex()));
  }
  return *known;
}

std::string without_trailing_slash(const char* path) {
  std::string text = path == nullptr ? "" : path;
  while (text.size() > 1 && text.back() == '/') {
    text.pop_back();
  }
  return text;
}

class Libgit2Backend : public Backend {
 public:
  Libgit2Backend(Location location, RepositoryHandle repository, std::string index_path)
      : location_(std::move(location)),
        repository_(std::move(repository)),
        database_(make<DatabaseHandle>("open the object database", git_repository_odb, repository_.get())),
        index_path_(std::move(index_path)) {}

  bool is_bare() override { return git_repository_is_bare(repository_.get()) != 0; }
  std::string git_directory() override { return without_trailing_slash(git_repository_path(repository_.get())); }
  std::string work_directory() override { return without_trailing_slash(git_repository_workdir(repository_.get())); }
  bool is_shallow() override { return git_repository_is_shallow(repository_.get()) != 0; }
  std::size_t hash_size() override { return GIT_OID_RAWSZ; }

  void add_alternate(const std::string& directory) {
    check("add object directory " + directory, git_odb_add_disk_alternate(database_.get(), directory.c_str()));
  }

  std::optional<std::string> config(const std::string& name) override {
    const auto settings = make<ConfigHandle>("read configuration", git_repository_config_snapshot, repository_.get());
    const auto entry = make_if_found<ConfigEntryHandle>("read configuration " + name, git_config_get_entry,
                                                        std::as_const(settings).get(), name.c_str());
    if (!entry) {
      return std::nullopt;
    }
    return entry->value == nullptr ? "" : entry->value;
  }

  std::vector<Reference> references() override {
    if (packed_references_size() > worth_a_process) {
      return open_with_plumbing(location_)->references();
    }
    std::vector<Reference> references;
    const auto iterator =
        make<ReferenceIteratorHandle>("list references", git_reference_iterator_new, repository_.get());
    for (;;) {
      git_reference* next = nullptr;
      const int code = git_reference_next(&next, iterator.get());
      if (code == GIT_ITEROVER) {
        return references;
      }
      check("list references", code);
      const ReferenceHandle owned(next);
      if (const auto id = target_of(owned.get())) {
        references.push_back({git_reference_name(owned.get()), *id});
      }
    }
  }

  std::optional<model::ObjectId> reference(const std::string& name) override {
    const ReferenceHandle found = look_up(name);
    return found ? target_of(found.get()) : std::nullopt;
  }

  std::optional<std::string> symbolic_target(const std::string& name) override {
    const ReferenceHandle found = look_up(name);
    if (!found || git_reference_type(found.get()) != GIT_REFERENCE_SYMBOLIC) {
      return std::nullopt;
    }
    return git_reference_symbolic_target(found.get());
  }

  std::optional<model::ObjectId> resolve_commit(const std::string& revision) override {
    const auto resolved = resolve_here(revision);
    // git knows more spellings (`@{push}`, short ids that only one commit has): it has the last word on what names
    // nothing.
    return resolved ? resolved : open_with_plumbing(location_)->resolve_commit(revision);
  }

  std::optional<model::ObjectId> merge_base(const model::ObjectId& a, const model::ObjectId& b) override {
    const git_oid first = to_oid(a);
    const git_oid second = to_oid(b);
    git_oid base;
    const int code = git_merge_base(&base, repository_.get(), &first, &second);
    // A missing commit has the same code as unrelated histories; only the class of the error tells them apart.
    if (code == GIT_ENOTFOUND && git_error_last() != nullptr && git_error_last()->klass == GIT_ERROR_MERGE) {
      return std::nullopt;
    }
    check(fmt::format("find the merge base of {} and {}", a.short_hex(), b.short_hex()), code);
    return to_object_id(base);
  }

  std::optional<ObjectHeader> header(const model::ObjectId& id) override {
    if (id.size != GIT_OID_RAWSZ) {
      return std::nullopt;
    }
    const git_oid oid = to_oid(id);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    const int code = git_odb_read_header(&size, &type, database_.get(), &oid);
    if (code == GIT_ENOTFOUND) {
      return std::nullopt;
    }
    check("read object " + id.hex(), code);
    return ObjectHeader{type_of(type, id), size};
  }

  std::optional<RawObject> object(const model::ObjectId& id) override {
    if (id.size != GIT_OID_RAWSZ) {
      return std::nullopt;
    }
    const git_oid oid = to_oid(id);
    git_odb_object* object = nullptr;
    const int code = git_odb_read(&object, database_.get(), &oid);
    if (code == GIT_ENOTFOUND) {
      return std::nullopt;
    }
    if (code < 0) {
      throw util::Error(fmt::format("read object {}: {}", id.hex(), last_error()));
    }
    const DatabaseObjectHandle owned(object);
    const auto* bytes = static_cast<const char*>(git_odb_object_data(object));
    return RawObject{type_of(git_odb_object_type(object), id), std::string(bytes, git_odb_object_size(object))};
  }

  std::vector<IndexEntry> index() override {
    const IndexHandle index = index_path_.empty()
                                  ? make<IndexHandle>("read the index", git_repository_index, repository_.get())
                                  : make<IndexHandle>("read the index", git_index_open, index_path_.c_str());
    check("read the index", git_index_read(index.get(), 1));
    std::vector<IndexEntry> entries;
    for (std::size_t at = 0; at < git_index_entrycount(index.get()); ++at) {
      const git_index_entry& entry = *git_index_get_byindex(index.get(), at);
      if (git_index_entry_stage(&entry) != 0) {
        throw util::Error(fmt::format("read the index: {} is unmerged", entry.path));
      }
      if ((entry.flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) == 0) {
        entries.push_back({entry.path, {to_object_id(entry.id), static_cast<model::FileMode>(entry.mode)}});
      }
    }
    return entries;
  }

 private:
  std::optional<model::ObjectId> resolve_here(const std::string& revision) {
    git_object* object = nullptr;
    if (git_revparse_single(&object, repository_.get(), revision.c_str()) != 0) {
      return std::nullopt;
    }
    const ObjectHandle owned(object);
    git_object* commit = nullptr;
    if (git_object_peel(&commit, owned.get(), GIT_OBJECT_COMMIT) != 0) {
      return std::nullopt;
    }
    const ObjectHandle owned_commit(commit);
    return to_object_id(*git_object_id(owned_commit.get()));
  }

  /// libgit2 looks for a file of every packed reference that it lists; above this many bytes git is faster, its start
  /// included.
  static constexpr std::uintmax_t worth_a_process = 256U << 10;

  std::uintmax_t packed_references_size() const {
    std::error_code missing;
    const std::filesystem::path directory(git_repository_commondir(repository_.get()));
    const std::uintmax_t size = std::filesystem::file_size(directory / "packed-refs", missing);
    return missing ? 0 : size;
  }

  /// Empty where there is no such reference, or can be none of this name.
  ReferenceHandle look_up(const std::string& name) {
    git_reference* reference = nullptr;
    const int code = git_reference_lookup(&reference, repository_.get(), name.c_str());
    if (code != GIT_ENOTFOUND && code != GIT_EINVALIDSPEC) {
      check("look up " + name, code);
    }
    return ReferenceHandle(reference);
  }

  /// What a reference leads to; empty for a dangling symbolic one.
  static std::optional<model::ObjectId> target_of(const git_reference* reference) {
    const std::string action = fmt::format("resolve {}", git_reference_name(reference));
    const auto direct = make_if_found<ReferenceHandle>(action, git_reference_resolve, reference);
    return direct ? std::optional(to_object_id(*git_reference_target(direct.get()))) : std::nullopt;
  }

  Location location_;
  RepositoryHandle repository_;
  DatabaseHandle database_;
  std::string index_path_;  ///< empty: the repository's own
};

/// libgit2 1.5 reports a foreign owner as -36, or as -3 about the configuration that it missed while looking.
bool is_owner_error(int code) {
  constexpr int owner_code = -36;
  return code == owner_code || (code == GIT_ENOTFOUND && last_error().find("safe.directory") != std::string::npos);
}

[[noreturn]] void refuse_owner(const std::string& path) {
  throw util::Error(
      fmt::format("open {}: the repository belongs to another user; "
                  "if you trust it, add its path to git's safe.directory configuration",
                  path));
}

/// Git reads more of safe.directory than libgit2 does (`*`), so it has the last word on whose repositories are read.
bool git_trusts(const Location& location) {
  try {
    open_with_plumbing(location);
    return true;
  } catch (const util::Error&) {
    return false;
  }
}

int open_at(RepositoryHandle& repository, const std::string& path, unsigned flags, bool validate_owner) {
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, validate_owner ? 1 : 0);
  git_repository* opened = nullptr;
  const int code = git_repository_open_ext(&opened, path.c_str(), flags, nullptr);
  repository.reset(opened);
  return code;
}

/// libgit2 1.5 leaks the path of a work tree that it has already.
void set_work_tree(RepositoryHandle& repository, const std::string& path) {
  const char* known = git_repository_workdir(repository.get());
  std::error_code unknown;
  if (known != nullptr && std::filesystem::equivalent(known, path, unknown)) {
    return;
  }
  check("set the work tree", git_repository_set_workdir(repository.get(), path.c_str(), 0));
}

}  // namespace

std::unique_ptr<Backend> open_with_libgit2(const Location& location, std::string& reason) {
  start_library();
  // libgit2's own GIT_REPOSITORY_OPEN_FROM_ENV fails where GIT_WORK_TREE is set and loses quoted alternates, so the
  // environment is read here.
  const auto value = [&](const char* name) {
    return location.options.from_environment ? environment_value(name) : std::nullopt;
  };
  if (value("GIT_COMMON_DIR")) {
    reason = "GIT_COMMON_DIR is set";
    return nullptr;
  }
  const auto git_directory = value("GIT_DIR");
  const std::string path = git_directory ? path_from(location.path, *git_directory) : location.path;
  const unsigned flags = git_directory ? GIT_REPOSITORY_OPEN_NO_SEARCH : 0;
  RepositoryHandle repository;
  int code = open_at(repository, path, flags, !location.options.trust_any_owner);
  if (code < 0 && is_owner_error(code)) {
    if (!git_trusts(location)) {
      refuse_owner(path);
    }
    code = open_at(repository, path, flags, false);
  }
  if (code == GIT_ENOTFOUND) {
    throw util::UsageError(fmt::format("no git repository at or above {}", path));
  }
  if (code < 0) {
    reason = last_error();
    return nullptr;
  }
  if (const auto work_tree = value("GIT_WORK_TREE")) {
    set_work_tree(repository, path_from(location.path, *work_tree));
  }
  const auto index = value("GIT_INDEX_FILE");
  auto backend = std::make_unique<Libgit2Backend>(location, std::move(repository),
                                                  index ? path_from(location.path, *index) : std::string());
  if (const auto objects = value("GIT_OBJECT_DIRECTORY")) {
    backend->add_alternate(path_from(location.path, *objects));
  }
  for (const std::string& alternate : split_alternates(value("GIT_ALTERNATE_OBJECT_DIRECTORIES").value_or(""))) {
    backend->add_alternate(path_from(location.path, alternate));
  }
  return backend;
}

}  // namespace tollbar::git
