// One file a move, one line a use.
#include "approval/intended.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <utility>

#include "util/error.h"
#include "util/file.h"

namespace tollbar::approval {
namespace {

namespace fs = std::filesystem;

constexpr auto hook_is_over = std::chrono::hours(24);
constexpr std::string_view suffix = ".uses";

std::string path_in(const std::string& directory, const std::string& name) {
  return fmt::format("{}/{}{}", directory, name, suffix);
}

/// `FINGERPRINT RECORD COMMIT REFERENCE`.
std::vector<Use> read_uses(const std::string& path) {
  std::istringstream lines(util::read_file(path, "uses of approvals"));
  std::vector<Use> uses;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Use use;
    words >> use.fingerprint >> use.record >> use.commit >> std::ws;
    if (!std::getline(words, use.ref) || use.ref.empty()) {
      throw util::Error(fmt::format("read {}: it is damaged", path));
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

bool is_forgotten(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  return !error && fs::file_time_type::clock::now() - written > hook_is_over;
}

bool holds(const git::Repository& repository, const model::ObjectId& tip, const model::ObjectId& commit) {
  return tip == commit || (repository.peel_to_commit(tip) && repository.peel_to_commit(commit) &&
                           repository.merge_base(tip, commit) == commit);
}

}  // namespace

void IntendedUses::put(const std::string& name, const std::vector<Use>& uses) const {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) {
    throw util::Error(fmt::format("make {}: {}", directory_, error.message()));
  }
  std::string lines;
  for (const Use& use : uses) {
    lines += fmt::format("{} {} {} {}\n", use.fingerprint, use.record, use.commit, use.ref);
  }
  util::write_whole_file(path_in(directory_, name), lines);
}

void IntendedUses::remove(const std::string& name) const {
  std::error_code error;
  fs::remove(path_in(directory_, name), error);
  if (error) {
    throw util::Error(fmt::format("take {} out of {}: {}", name, directory_, error.message()));
  }
}

std::vector<IntendedUses::Move> IntendedUses::all() const {
  std::vector<Move> moves;
  std::error_code error;
  for (fs::directory_iterator each(directory_, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    if (!name.ends_with(suffix)) {
      continue;
    }
    try {
      moves.push_back(
          {name.substr(0, name.size() - suffix.size()), read_uses(each->path().string()), is_forgotten(each->path())});
    } catch (const util::Error&) {
      if (fs::exists(each->path(), error)) {  // else another hook has just written and removed it
        throw;
      }
    }
  }
  const bool never_written = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  if (error && !never_written) {
    throw util::Error(fmt::format("read {}: {}", directory_, error.message()));
  }
  return moves;
}

bool has_landed(const git::Repository& repository, const Use& use, const std::vector<model::ObjectId>& tips) {
  const auto tip = repository.reference(use.ref);
  const auto commit = model::ObjectId::from_hex(use.commit);
  if (!commit || commit->is_zero()) {
    return !tip;  // the reference was to be deleted
  }
  return (tip && holds(repository, *tip, *commit)) ||
         std::any_of(tips.begin(), tips.end(),
                     [&](const model::ObjectId& other) { return holds(repository, other, *commit); });
}

}  // namespace tollbar::approval
