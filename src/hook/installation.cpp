// Every step replaces a file by renaming: at no moment is a hook missing that was there before.
#include "hook/installation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "git/settings.h"
#include "hook/wrapper.h"
#include "util/error.h"
#include "util/file.h"

namespace tollbar::hook {
namespace {

namespace fs = std::filesystem;

constexpr const char* hooks_path = "core.hooksPath";
// Traces: words separated by blanks, `directory` once for each level that was made.
constexpr std::string_view made_directory = "directory";
constexpr std::string_view made_settings = "settings";

/// The other hooks of git that a directory for all repositories hands on to the repository's own. Left out are those
/// whose mere presence changes what git does (push-to-checkout, proc-receive).
constexpr std::string_view handed_on[] = {
    "applypatch-msg",        "pre-applypatch", "post-applypatch", "prepare-commit-msg", "pre-rebase",
    "post-checkout",         "post-merge",     "pre-auto-gc",     "sendemail-validate", "post-index-change",
    "reference-transaction", "post-update",
};

[[noreturn]] void fail(std::string_view action, const fs::path& path) {
  throw util::Error(fmt::format("{} {}: {}", action, path.string(), std::strerror(errno)));
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() > fs::file_type::not_found;
}

std::string read(const fs::path& path) {
  return util::file_text(path).value_or("");
}

bool runs(const fs::path& path) {
  return ::access(path.c_str(), X_OK) == 0;
}

HookFile look_at(const fs::path& directory, std::string_view name) {
  const fs::path path = directory / name;
  HookFile file{std::string(name)};
  if (!is_there(path)) {
    return file;
  }
  const std::string text = read(path);
  if (!is_wrapper(text)) {
    file.state = runs(path) ? HookFile::State::foreign : HookFile::State::idle;
    return file;
  }
  file.state = runs(path) ? HookFile::State::ours : HookFile::State::idle;
  file.program = program_of(text).value_or("");
  file.judges = !file.program.empty();
  file.runs_before = is_there(directory / (file.name + std::string(kept_suffix)));
  return file;
}

bool is_ours(const fs::path& path) {
  return is_there(path) && is_wrapper(read(path));
}

/// Writes a script beside its place and moves it there in one step.
void put_script(const fs::path& path, const std::string& text) {
  const fs::path fresh = path.string() + ".tollbar-new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file || ::chmod(fresh.c_str(), 0755) != 0) {
    const int error = errno;
    ::unlink(fresh.c_str());
    errno = error;
    fail("write", path);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    fail("write", path);
  }
}

/// Gives a hook its second name. The first stays until something takes its place.
void keep(const fs::path& path, const fs::path& kept) {
  if (is_there(kept)) {
    throw util::UsageError(
        fmt::format("both {} and {} are there, and none of them is tollbar's: take the one away that is no longer used",
                    path.string(), kept.string()));
  }
  if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, kept.c_str(), 0) != 0 && ::rename(path.c_str(), kept.c_str()) != 0) {
    fail("keep", path);
  }
}

/// What earlier installing made; every wrapper of a directory says the same.
std::string traces_in(const fs::path& directory) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored)) {
    if (is_ours(entry.path())) {
      return traces_of(read(entry.path()));
    }
  }
  return {};
}

Step place_wrapper(const fs::path& directory, Wrapper wrapper) {
  const fs::path path = directory / wrapper.name;
  const fs::path kept = path.string() + std::string(kept_suffix);
  const std::string name(wrapper.name);
  const HookFile now = look_at(directory, wrapper.name);
  const bool ours = is_ours(path);
  if (now.state != HookFile::State::absent && !ours) {
    keep(path, kept);
  }
  if (wrapper.before == Wrapper::Before::nothing && runs(kept)) {
    wrapper.before = Wrapper::Before::kept;
  }
  const std::string text = wrapper_text(wrapper);
  if (ours && now.state == HookFile::State::ours && read(path) == text) {
    return {name, "was there already"};
  }
  put_script(path, text);
  if (ours) {
    return {name, "renewed"};
  }
  return {name, wrapper.before == Wrapper::Before::kept ? "installed, after the hook that was there" : "installed"};
}

/// The directory in which tollbar keeps the hooks of all repositories of a user.
std::string user_directory(const Environment& environment) {
  if (const auto settings = environment("XDG_CONFIG_HOME"); settings && !settings->empty()) {
    return *settings + "/tollbar/hooks";
  }
  const auto home = environment("HOME");
  if (!home || home->empty()) {
    throw util::UsageError("HOME is not set: there is no place for the hooks of a user");
  }
  return *home + "/.config/tollbar/hooks";
}

/// husky writes its directory anew whenever packages are installed: what is placed there does not last.
void refuse_husky(const fs::path& directory) {
  if (directory.filename() == "_" && directory.parent_path().filename() == ".husky") {
    throw util::UsageError(
        fmt::format("core.hooksPath is {}, which husky writes anew: add `tollbar hook NAME -- \"$@\"` to the files "
                    "of {} instead (see hooks/README.md)",
                    directory.string(), directory.parent_path().string()));
  }
}

/// What is about to be made beside the hooks themselves, or was when they were first installed.
std::string traces_to_be(const Place& place) {
  if (is_there(place.directory)) {
    return traces_in(place.directory);
  }
  std::string traces;
  for (fs::path level = place.directory; !is_there(level); level = level.parent_path()) {
    traces += fmt::format("{}{}", traces.empty() ? "" : " ", made_directory);
  }
  if (place.serves == Place::Serves::user && !git::has_global_file()) {
    traces += fmt::format(" {}", made_settings);
  }
  return traces;
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    throw util::Error(fmt::format("make the directory {}: {}", directory.string(), error.message()));
  }
}

std::vector<Wrapper> wrappers_for(const Place& place, Side side, const std::string& program) {
  const bool shared = place.serves == Place::Serves::user;
  const Wrapper::Before before = shared ? Wrapper::Before::repository : Wrapper::Before::nothing;
  const std::string traces = traces_to_be(place);
  std::vector<Wrapper> wrappers;
  for (const Hook& hook : hooks()) {
    const bool judges = hook.side == side && hook.placing == Placing::by_default;
    if (judges || shared) {
      wrappers.push_back({hook.name, program, before, hook.input, traces, judges});
    }
  }
  if (shared) {
    for (const std::string_view name : handed_on) {
      wrappers.push_back({name, program, before, Input::nothing, traces, false});
    }
  }
  return wrappers;
}

/// Takes a wrapper away; what was there before it comes back in the same step.
std::optional<Step> take_away(const fs::path& path) {
  if (!is_ours(path)) {
    return std::nullopt;
  }
  const fs::path kept = path.string() + std::string(kept_suffix);
  if (is_there(kept)) {
    if (::rename(kept.c_str(), path.c_str()) != 0) {
      fail("put back", path);
    }
    return Step{path.filename().string(), "taken away; the hook that was there before is back"};
  }
  if (::unlink(path.c_str()) != 0) {
    fail("take away", path);
  }
  return Step{path.filename().string(), "taken away"};
}

}  // namespace

Place place_of(Place::Serves serves, const Environment& environment) {
  if (serves == Place::Serves::repository) {
    const std::string directory = git::hooks_directory();
    refuse_husky(directory);
    const auto shared = git::path_setting(hooks_path, git::Scope::global);
    const bool is_shared = shared == directory && directory == user_directory(environment);
    return {is_shared ? Place::Serves::user : serves, directory};
  }
  const std::string ours = user_directory(environment);
  const std::string used = git::path_setting(hooks_path, git::Scope::global).value_or(ours);
  // A directory that the user chose is theirs: what is in it stays the only thing that runs.
  return {used == ours ? serves : Place::Serves::repository, used};
}

std::vector<HookFile> inspect(const std::string& directory) {
  std::vector<HookFile> files;
  for (const Hook& hook : hooks()) {
    files.push_back(look_at(directory, hook.name));
  }
  return files;
}

std::vector<Step> install(const Place& place, Side side, const std::string& program) {
  const std::vector<Wrapper> wrappers = wrappers_for(place, side, program);
  make_directory(place.directory);
  std::vector<Step> steps;
  for (const Wrapper& wrapper : wrappers) {
    Step step = place_wrapper(place.directory, wrapper);
    if (wrapper.judges) {
      steps.push_back(std::move(step));
    }
  }
  if (place.serves == Place::Serves::user && !git::path_setting(hooks_path, git::Scope::global)) {
    git::set_global(hooks_path, place.directory);
  }
  return steps;
}

std::vector<Step> uninstall(const Place& place) {
  const std::string traces = traces_in(place.directory);
  // git must not look into a directory that is going away.
  if (place.serves == Place::Serves::user && git::path_setting(hooks_path, git::Scope::global)) {
    git::unset_global(hooks_path);
    if (traces.find(made_settings) != std::string::npos) {
      git::remove_empty_global_file();
    }
  }
  std::vector<fs::path> paths;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(place.directory, ignored)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Step> steps;
  for (const fs::path& path : paths) {
    const bool judges = program_of(read(path)).has_value();
    if (auto step = take_away(path); step && judges) {
      steps.push_back(std::move(*step));
    }
  }
  fs::path level = place.directory;
  for (std::size_t at = traces.find(made_directory); at != std::string::npos;
       at = traces.find(made_directory, at + 1), level = level.parent_path()) {
    fs::remove(level, ignored);  // fails where something else came to live there
  }
  return steps;
}

std::string program_path(const std::string& search_path) {
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  if (error) {
    throw util::Error("find the path of this program: " + error.message());
  }
  std::istringstream directories(search_path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    const fs::path candidate = fs::path(directory) / "tollbar";
    if (candidate.is_absolute() && fs::equivalent(candidate, own, error) && !error) {
      return candidate.string();
    }
  }
  return own.string();
}

}  // namespace tollbar::hook
