// Blocks by their braces: what is said about tests, compilers or dependencies stands under a head that tells so.
#include "rule/checks/build_edits.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "text/lines.h"
#include "text/pattern.h"
#include "text/replaced.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

/// What the blocks round a line say of it.
struct Block {
  bool declares = false;  ///< libraries, compilers, documentation
  bool tests = false;     ///< and tests, which no publishing task runs
  bool acts = false;      ///< what a task does, or what is published where
};

const text::Pattern& about_tests() {
  static const text::Pattern words(
      R"((?<![a-z])tests?(?![a-kmn-rt-z])|Tests?(?![a-kmn-rt-z])|[jJ]acoco|[cC]overage|[jJ]mh)");
  return words;
}

const text::Pattern& about_building() {
  static const text::Pattern words(
      R"([jJ]avadoc|[cC]ompil|[cC]heckstyle|[sS]potless|[lL]int\b|[dD]etekt|\b[pP]md|[sS]potbugs|[eE]rrorprone|[dD]okka|[sS]niffer|[lL]icense|[tT]oolchain|[aA]sciidoc)");
  return words;
}

Block within(const Block& outer, std::string_view head) {
  static const text::Pattern declares(
      R"(^\s*(?:dependenc(?:ies|yManagement|yLocking|yResolutionManagement)\b|constraints|configurations?\b|imports?\b|include|sourceSets|options\b|configure<(?:Java|Kotlin)|modularity|develocity|gradleEnterprise|exclude|implementation|api\b|versionCatalogs|(?:plugins|java|kotlin|android|idea|eclipse|check)\s*$))");
  static const text::Pattern acts(
      R"([pP]ubli[sc]|\b[sS]ign(?!ature\()|[uU]pload|[dD]eploy|[nN]exus|[rR]elease[A-Z{( ]|[eE]xec\b|[cC]redentials)");
  static const text::Pattern task_body(R"(\bdo(?:First|Last)\b)");
  Block block;
  block.tests = outer.tests || about_tests().matches(head);
  block.declares = outer.declares || block.tests || about_building().matches(head) || declares.matches(head);
  block.acts = outer.acts || acts.matches(head) || (!block.tests && task_body.matches(head));
  return block;
}

/// Walks over a build file and notes in which block each line begins.
class BlockReader {
 public:
  explicit BlockReader(std::string_view text) : text_(text) {}

  std::vector<Block> read() {
    lines_.assign(2, Block());
    while (at_ < text_.size()) step();
    return std::move(lines_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "/*") {
      skip_to("*/", at_ + 2, {true, true, false});
    } else if (text_.substr(at_, 3) == R"(""")" || text_.substr(at_, 3) == "'''") {
      skip_to(text_.substr(at_, 3), at_ + 3, now());
    } else if (c == '"' || c == '\'') {
      skip_string(c);
    } else {
      ++at_;
      if (c == '{' || c == '(' || c == '[') {
        blocks_.push_back(within(now(), head_));
        if (c == '{') head_.clear();
      } else if ((c == '}' || c == ')' || c == ']') && !blocks_.empty()) {
        blocks_.pop_back();
      } else if (c == '\n') {
        lines_.push_back(now());
      }
      if (c == '\n' || c == ';' || c == '}')
        head_.clear();
      else
        head_ += c;
    }
  }

  Block now() const { return blocks_.empty() ? Block() : blocks_.back(); }

  void skip_string(char quote) {
    const auto begin = at_++;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ < text_.size() && text_[at_] == quote) ++at_;
    at_ = std::min(at_, text_.size());
    head_ += text_.substr(begin, at_ - begin);
  }

  void skip_to(std::string_view end, std::size_t from, const Block& inside) {
    const auto found = text_.find(end, from);
    const auto stop = found == std::string_view::npos ? text_.size() : found + end.size();
    for (; at_ < stop; ++at_)
      if (text_[at_] == '\n') lines_.push_back(inside);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string head_;  // of the statement so far
  std::vector<Block> blocks_, lines_;
};

/// Runs or fetches something, reads a credential, or says what is published.
bool starts_something(std::string_view line) {
  static const text::Pattern words(
      R"(\.execute\b|\b(?:java)?[eE]xec\b|commandLine|ProcessBuilder|getRuntime|getenv(?:\(\s*\)|\s*$|\s*[.\[])|environment\(\s*\)|\b(?:URL|URI|uri)\b|toURL|openConnection|Socket|(?i:token|passw|secret|credential|nexus)|(?<![a-z])publish|\bsigning|GroovyShell|javaagent|agent(?:lib|path):|useTarget|substitute|\beval|forName|\bprint(?:ln)?\b|\bload\()");
  return words.matches(line);
}

bool names_dependency(std::string_view line) {
  static const text::Pattern words(
      R"(^\s*(?:[)}\]\s,]+$|description\b|include(?:Flat)?\b|enableFeaturePreview\b|apply\s+plugin\b|apply\(plugin|ext\.\w+\s*=\s*['"][\w.-]*['"]$|`[\w-]+`$|(?:mavenCentral|mavenLocal|google|gradlePluginPortal|jcenter)\(\)$|(?:\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[aA]nnotationProcessor)|kapt|ksp|classpath|platform|id|alias)\b|(?:def |val |ext\.|set\()?\S*[vV]ersion\S*\s*[=:(,<]|\S*\s*=?\s*['"][\w.-]+:[\w.-]+(?::[^'"]*)?['"]|(?:val|def)\s+\w+(?:\s*:\s*\w+)?\s*(?:=|by)\s*(?:configurations|sourceSets)\.))");
  return words.matches(line);
}

/// `apply from: "$rootDir/gradle/x.gradle"`: that script is reached itself, and told of where it is new or newly
/// reached.
bool applies_own_script(std::string_view line) {
  static const text::Pattern words(
      R"(^apply(?:\s+from:\s*|\(from\s*=\s*)['"](?:\$\{?(?:project\.)?root(?:Dir|Project\.projectDir)\}?/)?[\w./-]+['"]\)?$)");
  return words.matches(line);
}

/// Opens a block that says nothing by itself, or tells people something.
bool is_frame(std::string_view line, bool settings) {
  static const text::Pattern frame(
      R"(^(?:plugins\.with(?:Type|Id)\b[^{]*|tasks|afterEvaluate|allprojects|subprojects|repositories|pluginManagement|dependencyResolutionManagement|buildscript)\s*\{$|^logger\.\w+)");
  static const text::Pattern choice(R"(^(?:\}\s*)?(?:if|else)\b)");
  return frame.matches(line) || (settings && choice.matches(line));
}

/// Of gradle.properties: versions, and how the build itself runs.
bool is_harmless_property(std::string_view line) {
  static const text::Pattern words(
      R"(^\s*(?:$|[#!]|[\w.-]*[vV]ersion[\w.-]*\s*[=:]|[\w.-]+\s*[=:]\s*(?:v?\d[\w.+-]*|true|false)\s*$|org\.gradle\.(?:caching|parallel|daemon|configur|workers|vfs|console|warning|logging)|(?:org\.gradle\.jvmargs\s*=\s*)?(?:(?:-X\S+|-Dfile\.\S+|--add-(?:opens|exports)=\S+|\\)\s*)+$))");
  return words.matches(line);
}

/// The lines of one side, with what stands on both sides left out, however it is indented.
std::string without_blanks(std::string_view line) {
  std::string text;
  std::copy_if(line.begin(), line.end(), std::back_inserter(text),
               [](char c) { return std::isspace(static_cast<unsigned char>(c)) == 0; });
  return text;
}

std::map<std::string, int> differing(const text::LineDiff& diff) {
  std::map<std::string, int> counts;
  for (const auto& line : diff.added) ++counts[without_blanks(line.text)];
  for (const auto& line : diff.removed) --counts[without_blanks(line.text)];
  return counts;
}

/// Without the names in quotes, of a plugin or a library: `id("org.example.publish")`.
std::string without_names(std::string_view line) {
  static const text::Pattern name(R"((['"])[\w.:@/-]+\1)");
  std::string text(line);
  while (const auto found = name.find(text)) text.erase(found->begin, found->end - found->begin);
  return text;
}

/// What the line itself begins: all before its last brace, or the name of what it calls.
std::string_view own_head(std::string_view line) {
  const auto trimmed = text::trimmed(line);
  return trimmed.ends_with('{') ? trimmed.substr(0, trimmed.size() - 1)
                                : trimmed.substr(0, trimmed.find_first_of("{("));
}

/// A function of the file that starts something, or calls one that does: whoever calls it does too.
class Helpers {
 public:
  explicit Helpers(std::string_view text) {
    static const text::Pattern definition(
        R"((?:\b(?:def|fun|void|String|boolean)\s+|\bext\.|\bset\(")(\w+)(?:\s*\(|\s*=\s*\{|",\s*\{|\s*=\s*fun\b))");
    std::map<std::string, std::string_view> bodies;
    for (auto found = definition.find(text); found; found = definition.find(text, found->end))
      bodies.emplace(*found->groups[1], body_at(text, found->end));
    for (std::size_t known = 1, before = 0; known != before; before = std::exchange(known, names_.size()))
      for (const auto& [name, body] : bodies)
        if (starts_something(body) || called_in(body)) names_.insert(name);
  }

  bool called_in(std::string_view line) const {
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
      for (auto at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
        const auto end = at + name.size();
        const bool begins =
            at == 0 || (std::isalnum(static_cast<unsigned char>(line[at - 1])) == 0 && line[at - 1] != '_');
        if (begins && end < line.size() && (line[end] == '(' || line[end] == ' ' || line[end] == '.')) return true;
      }
      return false;
    });
  }

 private:
  /// From the definition to the brace that ends its block.
  static std::string_view body_at(std::string_view text, std::size_t from) {
    int depth = 0;
    std::size_t at = from > 0 && text[from - 1] == '{' ? from - 1 : from;
    for (const auto begin = at; at < text.size(); ++at) {
      if (text[at] == '{') ++depth;
      if (text[at] == '}' && --depth <= 0) return text.substr(begin, at - begin);
    }
    return text.substr(from);
  }

  std::set<std::string, std::less<>> names_;
};

bool declares(const text::Line& line, const std::vector<Block>& blocks, const Helpers& helpers, bool settings) {
  static const text::Pattern only_strings(R"(^(?:['"][\w:./ -]*['"]|[\s,:\[\]()])+(?://.*)?$)");
  const auto words = text::trimmed(line.text);
  if (words.empty() || words.starts_with("//") || words.starts_with("*") || words.starts_with("/*") ||
      words.starts_with("import "))
    return true;
  if (applies_own_script(words)) return true;
  if (names_dependency(words)) return !starts_something(without_names(words));
  const auto block = within(line.number < blocks.size() ? blocks[line.number] : Block(), own_head(words));
  if (block.acts || starts_something(words) || helpers.called_in(words)) return false;
  return block.declares || is_frame(words, settings) || (settings && only_strings.matches(words));
}

}  // namespace

bool is_gradle_file(std::string_view path) {
  return path.ends_with(".gradle") || path.ends_with(".gradle.kts") || text::base_name(path) == "gradle.properties";
}

bool is_gradle_project(std::string_view path) {
  const auto folder = text::base_name(text::directory_of(path));
  const auto name = text::base_name(path);
  const auto stem = name.substr(0, name.find(".gradle"));
  return path.find("buildSrc") == std::string_view::npos && (stem == "build" || (!stem.empty() && stem == folder));
}

bool acts(std::string_view script) {
  const auto blocks = BlockReader(script).read();
  std::size_t number = 0;
  for (const auto line : text::Lines(script)) {
    ++number;
    const auto words = text::trimmed(line);
    if (words.empty() || words.starts_with("//") || words.starts_with("*") || words.starts_with("import ")) continue;
    const auto outer = number < blocks.size() ? blocks[number] : Block();
    if (within(outer, own_head(words)).acts || starts_something(words)) return true;
  }
  return false;
}

bool only_declares(std::string_view path, std::string_view before, std::string_view after, const text::LineDiff& diff) {
  if (path.ends_with(".properties")) {
    const auto harmless = [](const text::Line& line) { return is_harmless_property(line.text); };
    return std::all_of(diff.added.begin(), diff.added.end(), harmless) &&
           std::all_of(diff.removed.begin(), diff.removed.end(), harmless);
  }
  const bool settings = text::base_name(path).starts_with("settings.");
  const auto counts = differing(diff);
  const auto all_declare = [&](const std::vector<text::Line>& lines, std::string_view text) {
    const auto blocks = BlockReader(text).read();
    const Helpers helpers(text);
    return std::all_of(lines.begin(), lines.end(), [&](const text::Line& line) {
      return counts.at(without_blanks(line.text)) == 0 || declares(line, blocks, helpers, settings);
    });
  };
  return all_declare(diff.removed, before) && all_declare(diff.added, after);
}

bool only_version_values_moved(const text::LineDiff& diff) {
  static const text::Pattern version(
      R"((?<![\w.])v?\d+(?:[._+-][\w+]+)+(?![\w.])|\b\d{8}\b|\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b)");
  const auto unversioned = [](const text::Line& line) { return text::replaced(line.text, version, "@"); };
  return !diff.added.empty() && std::equal(diff.removed.begin(), diff.removed.end(), diff.added.begin(),
                                           diff.added.end(), [&](const text::Line& before, const text::Line& after) {
                                             return unversioned(before) == unversioned(after);
                                           });
}

}  // namespace tollbar::rule
