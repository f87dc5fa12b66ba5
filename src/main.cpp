// The program: connects the command line to the terminal, and catches what nobody else did.
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "cli/run.h"

namespace {

/// Columns of the terminal that standard output is; 80 where it is none.
std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

int main(int count, char** words) {
  static_cast<void>(std::signal(SIGPIPE, SIG_DFL));  // a reader that has seen enough ends us quietly
  std::ios::sync_with_stdio(false);
  try {
    tollbar::cli::Console console{
        std::cin,         std::cout,  std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1,
        terminal_width(), environment};
    return tollbar::cli::run(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count), console);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
  } catch (...) {
    std::cerr << "error: something unknown failed\n";
  }
  return tollbar::cli::exit_undecided;
}
