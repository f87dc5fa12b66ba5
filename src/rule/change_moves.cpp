// Where what a change takes away went, and whether what it brings was there before.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rule/change.h"
#include "rule/matching.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

/// The path was in no tree, though its folder was, with others like it: what it named went before. What builds make is
/// in no tree either, but is told by its name.
bool was_missing(model::Tree& before, model::Tree& after, const std::string& path) {
  constexpr std::array<std::string_view, 14> kMade{"dist",     "build",     "out",     "output",      "target",
                                                   "coverage", "bin",       "lib",     "pkg",         "generated",
                                                   "tmp",      "artifacts", "reports", "node_modules"};
  const auto folder = text::directory_of(path);
  if (folder.empty() || path.find_first_of(".$*?{") != std::string::npos) return false;
  for (std::string_view rest = path; !rest.empty();) {
    const auto part = rest.substr(0, rest.find('/'));
    if (std::find(kMade.begin(), kMade.end(), part) != kMade.end()) return false;
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  const auto siblings = after.list(folder);
  return before.find(folder) && std::any_of(siblings.begin(), siblings.end(), [](const auto& sibling) {
           return sibling.entry.mode == model::FileMode::directory;
         });
}

}  // namespace

bool Change::went_away(const std::string& path, bool is_path) {
  // Tests are no subject of their own: they went if what they test did. Examples are one: they are shown to people.
  const auto tests = rules_.kinds.index("test-data");
  std::string subject = path;
  while (subject.ends_with('/')) subject.pop_back();
  constexpr std::array<std::string_view, 6> kShown{"example", "examples", "sample", "samples", "demo", "demos"};
  const auto is_shown = [&] {
    return std::find(kShown.begin(), kShown.end(), text::base_name(subject)) != kShown.end();
  };
  while (tests && !is_shown() && rules_.kinds.of(subject + "/x")[*tests]) {
    const auto slash = subject.rfind('/');
    if (slash == std::string::npos) return false;
    subject.resize(slash);
  }
  if (after_.find(subject)) return false;
  return before_.find(subject) ? !moved_away(subject) : is_path && was_missing(before_, after_, subject);
}

bool Change::moved_away(const std::string& folder) const {
  std::size_t files = 0, found_again = 0;
  for (const auto& delta : deltas_) {
    if (!delta.removed() || !(delta.path == folder || delta.path.starts_with(folder + "/"))) continue;
    ++files;
    found_again += std::any_of(deltas_.begin(), deltas_.end(), [&](const model::FileDelta& other) {
      return other.added() && other.after->id == delta.before->id;
    });
  }
  return found_again * 3 >= files && found_again > 0;
}

bool Change::took_away(std::string_view text) {
  if (text.empty()) return false;
  const auto left_out = left_out_by_default(rules_.kinds);
  for (auto& file : files_) {
    if ((file.kinds() & left_out).any()) continue;
    for (const auto& line : file.lines().removed)
      if (line.text.find(text) != std::string_view::npos) return true;
  }
  return false;
}

bool Change::held_before(std::string_view text) {
  constexpr std::size_t most_files = 4000, most_bytes = std::size_t{64} << 20, least_length = 16;
  // Short texts and mere words stand in many places.
  if (text.size() < least_length || text.find_first_of("0123456789") == std::string_view::npos) return false;
  const auto left_out = left_out_by_default(rules_.kinds);
  const auto documentation = rules_.kinds.index("documentation");
  std::vector<std::string> folders{""};
  std::size_t files = 0, bytes = 0;
  while (!folders.empty()) {
    const auto folder = std::move(folders.back());
    folders.pop_back();
    for (const auto& [name, entry] : before_.list(folder)) {
      auto path = folder.empty() ? name : folder + '/' + name;
      const auto kinds = rules_.kinds.of(path);
      if (entry.mode == model::FileMode::submodule || (kinds & left_out).any()) continue;
      if (entry.mode == model::FileMode::directory) {
        folders.push_back(std::move(path));
        continue;
      }
      if (documentation && kinds[*documentation]) continue;
      const auto content = before_.read(entry);
      bytes += content.size;
      if (++files > most_files || bytes > most_bytes) return false;
      if (content.state == model::ContentState::present && content.bytes->find(text) != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace tollbar::rule
