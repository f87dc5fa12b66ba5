// One tree for every structured format, with source lines: what YAML, JSON, TOML and HCL files are read into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::document {

enum class NodeKind : std::uint8_t { null, scalar, sequence, mapping };

/// How a scalar is to be understood. Quoted text is always a string; plain YAML text follows the core schema plus the
/// YAML 1.1 booleans that CI systems accept where a boolean is wanted (see Node::truth).
enum class ScalarType : std::uint8_t { string, boolean, integer, floating };

/// The tag of scalars that hold an unevaluated expression (HCL): `var.x` is not the string `"var.x"`.
constexpr std::string_view expression_tag = "!expr";

struct Member;

struct Node {
  NodeKind kind = NodeKind::null;
  ScalarType type = ScalarType::string;
  bool plain = false;                  ///< a scalar written without quotes and not as a block
  std::uint32_t line = 0, column = 0;  ///< 1-based start; 0 where the node was made up
  std::uint32_t end_line = 0;          ///< last line of the node's text
  std::uint32_t content_line =
      0;  ///< line of a scalar's first content line: below the `|` of a block scalar, else where it starts
  std::uint64_t hash = 0;       ///< meaning() as kept by seal(); 0 where not sealed
  std::string scalar;           ///< decoded text of a scalar; numbers and booleans as written
  std::string tag;              ///< explicit tag (`!reference`, `!Ref`, ...), else empty
  std::vector<Node> items;      ///< of a sequence
  std::vector<Member> members;  ///< of a mapping, in source order, duplicates kept (the last one wins in get)

  bool is_null() const { return kind == NodeKind::null; }
  bool is_scalar() const { return kind == NodeKind::scalar; }
  bool is_sequence() const { return kind == NodeKind::sequence; }
  bool is_mapping() const { return kind == NodeKind::mapping; }

  /// The value of a key (the last one where it stands twice); null where absent or this is no mapping.
  const Node* get(std::string_view key) const;
  /// get() along several keys.
  const Node* get(std::initializer_list<std::string_view> keys) const;
  /// The scalar's text, or `fallback` for anything else.
  std::string_view text(std::string_view fallback = {}) const;
  /// true/false for true, false, yes, no, on, off in any case (plain) or "true"/"false" (quoted); empty for anything
  /// else.
  std::optional<bool> truth() const;
  /// A scalar as a list of one, a sequence of scalars as their texts, a mapping as its keys, null as none.
  std::vector<std::string> texts() const;
  /// Same meaning: kinds, canonical scalars, item order, members in any order. Lines, quoting and style do not count.
  bool same_as(const Node&) const;
  /// A hash that agrees with same_as. Keyed at random per process, so that nobody can prepare two texts that collide:
  /// never store it.
  std::uint64_t meaning() const;
  /// Keeps meaning() here and in every node below, so that comparing costs no walk. The readers return sealed trees;
  /// whoever alters a sealed node sets the `hash` of it and of its ancestors back to 0.
  void seal();
  /// One line for people, at most `limit` bytes: `[push, pull_request]`, `{branches: [main]}`.
  std::string brief(std::size_t limit = 120) const;
};

struct Member {
  Node key;
  Node value;
};

/// The type that the YAML 1.2 core schema gives to unquoted text.
ScalarType plain_type(std::string_view text);

/// Something about a document that a reader must know before trusting it.
struct Problem {
  enum class Kind : std::uint8_t {
    syntax_error,
    duplicate_key,
    merge_key,   ///< `<<` (resolved in the tree; some systems do not support it)
    custom_tag,  ///< a tag outside the core schema; kept in Node::tag
    invalid_utf8,
    limit,  ///< alias budget, depth or node count exceeded: the tree is incomplete
    unknown_anchor,
  };
  Kind kind;
  std::uint32_t line = 0;
  std::string message;
  friend bool operator==(const Problem&, const Problem&) = default;
};

struct Document {
  std::vector<Node> roots;  ///< several for multi-document YAML, else one; empty where nothing could be read
  std::vector<Problem> problems;

  const Node& root() const;  ///< the first root, or a null node
  bool has(Problem::Kind kind) const;
  /// The tree cannot be trusted: syntax error, limit, invalid UTF-8 or unknown anchor.
  bool broken() const;
};

}  // namespace tollbar::document
