// What git tells pre-push about each ref, and what of it is new to the remote. Internal to src/hook.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"
#include "git/revisions.h"
#include "model/object_id.h"

namespace tollbar::hook {

struct PushedRef {
  std::string local_ref;  ///< as the user wrote it: a ref, `HEAD~2`, `(delete)`
  model::ObjectId local;  ///< zero: the ref is deleted
  std::string remote_ref;
  model::ObjectId remote;  ///< zero: the ref is new; an id that need not be known here

  bool deletes() const { return local.is_zero(); }
};

/// All lines `local-ref SP local-id SP remote-ref SP remote-id LF`; only the first field may hold spaces. Throws
/// util::Error naming a line that is none.
std::vector<PushedRef> read_pushed_refs(std::istream& in);

/// The references below which stands what the remote is known to have: its own (`refs/remotes/origin`), or those of all
/// remotes where it has none, as for a URL or on the first push to a fork. A forger can make any: good for advice only.
std::string known_namespace(const git::Repository& repository, std::string_view remote);

/// What the remote does not have yet: reachable neither from the ref's old value, nor from a reference below `known`,
/// nor from `judged` (what earlier refs of the same push named). Starts from the old value, else from where the first
/// parents leave what is new. Empty where the ref names no commit. Throws util::Error where history is cut short.
git::Range new_commits(const git::Repository& repository, const PushedRef& pushed, const std::string& known,
                       const std::vector<model::ObjectId>& judged);

}  // namespace tollbar::hook
