// Client libraries of shared systems: which calls of a program write there, said as the command that does the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::document {

struct ClientCall {
  std::size_t at = 0;              ///< where the call stands
  std::vector<std::string> words;  ///< `gh issue create`
  std::string where = {};          ///< what says whom it concerns: `dev` of a task in such a namespace
};

/// Calls of Slack's, Jira's, GitHub's, GitLab's and flag services' libraries that write. `bare` is the text without
/// comments and contents of strings. A library counts only where the text names it.
std::vector<ClientCall> client_calls(std::string_view text, std::string_view bare);

}  // namespace tollbar::document
