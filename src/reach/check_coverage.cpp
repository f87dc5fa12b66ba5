// A selecting flag leaves out what it does not name.
#include "reach/check_coverage.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "reach/calls.h"
#include "reach/check_subject.h"
#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

bool covers_directory(const std::string& parent, const std::string& path) {
  return parent == path || parent == "." || parent == "./..." ||
         (path.size() > parent.size() && path.starts_with(parent) &&
          (path[parent.size()] == '/' || parent.back() == '/'));
}

/// What flags bring in that a call without them leaves out: build tags, profiles of Maven, another configuration.
/// Features of Cargo are none: they are variants of the same tests, as legs are.
bool brings_in_more(std::string_view argument) {
  constexpr std::array<std::string_view, 4> kSelecting{"-tags", "-P", "--activate-profiles", "--config"};
  const auto flag = argument.substr(0, argument.find('='));
  const bool profile = flag.starts_with("-P") && flag.size() > 2;  // `-Pintegration`
  return profile || std::find(kSelecting.begin(), kSelecting.end(), flag) != kSelecting.end();
}

std::vector<std::string> selections(const Check& check) {
  std::vector<std::string> found;
  std::copy_if(check.arguments.begin(), check.arguments.end(), std::back_inserter(found), brings_in_more);
  return found;
}

/// `-tags=a,b` brings in what `-tags=a` does; what is computed may bring in anything.
bool brings_in(const std::string& offered, const std::string& asked) {
  if (offered == asked) return true;
  const auto equals = offered.find('=');
  if (equals == std::string::npos || asked.compare(0, equals + 1, offered, 0, equals + 1) != 0) return false;
  const std::string values = "," + offered.substr(equals + 1) + ",";
  return values.find('$') != std::string::npos ||
         values.find("," + asked.substr(equals + 1) + ",") != std::string::npos;
}

}  // namespace

bool is_opaque(const Check& check) {
  if (check.identity.starts_with('$')) return true;
  std::vector<std::string> words(1);
  for (const char byte : check.identity) {
    if (byte != ' ')
      words.back() += byte;
    else
      words.emplace_back();
  }
  const auto calls = calls_of(words, false);
  return std::any_of(calls.begin(), calls.end(), [](const Call& call) {
    return call.kind == CallKind::package || call.kind == CallKind::make || call.kind == CallKind::just ||
           call.kind == CallKind::task;
  });
}

bool covers(const Check& wide, const Check& narrow) {
  if (!wide.enforced || wide.tool != narrow.tool || !wide.known_tool) return false;
  if (wide.identity == narrow.identity) return true;
  const bool leaves_more_out = std::any_of(wide.narrowing.begin(), wide.narrowing.end(), [&](const auto& flag) {
    const auto computed = flag.find('$');  // `-s test-${{ matrix.python }}` takes any of its values
    return flag.starts_with('-') && !brings_in_more(flag) &&
           std::none_of(narrow.narrowing.begin(), narrow.narrowing.end(), [&](const auto& own) {
             return computed == std::string::npos ? own == flag : own.starts_with(flag.substr(0, computed));
           });
  });
  if (leaves_more_out) return false;
  const auto asked = selections(narrow), offered = selections(wide);
  const bool selects_more = std::any_of(asked.begin(), asked.end(), [&](const auto& flag) {
    return std::none_of(offered.begin(), offered.end(), [&](const auto& own) { return brings_in(own, flag); });
  });
  if (selects_more) return false;
  const auto wanted = operands(narrow), given = operands(wide);
  if (given.empty()) return true;
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const auto& path) {
    const std::string from_root = join_path(narrow.directory, path);
    return std::any_of(given.begin(), given.end(), [&](const auto& parent) {
      return covers_directory(parent, path) || word_matches(join_path(wide.directory, parent), from_root);
    });
  });
}

}  // namespace tollbar::reach
