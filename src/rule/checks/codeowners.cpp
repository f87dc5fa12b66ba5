// Facts about CODEOWNERS: who answers for the files that decide what CI, releases and the gate do, before and after the
// change.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "rule/checks/producers.h"
#include "rule/checks/sensitive_paths.h"
#include "rule/matching.h"
#include "text/ascii.h"
#include "text/decode.h"

namespace tollbar::rule {
namespace {

using Owners = std::set<std::string>;

struct Entry {
  std::string section, pattern;
  Owners owners;
  std::uint32_t line = 0;

  bool says_the_same(const Entry& other) const {
    return section == other.section && pattern == other.pattern && owners == other.owners;
  }
};

/// The words of a line up to a comment; `\ ` is a blank within a word.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size() && line[i + 1] == ' ') {
      words.back() += line[++i];
    } else if (c == ' ' || c == '\t' || c == '\r') {
      if (!words.back().empty()) words.emplace_back();
    } else if (c == '#' && words.back().empty()) {
      break;
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// `@user`, `@org/team`, an address; anything else in an owner's place is ignored by the platforms.
bool is_owner(std::string_view word) {
  return word.size() > 1 && word.find('@') != std::string_view::npos;
}

/// `[Section]`, `^[Optional][2]`: what follows owns every entry of the section that names nobody.
bool is_section(std::string_view line) {
  return line.starts_with("[") || line.starts_with("^[");
}

struct OwnersFile {
  std::string path;
  std::vector<Entry> entries;
};

std::vector<Entry> read_entries(std::string_view text) {
  std::vector<Entry> entries;
  std::string section;
  Owners defaults;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    const bool heads = is_section(line) && line.find(']') != std::string_view::npos;
    const auto words = words_of(heads ? line.substr(line.rfind(']') + 1) : line);
    Owners owners;
    for (std::size_t i = heads ? 0 : 1; i < words.size(); ++i)
      if (is_owner(words[i])) owners.insert(text::ascii_lower(words[i]));
    if (heads) {
      section = text::ascii_lower(line.substr(0, line.find(']') + 1));
      defaults = std::move(owners);
    } else if (!words.empty()) {
      entries.push_back(
          {section, words.front(), owners.empty() && !section.empty() ? defaults : std::move(owners), number});
    }
  }
  return entries;
}

/// The one that counts: platforms take the first they find.
OwnersFile read_owners(model::Tree& tree) {
  for (const auto path : {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}) {
    const auto entry = tree.find(path);
    if (!entry || entry->mode == model::FileMode::directory || entry->mode == model::FileMode::submodule) continue;
    const auto content = tree.read(*entry);
    if (content.state != model::ContentState::present) return {path, {}};
    return {path, read_entries(text::decode(*content.bytes).text)};
  }
  return {};
}

struct Answer {
  Owners owners;
  std::uint32_t line = 0;
};

/// The last entry that names the path, in every section.
Answer owner_of(const OwnersFile& file, std::string_view path) {
  std::map<std::string_view, const Entry*> last;
  for (const auto& entry : file.entries)
    if (names_path(entry.pattern, path)) last[entry.section] = &entry;
  Answer answer;
  for (const auto& [section, entry] : last) {
    answer.owners.insert(entry->owners.begin(), entry->owners.end());
    answer.line = std::max(answer.line, entry->line);
  }
  return answer;
}

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

/// Manifests name versions and scripts, and are edited every day: who owns them is a weaker check.
bool manifests_only(const Kinds& kinds, const std::vector<std::string>& paths) {
  constexpr std::string_view manifests[] = {"npm-manifest",   "python-manifest",   "cargo-manifest", "go-module",
                                            "maven-manifest", "composer-manifest", "requirements",   "lock-file"};
  return std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return std::any_of(std::begin(manifests), std::end(manifests), [&](std::string_view name) {
      const auto index = kinds.index(name);
      return index && kinds.of(path)[*index];
    });
  });
}

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
  const auto note = [&](const std::string& path, const Answer& was, const Answer& is) {
    if (was.owners.empty() || was.owners == is.owners) return;
    auto& group = groups[{was.owners, is.owners}];
    group.paths.push_back(path);
    group.line = is.line;
    group.line_before = was.line;
  };
  for (const auto& path : paths_in_question(change, changed))
    if (path != after.path) note(path, owner_of(before, path), owner_of(after, path));
  // The file itself may have moved: who owned its old place is asked about the new one.
  const auto& itself = after.path.empty() ? before.path : after.path;
  note(itself, owner_of(before, before.path), owner_of(after, itself));
  for (const auto& [owners, group] : groups) {
    Fact fact;
    fact.kind = owners.second.empty() ? "codeowner-lost" : "codeowner-changed";
    fact.path = after.path.empty() ? before.path : after.path;
    fact.line = group.line;
    fact.line_before = group.line_before;
    fact.subject = group.paths.size() == 1 ? group.paths.front()
                                           : fmt::format("{} and {} more", group.paths.front(), group.paths.size() - 1);
    fact.before = shortened(listed(owners.first));
    fact.after = shortened(listed(owners.second));
    fact.attributes["manifests_only"] = manifests_only(change.rules().kinds, group.paths) ? "true" : "false";
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
