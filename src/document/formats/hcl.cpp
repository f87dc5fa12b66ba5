// HCL 2: blocks nested by their labels, literals as nodes, any other expression as text that re-formatting does not
// change.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "document/formats.h"
#include "document/formats/hcl_dynamic.h"
#include "document/formats/hcl_legacy.h"
#include "document/formats/hcl_lexer.h"
#include "document/formats/reading.h"

namespace tollbar::document {
namespace {

using Kind = HclToken::Kind;

/// An attribute or a block: the keys that lead to it (a block's type and labels) and what stands there.
struct Entry {
  std::vector<Node> path;
  Node value;
  bool block = false;
};

/// Turns entries into a mapping. `depth` keys of each path are used up.
class Assembler {
 public:
  explicit Assembler(Document& document) : document_{document} {}

  Node assemble(std::vector<Entry*> entries, std::size_t depth, Position position) {
    Node mapping = collection_node(NodeKind::mapping, position);
    KeySet keys;
    for (std::vector<Entry*>& group : grouped(std::move(entries), depth)) {
      const auto labelled = std::stable_partition(
          group.begin(), group.end(), [depth](const Entry* entry) { return entry->path.size() == depth + 1; });
      add_values(mapping, keys, {group.begin(), labelled}, depth);
      if (labelled != group.end()) {
        Node key = (*labelled)->path[depth];
        const Position start{key.line, key.column};
        add(mapping, keys, std::move(key), assemble({labelled, group.end()}, depth + 1, start));
      }
    }
    return mapping;
  }

 private:
  /// By the key at `depth`, in order of first appearance.
  static std::vector<std::vector<Entry*>> grouped(std::vector<Entry*> entries, std::size_t depth) {
    std::vector<std::vector<Entry*>> groups;
    std::unordered_map<std::string_view, std::size_t> index;
    for (Entry* entry : entries) {
      const auto [place, inserted] = index.try_emplace(entry->path[depth].scalar, groups.size());
      if (inserted) {
        groups.emplace_back();
      }
      groups[place->second].push_back(entry);
    }
    return groups;
  }

  /// Several blocks become a sequence; several attributes are duplicate keys.
  void add_values(Node& mapping, KeySet& keys, const std::vector<Entry*>& entries, std::size_t depth) {
    const bool blocks = std::all_of(entries.begin(), entries.end(), [](const Entry* entry) { return entry->block; });
    if (!blocks || entries.size() < 2) {
      for (Entry* entry : entries) {
        add(mapping, keys, Node{entry->path[depth]}, std::move(entry->value));
      }
      return;
    }
    const Node& first = entries.front()->path[depth];
    Node sequence = collection_node(NodeKind::sequence, {first.line, first.column});
    for (Entry* entry : entries) {
      sequence.end_line = std::max(sequence.end_line, entry->value.end_line);
      sequence.items.push_back(std::move(entry->value));
    }
    add(mapping, keys, Node{first}, std::move(sequence));
  }

  void add(Node& mapping, KeySet& keys, Node&& key, Node&& value) {
    mapping.end_line = std::max(mapping.end_line, value.end_line);
    add_member(mapping, keys, std::move(key), std::move(value), document_);
  }

  Document& document_;
};

bool is_word(const HclToken& token, std::string_view word) {
  return token.kind == Kind::word && token.text == word;
}

bool closes(const HclToken& token) {
  return token.is("}") || token.is("]") || token.is(")");
}

bool opens(const HclToken& token) {
  return token.is("{") || token.is("[") || token.is("(");
}

/// What may stand behind a complete expression.
bool ends_expression(const HclToken& token) {
  return token.kind == Kind::new_line || token.kind == Kind::end || token.is(",") || closes(token);
}

/// Spaces depend on the tokens alone, never on how they were laid out.
bool wants_space(const HclToken& left, const HclToken& right) {
  if (right.is(",") || right.is(".") || right.is(")") || right.is("]") || right.is("...") || left.is(".") ||
      left.is("(") || left.is("[") || left.is("!") || left.is("::") || right.is("::")) {
    return false;
  }
  const bool operand = left.kind == Kind::word || left.is(")") || left.is("]");
  return !(operand && (right.is("(") || right.is("[")));
}

/// Two of these never stand side by side outside brackets.
bool is_operand(const HclToken& token) {
  return token.kind == Kind::word || token.kind == Kind::number || token.kind == Kind::string ||
         token.kind == Kind::heredoc;
}

class HclReader {
 public:
  HclReader(std::vector<HclToken> tokens, Document& document) : tokens_{std::move(tokens)}, document_{document} {}

  Node read() {
    Node root = read_body(1, Kind::end, {1, 1});
    root.end_line = peek().position.line;
    return root;
  }

 private:
  const HclToken& peek(std::size_t ahead = 0) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }
  const HclToken& take() {
    const HclToken& token = peek();
    next_ = std::min(next_ + 1, tokens_.size() - 1);
    return token;
  }

  [[noreturn]] void fail(std::string message) const { throw HclSyntaxError{peek().position.line, std::move(message)}; }

  void skip_lines() {
    while (peek().kind == Kind::new_line) {
      take();
    }
  }

  void check_depth(std::size_t depth) const {
    if (depth > max_depth) {
      throw HclSyntaxError{peek().position.line, "nested too deeply", Problem::Kind::limit};
    }
  }

  /// Attributes and blocks up to `}` or the end of the text, which is left in place.
  Node read_body(std::size_t depth, Kind last, Position position) {
    std::vector<Entry> entries;
    for (skip_lines(); peek().kind != last && !peek().is("}"); skip_lines()) {
      entries.push_back(read_entry(depth));
    }
    if (last == Kind::end ? peek().is("}") : peek().kind == Kind::end) {
      fail("unbalanced }");
    }
    std::vector<Entry*> pointers;
    for (Entry& entry : entries) {
      pointers.push_back(&entry);
    }
    return Assembler{document_}.assemble(std::move(pointers), 0, position);
  }

  Entry read_entry(std::size_t depth) {
    if (peek().kind != Kind::word && peek().kind != Kind::string) {
      fail("expected a name");
    }
    Entry entry;
    entry.path.push_back(name_node(take()));
    if (peek().is("=") || peek().is(":")) {
      take();
      entry.value = read_expression(depth + 1);
    } else {
      read_block(entry, depth);
    }
    if (peek().is(",")) {
      take();
    }
    if (peek().kind != Kind::new_line && peek().kind != Kind::end && !peek().is("}")) {
      fail("expected a new line");
    }
    return entry;
  }

  void read_block(Entry& entry, std::size_t depth) {
    while (peek().kind == Kind::word || peek().kind == Kind::string) {
      entry.path.push_back(name_node(take()));
    }
    check_depth(depth + entry.path.size());
    if (!peek().is("{")) {
      fail("expected = or {");
    }
    entry.block = true;
    take();
    entry.value = read_body(depth + entry.path.size(), Kind::symbol, position_of(entry.path.front()));
    entry.value.end_line = take().end_line;
    if (entry.path.front().scalar == "variable") {
      unquote_type(entry.value);
    }
  }

  static Position position_of(const Node& node) { return {node.line, node.column}; }

  static Node name_node(const HclToken& token) {
    return string_node(token.kind == Kind::string ? hcl_string(token) : std::string{token.text}, token.position);
  }

  Node read_expression(std::size_t depth) {
    check_depth(depth);
    if (std::optional<Node> inner = read_interpolated(depth)) {
      return std::move(*inner);
    }
    const std::size_t start = next_;
    std::optional<Node> literal = read_literal(depth);
    if (literal && ends_expression(peek())) {
      return std::move(*literal);
    }
    next_ = start;
    return read_raw(false);
  }

  /// What stands in a string that is one interpolation and nothing else, which is what it holds: `"${var.x}"`.
  std::optional<Node> read_interpolated(std::size_t depth) {
    auto tokens = sole_interpolation(peek());
    if (!tokens || !ends_expression(peek(1))) {
      return std::nullopt;
    }
    try {
      HclReader inner{std::move(*tokens), document_};
      Node node = inner.read_expression(depth + 1);
      if (inner.peek().kind != Kind::end) {
        return std::nullopt;
      }
      take();
      return node;
    } catch (const HclSyntaxError&) {
      return std::nullopt;
    }
  }

  /// What needs no evaluation; nothing where the tokens are another kind of expression.
  std::optional<Node> read_literal(std::size_t depth) {
    const HclToken& token = peek();
    const bool negative = token.is("-") && peek(1).kind == Kind::number;
    if (token.kind == Kind::number || negative) {
      next_ += negative ? 2 : 1;
      return plain_node((negative ? "-" : "") + std::string{tokens_[next_ - 1].text}, token.position);
    }
    if (is_word(token, "true") || is_word(token, "false") || is_word(token, "null")) {
      return plain_node(take().text, token.position);
    }
    if (token.kind == Kind::string || token.kind == Kind::heredoc) {
      Node node = string_node(hcl_string(take()), token.position);
      node.end_line = token.end_line;
      node.content_line += token.kind == Kind::heredoc ? 1 : 0;
      return node;
    }
    std::size_t inner = 1;
    while (peek(inner).kind == Kind::new_line) {
      ++inner;
    }
    if (!(token.is("[") || token.is("{")) || is_word(peek(inner), "for")) {
      return std::nullopt;
    }
    // A collection that turns out to be part of an expression is read again as text: not twice at every level.
    if (!ends_expression(tokens_[matching(next_) + 1])) {
      return std::nullopt;
    }
    return token.is("[") ? read_list(depth) : read_object(depth);
  }

  /// The bracket that closes the one at `open`.
  std::size_t matching(std::size_t open) {
    if (partner_.empty()) {
      pair_brackets();
    }
    if (partner_[open] == 0) {
      fail("bracket without end");
    }
    return partner_[open];
  }

  void pair_brackets() {
    partner_.resize(tokens_.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (opens(tokens_[i])) {
        open.push_back(i);
      } else if (closes(tokens_[i]) && !open.empty()) {
        partner_[open.back()] = i;
        open.pop_back();
      }
    }
  }

  Node read_list(std::size_t depth) {
    Node node = collection_node(NodeKind::sequence, take().position);
    for (skip_lines(); !peek().is("]"); skip_lines()) {
      node.items.push_back(read_expression(depth + 1));
      skip_lines();
      if (!peek().is(",")) {
        break;
      }
      take();
    }
    close(node, "]");
    return node;
  }

  Node read_object(std::size_t depth) {
    Node node = collection_node(NodeKind::mapping, take().position);
    KeySet keys;
    for (skip_lines(); !peek().is("}"); skip_lines()) {
      const bool name = peek().kind == Kind::word || peek().kind == Kind::string || peek().kind == Kind::number;
      const bool simple = name && (peek(1).is("=") || peek(1).is(":"));
      Node key = simple ? name_node(take()) : read_raw(true);
      if (!peek().is("=") && !peek().is(":")) {
        fail("expected = behind a key");
      }
      take();
      skip_lines();
      add_member(node, keys, std::move(key), read_expression(depth + 1), document_);
      if (peek().is(",")) {
        take();
      } else if (peek().kind != Kind::new_line) {
        break;
      }
    }
    close(node, "}");
    return node;
  }

  void close(Node& node, std::string_view bracket) {
    if (!peek().is(bracket)) {
      fail("expected " + std::string{bracket});
    }
    node.end_line = take().end_line;
  }

  /// An expression as text. Line breaks between brackets mean nothing, but separate the members of an object.
  Node read_raw(bool key) {
    const HclToken& first = peek();
    Node node = string_node({}, first.position);
    std::vector<bool> object;  // for each open bracket: an object's brace
    HclToken left;
    for (;; take()) {
      const HclToken& token = peek();
      if (token.kind == Kind::end ||
          (object.empty() && (ends_expression(token) || (key && (token.is("=") || token.is(":")))))) {
        break;
      }
      if (object.empty() && (token.is("=") || (is_operand(left) && is_operand(token)))) {
        fail("expected a new line");
      }
      HclToken right = token;
      if (token.kind == Kind::new_line) {
        if (!object.back() || left.is(",") || left.is("{")) {
          continue;
        }
        right.kind = Kind::symbol;
        right.text = ",";
      }
      if (opens(token)) {
        object.push_back(token.is("{") && !is_word(peek(1), "for"));
      } else if (closes(token)) {
        object.pop_back();
        if (left.is(",")) {
          node.scalar.pop_back();
        }
      }
      if (!node.scalar.empty() && wants_space(left, right)) {
        node.scalar += ' ';
      }
      append(node.scalar, right);
      node.end_line = token.end_line;
      left = right;
    }
    if (node.scalar.empty() || !object.empty()) {
      fail("expected an expression");
    }
    node.plain = true;
    if (node.scalar == "!true" || node.scalar == "!false")  // what it amounts to is known
      node.scalar = node.scalar == "!true" ? "false" : "true";
    else
      node.tag = expression_tag;
    return node;
  }

  static void append(std::string& out, const HclToken& token) {
    if (token.kind == Kind::heredoc) {
      out += '"';
      out += hcl_string(token);
      out += '"';
    } else {
      out += token.text;
    }
  }

  std::vector<HclToken> tokens_;
  std::vector<std::size_t> partner_;
  std::size_t next_ = 0;
  Document& document_;
};

}  // namespace

Document read_hcl(std::string_view text) {
  Document document;
  text = without_bom(text);
  check_utf8(text, document);
  try {
    document.roots.push_back(HclReader{hcl_tokens(text), document}.read());
    unroll_dynamic_blocks(document.roots.back());
    document.roots.back().seal();
  } catch (const HclSyntaxError& error) {
    document.problems.push_back({error.kind, error.line, error.message});
  }
  return document;
}

}  // namespace tollbar::document
