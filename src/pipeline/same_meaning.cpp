// Two trees are walked together; where they differ, tables say which forms the system reads alike.
#include "pipeline/same_meaning.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "document/shell.h"
#include "pipeline/readers/gitlab.h"

namespace tollbar::pipeline {
namespace {

using document::Member;
using document::Node;

/// Keys whose value may be one thing or a list of one.
constexpr std::array<std::string_view, 36> kListsOfOne{
    "on",           "needs",       "types",   "branches",       "branches-ignore", "paths",         "paths-ignore",
    "tags",         "tags-ignore", "cron",    "runs-on",        "labels",          "script",        "before_script",
    "after_script", "only",        "except",  "extends",        "requires",        "context",       "ignore",
    "dependsOn",    "include",     "exclude", "command",        "commands",        "event",         "branch",
    "ref",          "depends_on",  "install", "before_install", "after_failure",   "after_success", "test_script",
    "build_script"};

/// `environment: x` says what `environment: {name: x}` says.
struct Shorthand {
  System system;
  std::string_view key, inner;
};
constexpr std::array<Shorthand, 14> kShorthands{{
    {System::github, "environment", "name"},
    {System::github, "concurrency", "group"},
    {System::github, "container", "image"},
    {System::gitlab, "image", "name"},
    {System::gitlab, "services", "name"},
    {System::gitlab, "environment", "name"},
    {System::gitlab, "include", "local"},
    {System::gitlab, "needs", "job"},
    {System::circleci, "run", "command"},
    {System::circleci, "executor", "name"},
    {System::azure, "pool", "name"},
    {System::azure, "container", "image"},
    {System::azure, "environment", "name"},
    {System::bitbucket, "image", "name"},
}};

/// Keys under which a step stands by its name alone where it has no settings: `- checkout`, `- lint`.
constexpr std::array<std::string_view, 3> kNamedItems{"steps", "jobs", "pre-steps"};

/// Lists whose items are called by their names, whatever their order.
struct Unordered {
  System system;
  std::string_view key;
};
constexpr std::array<Unordered, 6> kUnordered{{
    {System::argo, "templates"},
    {System::argo, "tasks"},
    {System::argo, "parameters"},
    {System::tekton, "tasks"},
    {System::tekton, "finally"},
    {System::tekton, "params"},
}};

/// Steps of Buildkite that may stand by their word alone: `- wait` for `- wait: ~`.
constexpr std::array<std::string_view, 4> kWordSteps{"wait", "waiter", "block", "input"};

bool says_nothing(const Node& node) {
  return node.is_null() || (node.is_mapping() && node.members.empty());
}

/// The only member of a mapping; null for anything else.
const Member* only_member(const Node& node) {
  return node.is_mapping() && node.members.size() == 1 ? &node.members.front() : nullptr;
}

/// Where a node stands: the key whose value it is or whose list it is an item of, and the one above.
struct Place {
  std::string_view key, above;
  Place below(std::string_view next) const { return {next, key}; }
};

class Comparison {
 public:
  explicit Comparison(System system) : system_(system) {}

  bool same(const Node& a, const Node& b, const Place& place) const {
    if (a.same_as(b)) return true;
    if (a.tag != b.tag) return false;
    if (a.is_scalar() && b.is_scalar()) return same_text(a, b, place);
    if (a.is_mapping() && b.is_mapping()) return same_members(a, b, place);
    if (a.is_sequence() && b.is_sequence()) return same_items(a, b, place);
    return other_form(a, b, place) || other_form(b, a, place);
  }

 private:
  static bool same_text(const Node& a, const Node& b, const Place& place) {
    const bool input = place.above == "with" || place.above == "inputs" || place.above == "env";
    return !input && holds_script(place.key) && same_but_comments(a, b);
  }

  bool same_items(const Node& a, const Node& b, const Place& place) const {
    const auto called_by_name = [&](const Unordered& list) { return list.system == system_ && list.key == place.key; };
    if (std::any_of(kUnordered.begin(), kUnordered.end(), called_by_name)) return same_named_items(a, b, place);
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [&](const Node& x, const Node& y) { return same(x, y, place); });
  }

  bool same_named_items(const Node& a, const Node& b, const Place& place) const {
    return std::is_permutation(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                               [&](const Node& item, const Node& other) {
                                 const auto *name = item.get("name"), *other_name = other.get("name");
                                 return name != nullptr && other_name != nullptr &&
                                        name->text() == other_name->text() && same(item, other, place);
                               });
  }

  /// The key under which the system reads the same: Buildkite's `command` and `commands`.
  std::string_view alias(std::string_view key) const {
    if (system_ != System::buildkite) return {};
    return key == "command" ? "commands" : key == "commands" ? "command" : std::string_view{};
  }

  bool covers(const Node& a, const Node& b, const Place& place) const {
    return std::all_of(a.members.begin(), a.members.end(), [&](const Member& member) {
      const auto key = member.key.text();
      const Node* value = a.get(key);  // the last of duplicates
      const Node* other = b.get(key);
      if (other == nullptr && !alias(key).empty() && a.get(alias(key)) == nullptr) other = b.get(alias(key));
      return value != nullptr && other != nullptr && same(*value, *other, place.below(key));
    });
  }

  bool same_members(const Node& a, const Node& b, const Place& place) const {
    return covers(a, b, place) && covers(b, a, place);
  }

  /// `a` is the shorter form of `b`.
  bool other_form(const Node& a, const Node& b, const Place& place) const {
    if (says_nothing(a) && says_nothing(b)) return true;
    if (b.is_sequence() && b.items.size() == 1 && is_list_of_one(place, b.items.front()))
      return same(a, b.items.front(), place);
    if (is_events(place)) return same_events(a, b);
    if (is_azure_trigger(place)) return same_branches(a, b);
    return a.is_scalar() && same_shorthand(a, b, place);
  }

  bool is_list_of_one(const Place& place, const Node& item) const {
    if (system_ == System::tekton || system_ == System::argo || place.above == "matrix") return false;
    if (place.key == "when") return system_ == System::woodpecker && item.is_mapping();
    const bool known = std::find(kListsOfOne.begin(), kListsOfOne.end(), place.key) != kListsOfOne.end();
    return item.is_scalar() && (known || (system_ == System::cirrus && place.key.ends_with("_script")));
  }

  bool same_shorthand(const Node& scalar, const Node& mapping, const Place& place) const {
    const Member* member = only_member(mapping);
    if (member == nullptr) return false;
    const auto inner = member->key.text();
    const bool named = system_ == System::circleci &&
                       std::find(kNamedItems.begin(), kNamedItems.end(), place.key) != kNamedItems.end();
    const bool word = system_ == System::buildkite && place.key == "steps" &&
                      std::find(kWordSteps.begin(), kWordSteps.end(), inner) != kWordSteps.end();
    if ((named || word) && inner == scalar.text() && says_nothing(member->value)) return true;
    return std::any_of(kShorthands.begin(), kShorthands.end(), [&](const Shorthand& shorthand) {
      return shorthand.system == system_ && shorthand.key == place.key && shorthand.inner == inner &&
             same(scalar, member->value, place);
    });
  }

  bool is_events(const Place& place) const {
    return system_ == System::github && place.key == "on" && place.above.empty();
  }

  /// `[push, pull_request]` and `{push: null, pull_request: {}}`.
  static bool same_events(const Node& names, const Node& mapping) {
    const auto wanted = names.texts();
    return !names.is_mapping() && mapping.is_mapping() && wanted.size() == mapping.members.size() &&
           std::all_of(mapping.members.begin(), mapping.members.end(), [&](const Member& member) {
             return says_nothing(member.value) &&
                    std::find(wanted.begin(), wanted.end(), member.key.text()) != wanted.end();
           });
  }

  bool is_azure_trigger(const Place& place) const {
    return system_ == System::azure && place.above.empty() && (place.key == "trigger" || place.key == "pr");
  }

  /// `[main]`, `{branches: [main]}` and `{branches: {include: [main]}}`.
  static bool same_branches(const Node& names, const Node& mapping) {
    const Member* branches = only_member(mapping);
    if (!names.is_sequence() || branches == nullptr || branches->key.text() != "branches") return false;
    const Member* include = only_member(branches->value);
    if (include == nullptr) return names.same_as(branches->value);
    return include->key.text() == "include" && names.same_as(include->value);
  }

  System system_;
};

/// Each job with what it extends merged in. As it stands where other files, or nobody, may hold a part of that.
Node with_templates(const Node& root) {
  const auto is_unknown = [&](const Member& job) {
    const Node* parents = job.value.get("extends");
    const auto names = parents == nullptr ? std::vector<std::string>() : parents->texts();
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return root.get(name) == nullptr; });
  };
  if (root.get("include") != nullptr || std::any_of(root.members.begin(), root.members.end(), is_unknown)) return root;
  Node result = root;
  result.hash = 0;
  gitlab::Templates templates(root);
  for (Member& job : result.members)
    if (job.value.get("extends") != nullptr) job.value = templates.job(job.key.text());
  return result;
}

bool same_root(System system, const Node& before, const Node& after) {
  const Comparison comparison(system);
  if (comparison.same(before, after, {})) return true;
  return system == System::gitlab && comparison.same(with_templates(before), with_templates(after), {});
}

/// The script without lines that are comments or blank and without blanks at the ends of lines; the same text where a
/// here-document could hold such lines as data.
std::string without_comments(std::string_view script) {
  if (script.find("<<") != std::string_view::npos) return std::string(script);
  std::string result;
  while (!script.empty()) {
    auto line = script.substr(0, script.find('\n'));
    script.remove_prefix(std::min(line.size() + 1, script.size()));
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || (line[first] == '#' && !line.substr(first).starts_with("#!"))) continue;
    result.append(line.substr(0, line.find_last_not_of(" \t\r") + 1)).append("\n");
  }
  return result;
}

}  // namespace

bool holds_script(std::string_view key) {
  constexpr std::array<std::string_view, 8> kKeys{"run",  "script",        "command",      "commands",
                                                  "bash", "before_script", "after_script", "install"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end() || key.ends_with("_script");
}

bool same_but_comments(const document::Node& before, const document::Node& after) {
  if (!before.is_scalar() || !after.is_scalar() || without_comments(before.scalar) != without_comments(after.scalar))
    return false;
  const auto old = document::parse_shell(before.scalar), now = document::parse_shell(after.scalar);
  return std::equal(old.commands.begin(), old.commands.end(), now.commands.begin(), now.commands.end(),
                    [](const auto& a, const auto& b) { return a.text() == b.text(); });
}

bool same_meaning(System system, const document::Document& before, const document::Document& after) {
  if (before.broken() || after.broken() || before.roots.empty()) return false;
  return std::equal(before.roots.begin(), before.roots.end(), after.roots.begin(), after.roots.end(),
                    [&](const Node& a, const Node& b) { return same_root(system, a, b); });
}

bool same_meaning(System system, const document::NodePath& path, const Node& before, const Node& after) {
  Place place;
  for (const document::PathSegment& segment : path)
    if (!segment.item) place = place.below(segment.text);
  return Comparison(system).same(before, after, place);
}

}  // namespace tollbar::pipeline
