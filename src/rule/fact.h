// A fact: something that a change does, found by C++ and judged by a rule file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/finding.h"

namespace tollbar::rule {

/// Producers (see checks.h) emit facts; rules select them by `kind` and attributes. Values are short and already
/// redacted.
struct Fact {
  std::string kind;  ///< `runner-changed`, `check-neutered`, `sql-destructive`, ...
  std::string path;  ///< after the change where the file still exists, else before it
  std::uint32_t line = 0, line_before = 0;
  std::string subject;  ///< `job test / step Lint`
  std::string before, after;
  std::string action;
  model::Authority authority;
  model::Target target;
  std::string context;  ///< what makes it dangerous: events, environment, credentials of the job
  std::string secret;   ///< what was found, where it must never be shown; for Engine alone
  std::vector<std::string> reach;
  std::vector<model::Part> parts;  ///< what it sums up, where it sums up several things
  /// What rules ask about: `job`, `step`, `check` = `true`, `event`, `credential`, `scope`, ... A missing attribute
  /// reads as "".
  std::map<std::string, std::string, std::less<>> attributes;

  std::string_view attribute(std::string_view name) const;
};

}  // namespace tollbar::rule
