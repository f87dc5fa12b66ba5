// A selecting flag leaves out what it does not name.
#include "reach/check_coverage.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
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

/// The place lies below the other, or is one of those that a pattern names: `test/one.js` of `test/*.js`.
bool is_within(const std::string& place, const std::string& part) {
  const bool package = place.ends_with("/...") || place == "...";
  const auto folder = package ? place.substr(0, place.size() - std::min<std::size_t>(place.size(), 4)) : place;
  if (part == place || part == folder) return package && part == folder;
  if (folder.empty() || folder == ".") return !part.starts_with('/') && !part.starts_with("..");
  return covers_directory(folder, part) || (place.find('*') != std::string::npos && word_matches(place, part));
}

/// What flags bring in that a call without them leaves out: build tags, profiles of Maven, another configuration.
/// Features of Cargo are none: they are variants of the same tests, as legs are.
struct Selection {
  std::string flag;
  std::vector<std::string> values;
};

/// What `-tags=a,b`, `-tags "a b"` and `-Pa,b` select; `next` is the word behind. No value where the word is no such
/// flag.
std::optional<Selection> selection(std::string_view word, std::string_view next) {
  constexpr std::array<std::string_view, 5> kSelecting{"-tags", "--tags", "-P", "--activate-profiles", "--config"};
  const auto end = std::min(word.find_first_of("= "), word.size());
  auto flag = word.substr(0, end);
  auto value = end < word.size() ? word.substr(end + 1) : next;
  if (flag.starts_with("-P") && flag.size() > 2) {  // `-Pintegration`
    value = flag.substr(2);
    flag = flag.substr(0, 2);
  }
  if (std::find(kSelecting.begin(), kSelecting.end(), flag) == kSelecting.end()) return std::nullopt;
  Selection found{flag == "--tags" ? "-tags" : std::string(flag), {}};
  for (std::size_t at = 0; at < value.size();) {
    const auto stop = std::min(value.find_first_of(", ", at), value.size());
    if (stop > at) found.values.emplace_back(value.substr(at, stop - at));
    at = stop + 1;
  }
  return found;
}

std::vector<Selection> selections(const Check& check) {
  std::vector<Selection> found;
  for (std::size_t i = 0; i < check.arguments.size(); ++i) {
    const std::string_view next = i + 1 < check.arguments.size() ? check.arguments[i + 1] : std::string_view();
    if (check.tool == "gradle" && check.arguments[i].starts_with("-P")) continue;  // a property, no profile
    if (auto one = selection(check.arguments[i], next)) found.push_back(std::move(*one));
  }
  return found;
}

/// `-tags=a,b` brings in what `-tags=a` does; what is computed may bring in anything.
bool brings_in(const Selection& offered, const Selection& asked) {
  return offered.flag == asked.flag && std::all_of(asked.values.begin(), asked.values.end(), [&](const auto& wanted) {
           return std::any_of(offered.values.begin(), offered.values.end(), [&](const auto& value) {
             return value == wanted || value.find('$') != std::string::npos;
           });
         });
}

/// Phases of Maven: each runs those before it.
constexpr std::array<std::string_view, 9> kPhases{"validate",         "compile", "test-compile", "test",  "package",
                                                  "integration-test", "verify",  "install",      "deploy"};

/// What a task that stands for many runs: a later phase of Maven the earlier ones, `check` and `build` of Gradle every
/// verification but suites of tests that somebody has to hang in, a task of the root that of every module.
bool runs_task(const std::string& tool, std::string_view wide, std::string_view narrow) {
  if (tool == "maven") {
    const auto *const now = std::find(kPhases.begin(), kPhases.end(), wide), *const then =
                                                                                 std::find(kPhases.begin(),
                                                                                           kPhases.end(), narrow);
    return now != kPhases.end() && then <= now;
  }
  if (tool != "gradle" || wide.find(':') != std::string_view::npos) return false;
  const auto task = narrow.substr(narrow.rfind(':') + 1);
  if (wide == task || (wide == "build" && task == "check")) return true;
  const bool suite = task != "test" && (task.ends_with("Test") || task.ends_with("Tests"));
  return (wide == "check" || wide == "build") && !suite && task != "build";
}

bool any_brings_in(const std::vector<Selection>& offered, const Selection& asked) {
  return std::any_of(offered.begin(), offered.end(), [&](const auto& own) { return brings_in(own, asked); });
}

/// `jest.config.js` of jest, `.eslintrc.yaml` of eslint, `vite.config.ts` of vitest, a manifest: what a call that names
/// none obeys, too.
bool is_usual_configuration(std::string_view path, std::string_view tool) {
  constexpr std::array<std::string_view, 4> kManifests{"pyproject.toml", "setup.cfg", "tox.ini", "package.json"};
  auto file = path.substr(path.rfind('/') + 1);
  if (std::find(kManifests.begin(), kManifests.end(), file) != kManifests.end()) return true;
  if (file.starts_with('.')) file.remove_prefix(1);
  auto name = file.substr(0, file.find('.'));
  auto rest = file.substr(name.size());
  if (name.ends_with("rc")) name.remove_suffix(2);
  for (const std::string_view word : {".config", ".conf"}) {
    if (rest == word || rest.starts_with(std::string(word) + ".")) rest.remove_prefix(word.size());
  }
  return name.size() > 2 && tool.starts_with(name) && rest.find('.', 1) == std::string_view::npos;
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

bool obeys_another_configuration(const Check& wide, const Check& narrow) {
  const auto then = selections(narrow), now = selections(wide);
  return std::any_of(now.begin(), now.end(), [&](const auto& own) {
    return own.flag == "--config" && !any_brings_in(then, own) &&
           std::any_of(own.values.begin(), own.values.end(), [&](const auto& value) {
             return value.find('$') == std::string::npos && !is_usual_configuration(value, wide.tool);
           });
  });
}

bool widens(const Check& after, const Check& before, const std::string& narrowing) {
  const auto chosen = selection(narrowing, {});
  if (!chosen) return false;
  const auto then = selections(before);
  return std::any_of(then.begin(), then.end(), [&](const auto& own) {
    return own.flag == chosen->flag && !own.values.empty() && any_brings_in(selections(after), own);
  });
}

bool holds_part(const Check& wide, const std::string& place, const Check& narrow, const std::string& part) {
  return is_within(join_path(wide.directory, place), join_path(narrow.directory, part)) ||
         (place != part && runs_task(wide.tool, place, part));
}

bool covers(const Check& wide, const Check& narrow) {
  if (!wide.enforced || wide.tool != narrow.tool || !wide.known_tool) return false;
  if (wide.identity == narrow.identity) return true;
  const bool leaves_more_out = std::any_of(wide.narrowing.begin(), wide.narrowing.end(), [&](const auto& flag) {
    const auto computed = flag.find('$');  // `-s test-${{ matrix.python }}` takes any of its values
    return flag.starts_with('-') && !selection(flag, {}) &&
           std::none_of(narrow.narrowing.begin(), narrow.narrowing.end(), [&](const auto& own) {
             return computed == std::string::npos ? own == flag : own.starts_with(flag.substr(0, computed));
           });
  });
  if (leaves_more_out) return false;
  const auto asked = selections(narrow), offered = selections(wide);
  const bool selects_more =
      std::any_of(asked.begin(), asked.end(), [&](const auto& own) { return !any_brings_in(offered, own); });
  if (selects_more) return false;
  const auto wanted = operands(narrow), given = operands(wide);
  if (given.empty()) return true;
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const auto& path) {
    const std::string from_root = join_path(narrow.directory, path);
    return std::any_of(given.begin(), given.end(), [&](const auto& parent) {
      return covers_directory(parent, path) || runs_task(wide.tool, parent, path) ||
             word_matches(join_path(wide.directory, parent), from_root);
    });
  });
}

}  // namespace tollbar::reach
