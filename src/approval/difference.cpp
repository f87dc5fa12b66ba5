// Which members differ, and where in them.
#include "approval/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

namespace tollbar::approval {
namespace {

constexpr std::size_t value_shown = 120;  // bytes

struct Field {
  std::string_view name;
  std::string Fact::*member;
};
constexpr std::array<Field, 8> fields{{{"repository", &Fact::repository},
                                       {"reference", &Fact::ref},
                                       {"path", &Fact::path},
                                       {"rule", &Fact::rule},
                                       {"place", &Fact::subject},
                                       {"before", &Fact::before},
                                       {"after", &Fact::after},
                                       {"context", &Fact::context}}};

bool begins_character(std::string_view text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

/// A stretch of `text` from about `begin` on, whole characters alone.
std::string in_quotes(std::string_view text, std::size_t begin) {
  if (text.empty()) {
    return "nothing";
  }
  while (!begins_character(text, begin)) {
    --begin;
  }
  std::size_t end = std::min(text.size(), begin + value_shown);
  while (!begins_character(text, end)) {
    ++end;
  }
  return fmt::format("`{}{}{}`", begin > 0 ? "..." : "", text.substr(begin, end - begin),
                     end < text.size() ? "..." : "");
}

/// Long values from a little before where they part.
std::string was_and_is(std::string_view name, std::string_view was, std::string_view is) {
  constexpr std::size_t shown_before = 20;  // bytes
  const auto parted = std::mismatch(was.begin(), was.end(), is.begin(), is.end());
  const auto same = static_cast<std::size_t>(parted.first - was.begin());
  const bool fits = was.size() <= value_shown && is.size() <= value_shown;
  const std::size_t begin = fits || same < shown_before ? 0 : same - shown_before;
  return fmt::format("{} was {}, is {}", name, in_quotes(was, std::min(begin, was.size())),
                     in_quotes(is, std::min(begin, is.size())));
}

/// `events: push; permissions: contents=read` by names; what has none is its own name.
std::map<std::string, std::string> parts_of_context(std::string_view context) {
  constexpr std::string_view separator = "; ", colon = ": ";
  std::map<std::string, std::string> parts;
  while (!context.empty()) {
    const std::string_view part = context.substr(0, context.find(separator));
    context.remove_prefix(std::min(part.size() + separator.size(), context.size()));
    const std::size_t end = std::min(part.find(colon), part.size());
    std::string& value = parts[std::string(part.substr(0, end))];
    value += (value.empty() ? "" : "; ") + std::string(part.substr(std::min(end + colon.size(), part.size())));
  }
  return parts;
}

/// Only the parts that differ; where parts of one name hide it, the whole.
std::vector<std::string> differences_of_context(const std::string& was, const std::string& is) {
  auto before = parts_of_context(was);
  auto after = parts_of_context(is);
  std::set<std::string> names;
  for (const auto* parts : {&before, &after}) {
    for (const auto& part : *parts) {
      names.insert(part.first);
    }
  }
  std::vector<std::string> differences;
  for (const std::string& name : names) {
    if (before[name] != after[name]) {
      differences.push_back(was_and_is("context " + name, before[name], after[name]));
    }
  }
  return differences.empty() ? std::vector{was_and_is("context", was, is)} : differences;
}

}  // namespace

std::size_t differing(const Fact& a, const Fact& b) {
  return static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(), [&](const Field& field) { return a.*field.member != b.*field.member; }));
}

std::string difference(const Fact& approved, const Fact& fact) {
  std::vector<std::string> differences;
  for (const Field& field : fields) {
    const std::string& was = approved.*field.member;
    const std::string& is = fact.*field.member;
    if (was == is) {
      continue;
    }
    if (field.member == &Fact::context) {
      const std::vector<std::string> parts = differences_of_context(was, is);
      differences.insert(differences.end(), parts.begin(), parts.end());
    } else {
      differences.push_back(was_and_is(field.name, was, is));
    }
  }
  return fmt::format("{}", fmt::join(differences, "; "));
}

std::string described(const Fact& fact) {
  return was_and_is(fact.subject, fact.before, fact.after);
}

std::string_view name_of_difference(const Fact& approved, const Fact& fact) {
  if (approved.repository != fact.repository) {
    return "another repository";
  }
  if (approved.ref != fact.ref) {
    return "another reference";
  }
  const bool same_values = approved.before == fact.before && approved.after == fact.after;
  if (approved.path != fact.path) {
    return "another file";
  }
  if (approved.subject != fact.subject) {
    return "another place of the file";
  }
  return same_values ? "other surroundings" : "another change of the same place";
}

namespace {

/// Up to the item of a list, which its text names: `jobs.test.steps[make]` -> `jobs.test.steps`.
std::string_view place_of(std::string_view subject) {
  return subject.substr(0, subject.find('['));
}

}  // namespace

bool is_near(const Fact& approved, const Fact& fact) {
  const bool same_path = approved.path == fact.path;
  const bool same_change = approved.before == fact.before && approved.after == fact.after;
  const bool same_place = same_path && place_of(approved.subject) == place_of(fact.subject);
  const bool moved = same_change && (same_path || approved.subject == fact.subject);
  return approved.rule == fact.rule && (same_place || moved) && approved != fact;
}

}  // namespace tollbar::approval
