// Finds the command, runs it, and turns errors into messages and exit statuses.
#include "cli/run.h"

#include <filesystem>
#include <ostream>
#include <string_view>

#include "cli/arguments.h"
#include "cli/help.h"
#include "report/escape.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

/// `error: ` and the message, line by line as it may hold text of strangers.
int fail(Console& console, std::string_view message, int status) {
  console.out.flush();
  console.err << "error: ";
  while (true) {
    const std::size_t end = message.find('\n');
    console.err << report::escape(message.substr(0, end)) << '\n';
    if (end == std::string_view::npos) {
      return status;
    }
    message.remove_prefix(end + 1);
  }
}

void change_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::current_path(directory, error);
  if (error) {
    throw util::UsageError("change to directory " + directory + ": " + error.message());
  }
}

int dispatch(const Arguments& arguments, Console& console) {
  if (arguments.has("--help")) {
    write_help(console.out, arguments);
    return exit_allowed;
  }
  if (arguments.has("--version")) {
    console.out << (arguments.has("--json") ? R"({"name":"tollbar","version":")" TOLLBAR_VERSION "\"}\n"
                                            : "tollbar " TOLLBAR_VERSION "\n");
    return exit_allowed;
  }
  if (arguments.has("--json")) {
    throw util::UsageError("--json belongs to --version; reports take -o json");
  }
  if (const auto directory = arguments.value("-C")) {
    change_directory(*directory);
  }
  return arguments.command->run(arguments, console);
}

}  // namespace

int run(const std::vector<std::string>& words, Console& console) {
  try {
    const int status = dispatch(parse(words), console);
    console.out.flush();
    if (!console.out) {
      throw util::Error("write to standard output: failed");
    }
    return status;
  } catch (const util::UsageError& error) {
    return fail(console, error.what(), exit_usage);
  } catch (const util::Error& error) {
    return fail(console, error.what(), exit_undecided);
  }
}

}  // namespace tollbar::cli
