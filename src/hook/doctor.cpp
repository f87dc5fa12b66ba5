// Each examination stands alone, so that what is wrong in one place hides nothing in another.
#include "hook/doctor.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "gate/policy_source.h"
#include "git/repository.h"
#include "git/settings.h"
#include "hook/installation.h"
#include "hook/signers.h"
#include "hook/wrapper.h"
#include "rule/rule_set.h"
#include "util/error.h"
#include "util/file.h"

namespace tollbar::hook {
namespace {

namespace fs = std::filesystem;
using Health = Diagnosis::Health;
using Diagnoses = std::vector<Diagnosis>;

/// Which side's hooks matter: a repository without a work tree is one that is pushed to.
Side side_of(const git::Repository& repository) {
  return repository.is_bare() ? Side::server : Side::client;
}

std::string command_to_install(Side side) {
  return side == Side::server ? "tollbar install --server" : "tollbar install";
}

void examine_git(Diagnoses& found) {
  found.push_back({Health::good, "git", "version " + git::command_version()});
}

/// git refuses repositories of other users; a hook that cannot open its own repository refuses everything.
void examine_owner(Diagnoses& found, const git::Repository& repository) {
  struct stat status {};
  const std::string directory = repository.git_directory();
  if (::stat(directory.c_str(), &status) != 0) {
    found.push_back({Health::bad, "ownership", "cannot look at " + directory, "make it readable for this user"});
  } else if (status.st_uid != ::geteuid()) {
    found.push_back({Health::doubtful, "ownership",
                     fmt::format("{} belongs to user {}, not to this one ({})", directory, status.st_uid, ::geteuid()),
                     fmt::format("chown -R {} {}, or run this as its owner", ::geteuid(), directory)});
  } else {
    found.push_back({Health::good, "ownership", directory + " belongs to this user"});
  }
}

void examine_hooks_path(Diagnoses& found, const std::string& directory) {
  const auto setting = git::path_setting("core.hooksPath", git::Scope::effective);
  const std::string state = directory + (setting ? " (core.hooksPath)" : "");
  if (!fs::is_directory(directory)) {
    found.push_back({Health::bad, "hooks", state + " is no directory: git runs no hook",
                     setting ? "git config --unset core.hooksPath, where nobody needs it; then tollbar install"
                             : "tollbar install"});
    return;
  }
  struct stat status {};
  const bool open_to_all = ::stat(directory.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
  if (open_to_all) {
    found.push_back({Health::bad, "hooks", state + " can be written by everybody", "chmod o-w " + directory});
  } else {
    found.push_back({Health::good, "hooks", state});
  }
}

/// A hook that somebody wrote: it may call tollbar itself, or through a framework.
Diagnosis foreign_hook(const std::string& name, const fs::path& path) {
  if (util::file_text(path).value_or("").find("tollbar hook") != std::string::npos) {
    return {Health::good, name, "another hook, which calls tollbar"};
  }
  return {Health::doubtful, name, "another hook; whether tollbar is called by it cannot be told",
          "tollbar install puts tollbar behind it; frameworks: see hooks/README.md"};
}

Diagnosis examine_hook(const HookFile& file, const std::string& directory, Side side) {
  const fs::path path = fs::path(directory) / file.name;
  switch (file.state) {
    case HookFile::State::absent:
      return {Health::bad, file.name, "not installed", command_to_install(side)};
    case HookFile::State::idle:
      if (fs::is_symlink(path)) {
        return {Health::bad, file.name, "a symbolic link that leads to no program: git passes over it",
                command_to_install(side)};
      }
      return {Health::bad, file.name, "has no run bit: git passes over it", "chmod +x " + path.string()};
    case HookFile::State::foreign:
      return foreign_hook(file.name, path);
    case HookFile::State::ours:
      break;
  }
  if (!file.judges) {
    return {Health::bad, file.name, "only the repository's own hook is called", command_to_install(side)};
  }
  if (::access(file.program.c_str(), X_OK) != 0) {
    return {Health::bad, file.name, file.program + " is missing or cannot be run: everything is refused",
            "put it back, or " + command_to_install(side)};
  }
  std::error_code ignored;
  if (!fs::equivalent(file.program, "/proc/self/exe", ignored)) {
    return {Health::doubtful, file.name, "calls another tollbar: " + file.program, command_to_install(side)};
  }
  return {Health::good, file.name, "calls " + file.program + (file.runs_before ? ", after another hook" : "")};
}

/// husky calls the files beside its directory, not those in it.
bool is_husky(const fs::path& directory) {
  return directory.filename() == "_" && directory.parent_path().filename() == ".husky";
}

Diagnosis examine_husky(const std::string& name, const fs::path& directory) {
  const fs::path path = directory.parent_path() / name;
  if (util::file_text(path).value_or("").find("tollbar hook " + name) != std::string::npos) {
    return {Health::good, name, "husky calls tollbar"};
  }
  return {Health::bad, name, "husky does not call tollbar",
          fmt::format("add to {}: tollbar hook {} -- \"$@\"", path.string(), name)};
}

void examine_hooks(Diagnoses& found, const std::string& directory, Side side) {
  examine_hooks_path(found, directory);
  for (const HookFile& file : inspect(directory)) {
    const Hook* hook = find_hook(file.name);
    if (hook->side != side || hook->placing != Placing::by_default) {
      continue;
    }
    found.push_back(is_husky(directory) ? examine_husky(file.name, directory) : examine_hook(file, directory, side));
  }
}

void examine_receiving(Diagnoses& found) {
  const auto own = git::flag_setting("receive.fsckObjects");
  if (own.value_or(git::flag_setting("transfer.fsckObjects").value_or(false))) {
    found.push_back({Health::good, "receive.fsckObjects", "on"});
  } else {
    found.push_back({Health::bad, "receive.fsckObjects", "off: malformed objects are taken in before they are judged",
                     "git config receive.fsckObjects true"});
  }
  if (git::flag_setting("receive.shallowUpdate").value_or(false)) {
    found.push_back({Health::bad, "receive.shallowUpdate", "on: a push can cut history off that is then not judged",
                     "git config receive.shallowUpdate false"});
  } else {
    found.push_back({Health::good, "receive.shallowUpdate", "off"});
  }
}

void examine_policy(Diagnoses& found, const git::Repository& repository, const std::optional<std::string>& file) {
  const rule::RuleSet rules = rule::load_builtin();
  gate::PolicySource source(repository, rules, file);
  const auto loaded = gate::current_policy(repository, source);
  if (!loaded->problems.empty()) {
    found.push_back({Health::bad, "policy", loaded->problems, "tollbar policy check says what it must look like"});
    return;
  }
  found.push_back({Health::good, "policy", loaded->policy.source});
  const gate::Date today = gate::Date::today();
  for (const gate::Waiver& waiver : loaded->policy.waivers) {
    if (waiver.expires < today) {
      found.push_back({Health::doubtful, "waiver",
                       fmt::format("{}:{}: that of {} for {} expired on {}", loaded->policy.source, waiver.line,
                                   waiver.owner, waiver.rule, waiver.expires.text()),
                       "take it out, or have it renewed by its owner"});
    }
  }
}

/// Runs an examination; one that cannot be made is bad news of its own.
template <typename Examination>
void attempt(Diagnoses& found, const std::string& subject, Examination examination) {
  try {
    examination();
  } catch (const util::Error& error) {
    found.push_back({Health::bad, subject, error.what(), "mend that first"});
  }
}

void append(Diagnoses& found, const Diagnoses& more) {
  found.insert(found.end(), more.begin(), more.end());
}

}  // namespace

std::vector<Diagnosis> examine(const Call& call) {
  Diagnoses found;
  attempt(found, "git", [&] { examine_git(found); });
  attempt(found, "repository", [&] {
    const git::Repository repository = git::Repository::open(".", {.from_environment = true});
    const Side side = side_of(repository);
    attempt(found, "ownership", [&] { examine_owner(found, repository); });
    attempt(found, "hooks", [&] { examine_hooks(found, git::hooks_directory(), side); });
    if (side == Side::server) {
      attempt(found, "receive", [&] { examine_receiving(found); });
    }
    attempt(found, "signers", [&] { append(found, examine_git_signers()); });
    attempt(found, "signers", [&] { append(found, examine_trusted_signers(repository, call.policy_file)); });
    attempt(found, "policy", [&] { examine_policy(found, repository, call.policy_file); });
  });
  return found;
}

Diagnosis::Health worst(const std::vector<Diagnosis>& diagnoses) {
  Health worst = Health::good;
  for (const Diagnosis& diagnosis : diagnoses) {
    worst = std::max(worst, diagnosis.health);
  }
  return worst;
}

}  // namespace tollbar::hook
