// Matchers over edits of documents: places, values before and after, and what stands beside them.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rule/matching.h"
#include "rule/moved_settings.h"

namespace tollbar::rule {
namespace {

std::string value_of(const document::Node* node) {
  if (node == nullptr) return {};
  return node->is_scalar() ? std::string(node->text()) : node->brief(400);
}

std::string whole_value_of(const document::Node* node) {
  return node == nullptr || node->is_scalar() ? value_of(node) : node->brief(unlimited);
}

Fact edit_fact(const FileChange& file, const document::NodePath& path, const document::Node* before,
               const document::Node* after) {
  Fact fact;
  fact.path = file.path();
  fact.subject = document::to_string(path);
  if (after != nullptr) fact.line = after->line;
  if (before != nullptr) fact.line_before = before->line;
  put_before(fact, whole_value_of(before));
  put_after(fact, whole_value_of(after));
  fact.attributes["place"] = fact.subject.empty() ? "the whole file" : fact.subject;
  fact.attributes["key"] = path.empty() ? "" : path.back().text;
  fact.attributes["parent"] = path.size() < 2 ? "" : path[path.size() - 2].text;
  return fact;
}

bool selects_place(const EditMatch& match, const document::NodePath& path) {
  const auto names = [&](const document::PathPattern& place) { return place.matches(path); };
  return std::any_of(match.places.begin(), match.places.end(), names) &&
         std::none_of(match.not_places.begin(), match.not_places.end(), names);
}

bool says_itself(const EditMatch& match, const document::Node& node) {
  const auto* value = &node;
  for (const auto& key : match.beside) value = value == nullptr ? nullptr : value->get(key);
  return value != nullptr && value->is_scalar() && match.beside_value.holds(value->text());
}

/// Some mapping around `target` says under the wanted keys what is wanted.
bool says_beside(const EditMatch& match, const document::Node& node, const document::Node* target, bool said) {
  if (&node == target) return said;
  said = said || says_itself(match, node);
  const auto below = [&](const document::Node& inner) { return says_beside(match, inner, target, said); };
  return std::any_of(node.items.begin(), node.items.end(), below) ||
         std::any_of(node.members.begin(), node.members.end(), [&](const auto& member) { return below(member.value); });
}

bool says_beside(const EditMatch& match, FileChange& file, const document::Node* before, const document::Node* after) {
  if (match.beside.empty()) return true;
  const auto& document = after != nullptr ? file.after_document() : file.before_document();
  const auto* target = after != nullptr ? after : before;
  // What a file that came or went as a whole says at its top stands beside all of it.
  const bool said = std::any_of(document.roots.begin(), document.roots.end(), [&](const document::Node& root) {
    return &root == target ? says_itself(match, root) : says_beside(match, root, target, false);
  });
  return said != match.beside_says_no;
}

/// What does not count stayed: the name of a requirement whose version moved, the host of an address.
bool same_found(const text::Pattern& pattern, const document::Node* before, const document::Node* after) {
  if (before == nullptr || after == nullptr) return false;
  const auto old_text = value_of(before), new_text = value_of(after);
  const auto old_match = pattern.find(old_text), new_match = pattern.find(new_text);
  return old_match && new_match && old_match->groups[0] == new_match->groups[0];
}

/// `85%`, `7 days`: a number with what it counts.
struct Quantity {
  double number = 0;
  std::string_view unit;
};

std::optional<Quantity> quantity_of(const document::Node* node, const std::optional<text::Pattern>& number) {
  if (node == nullptr || !node->is_scalar()) return std::nullopt;
  std::string_view text = node->text();
  if (number) {
    const auto found = number->find(text);
    if (!found || found->groups.size() < 2 || !found->groups[1]) return std::nullopt;
    text = *found->groups[1];
  }
  Quantity quantity;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quantity.number);
  if (error != std::errc()) return std::nullopt;
  quantity.unit = text.substr(static_cast<std::size_t>(end - text.data()));
  return quantity;
}

/// What cannot be compared may have gone either way.
bool moves(const EditMatch& match, const document::Node* before, const document::Node* after) {
  if (match.moves == Movement::any) return true;
  const auto was = quantity_of(before, match.number), is = quantity_of(after, match.number);
  if (match.number && !was) return false;
  if (!was || !is || was->unit != is->unit) return true;
  return match.moves == Movement::up ? is->number > was->number : is->number < was->number;
}

bool values_hold(const EditMatch& match, const document::Node* before, const document::Node* after) {
  return (!match.before || match.before->holds(value_of(before))) &&
         (!match.after || match.after->holds(value_of(after))) &&
         !(match.unless_same && same_found(*match.unless_same, before, after)) && moves(match, before, after);
}

/// The places of an added or removed subtree that the pattern names; with `each` also those below such a place.
void find_below(const EditMatch& match, FileChange& file, const document::Edit& edit, std::vector<Fact>& facts) {
  const bool gone = edit.after == nullptr;
  const auto* root = gone ? edit.before : edit.after;
  if (root == nullptr) return;
  struct Visit {
    document::NodePath path;
    const document::Node* node;
  };
  std::vector<Visit> visits{{edit.path, root}};
  while (!visits.empty()) {
    const auto [path, node] = std::move(visits.back());
    visits.pop_back();
    const bool here = selects_place(match, path);
    const auto* before = gone ? node : nullptr;
    const auto* after = gone ? nullptr : node;
    const bool moved =
        match.unless_moved && !gone && stood_elsewhere(file.before_document(), file.after_document(), path, *node);
    if (here && !moved && values_hold(match, before, after) && says_beside(match, file, before, after)) {
      facts.push_back(edit_fact(file, path, before, after));
      if (!match.each) continue;
    }
    std::size_t index = 0;
    for (const auto& item : node->items) {
      auto deeper = path;
      deeper.push_back({item.is_scalar() ? std::string(item.text()) : std::to_string(index), true});
      visits.push_back({std::move(deeper), &item});
      ++index;
    }
    for (const auto& member : node->members) {
      auto deeper = path;
      deeper.push_back({std::string(member.key.text()), false});
      visits.push_back({std::move(deeper), &member.value});
    }
  }
}

}  // namespace

namespace {

bool wants(const EditMatch& match, document::EditKind kind) {
  return match.edits.empty() || std::find(match.edits.begin(), match.edits.end(), kind) != match.edits.end();
}

/// A value that became a mapping or a list, or was one (`permissions: null` turned into `{allow: [...]}`): what stands
/// below came or went with it.
void find_in_replaced(const EditMatch& match, FileChange& file, const document::Edit& edit, std::vector<Fact>& facts) {
  if (edit.kind != document::EditKind::changed || !match.below || edit.before == nullptr || edit.after == nullptr ||
      edit.before->kind == edit.after->kind)
    return;
  const auto holds_more = [](const document::Node& node) { return node.is_mapping() || node.is_sequence(); };
  if (holds_more(*edit.after) && wants(match, document::EditKind::added))
    find_below(match, file, {document::EditKind::added, edit.path, nullptr, edit.after}, facts);
  if (holds_more(*edit.before) && wants(match, document::EditKind::removed))
    find_below(match, file, {document::EditKind::removed, edit.path, edit.before, nullptr}, facts);
}

}  // namespace

void find_edits(const EditMatch& match, FileChange& file, std::vector<Fact>& facts) {
  for (const auto& edit : file.edits()) {
    const bool at_place = selects_place(match, edit.path);
    if (!at_place) find_in_replaced(match, file, edit, facts);
    if (!wants(match, edit.kind)) continue;
    const bool subtree =
        edit.kind == document::EditKind::added || edit.kind == document::EditKind::removed || match.each;
    if (subtree && match.below) {
      find_below(match, file, edit, facts);
      continue;
    }
    if (at_place && values_hold(match, edit.before, edit.after) && says_beside(match, file, edit.before, edit.after))
      facts.push_back(edit_fact(file, edit.path, edit.before, edit.after));
  }
}

}  // namespace tollbar::rule
