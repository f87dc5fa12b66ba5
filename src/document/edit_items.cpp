// Matching of list items: equal ends, equal meaning, equal identity, and what is left by likeness among the same
// neighbours.
#include "document/edit_items.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "document/edit.h"

namespace tollbar::document {
namespace {

enum class Naming : std::uint8_t { whole, without_version };

struct IdentityKey {
  std::string_view key;
  Naming naming = Naming::whole;
};

// In order of trust: names that people gave, what the item uses, what it runs, when it applies.
constexpr std::array<IdentityKey, 24> identity_keys = {{
    {"id"},
    {"name"},
    {"key"},
    {"label"},
    {"displayName"},
    {"job"},
    {"stage"},
    {"deployment"},
    {"uses", Naming::without_version},
    {"task", Naming::without_version},
    {"template", Naming::without_version},
    {"hook id"},
    {"repo"},
    {"package-ecosystem"},
    {"run"},
    {"command"},
    {"script"},
    {"commands"},
    {"bash"},
    {"powershell"},
    {"pwsh"},
    {"image"},
    {"if"},
    {"when"},
}};

/// `setuptools[toml]>=61,<70` -> `setuptools[toml]`: a requirement as Python writes it; empty for any other text.
std::string_view required_name(std::string_view text) {
  const auto names = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '[' || c == ']';
  };
  std::size_t end = 0;
  while (end < text.size() && names(text[end])) ++end;
  const std::string_view name = text.substr(0, end);
  while (end < text.size() && text[end] == ' ') ++end;
  constexpr std::array<std::string_view, 5> comparisons{"==", ">=", "<=", "~=", "!="};
  const bool compared = std::any_of(comparisons.begin(), comparisons.end(),
                                    [&](std::string_view sign) { return text.substr(end).starts_with(sign); });
  return compared ? name : std::string_view();
}

/// `actions/checkout@v4` -> `actions/checkout`, `ruff>=0.4` -> `ruff`; a text that is no such reference stays.
std::string_view without_version(std::string_view text) {
  if (const std::string_view name = required_name(text); !name.empty()) return name;
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.find_first_of(" \t\n") != std::string_view::npos) return text;
  const std::string_view name = text.substr(0, at);
  const bool reference = name.find('/') != std::string_view::npos && name.find(':') == std::string_view::npos;
  return reference ? name : text;
}

/// A scalar's text, or a list of commands as lines.
std::string identity_text(const Node& value) {
  if (value.is_scalar()) return value.scalar;
  std::string lines;
  for (const Node& item : value.items) {
    if (!item.is_scalar()) continue;
    if (!lines.empty()) lines += '\n';
    lines += item.scalar;
  }
  return lines;
}

std::string named_identity(const Node& mapping) {
  for (const IdentityKey& identity : identity_keys) {
    const Node* value = mapping.get(identity.key);
    if (value == nullptr) continue;
    std::string text = identity_text(*value);
    if (text.empty()) continue;
    if (identity.naming == Naming::without_version) text.resize(std::min(text.size(), text.find('@')));
    return text;
  }
  return {};
}

/// `run: {name: Lint}` -> `run Lint`; `save_cache: {...}` -> `save_cache`.
std::string single_key_identity(const Member& member) {
  std::string identity = member.key.scalar;
  const std::string inner = member.value.is_mapping() ? named_identity(member.value) : identity_text(member.value);
  if (!inner.empty()) identity += ' ' + inner;
  return identity;
}

/// The indices of items that are not matched yet, by what they must share; taken in order.
template <typename Key>
class Waiting {
 public:
  void add(const Key& key, std::size_t index) { queues_[key].items.push_back(index); }

  std::size_t take(const Key& key) {
    const auto found = queues_.find(key);
    if (found == queues_.end() || found->second.next == found->second.items.size()) return no_item;
    return found->second.items[found->second.next++];
  }

 private:
  struct Queue {
    std::vector<std::size_t> items;
    std::size_t next = 0;
  };
  std::unordered_map<Key, Queue> queues_;
};

std::size_t shared_members(const Node& before, const Node& after) {
  constexpr std::size_t enough = 32;  // the members of a longer mapping say no more about its identity
  const std::size_t looked_at = std::min(after.members.size(), enough);
  return static_cast<std::size_t>(std::count_if(
      after.members.begin(), after.members.begin() + static_cast<std::ptrdiff_t>(looked_at), [&](const Member& member) {
        const Node* partner = member.key.is_scalar() ? before.get(member.key.scalar) : nullptr;
        return partner != nullptr && partner->meaning() == member.value.meaning();
      }));
}

std::size_t shared_items(const Node& before, const Node& after) {
  const std::size_t both = std::min(before.items.size(), after.items.size());
  std::size_t shared = 0;
  for (std::size_t i = 0; i < both; ++i)
    if (before.items[i].meaning() == after.items[i].meaning()) ++shared;
  return shared;
}

/// Two items of the same shape that share at least half of what they hold.
bool alike(const Node& before, const Node& after) {
  if (before.kind != after.kind) return false;
  if (before.is_sequence())
    return !before.items.empty() &&
           2 * shared_items(before, after) >= std::max(before.items.size(), after.items.size());
  if (!before.is_mapping() || before.members.empty() || after.members.empty()) return false;
  const std::size_t larger = std::max(before.members.size(), after.members.size());
  if (larger == 1) {
    const Member& a = before.members.front();
    const Member& b = after.members.front();
    return a.key.meaning() == b.key.meaning() && !a.value.is_scalar() && alike(a.value, b.value);
  }
  return 2 * shared_members(before, after) >= std::min<std::size_t>(larger, 32);
}

class Matcher {
 public:
  Matcher(const std::vector<Node>& before, const std::vector<Node>& after)
      : before_(before), after_(after), matches_(after.size()), taken_(before.size()) {}

  std::vector<ItemMatch> run() {
    match_equal_ends();
    match_by([](const Node& item) { return item.meaning(); });
    match_by(item_identity);
    mark_moved();
    match_leftovers();
    return std::move(matches_);
  }

 private:
  void match(std::size_t before, std::size_t after) {
    matches_[after].before = before;
    taken_[before] = true;
  }

  void match_equal_ends();
  template <typename KeyOf>
  void match_by(KeyOf key_of);
  void mark_moved();
  void match_leftovers();
  void match_gap(std::size_t before, std::size_t before_end, std::size_t after, std::size_t after_end);

  const std::vector<Node>& before_;
  const std::vector<Node>& after_;
  std::vector<ItemMatch> matches_;
  std::vector<bool> taken_;
  // What equal ends leave over.
  std::size_t first_ = 0;
  std::size_t before_last_ = 0;
  std::size_t after_last_ = 0;
};

void Matcher::match_equal_ends() {
  before_last_ = before_.size();
  after_last_ = after_.size();
  const auto same = [&](std::size_t before, std::size_t after) { return before_[before].same_as(after_[after]); };
  for (; first_ < before_last_ && first_ < after_last_ && same(first_, first_); ++first_) match(first_, first_);
  for (; before_last_ > first_ && after_last_ > first_ && same(before_last_ - 1, after_last_ - 1);
       --before_last_, --after_last_)
    match(before_last_ - 1, after_last_ - 1);
}

/// Pairs items with equal keys in order; an empty key pairs with nothing.
template <typename KeyOf>
void Matcher::match_by(KeyOf key_of) {
  using Key = decltype(key_of(before_.front()));
  Waiting<Key> waiting;
  for (std::size_t i = first_; i < before_last_; ++i)
    if (!taken_[i]) waiting.add(key_of(before_[i]), i);
  for (std::size_t i = first_; i < after_last_; ++i) {
    if (matches_[i].before != no_item) continue;
    const Key wanted = key_of(after_[i]);
    const std::size_t partner = wanted == Key{} ? no_item : waiting.take(wanted);
    if (partner != no_item) match(partner, i);
  }
}

/// The longest increasing run of partners stays; all other matched items moved.
void Matcher::mark_moved() {
  std::vector<std::size_t> tails;                             // after index that ends the best run of each length
  std::vector<std::size_t> previous(after_.size(), no_item);  // the item before it in that run
  for (std::size_t i = first_; i < after_last_; ++i) {
    if (matches_[i].before == no_item) continue;
    matches_[i].moved = true;
    const auto place =
        std::lower_bound(tails.begin(), tails.end(), matches_[i].before,
                         [&](std::size_t tail, std::size_t before) { return matches_[tail].before < before; });
    if (place != tails.begin()) previous[i] = *(place - 1);
    if (place == tails.end())
      tails.push_back(i);
    else
      *place = i;
  }
  for (std::size_t i = tails.empty() ? no_item : tails.back(); i != no_item; i = previous[i]) matches_[i].moved = false;
}

/// What is left between the same two unmoved neighbours.
void Matcher::match_leftovers() {
  std::size_t before = first_;
  std::size_t after = first_;
  for (std::size_t i = first_; i <= after_last_; ++i) {
    const bool end = i == after_last_;
    if (!end && (matches_[i].before == no_item || matches_[i].moved)) continue;
    const std::size_t before_end = end ? before_last_ : matches_[i].before;
    match_gap(before, before_end, after, i);
    before = before_end + 1;
    after = i + 1;
  }
}

void Matcher::match_gap(std::size_t before, std::size_t before_end, std::size_t after, std::size_t after_end) {
  constexpr std::size_t lookahead = 8;
  std::vector<std::size_t> left;
  for (; before < before_end; ++before)
    if (!taken_[before]) left.push_back(before);
  std::size_t next = 0;
  for (; after < after_end; ++after) {
    if (matches_[after].before != no_item) continue;
    for (std::size_t i = next; i < std::min(left.size(), next + lookahead); ++i) {
      if (!alike(before_[left[i]], after_[after])) continue;
      match(left[i], after);
      next = i + 1;
      break;
    }
  }
}

/// The first line that is not blank, at most 80 bytes of it, cut between characters.
std::string one_line(std::string_view text) {
  constexpr std::size_t limit = 80;
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const std::string_view line = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  if (line.size() <= limit) return std::string(line);
  std::size_t size = limit;
  while (size > 0 && (static_cast<unsigned char>(line[size]) & 0xC0U) == 0x80U) --size;
  return std::string(line.substr(0, size)) + "...";
}

}  // namespace

std::string item_identity(const Node& item) {
  if (item.is_scalar()) return std::string(without_version(item.scalar));
  if (!item.is_mapping()) return {};
  const bool single = item.members.size() == 1 && item.members.front().key.is_scalar();
  if (single && !item.members.front().value.is_scalar()) return single_key_identity(item.members.front());
  std::string identity = named_identity(item);
  return identity.empty() && single ? single_key_identity(item.members.front()) : identity;
}

std::vector<ItemMatch> match_items(const std::vector<Node>& before, const std::vector<Node>& after) {
  return Matcher(before, after).run();
}

PathSegment item_segment(const Node& item, std::size_t index) {
  std::string text = one_line(item_identity(item));
  if (text.empty()) text = std::to_string(index);
  return {std::move(text), true};
}

}  // namespace tollbar::document
