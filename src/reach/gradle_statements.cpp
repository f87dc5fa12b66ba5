// A reader of words and strings: enough for the few statements that name other files.
#include "reach/gradle_statements.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <utility>

#include "reach/calls.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostTokens = 50'000;

struct Token {
  enum class Kind : std::uint8_t { word, string, symbol };
  Kind kind = Kind::symbol;
  std::string text;

  bool is(std::string_view symbol) const { return kind != Kind::string && text == symbol; }
};

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

/// What stands in a string up to its quote; @p at is moved behind it.
std::string read_string(std::string_view text, std::size_t& at) {
  const std::string three(3, text[at]);
  const std::string quote = text.substr(at, 3) == three ? three : three.substr(0, 1);
  at += quote.size();
  std::string value;
  while (at < text.size() && text.substr(at, quote.size()) != quote) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value += text[at++];
  }
  at = std::min(text.size(), at + quote.size());
  return value;
}

/// Where the comment that begins at @p at ends; @p at itself where none does.
std::size_t comment_end(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "//") return std::min(text.find('\n', at), text.size());
  if (text.substr(at, 2) != "/*") return at;
  const auto end = text.find("*/", at + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size() && tokens.size() < kMostTokens;) {
    const char c = text[at];
    if (const auto end = comment_end(text, at); end != at) {
      at = end;
    } else if (c == '"' || c == '\'') {
      tokens.push_back({Token::Kind::string, read_string(text, at)});
    } else if (is_word_byte(c)) {
      const auto begin = at;
      while (at < text.size() && is_word_byte(text[at])) ++at;
      tokens.push_back({Token::Kind::word, std::string(text.substr(begin, at - begin))});
    } else {
      if (c == '\n' || std::isspace(static_cast<unsigned char>(c)) == 0)
        tokens.push_back({Token::Kind::symbol, std::string(1, c)});
      ++at;
    }
  }
  return tokens;
}

/// The path from the folder of the settings; empty where something in it is computed.
std::string path_in_build(std::string text) {
  for (const std::string_view root : {"${rootDir}/", "$rootDir/", "${settingsDir}/", "$settingsDir/", "./"})
    if (text.starts_with(root)) text.erase(0, root.size());
  const bool elsewhere = text.find('$') != std::string::npos || text.find("://") != std::string::npos;
  return elsewhere ? std::string() : text;
}

std::string without_colon(std::string path) {
  return path.starts_with(':') ? path.substr(1) : path;
}

class StatementReader {
 public:
  explicit StatementReader(std::string_view text) : tokens_(tokens_of(text)) {}

  GradleStatements read() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.is("include")) {
        for (auto& path : strings()) found_.projects.push_back(without_colon(std::move(path)));
      } else if (token.is("includeBuild")) {
        const auto folders = strings();
        const auto folder = folders.empty() ? std::string() : path_in_build(folders.front());
        if (!folder.empty()) found_.builds.push_back(folder);
      } else if (token.is("project") || token.is("findProject")) {
        add_folder();
      }
    }
    return std::move(found_);
  }

 private:
  const Token& next(std::size_t offset) const {
    static const Token none;
    return at_ + offset < tokens_.size() ? tokens_[at_ + offset] : none;
  }

  /// The strings of a call with or without parentheses, over lines as long as commas or a parenthesis hold them.
  std::vector<std::string> strings() const {
    std::vector<std::string> values;
    bool inside = false, more = true;
    for (std::size_t i = 1; at_ + i < tokens_.size(); ++i) {
      const Token& token = next(i);
      if (token.kind == Token::Kind::string) {
        if (token.text.find('$') == std::string::npos) values.push_back(token.text);
        more = false;
      } else if (token.is("(") && !inside) {
        inside = true;
      } else if (token.is(",")) {
        more = true;
      } else if (!token.is("\n") || (!inside && !more)) {
        break;
      }
    }
    return values;
  }

  void add_folder() {
    if (!next(1).is("(") || next(2).kind != Token::Kind::string || !next(4).is(".projectDir")) return;
    constexpr std::size_t kFar = 14;
    for (std::size_t i = 5; i < kFar && !next(i).is("\n"); ++i) {
      if (next(i).kind != Token::Kind::string) continue;
      const auto folder = path_in_build(next(i).text);
      if (!folder.empty()) found_.folders.insert(found_.folders.end(), {without_colon(next(2).text), folder});
      return;
    }
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  GradleStatements found_;
};

/// The lists of the statements, each with the letter that its lines begin with.
using Part = std::pair<char, std::vector<std::string> GradleStatements::*>;
constexpr std::array<Part, 3> kParts{Part{'p', &GradleStatements::projects}, Part{'b', &GradleStatements::builds},
                                     Part{'f', &GradleStatements::folders}};

/// `test`, `testDebug`, `test-report`; not `testify`.
bool begins_with_word(std::string_view name, std::string_view word) {
  return name.starts_with(word) &&
         (name.size() == word.size() || std::islower(static_cast<unsigned char>(name[word.size()])) == 0);
}

constexpr std::size_t kMostApplied = 40;

/// The string that begins behind `at`, if one does before the line ends.
std::string_view string_behind(std::string_view line, std::size_t at) {
  const auto open = line.find_first_of("'\"", at);
  if (open == std::string_view::npos) return {};
  const auto close = line.find(line[open], open + 1);
  return close == std::string_view::npos ? std::string_view() : line.substr(open + 1, close - open - 1);
}

/// A path as it is written in a build file: `$rootDir/gradle/release.gradle` begins at the root of the build, which
/// kTreeRoot marks.
std::string local_path(std::string_view written) {
  constexpr std::array<std::string_view, 6> kRoots{"$rootDir/",
                                                   "${rootDir}/",
                                                   "${project.rootDir}/",
                                                   "$rootProject.projectDir/",
                                                   "${rootProject.projectDir}/",
                                                   "${rootProject.rootDir}/"};
  for (const auto root : kRoots)
    if (written.starts_with(root)) return std::string(1, kTreeRoot) + "/" + std::string(written.substr(root.size()));
  for (const std::string_view here : {"$projectDir/", "${projectDir}/"})
    if (written.starts_with(here)) written.remove_prefix(here.size());
  const bool elsewhere = written.find("://") != std::string_view::npos || written.find('$') != std::string_view::npos;
  return elsewhere ? std::string() : std::string(written);
}

}  // namespace

GradleStatements gradle_statements(std::string_view text) {
  return StatementReader(text).read();
}

std::string to_lines(const GradleStatements& statements) {
  std::string lines;
  for (const auto& part : kParts)
    for (const auto& value : statements.*part.second)
      if (value.find('\n') == std::string::npos) lines += part.first + value + '\n';
  return lines;
}

GradleStatements from_lines(std::string_view lines) {
  GradleStatements statements;
  for (const auto line : text::Lines(lines))
    for (const auto& part : kParts)
      if (line.starts_with(part.first)) (statements.*part.second).emplace_back(line.substr(1));
  return statements;
}

std::string applied_scripts(const std::string& text) {
  std::string found;
  std::size_t count = 0;
  bool plugins = false;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line) && count < kMostApplied;) {
    const auto words = text::trimmed(line);
    if (words.starts_with("plugins")) plugins = true;
    if (words == "}") plugins = false;
    std::string path;
    if (words.starts_with("apply")) {
      const auto from = words.find("from");
      if (from != std::string_view::npos) path = local_path(string_behind(words, from));
      const auto plugin = words.find("plugin");
      if (plugin != std::string_view::npos) path = "plugin " + std::string(string_behind(words, plugin));
    } else if (plugins &&
               (words.find("id(") != std::string_view::npos || words.find("id ") != std::string_view::npos)) {
      path = "plugin " + std::string(string_behind(words, words.find("id")));
    }
    if (path.empty() || path == "plugin ") continue;
    ++count;
    found += path + '\n';
  }
  return found;
}

bool makes_plugins(std::string_view text) {
  constexpr std::array<std::string_view, 5> kMarks{"kotlin-dsl", "java-gradle-plugin", "groovy-gradle-plugin",
                                                   "gradlePlugin", "gradleApi()"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](auto mark) { return text.find(mark) != std::string_view::npos; });
}

bool only_builds(const std::vector<std::string>& tasks) {
  constexpr std::array<std::string_view, 31> kBegin{"publishToMavenLocal",
                                                    "test",
                                                    "check",
                                                    "assemble",
                                                    "classes",
                                                    "compile",
                                                    "jar",
                                                    "lint",
                                                    "detekt",
                                                    "ktlint",
                                                    "spotless",
                                                    "checkstyle",
                                                    "pmd",
                                                    "spotbugs",
                                                    "verify",
                                                    "jacoco",
                                                    "kover",
                                                    "clean",
                                                    "build",
                                                    "tasks",
                                                    "dependencies",
                                                    "help",
                                                    "projects",
                                                    "apiCheck",
                                                    "wrapper",
                                                    "dokka",
                                                    "bundle",
                                                    "sonar",
                                                    "javadoc",
                                                    "generate",
                                                    "install"};
  constexpr std::array<std::string_view, 6> kEnd{"Test", "Tests", "Check", "Jar", "War", "Zip"};
  return std::all_of(tasks.begin(), tasks.end(), [&](const std::string& task) {
    const auto name = std::string_view(task).substr(task.rfind(':') + 1);
    return std::any_of(kBegin.begin(), kBegin.end(), [&](auto word) { return begins_with_word(name, word); }) ||
           std::any_of(kEnd.begin(), kEnd.end(), [&](auto word) { return name.ends_with(word); });
  });
}

}  // namespace tollbar::reach
