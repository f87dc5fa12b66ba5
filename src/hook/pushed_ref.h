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

/// What the remote does not have yet, as far as the references of this repository know: what is reachable neither from
/// the ref's old value, nor from refs/remotes/`remote`/, nor from `judged` (commits that earlier refs of the same push
/// brought). Starts from the old value, else from where the first parents leave what is new. Empty where the ref names
/// no commit. Throws util::Error where history is cut short.
git::Range new_commits(const git::Repository& repository, const PushedRef& pushed, std::string_view remote,
                       const std::vector<model::ObjectId>& judged);

}  // namespace tollbar::hook
