// Fetch, union, push: until nobody was faster.
#include "approval/exchange.h"

#include "approval/store.h"
#include "git/contention.h"
#include "git/transport.h"
#include "util/error.h"

namespace tollbar::approval {
namespace {

/// What `remote` has, merged into ours.
std::size_t take_in(git::Repository& repository, const std::string& remote, const model::ObjectId& theirs) {
  git::fetch_commit(repository, remote, std::string(store_ref), theirs);
  return merge_into_store(repository, theirs);
}

}  // namespace

std::size_t fetch_approvals(git::Repository& repository, const std::string& remote) {
  const auto theirs = git::remote_reference(repository, remote, std::string(store_ref));
  return theirs ? take_in(repository, remote, *theirs) : 0;
}

Pushed push_approvals(git::Repository& repository, const std::string& remote, const std::string& beside) {
  const std::string ref(store_ref);
  if (!repository.reference(ref)) {
    throw util::Error("push approvals: there are none here");
  }
  Pushed pushed;
  git::until_written(ref + " of " + remote, [&] {
    const auto theirs = git::remote_reference(repository, remote, ref);
    if (theirs) {
      pushed.fetched += take_in(repository, remote, *theirs);
    }
    const bool same = theirs == repository.reference(ref);
    if (same && beside.empty()) {
      return true;
    }
    const bool done = git::push_reference(repository, remote, ref, beside);
    pushed.moved = done && !same;
    return done;
  });
  return pushed;
}

}  // namespace tollbar::approval
