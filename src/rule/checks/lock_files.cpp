// Facts about lock files: packages that come from another place than before, and checksums that are gone or no longer
// the same for the same version.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/ascii.h"
#include "text/line_diff.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

/// Where a package comes from: a host, or the address of a repository.
struct Source {
  std::string place;
  bool git = false;
};

/// `https://user@registry.example.org:443/a/-/a-1.tgz`, `registry+https://...`, `git+ssh://git@host/a.git#commit`.
std::vector<Source> sources_in(std::string_view line) {
  static const text::Pattern address(
      R"x(\b((?:git|registry|sparse|direct|path)\+)?(https?|ssh|git)://(?:[^/\s"'@]*@)?([\w.-]+\.[A-Za-z]{2,}|localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:]+\])(?::\d+)?(/[^\s"'#?,}]*)?)x");
  static const text::Pattern repository(R"x((?:^|[\s"'{,])git\s*=\s*"|\.git(?:[#?"'\s]|$))x");
  std::vector<Source> sources;
  for (std::size_t from = 0; from < line.size();) {
    const auto match = address.find(line, from);
    if (!match) break;
    from = match->end;
    const auto group = [&](std::size_t i) {
      return i < match->groups.size() && match->groups[i] ? *match->groups[i] : std::string_view{};
    };
    Source source;
    source.place = text::ascii_lower(group(3));
    source.git = group(1) == "git+" || group(2) == "ssh" || group(2) == "git" ||
                 repository.matches(line.substr(0, std::min(line.size(), match->end + 1)));
    if (source.git || source.place == "github.com") source.place += group(4);
    sources.push_back(std::move(source));
  }
  return sources;
}

/// The line says where a package is fetched from. npm writes pages of funding into its lock, too, as `url`.
bool says_source(std::string_view line, bool npm) {
  static const text::Pattern of_npm(R"x(^\s*"resolved"\s*:)x");
  static const text::Pattern key(
      R"x(^\s*(?:"?(?:resolved|resolution|tarball|url|source|remote|registry)"?\s*[:=]?\s|"[^"]+":\s*\["|index\s*=\s*"|(?:\w+\s*=\s*)?\[?\s*\{[^{}]*\burl\s*=))x");
  return npm ? of_npm.matches(line) : key.matches(line);
}

/// Locks in which every package has an address of its own, wherever it comes from, say nothing here.
bool names_registries(std::string_view path) {
  return !text::is_one_of(text::base_name(path), {"composer.lock", "flake.lock", "MODULE.bazel.lock", "deno.lock"});
}

/// One entry of a lock: what is fetched, and the checksum that it must have.
struct Entry {
  std::string checksum;
  std::uint32_t line = 0;
};

/// Checksums by what they are of: address and version, or a module with its version.
using Entries = std::map<std::string, Entry>;

class Reading {
 public:
  /// Reads whole entries.
  void read(std::string_view text, std::size_t first_line) {
    for (auto line : text::split_lines(text)) {
      line.number += first_line - 1;
      read(line);
    }
    end();
  }
  Entries take() { return std::move(entries_); }

 private:
  void read(const text::Line& line) {
    static const text::Pattern module(R"x(^(\S+\s+v\S+)\s+(h1:\S+)$)x");
    static const text::Pattern of_pnpm(R"x(^  '?/?(@?[^\s'():@]+@[^\s'():]+)[^:]*:$)x");
    static const text::Pattern fetched(
        R"x("?(?:resolved|tarball)"?:?\s+"?(https?://[^\s"#]+)|^url = "(https?://[^\s"#]+))x");
    static const text::Pattern named(R"x(^name = "([^"]+)")x");
    static const text::Pattern version(R"x(^version = "([^"]+)")x");
    static const text::Pattern registry(R"x(^source = "((?:registry|sparse)\+[^"]+)")x");
    static const text::Pattern sum(
        R"x("?(?:integrity|checksum)"?\s*[:=]?\s*"?((?:sha\d+-)?[A-Za-z0-9+/=]{16,})|^hashes = \{sha\d+ = "([0-9a-f]{16,}))x");
    if (const auto match = module.find(line.text)) {
      entries_[std::string(*match->groups[1])] = {std::string(*match->groups[2]), number(line)};
      return;
    }
    if (read_tables(line)) return;
    const auto content = text::trimmed(line.text);
    if (content.empty() || content.starts_with("[[package") || content.starts_with("}")) end();
    if (const auto match = fetched.find(line.text)) place_ = first_group(*match), line_ = number(line);
    if (const auto match = named.find(line.text)) name_ = *match->groups[1], line_ = number(line);
    if (const auto match = version.find(line.text)) version_ = *match->groups[1];
    if (const auto match = of_pnpm.find(line.text)) {
      end();
      place_ = name_ = *match->groups[1];
      line_ = number(line);
    }
    if (const auto match = registry.find(line.text)) place_ = *match->groups[1];
    if (const auto match = sum.find(line.text)) checksum_ = first_group(*match);
  }

  /// Files of Python packages, each a table on the line: `{ url = "...", hash = "sha256:..." }`, `hashes = {sha256 =
  /// "..."}`.
  bool read_tables(const text::Line& line) {
    static const text::Pattern table(R"x(\{[^{}]*?\b(?:file|url) = "([^"]+)"(?:[^{}]|\{[^{}]*\})*\})x");
    static const text::Pattern hash(R"x(\bhash = "(sha\d+:[0-9a-f]+)"|\bhashes = \{\s*sha\d+ = "([0-9a-f]+)")x");
    bool found = false;
    text::each_match(table, line.text, [&](const text::Match& match) {
      const auto said = hash.find(*match.groups[0]);
      entries_[std::string(*match.groups[1])] = {said ? std::string(first_group(*said)) : std::string(), number(line)};
      found = true;
    });
    return found;
  }

  static std::string_view first_group(const text::Match& match) {
    for (std::size_t i = 1; i < match.groups.size(); ++i)
      if (match.groups[i] && !match.groups[i]->empty()) return *match.groups[i];
    return {};
  }

  void end() {
    if (!place_.empty()) {
      auto& entry = entries_[name_.empty() ? place_ : name_ + ' ' + version_ + " of " + place_];
      if (entry.checksum.empty()) entry = {checksum_, line_};  // pnpm lists a package again for what it needs
    }
    place_.clear(), name_.clear(), version_.clear(), checksum_.clear();
    line_ = 0;
  }

  static std::uint32_t number(const text::Line& line) { return static_cast<std::uint32_t>(line.number); }

  Entries entries_;
  std::string place_, name_, version_, checksum_;
  std::uint32_t line_ = 0;
};

/// `sha512-...` and `sha1-...` cannot be compared; neither can one that is missing.
bool contradict(std::string_view a, std::string_view b) {
  const auto algorithm = [](std::string_view sum) { return sum.substr(0, sum.find_first_of("-:")); };
  const bool named = a.find_first_of("-:") != std::string_view::npos && b.find_first_of("-:") != std::string_view::npos;
  return a != b && a.size() == b.size() && (!named || algorithm(a) == algorithm(b));
}

Fact about(const FileChange& file, std::string kind, std::string subject, std::uint32_t line) {
  Fact fact;
  fact.kind = std::move(kind);
  fact.path = file.path();
  fact.line = line;
  fact.attributes["package"] = shortened(subject);
  fact.subject = shortened(subject);
  return fact;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/// The text names the place, and not merely one whose name begins so.
bool fetched_from(std::string_view text, std::string_view place) {
  for (auto at = text.find(place); at != std::string_view::npos; at = text.find(place, at + 1)) {
    const auto end = at + place.size();
    const bool begins = at > 0 && (text[at - 1] == '/' || text[at - 1] == '@');
    const bool goes_on = end < text.size() && is_name(text[end]);
    if (begins && !goes_on) return true;
  }
  return false;
}

/// `gone` are the texts of lock files that go with the change: one that moved fetches from where it did.
void find_sources(FileChange& file, const std::vector<std::string_view>& gone, std::vector<Fact>& facts) {
  const auto fetched_before = [&](const std::string& place) {
    return fetched_from(file.before_text(), place) ||
           std::any_of(gone.begin(), gone.end(), [&](auto text) { return fetched_from(text, place); });
  };
  const bool npm =
      file.folded_path().ends_with("package-lock.json") || file.folded_path().ends_with("npm-shrinkwrap.json");
  std::set<std::string> seen;
  const auto look_at = [&](std::string_view text, std::size_t number) {
    if (text.find("://") == std::string_view::npos || !says_source(text, npm)) return;
    for (const auto& source : sources_in(text)) {
      if (!seen.insert(source.place).second || fetched_before(source.place)) continue;
      auto fact = about(file, "lock-source-new", source.place, static_cast<std::uint32_t>(number));
      fact.after = shortened(source.place);
      fact.attributes["place"] = source.place;
      fact.attributes["git"] = source.git ? "true" : "false";
      facts.push_back(std::move(fact));
    }
  };
  for (const auto& region : file.changed())  // what did not change in it was fetched from before
    for (const auto& line : text::split_lines(region.after)) look_at(line.text, line.number + region.line_after - 1);
}

/// Between two entries: a blank line, the end of an object, the head of a table.
bool parts_entries(std::string_view line) {
  const auto content = text::trimmed(line);
  return content.empty() || content.starts_with('}') || content.starts_with("[[package");
}

/// Reads the entries that a stretch of the text touches, whole.
void read_around(std::string_view text, std::string_view stretch, std::size_t line, Reading& reading) {
  auto begin = static_cast<std::size_t>(stretch.data() - text.data()), end = begin + stretch.size();
  while (begin > 0) {
    const auto start = begin < 2 ? std::string_view::npos : text.rfind('\n', begin - 2);
    const auto first = start == std::string_view::npos ? 0 : start + 1;
    if (parts_entries(text.substr(first, begin - first))) break;
    begin = first;
    --line;
  }
  while (end < text.size()) {
    const auto stop = std::min(text.find('\n', end), text.size() - 1) + 1;
    if (parts_entries(text.substr(end, stop - end))) break;
    end = stop;
  }
  reading.read(text.substr(begin, end - begin), line);
}

/// Checksums are compared only where lines that hold some went or came.
bool holds_checksum(std::string_view text) {
  constexpr std::string_view words[] = {"integrity", "checksum", " h1:", "hash = ", "hashes = {"};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// The first entry of both sides whose checksum is gone or another.
const std::pair<const std::string, Entry>* first_weakened(const Entries& before, const Entries& after) {
  const auto found = std::find_if(before.begin(), before.end(), [&](const auto& entry) {
    const auto now = after.find(entry.first);
    return now != after.end() && !entry.second.checksum.empty() &&
           (now->second.checksum.empty() || contradict(entry.second.checksum, now->second.checksum));
  });
  return found == before.end() ? nullptr : &*found;
}

/// Looks at the entries that changed; where one of them seems weakened, at all of the file, in which it may have moved.
void find_checksums(FileChange& file, std::vector<Fact>& facts) {
  if (!file.delta().before || !file.delta().after) return;
  const auto& regions = file.changed();
  if (std::none_of(regions.begin(), regions.end(), [](const auto& region) { return holds_checksum(region.before); }))
    return;
  Reading some_before, some_after, all_before, all_after;
  for (const auto& region : regions) {
    read_around(file.before_text(), region.before, region.line_before, some_before);
    read_around(file.after_text(), region.after, region.line_after, some_after);
  }
  if (first_weakened(some_before.take(), some_after.take()) == nullptr) return;
  all_before.read(file.before_text(), 1);
  all_after.read(file.after_text(), 1);
  const auto before = all_before.take(), after = all_after.take();
  const auto* was = first_weakened(before, after);
  if (was == nullptr) return;
  const auto& now = after.at(was->first);
  auto fact = about(file, now.checksum.empty() ? "lock-checksum-lost" : "lock-checksum-changed", was->first, now.line);
  fact.line_before = was->second.line;
  put_before(fact, was->second.checksum);
  put_after(fact, now.checksum);
  facts.push_back(std::move(fact));  // one speaks for all of the file
}

}  // namespace

void lock_file_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  const auto lock = kinds.index("lock-file");
  const auto left_out = left_out_by_default(kinds);
  std::vector<std::string_view> gone;
  for (auto& file : change.files())
    if (lock && file.kinds()[*lock] && !file.delta().after && !file.binary()) gone.push_back(file.before_text());
  for (auto& file : change.files()) {
    if (!lock || !file.kinds()[*lock] || !names_registries(file.path()) || (file.kinds() & left_out).any() ||
        file.delta().mode_only() || !file.delta().after || !file.unreadable({}).empty() || file.binary())
      continue;
    // Tools write their locks with an entry a line in YAML and TOML, inline tables and all.
    auto& entries = file.path().ends_with(".json") ? file.by_line() : file;
    find_sources(entries, gone, facts);
    find_checksums(entries, facts);
  }
}

}  // namespace tollbar::rule
