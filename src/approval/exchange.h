// The store of approvals between this repository and another.
#pragma once

#include <cstddef>
#include <string>

#include "git/repository.h"

namespace tollbar::approval {

/// Takes in what `remote` has; how many records are new here. Throws util::Error where it cannot be asked or has no
/// sound store.
std::size_t fetch_approvals(git::Repository& repository, const std::string& remote);

struct Pushed {
  bool moved = false;       ///< the other one did not have all of it
  std::size_t fetched = 0;  ///< records that others had pushed meanwhile, which are here now, too
};

/// Gives `remote` what is here, taking in what it has where histories differ, again and again while others push. Where
/// `beside` is a refspec, what it says goes with them: both or neither. Throws util::Error where there is nothing to
/// push, and with the server's words where it refuses.
Pushed push_approvals(git::Repository& repository, const std::string& remote, const std::string& beside = {});

}  // namespace tollbar::approval
