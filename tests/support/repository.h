// Real git repositories for tests: in a temporary directory, built by the git command, the same bytes on every run.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "model/object_id.h"
#include "util/process.h"

extern char** environ;

namespace tollbar::test {

/// A directory of its own, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tollbar-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("create a temporary directory");
    }
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + '/' + std::string(name); }

 private:
  std::string path_;
};

/// Removes what the caller's environment says about git, so that tests judge only what they built.
inline void scrub_environment(const std::string& home) {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view entry(*variable);
    if (entry.starts_with("GIT_")) {
      names.emplace_back(entry.substr(0, entry.find('=')));
    }
  }
  for (const std::string& name : names) {
    ::unsetenv(name.c_str());
  }
  ::setenv("HOME", home.c_str(), 1);
  ::setenv("XDG_CONFIG_HOME", home.c_str(), 1);
  ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read_file(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

/// Sets an environment variable for as long as it lives.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* former = std::getenv(name)) {
      former_ = former;
    }
    ::setenv(name, value.c_str(), 1);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() {
    if (former_) {
      ::setenv(name_, former_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> former_;
};

/// A repository with a work tree. Each commit is a minute younger than the one before.
class GitRepository {
 public:
  /// `options` go to `git init`, such as `--object-format=sha256` or `--bare`.
  explicit GitRepository(const std::vector<std::string>& options = {}) {
    scrub_environment(directory_.path());
    std::filesystem::create_directory(path());
    std::vector<std::string> arguments{"init", "--quiet", "--initial-branch=main"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    git(arguments);
  }

  std::string path() const { return directory_ / "work"; }
  /// A path beside the repository, for clones and worktrees.
  std::string beside(std::string_view name) const { return directory_ / name; }
  std::string file(std::string_view name) const { return path() + '/' + std::string(name); }

  /// Runs git here, or in `directory`, whatever comes of it.
  util::Completed try_git(const std::vector<std::string>& arguments, std::string_view input = {},
                          const std::string& directory = {}) const {
    util::Invocation invocation;
    invocation.arguments = {"git",
                            "-c",
                            "user.name=Ada",
                            "-c",
                            "user.email=ada@example.org",
                            "-c",
                            "commit.gpgSign=false",
                            "-c",
                            "protocol.file.allow=always",
                            "-c",
                            "advice.detachedHead=false"};
    invocation.arguments.insert(invocation.arguments.end(), arguments.begin(), arguments.end());
    const std::string date = std::to_string(clock_) + " +0100";
    invocation.environment = {{"GIT_AUTHOR_DATE", date}, {"GIT_COMMITTER_DATE", date}, {"LC_ALL", "C"}};
    invocation.directory = directory.empty() ? path() : directory;
    return util::run(invocation, input);
  }

  /// Runs git, which must succeed; its output without the last line feed.
  std::string git(const std::vector<std::string>& arguments, std::string_view input = {},
                  const std::string& directory = {}) const {
    util::Completed completed = try_git(arguments, input, directory);
    if (!completed.succeeded()) {
      throw std::runtime_error("git " + arguments.front() + ": " + completed.errors);
    }
    if (completed.output.ends_with('\n')) {
      completed.output.pop_back();
    }
    return completed.output;
  }

  model::ObjectId id(const std::string& revision) const {
    return model::ObjectId::from_hex(git({"rev-parse", "--verify", revision})).value();
  }

  void write(const std::string& name, std::string_view bytes) const { write_file(file(name), bytes); }

  /// Stores an object as it is, however malformed.
  model::ObjectId store(const std::string& type, std::string_view bytes) const {
    return model::ObjectId::from_hex(git({"hash-object", "-t", type, "--literally", "-w", "--stdin"}, bytes)).value();
  }

  /// Writes the files, stages everything in the work tree and commits it.
  model::ObjectId commit(const std::map<std::string, std::string>& files, const std::string& message = "change") {
    for (const auto& [name, bytes] : files) {
      write(name, bytes);
    }
    git({"add", "--all"});
    return commit_staged(message);
  }

  model::ObjectId commit_staged(const std::string& message = "change") {
    clock_ += 60;
    git({"commit", "--quiet", "--allow-empty", "-m", message});
    return id("HEAD");
  }

  void branch(const std::string& name) const { git({"switch", "--quiet", "-c", name}); }
  void checkout(const std::string& name) const { git({"checkout", "--quiet", name}); }

  model::ObjectId merge(const std::vector<std::string>& branches) {
    clock_ += 60;
    std::vector<std::string> arguments{"merge", "--quiet", "--no-ff", "--no-edit"};
    arguments.insert(arguments.end(), branches.begin(), branches.end());
    git(arguments);
    return id("HEAD");
  }

  /// Where a loose object lies.
  std::string loose_object(const model::ObjectId& object) const {
    const std::string hex = object.hex();
    return file(".git/objects/" + hex.substr(0, 2) + '/' + hex.substr(2));
  }

 private:
  TemporaryDirectory directory_;
  long clock_ = 1'700'000'000;
};

}  // namespace tollbar::test
