// What the parts of a way are called, in the words that all formats of the map share. Nothing here is escaped.
#pragma once

#include <string>
#include <vector>

#include "gate/action_map.h"

namespace tollbar::report {

/// `publish / Publish to npm`
std::string way_name(const reach::MapPath& way);
/// `publishes a package -> npm registry, environment production`
std::string action_words(const reach::MapPath& way);
/// `container registry ghcr.io, environment production`; `unknown` where it cannot be told.
std::string target_words(const reach::MapPath& way);
/// `who can push (push: branches main)`, one an event.
std::vector<std::string> actor_words(const std::vector<reach::Actor>& actors);
/// `NPM_TOKEN`, `the job's identity (OIDC)`, `token: contents: write`, `environment production`
std::vector<std::string> authority_words(const reach::MapPath& way);
/// `Makefile: release -> scripts/publish.sh (inferred)`, from the step on; empty where the step itself does it.
std::string chain_words(const reach::MapPath& way);
/// `@acme/release, team platform`; `no owner is named` where neither policy nor CODEOWNERS name anybody.
std::string approver_words(const gate::WayApproval& approval);
/// `path:line`, or the path where no line is known.
std::string place_words(const std::string& path, std::uint32_t line);
/// `1 path`, `2 paths`
std::string counted(std::size_t number, std::string_view noun);

}  // namespace tollbar::report
