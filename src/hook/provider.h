// Who is pushing, as the server in front of git tells it: a table of servers and their variables.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "hook/hooks.h"

namespace tollbar::hook {

/// The same variables mean different things under different servers, and anyone can set those of a server that is not
/// there: the provider is configured (`tollbar.provider`), never guessed.
struct Provider {
  std::string_view name;
  std::vector<const char*> actor{};         ///< variables that name the pusher; the first one that is set
  const char* deploy_key = nullptr;         ///< the number of a key that pushes in nobody's name; unset or 0: none
  std::vector<const char*> repository{};    ///< variables whose values, joined by slashes, name the repository
  std::vector<const char*> pull_request{};  ///< the first one that is set and not 0
  std::string_view line_prefix{};           ///< what the server's page wants before a line to show it
  std::chrono::seconds budget{0};  ///< our part of the time that the server gives its hooks; 0: it has no limit
};

const std::vector<Provider>& providers();
/// Throws util::UsageError with the names there are.
const Provider& find_provider(std::string_view name);

/// Claims of the server about a push; empty where it does not say.
struct Origin {
  std::string actor;
  std::string repository;  ///< `owner/name` or a path, as the server writes it
  std::string pull_request;
};
Origin origin_of(const Provider& provider, const Environment& environment);

}  // namespace tollbar::hook
