// Calling git: what is kept of the environment and what is set in it.
#include "git/command.h"

#include <fmt/format.h>

#include <utility>

#include "util/error.h"

namespace tollbar::git {

util::Invocation git_at(const Location& location, std::vector<std::string> arguments) {
  util::Invocation git;
  git.arguments = {"git", "--no-pager", "-C", location.path, "-c", "core.fsmonitor=false"};
  if (location.options.trust_any_owner) {
    git.arguments.insert(git.arguments.end(), {"-c", "safe.directory=*"});
  }
  git.arguments.insert(git.arguments.end(), arguments.begin(), arguments.end());
  git.environment = {
      {"GIT_NO_REPLACE_OBJECTS", "1"}, {"GIT_NO_LAZY_FETCH", "1"},   {"GIT_OPTIONAL_LOCKS", "0"},
      {"GIT_ALLOW_PROTOCOL", "none"},  {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_GRAFT_FILE", "/dev/null"},
      {"GIT_LITERAL_PATHSPECS", "1"},  {"GIT_TRACE", std::nullopt},  {"LC_ALL", "C"},
  };
  if (!location.options.from_environment) {
    for (const char* name : local_variables) {
      git.environment.push_back({name, std::nullopt});
    }
  }
  return git;
}

util::Error failure(const std::vector<std::string>& arguments, const util::Completed& completed) {
  std::string said = completed.errors;
  if (said.ends_with('\n')) {
    said.pop_back();
  }
  return util::Error(fmt::format("run git {}: {}", arguments.front(),
                                 said.empty() ? fmt::format("exit status {}", completed.status) : said));
}

std::string ask_git(const Location& location, const std::vector<std::string>& arguments, std::string_view input) {
  util::Completed completed = util::run(git_at(location, arguments), input);
  if (!completed.succeeded()) {
    throw failure(arguments, completed);
  }
  return std::move(completed.output);
}

std::vector<model::ObjectId> list_commits(const Location& location, const std::vector<model::ObjectId>& include,
                                          const std::vector<model::ObjectId>& exclude,
                                          const std::vector<std::string>& namespaces) {
  std::vector<std::string> arguments{"rev-list", "--stdin", "--not"};
  for (const std::string& name : namespaces) {
    arguments.push_back("--glob=" + name);
  }
  std::string input;
  for (const model::ObjectId& id : include) {
    input += id.hex() + '\n';
  }
  for (const model::ObjectId& id : exclude) {
    input += '^' + id.hex() + '\n';
  }
  const std::string answer = ask_git(location, arguments, input);
  std::vector<model::ObjectId> commits;
  for (std::string_view rest = answer; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const auto id = model::ObjectId::from_hex(rest.substr(0, end));
    if (!id) {
      throw util::Error(fmt::format("list commits: git says {}", rest.substr(0, end)));
    }
    commits.push_back(*id);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return commits;
}

}  // namespace tollbar::git
