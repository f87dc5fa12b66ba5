// Scripts that go to a folder in which tools keep credentials before they name the files there.
#pragma once

#include <string>

#include "document/shell.h"

namespace tollbar::rule {

/// Follows `cd` from command to command.
class CredentialFolder {
 public:
  /// The command with its files spelled out: `cat ~/.ssh/id_rsa` of `cat id_rsa` behind `cd ~/.ssh`.
  document::Command follow(const document::Command& command);

 private:
  std::string folder_;  ///< empty wherever no credentials are kept
};

}  // namespace tollbar::rule
