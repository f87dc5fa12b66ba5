// References by what their names mean to git and to servers.
#include "rule/ref_change.h"

#include <algorithm>
#include <array>

#include "text/pattern.h"

namespace tollbar::rule {
namespace {

struct ActionName {
  std::string_view word;
  std::string_view fact;
  RefChange::Action action;
};
constexpr std::array<ActionName, 4> action_names{{
    {"created", "ref-created", RefChange::Action::created},
    {"forwarded", "ref-forwarded", RefChange::Action::forwarded},
    {"forced", "ref-forced", RefChange::Action::forced},
    {"deleted", "ref-deleted", RefChange::Action::deleted},
}};

/// A reference and no folder of them.
constexpr std::string_view approvals_ref = "refs/tollbar/approvals";

struct Space {
  std::string_view prefix;
  std::string_view name;
};
/// The first prefix that fits decides.
constexpr std::array<Space, 12> spaces{{
    {"refs/heads/", "branch"},
    {"refs/tags/", "tag"},
    {"refs/notes/tollbar", "record"},
    {"refs/notes/", "note"},
    {approvals_ref, "approvals"},
    {"refs/tollbar/", "record"},
    {"refs/replace/", "replace"},
    {"refs/for/", "review"},
    {"refs/for-review/", "review"},
    {"refs/drafts/", "review"},
    {"refs/publish/", "review"},
    {"refs/", "other"},
}};

const Space& space_of(std::string_view ref) {
  const auto found = std::find_if(spaces.begin(), spaces.end() - 1, [&](const Space& space) {
    return space.prefix == approvals_ref ? ref == approvals_ref : ref.starts_with(space.prefix);
  });
  return *found;
}

/// `v1`, `1.2`, `pkg@1.2.3-rc.1`, `release/2027-01`, `stable`: names that people and machines install from.
bool is_release_name(std::string_view name) {
  static const text::Pattern pattern(
      R"((?i)(?:^|[-_/@])(?:v\d+|\d+\.\d+)(?:\.\d+)*[a-z0-9]*(?:[-+.~][a-z0-9]+)*$|^(?:release|rel|stable|latest|lts|prod|production|deploy|live)(?:[-_/.]|$))");
  return pattern.find(name).has_value();
}

std::string truth(bool value) {
  return value ? "true" : "false";
}

}  // namespace

Fact fact_of(const RefChange& change) {
  const auto action = std::find_if(action_names.begin(), action_names.end(),
                                   [&](const ActionName& each) { return each.action == change.action; });
  const Space& space = space_of(change.ref);
  const std::string name = change.ref.substr(std::min(space.prefix.size(), change.ref.size()));
  Fact fact;
  fact.kind = action->fact;
  fact.path = change.ref;
  fact.subject = std::string(space.name == "other" ? "reference" : space.name) + ' ' + name;
  fact.before = change.before;
  fact.after = change.after;
  fact.attributes = {
      {"space", std::string(space.name)},
      {"ref", change.ref},
      {"name", name},
      {"object", change.object},
      {"tags", std::to_string(change.tags)},
      {"protected", truth(change.is_protected)},
      {"on_branch", truth(change.on_branch)},
      {"release", truth(is_release_name(name))},
      {"problem", change.problem},
  };
  return fact;
}

const std::vector<std::string_view>& ref_facts() {
  static const std::vector<std::string_view> facts = [] {
    std::vector<std::string_view> all;
    for (const ActionName& name : action_names) {
      all.push_back(name.fact);
    }
    return all;
  }();
  return facts;
}

std::optional<RefChange::Action> parse_ref_action(std::string_view word) {
  for (const ActionName& name : action_names) {
    if (name.word == word) {
      return name.action;
    }
  }
  return std::nullopt;
}

}  // namespace tollbar::rule
