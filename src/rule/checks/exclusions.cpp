// Facts about what linters leave out: a new entry of such a list that takes most of the sources away.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"
#include "text/glob_set.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using text::Pattern;

constexpr std::size_t kMostFiles = 20'000;

/// Which files a linter with its settings there looks at.
struct Linter {
  std::string_view file;     // a glob over the name
  std::string_view section;  // an expression over the section of its file; empty: any
  std::string_view endings;  // of the sources
};
constexpr std::string_view kPythonTool =
    R"(^tool\.(?:ruff|mypy|pylint|flake8|bandit|pyright|basedpyright|pytype|pyre|vulture)\b)";
constexpr std::string_view kPythonSection = R"(^(?:flake8|mypy|pylint|pycodestyle|pydocstyle|bandit)\b)";
constexpr std::array<Linter, 9> kLinters{{
    {"pyproject.toml", kPythonTool, ".py .pyi"},
    {"{setup.cfg,tox.ini}", kPythonSection, ".py .pyi"},
    {"{.flake8,mypy.ini,.mypy.ini,ruff.toml,.ruff.toml,.pylintrc,pylintrc,pyrightconfig.json}", "", ".py .pyi"},
    {"{eslint.config.*,.eslintrc,.eslintrc.*,.eslintignore,biome.json,biome.jsonc,.oxlintrc.json,xo.config.*}", "",
     ".js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte"},
    {".stylelintignore", "", ".css .scss .less"},
    {".rubocop.yml", "", ".rb"},
    {".golangci.{yml,yaml,toml,json}", "", ".go"},
    {"{phpstan*.neon,phpstan*.neon.dist,psalm.xml,phpcs.xml,phpcs.xml.dist}", "", ".php"},
    {"{.swiftlint.yml,.shellcheckrc,detekt.yml}", "", ".swift .kt .sh"},
}};

std::string section_of(const std::vector<std::string_view>& lines, std::size_t at) {
  for (std::size_t i = at + 1; i-- > 0;) {
    const auto line = text::trimmed(lines[i]);
    if (line.starts_with('[') && line.ends_with(']')) return std::string(text::trimmed(line, "[] \t"));
  }
  return {};
}

/// The key that the place of a line belongs to: on the line itself, else the nearest above with less indentation.
std::string key_of(const std::vector<std::string_view>& lines, std::size_t at, std::size_t column) {
  static const Pattern key(R"(([A-Za-z_][\w-]*)["']?\s*[:=](?!.*[A-Za-z_][\w-]*["']?\s*[:=]))");
  if (const auto found = key.find(lines[at].substr(0, column))) return std::string(*found->groups[1]);
  for (std::size_t i = at; i-- > 0 && at - i < 100;) {
    if (const auto found = key.find(lines[i])) return std::string(*found->groups[1]);
    if (text::trimmed(lines[i]).starts_with('[')) break;
  }
  return {};
}

/// The object round the place also says for which files it is, or which rules: what it leaves out is left to others.
bool is_partial(const std::vector<std::string_view>& lines, std::size_t at) {
  static const Pattern other(R"((?:^|[\s{,"'])(?:files|rules|overrides|linters)["']?\s*:)");
  std::size_t first = at, last = at;
  while (first > 0 && at - first < 20 && lines[first].find('{') == std::string_view::npos) --first;
  while (last + 1 < lines.size() && last - at < 20 && lines[last].find('}') == std::string_view::npos) ++last;
  for (auto i = first; i <= last; ++i)
    if (lines[i].find('{') != std::string_view::npos || i != first)
      if (other.matches(lines[i])) return true;
  return false;
}

/// A path or glob out of what an expression or a glob says: `(^|/)src/` is `src`.
std::string path_in(std::string_view word) {
  std::string path;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\' || c == '^' || c == '$' || c == '(' || c == ')' || c == '|' || c == '?') continue;
    path += c;
  }
  while (path.starts_with("./")) path.erase(0, 2);
  while (path.starts_with('/')) path.erase(0, 1);
  for (const std::string_view tail : {"/**/*", "/**", "/*", "/.*", "/.+", "/"})
    if (path.ends_with(tail)) path.resize(path.size() - tail.size());
  return path;
}

class Sources {
 public:
  Sources(model::Tree& tree, std::string_view endings) : tree_(tree) {
    for (std::size_t at = 0; at < endings.size();) {
      const auto end = std::min(endings.find(' ', at), endings.size());
      endings_.push_back(endings.substr(at, end - at));
      at = end + 1;
    }
    walk("", 0);
  }

  /// More than half of them lie there.
  bool mostly_in(const std::string& path) const {
    if (paths_.size() < 2 || path.empty()) return false;
    const bool pattern = path.find_first_of("*{[") != std::string::npos;
    const text::Glob glob(pattern ? path : path + "/**");
    const text::Glob below(pattern ? path + "/**" : "**/" + path + "/**");
    const auto inside = std::count_if(paths_.begin(), paths_.end(), [&](const std::string& one) {
      return one == path || glob.matches(one) || below.matches(one);
    });
    return static_cast<std::size_t>(inside) * 2 > paths_.size();
  }

 private:
  void walk(const std::string& folder, unsigned depth) {
    static const Pattern aside(
        R"((?i)^(?:tests?|specs?|docs?|examples?|_?vendor(?:ed)?|third[_-]party|node_modules|build|dist|generated|fixtures|\..*)$)");
    if (depth > 12) return;
    for (const auto& entry : tree_.list(folder)) {
      if (seen_ >= kMostFiles) return;
      const auto path = folder.empty() ? entry.name : folder + "/" + entry.name;
      if (entry.entry.mode == model::FileMode::directory) {
        if (!aside.matches(entry.name)) walk(path, depth + 1);
        continue;
      }
      ++seen_;
      if (std::any_of(endings_.begin(), endings_.end(), [&](auto ending) { return path.ends_with(ending); }))
        paths_.push_back(path);
    }
  }

  model::Tree& tree_;
  std::vector<std::string_view> endings_;
  std::vector<std::string> paths_;
  std::size_t seen_ = 0;
};

/// Words of the line that may be paths, with where they begin.
std::vector<std::pair<std::string, std::size_t>> words_of(std::string_view line) {
  static const Pattern word(R"([^\s"'`,\[\]=:#{}]+)");
  std::vector<std::pair<std::string, std::size_t>> words;
  text::each_match(word, line, [&](const text::Match& match) { words.emplace_back(*match.groups[0], match.begin); });
  return words;
}

/// The linters whose settings a file of this name holds.
std::vector<const Linter*> linters_of(std::string_view path) {
  static const auto names = [] {
    text::GlobSet all;
    for (std::size_t i = 0; i < kLinters.size(); ++i) all.add(text::Glob(kLinters[i].file), i);
    return all;
  }();
  std::vector<const Linter*> linters;
  const auto numbers = names.matching(text::fold_path(text::base_name(path)));
  for (const auto number : std::set<std::size_t>(numbers.begin(), numbers.end())) linters.push_back(&kLinters[number]);
  return linters;
}

void judge(Change& change, FileChange& file, const Linter& linter, std::vector<Fact>& facts) {
  static const Pattern leaves_out(
      R"((?i)^(?:extend-|force-|global-?)?(?:exclude\w*|ignores?|ignorePatterns|skip|ignore-paths|excludePaths|exclude[-_]dirs|skip-dirs|paths)$)");
  std::vector<std::string_view> lines;
  for (const auto line : text::Lines(file.after_text())) lines.push_back(line);
  std::set<std::string> known;  // settings may move from one file to another
  for (auto& other : change.files()) {
    if (!other.delta().before || linters_of(other.path()).empty() || other.binary()) continue;
    for (const auto& line : other.lines().removed)
      for (const auto& [word, column] : words_of(line.text)) known.insert(path_in(word));
  }
  const bool is_list = file.path().ends_with("ignore");
  const Pattern section{std::string(linter.section)};
  std::optional<Sources> sources;
  for (const auto& line : file.lines().added) {
    const auto at = static_cast<std::size_t>(line.number) - 1;
    if (at >= lines.size() || text::trimmed(line.text).starts_with('#') || text::trimmed(line.text).starts_with('!'))
      continue;
    if (!linter.section.empty() && !section.matches(section_of(lines, at))) continue;
    for (const auto& [word, column] : words_of(line.text)) {
      const auto path = path_in(word);
      if (path.empty() || known.count(path) != 0) continue;
      const auto key = is_list ? std::string("ignore") : key_of(lines, at, column);
      if (!leaves_out.matches(key) || key == word || (!is_list && is_partial(lines, at))) continue;
      if (key == "paths" && section_of(lines, at).find("exclusions") == std::string::npos &&
          file.path().find("golangci") == std::string::npos)
        continue;
      if (!sources) sources.emplace(change.after(), linter.endings);
      if (!sources->mostly_in(path)) continue;
      Fact fact;
      fact.kind = "sources-excluded";
      fact.path = file.path();
      fact.line = static_cast<std::uint32_t>(line.number);
      fact.subject = key;
      fact.after = shortened(word);
      fact.attributes["key"] = key;
      facts.push_back(std::move(fact));
    }
  }
}

/// Tests and analysers are told where to look: a place that went from the list and is still there is looked at no more.
void judge_places(Change& change, FileChange& file, std::vector<Fact>& facts) {
  static const Pattern listed(R"(^(?:testpaths|paths|files|packages)$)");
  static const Pattern section(R"(^(?:tool\.(?:pytest|mypy|pyright|ruff)\b.*|tool:pytest|pytest|mypy|)$)");
  if (!file.delta().before) return;
  std::vector<std::string_view> lines;
  for (const auto line : text::Lines(file.before_text())) lines.push_back(line);
  std::set<std::string> now;
  for (const auto& line : file.lines().added)
    for (const auto& [word, column] : words_of(line.text)) now.insert(path_in(word));
  for (const auto& line : file.lines().removed) {
    const auto at = static_cast<std::size_t>(line.number) - 1;
    if (at >= lines.size() || !section.matches(section_of(lines, at))) continue;
    for (const auto& [word, column] : words_of(line.text)) {
      const auto path = path_in(word);
      if (path.empty() || now.count(path) != 0 || now.count("") != 0 || now.count(".") != 0) continue;
      const auto key = key_of(lines, at, column);
      if (!listed.matches(key) || key == word || !change.before().find(path) || !change.after().find(path)) continue;
      Fact fact;
      fact.kind = "sources-excluded";
      fact.path = file.path();
      fact.line_before = static_cast<std::uint32_t>(line.number);
      fact.subject = key;
      fact.before = fact.after = shortened(word);
      fact.attributes["key"] = key;
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace

void exclusion_facts(Change& change, std::vector<Fact>& facts) {
  for (auto& file : change.files()) {
    static const text::Glob told(
        "{pyproject.toml,pytest.ini,.pytest.ini,setup.cfg,tox.ini,mypy.ini,phpstan*.neon,phpstan*.neon.dist}");
    const auto linters = linters_of(file.path());
    const bool is_told = told.matches(text::base_name(file.path()));
    if (!file.delta().after || (linters.empty() && !is_told) || file.binary()) continue;
    for (const auto* linter : linters) judge(change, file, *linter, facts);
    if (is_told) judge_places(change, file, facts);
  }
}

}  // namespace tollbar::rule
