// Words whose value can be told: constant variables, the script's own place, the directory, the workspace of the
// platform.
#include "document/shell.h"
#include "reach/calls.h"
#include "text/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace tollbar::reach {
namespace {

/// Spellings of the tree's root.
constexpr std::array<std::string_view, 24> kRoots{"${Build_SourcesDirectory}",
                                                  "${System_DefaultWorkingDirectory}",
                                                  "${Build_Repository_LocalPath}",
                                                  "${{ github.workspace }}",
                                                  "${{github.workspace}}",
                                                  "${GITHUB_WORKSPACE}",
                                                  "$GITHUB_WORKSPACE",
                                                  "${CI_PROJECT_DIR}",
                                                  "$CI_PROJECT_DIR",
                                                  "${WORKSPACE}",
                                                  "$WORKSPACE",
                                                  "${TRAVIS_BUILD_DIR}",
                                                  "$TRAVIS_BUILD_DIR",
                                                  "$(Build.SourcesDirectory)",
                                                  "$(System.DefaultWorkingDirectory)",
                                                  "${BITBUCKET_CLONE_DIR}",
                                                  "$BITBUCKET_CLONE_DIR",
                                                  "${CIRRUS_WORKING_DIR}",
                                                  "$CIRRUS_WORKING_DIR",
                                                  "${BUILDKITE_BUILD_CHECKOUT_PATH}",
                                                  "$BUILDKITE_BUILD_CHECKOUT_PATH",
                                                  "${BUILD_SOURCESDIRECTORY}",
                                                  "$BUILD_SOURCESDIRECTORY",
                                                  "${APPVEYOR_BUILD_FOLDER}"};

bool replace_prefix(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// A path below the root of the tree as a value: it stays the same wherever it is used.
std::string rooted(const std::string& path) {
  return path.empty() || path == "." ? std::string(1, kTreeRoot) : std::string(1, kTreeRoot) + "/" + path;
}

std::string directory_of_value(const std::string& value) {
  const auto slash = value.rfind('/');
  return slash == std::string::npos ? std::string(value == std::string(1, kTreeRoot) ? value : ".")
                                    : value.substr(0, slash);
}

/// What a script calls itself: `$0`, `${BASH_SOURCE[0]:-$0}`.
bool names_itself(std::string_view name, std::string_view rule) {
  if (name != "0" && name != "BASH_SOURCE") return false;
  return rule.empty() || rule == "[0]" || rule == "[@]" || rule == ":-$0" || rule == "[0]:-$0" || rule == "[0]:-${0}";
}

std::optional<std::string> value_of(std::string_view name, const Standpoint& here) {
  if (const auto found = here.variables.find(std::string(name)); found != here.variables.end()) return found->second;
  if (name == "PWD" || name == "CURDIR") return rooted(here.directory);
  return std::nullopt;
}

/// Reads `$NAME` or `${NAME}` (with a default: `${NAME:-x}`; without a part: `${NAME%/*}`) at the start of `rest`, or
/// one of make's `$@`, `$<`, `$*`; false where it is anything else or unknown.
bool read_variable(std::string_view& rest, const Standpoint& here, std::string& result) {
  const bool braces = rest.starts_with("${");
  const std::size_t begin = braces ? 2 : 1;
  std::size_t end = begin;
  while (end < rest.size() && is_name(rest[end])) ++end;
  if (end == begin && !braces && rest.size() > 1 && kMakeVariables.find(rest[1]) != std::string_view::npos) ++end;
  if (end == begin) return false;
  const auto name = rest.substr(begin, end - begin);
  const auto close = braces ? rest.find('}', end) : end;
  if (close == std::string_view::npos) return false;
  std::string_view rule = rest.substr(end, close - end);
  auto after = braces ? close + 1 : end;
  if (rule.starts_with("[0]:-${")) after = std::min(rest.size(), close + 2);
  const bool directory = rule.ends_with("%/*"), base = rule.ends_with("##*/");
  if (directory || base) rule.remove_suffix(directory ? 3 : 4);
  std::optional<std::string> value = names_itself(name, rule) ? std::optional(rooted(here.script)) : std::nullopt;
  const bool has_default = rule.starts_with(":-") || rule.starts_with(":=");
  if (!value && (rule.empty() || has_default)) value = value_of(name, here);
  if (!value && (rule == "[@]" || rule == "[*]")) value = value_of(name, here);  // the array as it was written
  if (!value && has_default && rule.find('$') == std::string_view::npos) value = std::string(rule.substr(2));
  if (!value) return false;
  if (directory) value = directory_of_value(*value);
  if (base) value = value->substr(value->rfind('/') + 1);
  result += *value;
  rest.remove_prefix(after);
  return true;
}

/// Reads a template of a CI system or of a task runner: `${{ env.X }}`, `{{.X}}` of Task, `{{x}}` of just.
bool read_template(std::string_view& rest, const Standpoint& here, std::string& result) {
  const auto close = rest.find("}}");
  if (close == std::string_view::npos) return false;
  const bool of_ci = rest.starts_with('$');
  std::string_view name = text::trimmed(rest.substr(of_ci ? 3 : 2, close - (of_ci ? 3 : 2)));
  std::optional<std::string> value;
  if (name == "github.action_path" || name == "justfile_directory()" || name == "justfile_dir()") {
    value = rooted(text::directory_of(here.script));
  } else if (name == ".TASKFILE_DIR" || name == ".ROOT_DIR" || name == "invocation_directory()") {
    value = rooted(here.directory);
  } else {
    for (const std::string_view scope : {"env.", "."})
      if (name.starts_with(scope)) name.remove_prefix(scope.size());
    value = value_of(name, here);
  }
  if (!value) return false;
  result += *value;
  rest.remove_prefix(close + 2);
  return true;
}

/// Programs, and functions of make, that print what they are given.
constexpr std::array<std::string_view, 11> kSame{"readlink",  "greadlink", "realpath", "grealpath",
                                                 "abspath",   "cygpath",   "echo",     "lastword",
                                                 "firstword", "strip",     "printf"};

/// The first command is one whose output can be told: most need not be read at all.
bool may_print_place(std::string_view inside) {
  constexpr std::array<std::string_view, 8> kPlaces{"pwd",     "MAKEFILE_LIST", "git",      "cd",
                                                    "dirname", "dir",           "basename", "notdir"};
  inside = text::trimmed(inside);
  const auto end = std::find_if_not(inside.begin(), inside.end(), is_name);
  const std::string_view first(inside.begin(), end);
  if (first.empty() || end == inside.end() || *end != ' ') return true;  // no plain word before others
  const auto is = [&](const auto& known) { return std::find(known.begin(), known.end(), first) != known.end(); };
  return is(kPlaces) || is(kSame);
}

/// What `$(...)` prints, where it only speaks of places: of the script, of the directory, of the tree. The functions of
/// make that do so are read alike.
std::string printed_by(std::string_view inside, const Standpoint& here, int depth) {
  document::ShellOptions options;
  options.failures = document::Failures::left_out;
  if (inside.starts_with("shell ")) inside.remove_prefix(6);
  if (inside != "pwd" && inside != "MAKEFILE_LIST" && std::all_of(inside.begin(), inside.end(), is_name))
    return value_of(inside, here).value_or("");  // `$(NAME)` of make
  if (!may_print_place(inside)) return {};
  const auto script = document::parse_shell(inside, options);
  std::string directory = here.directory, result;
  for (const auto& command : script.commands) {
    if (command.context.in_substitution || command.argv.empty()) continue;
    const std::string& program = command.argv.front().text;
    const auto& last = command.argv.back();
    const Standpoint inner{here.variables, here.script, directory};
    if (program == "pwd") {
      result = rooted(directory);
    } else if (program == "MAKEFILE_LIST") {
      result = rooted(here.script);
    } else if (program == "git" && last.text == "--show-toplevel") {
      result = std::string(1, kTreeRoot);
    } else if (command.argv.size() == 1) {
      const auto value = value_of(program, inner);
      if (!value) return {};
      result = *value;
    } else {
      const std::string value = literal(last, inner, depth + 1);
      if (value.empty()) return {};
      if (program == "cd") {
        const std::string joined = join_path(directory, value);
        if (joined.empty()) return {};
        directory = joined == "." ? "" : joined;
      } else if (program == "dirname" || program == "dir") {
        result = directory_of_value(value) + (program == "dir" ? "/" : "");
      } else if (program == "basename" || program == "notdir") {
        result = value.substr(value.rfind('/') + 1);
      } else if (std::find(kSame.begin(), kSame.end(), program) != kSame.end()) {
        result = value;
      } else {
        return {};
      }
    }
  }
  return result;
}

/// The end of the `$(` that `text` begins with; npos where it does not close.
std::size_t substitution_end(std::string_view text) {
  int open = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '(') ++open;
    if (text[i] == ')' && --open == 0) return i + 1;
  }
  return std::string_view::npos;
}

bool read_substitution(std::string_view& rest, const Standpoint& here, std::string& result, int depth) {
  constexpr int deepest = 6;
  const auto end = substitution_end(rest);
  if (end == std::string_view::npos || depth > deepest) return false;
  const std::string value = printed_by(rest.substr(2, end - 3), here, depth);
  if (value.empty()) return false;
  result += value;
  rest.remove_prefix(end);
  return true;
}

}  // namespace

std::string literal(const document::Word& word, const Standpoint& here, int depth) {
  if (!word.dynamic) return word.text;
  if (word.text == "$(MAKE)" || word.text == "${MAKE}") return word.text;
  std::string result;
  std::string_view rest = word.text;
  while (!rest.empty()) {
    const bool special = rest.front() == '$' || rest.front() == '`' || rest.starts_with("{{");
    if (!special) {
      result += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const bool root =
        std::any_of(kRoots.begin(), kRoots.end(), [&](auto spelling) { return replace_prefix(rest, spelling); });
    if (root) {
      result += kTreeRoot;
      continue;
    }
    const bool known = rest.starts_with("$(")                           ? read_substitution(rest, here, result, depth)
                       : rest.front() == '`'                            ? false
                       : rest.starts_with("${{") || rest.front() == '{' ? read_template(rest, here, result)
                                                                        : read_variable(rest, here, result);
    if (!known) return {};
  }
  return result;
}

std::string join_path(const std::string& directory, const std::string& path) {
  std::string whole = path;
  if (!path.empty() && path.front() == kTreeRoot) {
    whole = path.substr(1);
  } else if (!path.empty() && path.front() == '/') {
    return {};
  } else if (!directory.empty()) {
    whole = directory + "/" + path;
  }
  std::vector<std::string_view> segments;
  const std::string_view view = whole;
  for (std::size_t begin = 0; begin <= view.size();) {
    const std::size_t end = std::min(view.find('/', begin), view.size());
    const std::string_view segment = view.substr(begin, end - begin);
    begin = end + 1;
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (segments.empty()) {
      return {};
    } else {
      segments.pop_back();
    }
  }
  std::string result;
  for (const auto segment : segments) {
    if (!result.empty()) result += '/';
    result += segment;
  }
  return result.empty() ? "." : result;
}

std::optional<std::string> join_directory(const std::string& directory, const std::string& path) {
  std::string joined = join_path(directory, path);
  if (joined.empty()) return std::nullopt;
  return joined == "." ? std::string() : joined;
}

}  // namespace tollbar::reach
