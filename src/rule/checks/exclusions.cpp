// Facts about what linters leave out: a new entry of such a list that takes most of the sources away.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"
#include "text/glob_set.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using text::Pattern;

constexpr std::size_t kMostFiles = 20'000;

/// Which files a linter with its settings there looks at.
struct Linter {
  std::string_view files;    // a glob over the name
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

/// The linters whose settings a file of that name holds.
std::vector<const Linter*> linters_of(std::string_view path) {
  static const auto names = [] {
    text::GlobSet all;
    for (std::size_t i = 0; i < kLinters.size(); ++i) all.add(text::Glob(kLinters[i].files), i);
    return all;
  }();
  std::vector<const Linter*> found;
  const auto numbers = names.matching(text::fold_path(text::base_name(path)));
  for (const auto number : std::set<std::size_t>(numbers.begin(), numbers.end())) found.push_back(&kLinters[number]);
  return found;
}

/// One side of a file of settings; lines count from 0. No format is read, as one may be a program.
class SettingLines {
 public:
  explicit SettingLines(std::string_view text) {
    for (const auto line : text::Lines(text)) lines_.push_back(line);
  }

  std::size_t size() const { return lines_.size(); }

  std::string section_of(std::size_t at) const {
    for (std::size_t i = at + 1; i-- > 0;) {
      const auto line = text::trimmed(lines_[i]);
      if (line.starts_with('[') && line.ends_with(']')) return std::string(text::trimmed(line, "[] \t"));
    }
    return {};
  }

  /// The key that the place of a line belongs to: on the line itself, else the nearest above.
  std::string key_of(std::size_t at, std::size_t column) const {
    static const Pattern key(R"(([A-Za-z_][\w-]*)["']?\s*[:=](?!.*[A-Za-z_][\w-]*["']?\s*[:=]))");
    if (const auto found = key.find(lines_[at].substr(0, column))) return std::string(*found->groups[1]);
    for (std::size_t i = at; i-- > 0 && at - i < 100;) {
      if (const auto found = key.find(lines_[i])) return std::string(*found->groups[1]);
      if (text::trimmed(lines_[i]).starts_with('[')) break;
    }
    return {};
  }

  /// The object round the place also says for which files it is, or which rules: what it leaves out is left to others.
  bool is_partial(std::size_t at) const {
    static const Pattern other(R"((?:^|[\s{,"'])(?:files|rules|overrides|linters)["']?\s*:)");
    const auto holds = [&](std::size_t i, char brace) { return lines_[i].find(brace) != std::string_view::npos; };
    std::size_t first = at, last = at;
    while (first > 0 && at - first < 20 && !holds(first, '{')) --first;
    while (last + 1 < lines_.size() && last - at < 20 && !holds(last, '}')) ++last;
    for (auto i = first; i <= last; ++i)
      if ((holds(i, '{') || i != first) && other.matches(lines_[i])) return true;
    return false;
  }

 private:
  std::vector<std::string_view> lines_;
};

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
  Sources(model::Tree& tree, std::string_view endings) : tree_(tree), endings_(endings) { walk("", 0); }

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
      if (const auto dot = path.rfind('.'); dot != std::string::npos && text::lists(endings_, path.substr(dot)))
        paths_.push_back(path);
    }
  }

  model::Tree& tree_;
  std::string_view endings_;
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

std::set<std::string> paths_in(const std::vector<text::Line>& lines) {
  std::set<std::string> paths;
  for (const auto& line : lines)
    for (const auto& [word, column] : words_of(line.text)) paths.insert(path_in(word));
  return paths;
}

/// What settings of linters named before: an entry may move from one file to another.
std::set<std::string> paths_taken_out(Change& change) {
  std::set<std::string> paths;
  for (auto& file : change.files())
    if (file.delta().before && !linters_of(file.path()).empty() && !file.binary())
      paths.merge(paths_in(file.by_line().lines().removed));
  return paths;
}

bool leaves_out(std::string_view key, std::string_view section, std::string_view path) {
  static const Pattern keys(
      R"((?i)^(?:extend-|force-|global-?)?(?:exclude\w*|ignores?|ignorePatterns|skip|ignore-paths|excludePaths|exclude[-_]dirs|skip-dirs|paths)$)");
  if (!keys.matches(key)) return false;
  return key != "paths" || section.find("exclusions") != std::string_view::npos ||
         path.find("golangci") != std::string_view::npos;
}

Fact fact_of(const FileChange& file, const std::string& key) {
  Fact fact;
  fact.kind = "sources-excluded";
  fact.path = file.path();
  fact.subject = key;
  fact.attributes["key"] = key;
  return fact;
}

void judge_exclusions(Change& change, FileChange& file, const Linter& linter, std::vector<Fact>& facts) {
  const SettingLines settings(file.after_text());
  const auto moved = paths_taken_out(change);
  const bool is_list = file.path().ends_with("ignore");
  const Pattern section{std::string(linter.section)};
  std::optional<Sources> sources;
  for (const auto& line : file.lines().added) {
    const auto at = static_cast<std::size_t>(line.number) - 1;
    const auto content = text::trimmed(line.text);
    if (at >= settings.size() || content.starts_with('#') || content.starts_with('!')) continue;
    const auto within = settings.section_of(at);
    if (!linter.section.empty() && !section.matches(within)) continue;
    for (const auto& [word, column] : words_of(line.text)) {
      const auto path = path_in(word);
      if (path.empty() || moved.count(path) != 0) continue;
      const auto key = is_list ? std::string("ignore") : settings.key_of(at, column);
      if (!leaves_out(key, within, file.path()) || key == word || (!is_list && settings.is_partial(at))) continue;
      if (!sources) sources.emplace(change.after(), linter.endings);
      if (!sources->mostly_in(path)) continue;
      auto fact = fact_of(file, key);
      fact.line = file.source_line(line.number);
      fact.after = shortened(word);
      facts.push_back(std::move(fact));
    }
  }
}

bool tells_places(std::string_view path) {
  static const text::Glob files(
      "{pyproject.toml,pytest.ini,.pytest.ini,setup.cfg,tox.ini,mypy.ini,phpstan*.neon,phpstan*.neon.dist}");
  return files.matches(text::base_name(path));
}

/// Tests and analysers are told where to look: a place that went from the list and is still there is looked at no more.
void judge_places(Change& change, FileChange& file, std::vector<Fact>& facts) {
  static const Pattern listed(R"(^(?:testpaths|paths|files|packages)$)");
  static const Pattern section(R"(^(?:tool\.(?:pytest|mypy|pyright|ruff)\b.*|tool:pytest|pytest|mypy|)$)");
  if (!file.delta().before) return;
  const SettingLines settings(file.before_text());
  const auto now = paths_in(file.lines().added);
  if (now.count("") != 0 || now.count(".") != 0) return;
  for (const auto& line : file.lines().removed) {
    const auto at = static_cast<std::size_t>(line.number) - 1;
    if (at >= settings.size() || !section.matches(settings.section_of(at))) continue;
    for (const auto& [word, column] : words_of(line.text)) {
      const auto path = path_in(word);
      if (path.empty() || now.count(path) != 0) continue;
      const auto key = settings.key_of(at, column);
      if (!listed.matches(key) || key == word || !change.before().find(path) || !change.after().find(path)) continue;
      auto fact = fact_of(file, key);
      fact.line_before = file.source_line_before(line.number);
      fact.before = fact.after = shortened(word);
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace

void exclusion_facts(Change& change, std::vector<Fact>& facts) {
  for (auto& file : change.files()) {
    const auto linters = linters_of(file.path());
    const bool tells = tells_places(file.path());
    if (!file.delta().after || (linters.empty() && !tells) || file.binary()) continue;
    auto& settings = file.by_line();
    for (const auto* linter : linters) judge_exclusions(change, settings, *linter, facts);
    if (tells) judge_places(change, settings, facts);
  }
}

}  // namespace tollbar::rule
