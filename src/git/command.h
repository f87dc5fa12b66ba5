// How git's own commands are called, so that they read what is in the repository and nothing else. Internal to src/git.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "git/backend.h"
#include "model/object_id.h"
#include "util/error.h"
#include "util/process.h"

namespace tollbar::git {

/// Variables by which git says where a repository's parts are; they must not leak into another repository.
inline constexpr std::array<const char*, 15> local_variables{{
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
}};

/// The git command for the repository at `location`: no replace refs, no grafts, no network, no prompts.
util::Invocation git_at(const Location& location, std::vector<std::string> arguments);

/// What to throw where git failed: the command and what git said.
util::Error failure(const std::vector<std::string>& arguments, const util::Completed& completed);

/// Runs git with `input`. Throws util::Error with what git says where it fails.
std::string ask_git(const Location& location, const std::vector<std::string>& arguments, std::string_view input = {});

/// `git rev-list`, newest first (a parent whose clock was wrong can stand before its child): commits reachable from
/// `include`, not from `exclude` nor from any reference below `namespaces` (`refs/heads`). It reads a hundred thousand
/// references faster than libgit2 lists them.
std::vector<model::ObjectId> list_commits(const Location& location, const std::vector<model::ObjectId>& include,
                                          const std::vector<model::ObjectId>& exclude,
                                          const std::vector<std::string>& namespaces);

}  // namespace tollbar::git
