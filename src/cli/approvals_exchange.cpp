// `tollbar approvals push` and `fetch`: the store of a remote and ours become one.
#include <fmt/format.h>

#include <ostream>

#include "approval/exchange.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "git/repository.h"
#include "git/transport.h"

namespace tollbar::cli {
namespace {

std::string remote_of(const Arguments& arguments, const git::Repository& repository) {
  return arguments.words.empty() ? git::default_remote(repository) : arguments.words.front();
}

std::string counted(std::size_t number) {
  return fmt::format("{} new record{}", number, number == 1 ? "" : "s");
}

}  // namespace

int run_approvals_push(const Arguments& arguments, Console& console) {
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const std::string remote = remote_of(arguments, repository);
  const std::string branch = arguments.has("--atomic") ? git::branch_refspec(repository, remote) : "";
  const approval::Pushed pushed = approval::push_approvals(repository, remote, branch);
  if (!arguments.has("--quiet")) {
    console.out << fmt::format("{} {}", remote, pushed.moved ? "has all approvals now" : "had all approvals already");
    console.out << (branch.empty() ? "" : fmt::format(", and {} with them", branch.substr(branch.find(':') + 1)));
    console.out << (pushed.fetched == 0 ? "" : fmt::format("; {} came from there", counted(pushed.fetched))) << '\n';
  }
  return exit_allowed;
}

int run_approvals_fetch(const Arguments& arguments, Console& console) {
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const std::string remote = remote_of(arguments, repository);
  const std::size_t fetched = approval::fetch_approvals(repository, remote);
  if (!arguments.has("--quiet")) {
    console.out << fmt::format("{} from {}\n", counted(fetched), remote);
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
