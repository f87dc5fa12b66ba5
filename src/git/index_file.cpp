// Steps over the entries once to find the cache of trees behind them, then visits only those that no cached tree holds.
#include "git/index_file.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tollbar::git {
namespace {

using model::ObjectId;

/// Thrown and caught in this file: these bytes are for another reader.
struct NotForUs {};

std::uint32_t read_number(std::string_view bytes, std::size_t at, std::size_t width) {
  if (bytes.size() < width || at > bytes.size() - width) {
    throw NotForUs{};
  }
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < width; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

ObjectId read_id(std::string_view bytes, std::size_t at, std::size_t hash_size) {
  if (bytes.size() < hash_size || at > bytes.size() - hash_size) {
    throw NotForUs{};
  }
  return ObjectId::from_raw(reinterpret_cast<const std::uint8_t*>(bytes.data()) + at, hash_size);
}

/// The entries of versions 2 and 3, found by stepping over them.
class Entries {
 public:
  Entries(std::string_view bytes, std::size_t hash_size) : bytes_(bytes), hash_size_(hash_size) {
    constexpr std::uint32_t signature = 0x44495243;  // DIRC
    const std::uint32_t version = read_number(bytes, 4, 4);
    if (read_number(bytes, 0, 4) != signature || (version != 2 && version != 3)) {
      throw NotForUs{};
    }
    const std::uint32_t count = read_number(bytes, 8, 4);
    if (count > bytes.size() / (fields_size + hash_size)) {
      throw NotForUs{};
    }
    starts_.reserve(count);
    std::size_t at = 12;
    for (std::uint32_t i = 0; i < count; ++i) {
      starts_.push_back(at);
      at = step(at);
    }
    end_ = at;
  }

  std::size_t size() const { return starts_.size(); }
  /// Where the extensions begin.
  std::size_t end() const { return end_; }

  std::string_view path(std::size_t number) const {
    const std::size_t start = starts_[number];
    const std::size_t name = start + name_offset(flags(start));
    return bytes_.substr(name, name_length(name, flags(start)));
  }
  bool intended(std::size_t number) const {
    const std::size_t start = starts_[number];
    constexpr std::uint32_t intent_to_add = 0x2000;
    return (flags(start) & extended) != 0 && (read_number(bytes_, flags_offset(start) + 2, 2) & intent_to_add) != 0;
  }
  model::FileEntry entry(std::size_t number) const {
    const std::size_t start = starts_[number];
    return {read_id(bytes_, start + fields_size, hash_size_),
            static_cast<model::FileMode>(read_number(bytes_, start + mode_offset, 4))};
  }

 private:
  static constexpr std::size_t fields_size = 40;  // times, device, inode, mode, owner, size
  static constexpr std::size_t mode_offset = 24;
  static constexpr std::uint32_t extended = 0x4000;
  static constexpr std::uint32_t stages = 0x3000;
  static constexpr std::uint32_t length_mask = 0x0fff;

  std::size_t flags_offset(std::size_t start) const { return start + fields_size + hash_size_; }
  std::uint32_t flags(std::size_t start) const { return read_number(bytes_, flags_offset(start), 2); }
  std::size_t name_offset(std::uint32_t flags) const {
    return fields_size + hash_size_ + ((flags & extended) != 0 ? 4 : 2);
  }
  /// Names too long for their field end at the first NUL.
  std::size_t name_length(std::size_t name, std::uint32_t flags) const {
    const std::uint32_t length = flags & length_mask;
    if (length < length_mask) {
      return length;
    }
    const std::size_t end = bytes_.find('\0', name);
    if (end == std::string_view::npos) {
      throw NotForUs{};
    }
    return end - name;
  }
  /// Where the entry after the one at `start` begins: names are followed by one to eight NULs.
  std::size_t step(std::size_t start) const {
    const std::uint32_t all_flags = flags(start);
    if ((all_flags & stages) != 0) {
      throw NotForUs{};  // a conflict
    }
    const std::size_t name = start + name_offset(all_flags);
    const std::size_t length = name + name_length(name, all_flags) - start;
    const std::size_t next = start + (length + 8) / 8 * 8;
    if (next > bytes_.size()) {
      throw NotForUs{};
    }
    return next;
  }

  std::string_view bytes_;
  std::size_t hash_size_;
  std::vector<std::size_t> starts_;
  std::size_t end_ = 0;
};

/// A directory in the cache of trees.
struct CachedTree {
  std::string_view name;
  std::int64_t entries = -1;  ///< of the index, below this directory; negative: the tree is not known
  ObjectId id;
  std::vector<CachedTree> subtrees;  ///< by name

  const CachedTree* find(std::string_view wanted) const {
    const auto place = std::lower_bound(subtrees.begin(), subtrees.end(), wanted,
                                        [](const CachedTree& tree, std::string_view text) { return tree.name < text; });
    return place != subtrees.end() && place->name == wanted ? &*place : nullptr;
  }
};

/// Reads the `TREE` extension.
class CacheReader {
 public:
  CacheReader(std::string_view bytes, std::size_t hash_size) : rest_(bytes), hash_size_(hash_size) {}

  CachedTree read(int depth = 0) {
    constexpr int deepest = 4096;  // directories; a path of git's has fewer
    if (depth > deepest) {
      throw NotForUs{};
    }
    CachedTree tree;
    tree.name = take_until('\0');
    tree.entries = number(take_until(' '));
    const std::int64_t subtrees = number(take_until('\n'));
    if (tree.entries >= 0) {
      tree.id = read_id(rest_, 0, hash_size_);
      rest_.remove_prefix(hash_size_);
    }
    for (std::int64_t i = 0; i < subtrees; ++i) {
      tree.subtrees.push_back(read(depth + 1));
    }
    std::sort(tree.subtrees.begin(), tree.subtrees.end(),
              [](const CachedTree& a, const CachedTree& b) { return a.name < b.name; });
    return tree;
  }

 private:
  std::string_view take_until(char end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) {
      throw NotForUs{};
    }
    const std::string_view taken = rest_.substr(0, at);
    rest_.remove_prefix(at + 1);
    return taken;
  }

  static std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      throw NotForUs{};
    }
    return value;
  }

  std::string_view rest_;
  std::size_t hash_size_;
};

/// The cache of trees among the extensions; an unknown tree where there is none.
CachedTree read_cache(std::string_view bytes, std::size_t at, std::size_t hash_size) {
  CachedTree cache;
  while (at + hash_size < bytes.size()) {  // the checksum stands last
    const std::string_view name = bytes.substr(at, 4);
    const std::size_t size = read_number(bytes, at + 4, 4);
    at += 8;
    if (size > bytes.size() - at) {
      throw NotForUs{};
    }
    if (name.front() < 'A' || name.front() > 'Z') {
      throw NotForUs{};  // it must be understood: split and sparse indexes
    }
    if (name == "TREE") {
      cache = CacheReader(bytes.substr(at, size), hash_size).read();
    }
    at += size;
  }
  return cache;
}

/// Puts entries and cached trees into a builder.
class Placing {
 public:
  Placing(const Entries& entries, const std::function<bool(const ObjectId&)>& has_tree, TreeBuilder& builder)
      : entries_(entries), has_tree_(has_tree), builder_(builder) {}

  void run(const CachedTree& root) {
    open_.push_back({{}, &root});
    for (std::size_t at = 0; at < entries_.size();) {
      at += place(at);
    }
  }

 private:
  struct OpenDirectory {
    std::string_view prefix;  ///< with its slash
    const CachedTree* cached = nullptr;
  };

  /// Places the entry, or the whole cached tree that it is the first of; how many entries that were.
  std::size_t place(std::size_t number) {
    const std::string_view path = entries_.path(number);
    while (!path.starts_with(open_.back().prefix)) {
      open_.pop_back();
    }
    for (;;) {
      const OpenDirectory here = open_.back();
      const std::size_t slash = path.find('/', here.prefix.size());
      if (slash == std::string_view::npos) {
        if (!entries_.intended(number)) {
          builder_.add(path, entries_.entry(number));
        }
        return 1;
      }
      const std::string_view name = path.substr(here.prefix.size(), slash - here.prefix.size());
      const CachedTree* child = here.cached == nullptr ? nullptr : here.cached->find(name);
      const std::string_view prefix = path.substr(0, slash + 1);
      if (child != nullptr && child->entries > 0 && has_tree_(child->id)) {
        check_extent(number, child->entries, prefix);
        builder_.add(path.substr(0, slash), {child->id, model::FileMode::directory});
        return static_cast<std::size_t>(child->entries);
      }
      open_.push_back({prefix, child});
    }
  }

  /// The cached tree holds just the entries below its directory.
  void check_extent(std::size_t first, std::int64_t count, std::string_view prefix) const {
    if (static_cast<std::uint64_t>(count) > entries_.size() - first) {
      throw NotForUs{};
    }
    const std::size_t behind = first + static_cast<std::size_t>(count);
    const bool too_few = behind < entries_.size() && entries_.path(behind).starts_with(prefix);
    if (too_few || !entries_.path(behind - 1).starts_with(prefix)) {
      throw NotForUs{};
    }
  }

  const Entries& entries_;
  const std::function<bool(const ObjectId&)>& has_tree_;
  TreeBuilder& builder_;
  std::vector<OpenDirectory> open_;
};

}  // namespace

std::optional<ObjectId> staged_root(std::string_view bytes, std::size_t hash_size,
                                    const std::function<bool(const ObjectId&)>& has_tree, Overlay& overlay) {
  try {
    const Entries entries(bytes, hash_size);
    const CachedTree root = read_cache(bytes, entries.end(), hash_size);
    if (root.entries >= 0 && static_cast<std::uint64_t>(root.entries) == entries.size() && has_tree(root.id)) {
      return root.id;
    }
    TreeBuilder builder(hash_size, overlay);
    Placing(entries, has_tree, builder).run(root);
    return builder.finish();
  } catch (const NotForUs&) {
    return std::nullopt;
  }
}

}  // namespace tollbar::git
