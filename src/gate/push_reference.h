// What a push does to a reference itself, for the rules of references.
#pragma once

#include <set>

#include "gate/push_subject.h"
#include "git/repository.h"
#include "model/object_id.h"
#include "rule/ref_change.h"

namespace tollbar::gate {

/// `off_branches`: the commits of new tags that no branch holds once the push is through. Throws util::Error where the
/// repository cannot be read.
rule::RefChange reference_change(const git::Repository& repository, const Subject& subject,
                                 const std::set<model::ObjectId>& off_branches);

}  // namespace tollbar::gate
