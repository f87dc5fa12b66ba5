// Facts about lock files: packages that come from another place than before, and checksums that are gone or no longer
// the same for the same version.
#include <algorithm>
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
      R"x(^\s*(?:"?(?:resolved|resolution|tarball|url|source|remote|registry)"?\s*[:=]?\s|"[^"]+":\s*\["|(?:sdist\s*=\s*)?\{\s*url\s*=))x");
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
  explicit Reading(std::string_view text) {
    for (const auto& line : text::split_lines(text)) read(line);
    end();
  }
  Entries take() { return std::move(entries_); }

 private:
  void read(const text::Line& line) {
    static const text::Pattern whole(
        R"x(^(\S+\s+v\S+)\s+(h1:\S+)$|\{\s*(?:file|url) = "([^"]+)".*?hash = "(sha\d+:[0-9a-f]+)")x");
    static const text::Pattern of_pnpm(R"x(^  '?/?(@?[^\s'():@]+@[^\s'():]+)[^:]*:$)x");
    static const text::Pattern fetched(R"x("?(?:resolved|tarball)"?:?\s+"?(https?://[^\s"#]+))x");
    static const text::Pattern named(R"x(^name = "([^"]+)")x");
    static const text::Pattern version(R"x(^version = "([^"]+)")x");
    static const text::Pattern registry(R"x(^source = "((?:registry|sparse)\+[^"]+)")x");
    static const text::Pattern sum(R"x("?(?:integrity|checksum)"?\s*[:=]?\s*"?((?:sha\d+-)?[A-Za-z0-9+/=]{16,}))x");
    if (const auto match = whole.find(line.text)) {
      const bool module = match->groups[1] && !match->groups[1]->empty();
      entries_[std::string(*match->groups[module ? 1 : 3])] = {std::string(*match->groups[module ? 2 : 4]),
                                                               number(line)};
      return;
    }
    const auto content = text::trimmed(line.text);
    if (content.empty() || content == "[[package]]" || content.starts_with("}")) end();
    if (const auto match = fetched.find(line.text)) place_ = *match->groups[1], line_ = number(line);
    if (const auto match = named.find(line.text)) name_ = *match->groups[1], line_ = number(line);
    if (const auto match = version.find(line.text)) version_ = *match->groups[1];
    if (const auto match = of_pnpm.find(line.text)) {
      end();
      place_ = name_ = *match->groups[1];
      line_ = number(line);
    }
    if (const auto match = registry.find(line.text)) place_ = *match->groups[1];
    if (const auto match = sum.find(line.text)) checksum_ = *match->groups[1];
  }

  void end() {
    if (!place_.empty())
      entries_[name_.empty() ? place_ : name_ + ' ' + version_ + " of " + place_] = {checksum_, line_};
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

void find_sources(FileChange& file, std::vector<Fact>& facts) {
  const auto before = file.before_text();
  const bool npm =
      file.folded_path().ends_with("package-lock.json") || file.folded_path().ends_with("npm-shrinkwrap.json");
  std::set<std::string> told;
  for (const auto& line : file.lines().added) {
    if (line.text.find("://") == std::string_view::npos || !says_source(line.text, npm)) continue;
    for (const auto& source : sources_in(line.text)) {
      if (fetched_from(before, source.place) || !told.insert(source.place).second) continue;
      auto fact = about(file, "lock-source-new", source.place, static_cast<std::uint32_t>(line.number));
      fact.after = shortened(source.place);
      fact.attributes["place"] = source.place;
      fact.attributes["git"] = source.git ? "true" : "false";
      facts.push_back(std::move(fact));
    }
  }
}

/// Checksums are compared only where lines that hold some went or came.
bool touches_checksums(FileChange& file) {
  const auto holds = [](const text::Line& line) {
    return line.text.find("integrity") != std::string_view::npos ||
           line.text.find("checksum") != std::string_view::npos || line.text.find(" h1:") != std::string_view::npos ||
           line.text.find("hash = ") != std::string_view::npos;
  };
  const auto& removed = file.lines().removed;
  return std::any_of(removed.begin(), removed.end(), holds);
}

void find_checksums(FileChange& file, std::vector<Fact>& facts) {
  if (!file.delta().before || !file.delta().after || !touches_checksums(file)) return;
  const auto before = Reading(file.before_text()).take();
  const auto after = Reading(file.after_text()).take();
  for (const auto& [name, was] : before) {
    const auto now = after.find(name);
    if (now == after.end() || was.checksum.empty()) continue;
    const bool lost = now->second.checksum.empty();
    if (!lost && !contradict(was.checksum, now->second.checksum)) continue;
    auto fact = about(file, lost ? "lock-checksum-lost" : "lock-checksum-changed", name, now->second.line);
    fact.line_before = was.line;
    put_before(fact, was.checksum);
    put_after(fact, now->second.checksum);
    facts.push_back(std::move(fact));
    return;  // one speaks for all of the file
  }
}

}  // namespace

void lock_file_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  const auto lock = kinds.index("lock-file");
  const auto left_out = left_out_by_default(kinds);
  for (auto& file : change.files()) {
    if (!lock || !file.kinds()[*lock] || !names_registries(file.path()) || (file.kinds() & left_out).any() ||
        file.delta().mode_only() || !file.delta().after || !file.unreadable({}).empty() || file.binary())
      continue;
    find_sources(file, facts);
    find_checksums(file, facts);
  }
}

}  // namespace tollbar::rule
