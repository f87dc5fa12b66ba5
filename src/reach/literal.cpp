// Words whose value can be told: constant variables, the script's own directory, the workspace of the platform.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>
#include <vector>

#include "reach/calls.h"

namespace tollbar::reach {
namespace {

/// Spellings of the tree's root.
constexpr std::array<std::string_view, 22> kRoots{"$(git rev-parse --show-toplevel)",
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

/// Spellings of the running script's directory.
constexpr std::array<std::string_view, 17> kOwnDirectories{
    "$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" && pwd)",
    "$(cd \"$(dirname \"$0\")\" && pwd)",
    "$(cd $(dirname $0) && pwd)",
    "$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\"; pwd)",
    "$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" >/dev/null 2>&1 && pwd)",
    "$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" &> /dev/null && pwd)",
    "$(dirname \"$(readlink -f \"$0\")\")",
    "$(dirname \"$(realpath \"$0\")\")",
    "$(dirname $(readlink -f $0))",
    "$(dirname $(realpath $0))",
    "$(dirname \"${BASH_SOURCE[0]}\")",
    "$(dirname \"$BASH_SOURCE\")",
    "$(dirname ${BASH_SOURCE[0]})",
    "$(dirname \"$0\")",
    "$(dirname $0)",
    "${0%/*}",
    "$(dirname -- \"$0\")"};

bool replace_prefix(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// Reads `$NAME` or `${NAME}` (with a default: `${NAME:-x}`) at the start of `rest`, or one of make's `$@`, `$<`, `$*`;
/// false where it is anything else or unknown.
bool read_variable(std::string_view& rest, const Variables& variables, std::string& result) {
  const bool braces = rest.starts_with("${");
  std::size_t begin = braces ? 2 : 1, end = begin;
  while (end < rest.size() && is_name(rest[end])) ++end;
  if (end == begin && !braces && rest.size() > 1 && kMakeVariables.find(rest[1]) != std::string_view::npos) ++end;
  if (end == begin) return false;
  const auto found = variables.find(std::string(rest.substr(begin, end - begin)));
  if (!braces) {
    if (found == variables.end()) return false;
    rest.remove_prefix(end);
    result += found->second;
    return true;
  }
  const auto close = rest.find('}', end);
  if (close == std::string_view::npos) return false;
  const std::string_view rule = rest.substr(end, close - end);
  const bool has_default = rule.starts_with(":-") || rule.starts_with(":=");
  if (!rule.empty() && !has_default) return false;
  if (found == variables.end() && (!has_default || rule.find('$') != std::string_view::npos)) return false;
  result += found != variables.end() ? found->second : std::string(rule.substr(2));
  rest.remove_prefix(close + 1);
  return true;
}

}  // namespace

std::string literal(const document::Word& word, const Variables& variables, const std::string& script_directory) {
  if (!word.dynamic) return word.text;
  if (word.text == "$(MAKE)" || word.text == "${MAKE}") return word.text;
  std::string result;
  std::string_view rest = word.text;
  while (!rest.empty()) {
    const bool root =
        std::any_of(kRoots.begin(), kRoots.end(), [&](auto spelling) { return replace_prefix(rest, spelling); });
    const bool own = !root && std::any_of(kOwnDirectories.begin(), kOwnDirectories.end(),
                                          [&](auto spelling) { return replace_prefix(rest, spelling); });
    if (root) {
      result += kTreeRoot;
    } else if (own) {
      result += kTreeRoot;
      if (!script_directory.empty()) result.append("/").append(script_directory);
    } else if (rest.front() == '$' || rest.front() == '`') {
      if (rest.front() == '`' || !read_variable(rest, variables, result)) return {};
    } else {
      result += rest.front();
      rest.remove_prefix(1);
    }
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

}  // namespace tollbar::reach
