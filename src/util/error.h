// What can go wrong: an Error means "cannot continue" and names the action that failed.
#pragma once

#include <stdexcept>
#include <string>

namespace tollbar::util {

/// Something outside our control failed (I/O, a corrupt object, a limit). Caught in main (exit 4) and round each rule
/// (undecided).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user asked for something that cannot be: wrong flag, unknown revision, unreadable policy. Caught in main (exit
/// 2).
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace tollbar::util
