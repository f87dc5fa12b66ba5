// libgit2's objects as owned values, and its error codes as exceptions. Internal to src/git.
#pragma once

#include <fmt/format.h>
#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "git/no_network.h"
#include "model/object_id.h"
#include "util/error.h"

namespace tollbar::git {

/// Frees a libgit2 object with its own function.
template <auto Free>
struct Deleter {
  template <typename Object>
  void operator()(Object* object) const {
    Free(object);
  }
};

template <typename Object, auto Free>
using Handle = std::unique_ptr<Object, Deleter<Free>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using DatabaseHandle = Handle<git_odb, git_odb_free>;
using DatabaseObjectHandle = Handle<git_odb_object, git_odb_object_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, git_reference_iterator_free>;
using IndexHandle = Handle<git_index, git_index_free>;
using ConfigHandle = Handle<git_config, git_config_free>;
using ConfigEntryHandle = Handle<git_config_entry, git_config_entry_free>;

/// What libgit2 says about the call that just failed on this thread.
inline std::string last_error() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "unknown reason";
}

/// Throws util::Error `action: reason` for a negative code.
inline void check(std::string_view action, int code) {
  if (code < 0) {
    throw util::Error(fmt::format("{}: {}", action, last_error()));
  }
}

/// Calls a libgit2 function that hands out an object through its first argument, and owns what it hands out. Throws
/// util::Error.
template <typename Owner, typename Function, typename... Arguments>
Owner make(std::string_view action, Function function, Arguments... arguments) {
  typename Owner::pointer object = nullptr;
  check(action, function(&object, arguments...));
  return Owner(object);
}

/// The same, with an empty handle where the object does not exist.
template <typename Owner, typename Function, typename... Arguments>
Owner make_if_found(std::string_view action, Function function, Arguments... arguments) {
  typename Owner::pointer object = nullptr;
  const int code = function(&object, arguments...);
  if (code == GIT_ENOTFOUND) {
    return Owner();
  }
  check(action, code);
  return Owner(object);
}

/// Starts libgit2 once for the life of the program.
inline void start_library() {
  static const int count = [] {
    leave_certificates_alone();
    const int code = git_libgit2_init();
    check("start libgit2", code);
    // Local objects are trusted to be what their name says: hashing each one again doubles the time to read it, and
    // what is pushed was hashed by git's own receiving side.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    return code;
  }();
  static_cast<void>(count);
}

inline model::ObjectId to_object_id(const git_oid& id) {
  return model::ObjectId::from_raw(id.id, GIT_OID_RAWSZ);
}

inline git_oid to_oid(const model::ObjectId& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.bytes.data());
  return oid;
}

}  // namespace tollbar::git
