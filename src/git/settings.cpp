// Asks git where its own rules are many: settings by scope, paths of hooks.
#include "git/settings.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "git/command.h"
#include "git/environment.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

const Location here{".", {.from_environment = true}};

std::string without_line_feed(std::string text) {
  if (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

/// A path that `git rev-parse` knows, made absolute.
std::string place(const std::vector<std::string>& question) {
  std::vector<std::string> arguments{"rev-parse"};
  arguments.insert(arguments.end(), question.begin(), question.end());
  const util::Completed completed = util::run(git_at(here, arguments));
  if (!completed.succeeded()) {
    throw util::UsageError(without_line_feed(completed.errors));
  }
  return std::filesystem::absolute(without_line_feed(completed.output)).lexically_normal().string();
}

std::optional<std::string> setting(const std::vector<std::string>& flags, const std::string& name) {
  std::vector<std::string> arguments{"config"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  arguments.insert(arguments.end(), {"--get", name});
  const util::Completed completed = util::run(git_at(here, arguments));
  constexpr int not_set = 1;
  if (completed.status == not_set) {
    return std::nullopt;
  }
  if (!completed.succeeded()) {
    throw failure(arguments, completed);
  }
  return without_line_feed(completed.output);
}

/// The file that `git config --global` writes.
std::filesystem::path global_file() {
  if (const auto named = environment_value("GIT_CONFIG_GLOBAL")) {
    return *named;
  }
  const std::filesystem::path home = environment_value("HOME").value_or("");
  const auto other = environment_value("XDG_CONFIG_HOME");
  const std::filesystem::path second = (other ? std::filesystem::path(*other) : home / ".config") / "git" / "config";
  std::error_code ignored;
  const bool only_second =
      !std::filesystem::exists(home / ".gitconfig", ignored) && std::filesystem::exists(second, ignored);
  return only_second ? second : home / ".gitconfig";
}

}  // namespace

std::string command_version() {
  const std::string text = without_line_feed(ask_git(here, {"version"}));
  constexpr std::string_view lead = "git version ";
  return text.starts_with(lead) ? text.substr(lead.size()) : text;
}

std::string hooks_directory() {
  return place({"--git-path", "hooks"});
}

std::string own_hooks_directory() {
  return (std::filesystem::path(place({"--git-common-dir"})) / "hooks").string();
}

std::optional<std::string> path_setting(const std::string& name, Scope scope) {
  std::vector<std::string> flags{"--type=path"};
  if (scope != Scope::effective) {
    flags.emplace_back(scope == Scope::local ? "--local" : "--global");
  }
  return setting(flags, name);
}

std::optional<std::string> text_setting(const std::string& name) {
  return setting({}, name);
}

std::optional<bool> flag_setting(const std::string& name) {
  const std::optional<std::string> value = setting({"--type=bool"}, name);
  return value ? std::optional(*value == "true") : std::nullopt;
}

bool has_global_file() {
  std::error_code ignored;
  return std::filesystem::exists(global_file(), ignored);
}

void remove_empty_global_file() {
  std::error_code ignored;
  const std::filesystem::path file = global_file();
  if (std::filesystem::is_regular_file(file, ignored) && std::filesystem::is_empty(file, ignored) && !ignored) {
    std::filesystem::remove(file, ignored);
  }
}

void set_global(const std::string& name, const std::string& value) {
  std::error_code ignored;
  const std::filesystem::path file = global_file();
  if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored)) {
    // git would put a file in its place, be it /dev/null.
    throw util::UsageError("set " + name + ": " + file.string() + " is no regular file (GIT_CONFIG_GLOBAL)");
  }
  ask_git(here, {"config", "--global", name, value});
}

void unset_global(const std::string& name) {
  ask_git(here, {"config", "--global", "--unset", name});
}

}  // namespace tollbar::git
