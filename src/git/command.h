// How git's own commands are called, so that they read what is in the repository and nothing else. Internal to src/git.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "git/backend.h"
#include "model/object_id.h"
#include "util/error.h"
#include "util/process.h"

namespace tollbar::git {

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
