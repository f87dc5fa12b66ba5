// References that tollbar keeps, between this repository and another: through git, with the user's own credentials.
#pragma once

#include <optional>
#include <string>

#include "git/repository.h"
#include "model/object_id.h"

namespace tollbar::git {

/// What `ref` names in the repository that `remote` (a name or an address) stands for; empty where it has none. Throws
/// util::Error with git's words where that cannot be asked.
std::optional<model::ObjectId> remote_reference(const Repository& repository, const std::string& remote,
                                                const std::string& ref);

/// Brings the commit `id`, which `ref` names there or named a moment ago, with its history. No reference moves.
void fetch_commit(const Repository& repository, const std::string& remote, const std::string& ref,
                  const model::ObjectId& id);

/// Pushes `ref` under its own name, and with it, all or none, what `beside` (a refspec, or empty) says; never by force.
/// False where the other `ref` has moved: fetch, merge and try again. Throws util::Error with what the server says
/// where it refuses.
bool push_reference(const Repository& repository, const std::string& remote, const std::string& ref,
                    const std::string& beside = {});

/// The current branch as a refspec, to the name that it follows in `remote`, else to its own. Throws util::UsageError
/// where HEAD is on no branch.
std::string branch_refspec(const Repository& repository, const std::string& remote);

/// Moves `ref` from `tip` (empty: it must not exist yet) to `id`. False where it no longer is there.
bool forward_reference(const Repository& repository, const std::string& ref, const std::optional<model::ObjectId>& tip,
                       const model::ObjectId& id);

/// The remote that git would push the current branch to: `branch.NAME.remote`, else `origin`.
std::string default_remote(const Repository& repository);

}  // namespace tollbar::git
