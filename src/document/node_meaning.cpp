// When two nodes mean the same, and the keyed hash that answers this without a walk.
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "document/node.h"

namespace tollbar::document {
namespace {

/// SipHash-1-3 (Aumasson and Bernstein) under a key drawn once per process: the author of a judged file cannot make two
/// texts collide.
class KeyedHash {
 public:
  explicit KeyedHash(std::uint64_t domain)
      : a_{key()[0] ^ 0x736f6d6570736575U ^ domain},
        b_{key()[1] ^ 0x646f72616e646f6dU},
        c_{key()[0] ^ 0x6c7967656e657261U},
        d_{key()[1] ^ 0x7465646279746573U} {}

  KeyedHash& add(std::uint64_t word) {
    d_ ^= word;
    round();
    a_ ^= word;
    return *this;
  }

  KeyedHash& add(std::string_view bytes) {
    add(bytes.size());
    while (!bytes.empty()) {
      const std::size_t count = std::min<std::size_t>(bytes.size(), sizeof(std::uint64_t));
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), count);
      add(word);
      bytes.remove_prefix(count);
    }
    return *this;
  }

  std::uint64_t finish() {
    c_ ^= 0xFFU;
    round();
    round();
    round();
    return a_ ^ b_ ^ c_ ^ d_;
  }

 private:
  static const std::array<std::uint64_t, 2>& key() {
    static const std::array<std::uint64_t, 2> drawn = [] {
      std::random_device source;
      const auto draw = [&source] { return (std::uint64_t{source()} << 32U) | source(); };
      return std::array<std::uint64_t, 2>{draw(), draw()};
    }();
    return drawn;
  }

  void round() {
    a_ += b_;
    b_ = std::rotl(b_, 13) ^ a_;
    a_ = std::rotl(a_, 32);
    c_ += d_;
    d_ = std::rotl(d_, 16) ^ c_;
    a_ += d_;
    d_ = std::rotl(d_, 21) ^ a_;
    c_ += b_;
    b_ = std::rotl(b_, 17) ^ c_;
    c_ = std::rotl(c_, 32);
  }

  std::uint64_t a_, b_, c_, d_;
};

std::string lower_case(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

/// `2` for `0x2` and `0o2`, which every reader of YAML takes for that number; the text as it is for all else.
std::string in_decimal(std::string text) {
  const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
  if (base == 0) return text;
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 2, end, value, base);
  return read.ec == std::errc{} && read.ptr == end ? std::to_string(value) : text;
}

/// Numbers and booleans in one spelling: `True` as `true`, `+1.50` as `1.5`, `0x2` as `2`. A leading zero stays,
/// because systems disagree on it, and so do underscores.
std::string canonical_number(const Node& node) {
  std::string text = lower_case(node.scalar);
  if (text.starts_with('+')) {
    text.erase(0, 1);
  }
  if (node.type == ScalarType::integer) return in_decimal(std::move(text));
  double value = 0;
  const char* const end = text.data() + text.size();
  if (node.type != ScalarType::floating || text.find("inf") != std::string::npos ||
      std::from_chars(text.data(), end, value).ec != std::errc{}) {
    return text;
  }
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), written.ptr};
}

struct Entry {
  std::uint64_t key = 0;
  const Member* member = nullptr;
};

/// The members that count (the last of each key), in an order that depends on nothing but the keys.
std::vector<Entry> effective_members(const Node& mapping) {
  std::vector<Entry> entries;
  entries.reserve(mapping.members.size());
  for (auto member = mapping.members.rbegin(); member != mapping.members.rend(); ++member) {
    entries.push_back({member->key.meaning(), &*member});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  const auto last =
      std::unique(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key == b.key; });
  entries.erase(last, entries.end());
  return entries;
}

std::uint64_t scalar_meaning(const Node& node) {
  KeyedHash hash{(static_cast<std::uint64_t>(node.kind) << 8U) | static_cast<std::uint64_t>(node.type)};
  return hash.add(node.tag).add(node.type == ScalarType::string ? node.scalar : canonical_number(node)).finish();
}

std::uint64_t compute_meaning(const Node& node) {
  if (node.is_scalar()) {
    return scalar_meaning(node);
  }
  KeyedHash hash{static_cast<std::uint64_t>(node.kind) << 8U};
  hash.add(node.tag);
  for (const Node& item : node.items) {
    hash.add(item.meaning());
  }
  if (node.is_mapping()) {
    for (const Entry& entry : effective_members(node)) {
      hash.add(entry.key).add(entry.member->value.meaning());
    }
  }
  return hash.finish();
}

bool same_scalar(const Node& a, const Node& b) {
  if (a.type != b.type) {
    return false;
  }
  return a.scalar == b.scalar || (a.type != ScalarType::string && canonical_number(a) == canonical_number(b));
}

bool same_members(const Node& a, const Node& b) {
  const std::vector<Entry> left = effective_members(a);
  const std::vector<Entry> right = effective_members(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const Entry& x, const Entry& y) {
    return x.key == y.key && x.member->value.same_as(y.member->value);
  });
}

}  // namespace

bool Node::same_as(const Node& other) const {
  if (kind != other.kind || tag != other.tag) {
    return false;
  }
  if (hash != 0 && other.hash != 0) {
    return hash == other.hash;
  }
  switch (kind) {
    case NodeKind::null:
      return true;
    case NodeKind::scalar:
      return same_scalar(*this, other);
    case NodeKind::sequence:
      return std::equal(items.begin(), items.end(), other.items.begin(), other.items.end(),
                        [](const Node& a, const Node& b) { return a.same_as(b); });
    case NodeKind::mapping:
      return same_members(*this, other);
  }
  return false;
}

std::uint64_t Node::meaning() const {
  return hash != 0 ? hash : std::max<std::uint64_t>(compute_meaning(*this), 1);
}

void Node::seal() {
  if (hash != 0) {
    return;
  }
  for (Node& item : items) {
    item.seal();
  }
  for (Member& member : members) {
    member.key.seal();
    member.value.seal();
  }
  hash = meaning();
}

}  // namespace tollbar::document
