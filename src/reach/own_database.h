// Whether a job works on a database that it starts for itself, which ends with it: what is done there reaches nobody.
#pragma once

#include "pipeline/model.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// The effect is one on a database, and all that the job says of databases lies on its own machine: services of its
/// own, compositions and servers that its steps start, addresses without a domain. A job that deploys to an
/// environment, or gets an address from a credential, has none.
bool only_reaches_own_database(const pipeline::Job& job, const Effect& effect, const Knowledge& knowledge);

}  // namespace tollbar::reach
