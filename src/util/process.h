// Other programs, run without a shell: once to the end, or kept open as a conversation over pipes.
#pragma once

#include <sys/types.h>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::util {

/// A change to the environment that a program inherits.
struct Variable {
  std::string name;
  std::optional<std::string> value;  ///< empty: the variable is removed
};

/// What to run. The program is searched in PATH unless it holds a slash.
struct Invocation {
  std::vector<std::string> arguments;  ///< the program's name first
  std::vector<Variable> environment;   ///< on top of our own environment
  std::string directory;               ///< to run in; empty: ours
};

/// What a program left behind.
struct Completed {
  int status = 0;      ///< its exit status; 128 + signal where one ended it
  std::string output;  ///< standard output, bytes
  std::string errors;  ///< standard error, bytes

  bool succeeded() const { return status == 0; }
};

/// Runs a program to its end, feeding it `input`. Throws Error where it cannot be started.
Completed run(const Invocation& invocation, std::string_view input = {});

/// A program kept running, spoken to over its standard input and output; its standard error is discarded. Ended by the
/// destructor.
class Child {
 public:
  /// Throws Error where the program cannot be started.
  explicit Child(const Invocation& invocation);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  /// Sends all of `bytes`. Throws Error where the program is gone.
  void write(std::string_view bytes);
  /// The next line of its output without the line feed. Throws Error where the output ends first.
  std::string read_line();
  /// Exactly `size` bytes of its output. Throws Error where the output ends first.
  std::string read_bytes(std::size_t size);

 private:
  void fill();
  void close();

  std::string name_;
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::size_t position_ = 0;
};

}  // namespace tollbar::util
