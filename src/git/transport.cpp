// The only calls of git that may use the network, and that let it ask for a password.
#include "git/transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "git/command.h"
#include "util/error.h"
#include "util/process.h"

namespace tollbar::git {
namespace {

/// git in this very repository, with the user's environment otherwise.
util::Completed run_git(const Repository& repository, const std::vector<std::string>& words) {
  util::Invocation git;
  git.arguments = {"git", "--no-pager"};
  git.arguments.insert(git.arguments.end(), words.begin(), words.end());
  git.directory = repository.work_directory().empty() ? repository.git_directory() : repository.work_directory();
  git.environment = {{"LC_ALL", "C"}};
  for (const char* name : local_variables) {
    git.environment.push_back({name, std::nullopt});
  }
  git.environment.push_back({"GIT_DIR", repository.git_directory()});
  return util::run(git);
}

std::string ask(const Repository& repository, const std::vector<std::string>& words) {
  util::Completed completed = run_git(repository, words);
  if (!completed.succeeded()) {
    throw failure(words, completed);
  }
  return std::move(completed.output);
}

bool holds_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// What git says of one reference: the line of its porcelain output that holds `words`; empty where none does.
std::string line_with(const std::string& output, const std::string& words) {
  const std::size_t at = output.find(words);
  if (at == std::string::npos) {
    return "";
  }
  const std::size_t begin = output.rfind('\n', at) + 1;
  return output.substr(begin, output.find('\n', at) - begin);
}

}  // namespace

std::optional<model::ObjectId> remote_reference(const Repository& repository, const std::string& remote,
                                                const std::string& ref) {
  const std::string answer = ask(repository, {"ls-remote", "--quiet", "--refs", "--", remote, ref});
  for (std::string_view rest = answer; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos && line.substr(tab + 1) == ref) {
      return model::ObjectId::from_hex(line.substr(0, tab));
    }
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return std::nullopt;
}

void fetch_commit(const Repository& repository, const std::string& remote, const std::string& ref,
                  const model::ObjectId& id) {
  ask(repository,
      {"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--", remote, ref});
  if (!repository.peel_to_commit(id)) {
    throw util::Error(fmt::format("fetch {} from {}: it was taken back meanwhile", ref, remote));
  }
}

bool push_reference(const Repository& repository, const std::string& remote, const std::string& ref,
                    const std::string& beside) {
  std::vector<std::string> words{"push", "--porcelain"};
  if (beside.empty()) {
    words.insert(words.end(), {"--no-verify", "--", remote});
  } else {
    words.insert(words.end(), {"--atomic", "--", remote, beside});
  }
  words.push_back(ref + ':' + ref);
  const util::Completed completed = run_git(repository, words);
  if (completed.succeeded()) {
    return true;
  }
  // On our side it is known before anything is sent, on the server's only when it takes the lock.
  const std::string line = line_with(completed.output, ':' + ref + '\t');
  if (line.find("(atomic push failed)") == std::string::npos &&
      holds_any(line, {"[rejected]", "failed to update ref", "cannot lock ref", "failed to lock",
                       "reference already exists"})) {
    return false;
  }
  throw failure(words, completed);
}

std::string branch_refspec(const Repository& repository, const std::string& remote) {
  constexpr std::string_view heads = "refs/heads/";
  const std::string head = repository.head_branch();
  if (!head.starts_with(heads)) {
    throw util::UsageError("HEAD is on no branch that could be pushed; push by name: git push --atomic");
  }
  const std::string name = head.substr(heads.size());
  const bool follows = repository.config("branch." + name + ".remote") == remote;
  const auto merged = follows ? repository.config("branch." + name + ".merge") : std::nullopt;
  return head + ':' + merged.value_or(head);
}

bool forward_reference(const Repository& repository, const std::string& ref, const std::optional<model::ObjectId>& tip,
                       const model::ObjectId& id) {
  const std::string before = tip ? tip->hex() : std::string(id.hex().size(), '0');
  const std::vector<std::string> words{"update-ref", ref, id.hex(), before};
  const util::Completed completed = run_git(repository, words);
  if (!completed.succeeded() && !holds_any(completed.errors, {"cannot lock ref", "Unable to create"})) {
    throw failure(words, completed);
  }
  return completed.succeeded();
}

std::string default_remote(const Repository& repository) {
  constexpr std::string_view heads = "refs/heads/";
  const std::string branch = repository.head_branch();
  const auto configured =
      branch.starts_with(heads) ? repository.config("branch." + branch.substr(heads.size()) + ".remote") : std::nullopt;
  return configured.value_or("origin");
}

}  // namespace tollbar::git
