// The repository as the floors above see it: a backend, the staged trees and the trees read last.
#include "git/repository.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "git/backend.h"
#include "git/command.h"
#include "git/environment.h"
#include "git/index_file.h"
#include "git/notes.h"
#include "git/object_hash.h"
#include "git/raw_commit.h"
#include "git/records.h"
#include "git/staged.h"
#include "git/tree_cache.h"
#include "git/walk.h"
#include "util/error.h"
#include "util/mapped_file.h"

namespace tollbar::git {
namespace {

std::unique_ptr<Backend> open_backend(const Location& location) {
  std::string reason;
  if (auto backend = open_with_libgit2(location, reason)) {
    return backend;
  }
  try {
    return open_with_plumbing(location);
  } catch (const util::Error& error) {
    throw util::Error(fmt::format("open {}: {}; {}", location.path, reason, error.what()));
  }
}

}  // namespace

struct Repository::State {
  Location location;
  std::unique_ptr<Backend> backend;
  std::shared_ptr<Overlay> overlay;
  model::ObjectId empty_tree;
  TreeCache trees;

  State(Location where, std::shared_ptr<Overlay> staged)
      : location(std::move(where)),
        backend(open_backend(location)),
        overlay(std::move(staged)),
        empty_tree(hash_object(ObjectType::tree, {}, backend->hash_size())) {}

  /// A tree that exists without being in the object database: the empty one, and staged ones.
  TreeData tree_in_memory(const model::ObjectId& id) const {
    static const TreeData no_entries = std::make_shared<const std::string>();
    return id == empty_tree ? no_entries : overlay->find(id);
  }
};

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Repository Repository::open(const std::string& path, OpenOptions options) {
  return Repository(std::make_unique<State>(Location{path, options}, std::make_shared<Overlay>()));
}

Repository Repository::reopen() const {
  return Repository(std::make_unique<State>(state_->location, state_->overlay));
}

bool Repository::is_bare() const {
  return state_->backend->is_bare();
}
std::string Repository::git_directory() const {
  return state_->backend->git_directory();
}
std::string Repository::work_directory() const {
  return state_->backend->work_directory();
}
std::vector<Reference> Repository::references() const {
  return state_->backend->references();
}

bool Repository::is_empty() const {
  if (state_->backend->reference("HEAD")) {
    return false;
  }
  for (const Reference& reference : references()) {
    if (peel_to_commit(reference.id)) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> Repository::config(std::string_view name) const {
  return state_->backend->config(std::string(name));
}

std::optional<model::ObjectId> Repository::reference(std::string_view name) const {
  return state_->backend->reference(std::string(name));
}

std::string Repository::head_branch() const {
  return state_->backend->symbolic_target("HEAD").value_or("");
}

std::string Repository::default_branch() const {
  if (const auto target = state_->backend->symbolic_target("refs/remotes/origin/HEAD")) {
    if (state_->backend->reference(*target)) {
      return *target;
    }
  }
  for (const std::string& name :
       {config("init.defaultBranch").value_or(""), std::string("main"), std::string("master")}) {
    const std::string branch = "refs/heads/" + name;
    if (!name.empty() && state_->backend->reference(branch)) {
      return branch;
    }
  }
  return {};
}

std::optional<model::ObjectId> Repository::resolve_commit(std::string_view revision) const {
  if (revision.empty() || revision.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  return state_->backend->resolve_commit(std::string(revision));
}

std::optional<model::ObjectId> Repository::merge_base(const model::ObjectId& a, const model::ObjectId& b) const {
  return state_->backend->merge_base(a, b);
}

std::vector<model::ObjectId> Repository::commits(const std::vector<model::ObjectId>& include,
                                                 const std::vector<model::ObjectId>& exclude,
                                                 const std::vector<std::string>& namespaces) const {
  constexpr std::size_t worth_a_process = 256;  // commits to hide, each of which our walk reads
  // git takes the boundary of a shallow history for its beginning; our walk refuses it.
  const bool shallow = state_->backend->is_shallow() ||
                       (state_->location.options.from_environment && environment_value("GIT_SHALLOW_FILE"));
  if (!shallow && (!namespaces.empty() || exclude.size() > worth_a_process)) {
    return list_commits(state_->location, include, exclude, namespaces);
  }
  std::vector<model::ObjectId> hidden = exclude;
  for (const Reference& reference : namespaces.empty() ? std::vector<Reference>{} : references()) {
    const bool below = std::any_of(namespaces.begin(), namespaces.end(),
                                   [&](const std::string& name) { return reference.name.starts_with(name + '/'); });
    if (below) {
      hidden.push_back(reference.id);
    }
  }
  std::erase_if(hidden, [&](const model::ObjectId& id) {
    const auto peeled = peel(id);
    return peeled && peeled->type != ObjectType::commit;
  });
  return walk_history(*this, include, hidden);
}

std::optional<ObjectHeader> Repository::header(const model::ObjectId& id) const {
  if (const TreeData tree = state_->tree_in_memory(id)) {
    return ObjectHeader{ObjectType::tree, tree->size()};
  }
  return state_->backend->header(id);
}

std::optional<RawObject> Repository::object(const model::ObjectId& id) const {
  if (const TreeData tree = state_->tree_in_memory(id)) {
    return RawObject{ObjectType::tree, *tree};
  }
  return state_->backend->object(id);
}

model::Commit Repository::commit(const model::ObjectId& id) const {
  const auto object = state_->backend->object(id);
  if (!object) {
    throw util::Error(fmt::format("look up commit {}: missing", id.hex()));
  }
  if (object->type != ObjectType::commit) {
    throw util::Error(fmt::format("look up commit {}: it is a {}", id.hex(), to_string(object->type)));
  }
  return parse_commit(id, object->data);
}

std::optional<Peeled> Repository::peel(const model::ObjectId& id) const {
  Peeled peeled{id, ObjectType::commit, 0};
  for (;;) {
    const auto header = state_->backend->header(peeled.id);
    if (!header) {
      return std::nullopt;
    }
    if (header->type != ObjectType::tag) {
      peeled.type = header->type;
      return peeled;
    }
    const auto tag = state_->backend->object(peeled.id);
    if (!tag) {
      return std::nullopt;
    }
    peeled.id = parse_tag_target(peeled.id, tag->data);
    ++peeled.tags;
  }
}

std::optional<model::ObjectId> Repository::peel_to_commit(const model::ObjectId& id) const {
  const auto peeled = peel(id);
  return peeled && peeled->type == ObjectType::commit ? std::optional(peeled->id) : std::nullopt;
}

std::shared_ptr<const std::string> Repository::tree_data(const model::ObjectId& id) const {
  if (TreeData held = state_->trees.find(id)) {
    return held;
  }
  auto tree = object(id);
  if (!tree) {
    throw util::Error(fmt::format("read tree {}: missing", id.hex()));
  }
  if (tree->type != ObjectType::tree) {
    throw util::Error(fmt::format("read tree {}: it is a {}", id.hex(), to_string(tree->type)));
  }
  auto data = std::make_shared<const std::string>(std::move(tree->data));
  state_->trees.insert(id, data);
  return data;
}

std::optional<std::string> Repository::note(std::string_view ref, const model::ObjectId& id) const {
  const auto tip = reference(ref);
  if (!tip) {
    return std::nullopt;
  }
  RepositoryTree notes(*this, commit(*tip).tree);
  return find_note(notes, id);
}

bool Repository::write_records(const RecordCommit& record) {
  if (environment_value("GIT_QUARANTINE_PATH")) {
    // The reference would outlive a push that is refused, and its objects would not.
    throw util::Error(fmt::format("write {}: the push is not accepted yet", record.ref));
  }
  return git::write_records(state_->location, record);
}

model::ObjectId Repository::tree_of_file(const std::string& name, const model::FileEntry& file) const {
  return build_trees({{name, file}}, state_->backend->hash_size(), *state_->overlay);
}

model::ObjectId Repository::staged_tree() const {
  const auto named = state_->location.options.from_environment ? environment_value("GIT_INDEX_FILE") : std::nullopt;
  const std::string path =
      named ? path_from(state_->location.path, *named) : state_->backend->git_directory() + "/index";
  if (const auto file = util::MappedFile::open(path)) {
    const auto has_tree = [this](const model::ObjectId& id) { return header(id).has_value(); };
    if (const auto root = staged_root(file->bytes(), state_->backend->hash_size(), has_tree, *state_->overlay)) {
      return *root;
    }
  }
  std::vector<IndexEntry> entries;
  try {
    entries = state_->backend->index();
  } catch (const util::Error&) {
    // libgit2 does not know split and sparse indexes. Where git fails too, its reason is the better one.
    entries = open_with_plumbing(state_->location)->index();
  }
  return build_trees(entries, state_->backend->hash_size(), *state_->overlay);
}

model::ObjectId Repository::empty_tree() const {
  return state_->empty_tree;
}

}  // namespace tollbar::git
