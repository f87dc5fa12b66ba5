// Facts about CODEOWNERS: who answers for the files that decide what CI, releases and the gate do, before and after the
// change.
#include "rule/codeowners.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "rule/checks/producers.h"
#include "rule/checks/sensitive_paths.h"
#include "rule/matching.h"

namespace tollbar::rule {
namespace {

using Entry = OwnersFile::Entry;

std::string listed(const Owners& owners) {
  return owners.empty() ? "nobody" : fmt::format("{}", fmt::join(owners, " "));
}

/// The entries that only one side has; all of them where merely their order differs. Only what these name can have
/// changed its owners.
std::vector<const Entry*> changed_entries(const OwnersFile& before, const OwnersFile& after) {
  std::vector<const Entry*> changed;
  const auto add_missing = [&](const OwnersFile& from, const OwnersFile& in) {
    for (const auto& entry : from.entries)
      if (std::none_of(in.entries.begin(), in.entries.end(),
                       [&](const Entry& other) { return entry.says_the_same(other); }))
        changed.push_back(&entry);
  };
  if (std::equal(before.entries.begin(), before.entries.end(), after.entries.begin(), after.entries.end(),
                 [](const Entry& a, const Entry& b) { return a.says_the_same(b); }))
    return changed;
  add_missing(before, after);
  add_missing(after, before);
  if (changed.empty())
    for (const auto& entry : after.entries) changed.push_back(&entry);
  return changed;
}

/// Every sensitive path whose owners may differ, the files that pipelines execute among them.
std::set<std::string> paths_in_question(Change& change, const std::vector<const Entry*>& changed) {
  const auto named = [&](std::string_view path) {
    return std::any_of(changed.begin(), changed.end(),
                       [&](const Entry* entry) { return names_path(entry->pattern, path); });
  };
  const auto found = sensitive_paths(change.after(), change.rules().kinds, Breadth::deciding, named);
  std::set<std::string> paths(found.begin(), found.end());
  for (const auto& file : reach::executed_files(change.after_execution()))
    if (named(file.path)) paths.insert(file.path);
  return paths;
}

/// Paths to which the same happened are one fact.
struct Group {
  std::vector<std::string> paths;
  std::uint32_t line = 0, line_before = 0;
};

bool touches_owners(Change& change) {
  const auto kind = change.rules().kinds.index("codeowners");
  return kind && std::any_of(change.files().begin(), change.files().end(),
                             [&](const FileChange& file) { return file.kinds().test(*kind); });
}

}  // namespace

void codeowner_facts(Change& change, std::vector<Fact>& facts) {
  if (!touches_owners(change)) return;
  const auto before = read_owners(change.before());
  const auto after = read_owners(change.after());
  const auto changed = changed_entries(before, after);
  if (before.entries.empty() || changed.empty()) return;
  std::map<std::pair<Owners, Owners>, Group> groups;
  const auto note = [&](const std::string& path, const OwnersAnswer& was, const OwnersAnswer& is) {
    if (was.owners.empty() || was.owners == is.owners) return;
    auto& group = groups[{was.owners, is.owners}];
    group.paths.push_back(path);
    group.line = is.line;
    group.line_before = was.line;
  };
  for (const auto& path : paths_in_question(change, changed))
    if (path != after.path) note(path, owners_of(before, path), owners_of(after, path));
  // The file itself may have moved: who owned its old place is asked about the new one.
  const auto& itself = after.path.empty() ? before.path : after.path;
  note(itself, owners_of(before, before.path), owners_of(after, itself));
  for (const auto& [owners, group] : groups) {
    Fact fact;
    fact.kind = owners.second.empty() ? "codeowner-lost" : "codeowner-changed";
    fact.path = after.path.empty() ? before.path : after.path;
    fact.line = group.line;
    fact.line_before = group.line_before;
    fact.subject = group.paths.size() == 1 ? group.paths.front()
                                           : fmt::format("{} and {} more", group.paths.front(), group.paths.size() - 1);
    put_before(fact, listed(owners.first));
    put_after(fact, listed(owners.second));
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
