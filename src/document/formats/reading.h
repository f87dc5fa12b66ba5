// What the readers share: limits against hostile files, duplicate keys, the UTF-8 check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "document/node.h"

namespace tollbar::document {

/// Deeper nesting than this is not read (Problem::limit).
constexpr std::size_t max_depth = 256;
/// Nodes that one text may have, written out.
constexpr std::size_t max_nodes = 4'000'000;
/// Nodes that the aliases of one text may add.
constexpr std::size_t max_alias_nodes = 200'000;

/// Where a reader stands in its text; both count from 1, columns in bytes.
struct Position {
  std::uint32_t line = 1, column = 1;
};

/// A string scalar (not plain) that starts and ends on one line.
Node string_node(std::string_view text, Position position);
/// What unquoted text means by the YAML core schema: null, boolean, number or string.
Node plain_node(std::string_view text, Position position);
Node collection_node(NodeKind kind, Position position);

/// Reports the first line that is no UTF-8.
void check_utf8(std::string_view text, Document& document);

/// `text` without a UTF-8 byte order mark.
std::string_view without_bom(std::string_view text);

/// The keys of one mapping: cheap for the usual handful, linear for a hostile million.
class KeySet {
 public:
  /// False where the key is already there.
  bool insert(const Node& key);

 private:
  static constexpr std::size_t few = 16;
  std::vector<std::uint64_t> listed_;
  std::unordered_set<std::uint64_t> hashed_;
};

/// Adds the member and reports a key that stands twice.
void add_member(Node& mapping, KeySet& keys, Node&& key, Node&& value, Document& document);

}  // namespace tollbar::document
