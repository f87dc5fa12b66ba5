// Which records a word on the command line means. Internal to src/cli.
#pragma once

#include <string>
#include <vector>

#include "evidence/log.h"
#include "evidence/query.h"
#include "git/repository.h"

namespace tollbar::cli {

/// `12`, a revision or a range: the decisions about it, and everything that speaks of them later. Throws
/// util::UsageError where there is nothing.
std::vector<evidence::Entry> entries_about(const git::Repository& repository, const evidence::Log& log,
                                           const std::string& word);

}  // namespace tollbar::cli
