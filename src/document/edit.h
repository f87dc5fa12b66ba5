// The structural difference of two documents, lists matched by identity and never by position alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"

namespace tollbar::document {

/// One step down: a mapping key, or a list item with the identity by which it was matched.
struct PathSegment {
  std::string text;  ///< the key; for an item its identity (`Lint`, `actions/checkout`, `ubuntu-latest`) or its index
  bool item = false;
  bool operator==(const PathSegment&) const = default;
};
using NodePath = std::vector<PathSegment>;

/// The segment under which a list item stands in every path: its identity, shortened to one line, or its index where it
/// has none.
PathSegment item_segment(const Node& item, std::size_t index);

/// `jobs.test.steps[Lint].run`
std::string to_string(const NodePath&);

enum class EditKind : std::uint8_t { added, removed, changed, moved };

/// The deepest place where the two trees differ. `before`/`after` point into the compared documents (null where
/// absent).
struct Edit {
  EditKind kind = EditKind::changed;
  NodePath path;
  const Node* before = nullptr;
  const Node* after = nullptr;
};

/// Edits in document order of the after side. Two documents that mean the same give none.
/// An added or removed mapping or list is one Edit at its root. A list item that only changed place is `moved`.
/// List items are matched by identity: id | name | key | uses without version | run/command/script text | scalar text |
/// meaning.
std::vector<Edit> compare(const Node& before, const Node& after);
/// Several documents of a stream are matched in order.
std::vector<Edit> compare(const Document& before, const Document& after);

/// A pattern over NodePaths: segments separated by `.`, `*` any one segment, `**` any number, `{a,b}` alternatives, a
/// glob within a segment
/// (`pre*`); items are segments like keys (`jobs.*.steps.*.run`). `\` takes the next character as it is
/// (`app\.kubernetes\.io/name`). Matching is exact in case.
class PathPattern {
 public:
  explicit PathPattern(std::string_view pattern);
  bool matches(const NodePath& path) const;
  /// The pattern matches this path or could match something below it.
  bool could_match_below(const NodePath& path) const;

 private:
  std::vector<std::vector<std::string>> segments_;
};

/// All places of a tree that a pattern matches, with their paths.
struct Place {
  NodePath path;
  const Node* node = nullptr;
};
std::vector<Place> find_all(const Node& root, const PathPattern& pattern);

}  // namespace tollbar::document
