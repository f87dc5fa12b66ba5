// YAML: the event stream becomes a tree, with aliases expanded within a budget and merge keys resolved.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "document/formats.h"
#include "document/formats/reading.h"
#include "document/formats/yaml_extent.h"
#include "text/yaml_events.h"

namespace tollbar::document {
namespace {

constexpr std::string_view core_tag_prefix = "tag:yaml.org,2002:";

struct LimitReached {
  std::uint32_t line;
  const char* what;
};

struct Size {
  std::size_t nodes = 0;
  std::size_t depth = 0;
};

/// Counts until `limit` is passed: an alias bomb must not cost its size even to be refused.
Size measure(const Node& node, std::size_t limit) {
  Size size{1, 1};
  const auto add = [&size, limit](const Node& child) {
    if (size.nodes <= limit) {
      const Size inner = measure(child, limit - size.nodes);
      size.nodes += inner.nodes;
      size.depth = std::max(size.depth, inner.depth + 1);
    }
  };
  for (const Node& item : node.items) {
    add(item);
  }
  for (const Member& member : node.members) {
    add(member.key);
    add(member.value);
  }
  return size;
}

bool is_merge_key(const Node& key) {
  return key.is_scalar() && key.plain && key.scalar == "<<";
}

/// The short form of a tag, or empty for the core tags, whose effect is in the node already.
std::string_view custom_tag(std::string_view tag) {
  if (!tag.starts_with(core_tag_prefix)) {
    return tag;
  }
  const std::string_view name = tag.substr(core_tag_prefix.size());
  for (const std::string_view core : {"str", "int", "float", "bool", "null", "map", "seq", "merge"}) {
    if (name == core) {
      return {};
    }
  }
  return tag;
}

class TreeBuilder final : public text::YamlHandler {
 public:
  TreeBuilder(std::string_view text, Document& document) : text_{text}, document_{document} {}

  void document_start(text::YamlMark mark) override {
    open_.clear();
    anchors_.clear();
    move_to(mark);
  }
  void document_end() override {}

  void null(text::YamlMark mark, std::size_t anchor) override {
    const bool written = is_null_at(mark.offset);
    if (written || anchor != 0) {
      move_to(mark);
    } else {
      // The mark of an absent value is the next token's, often lines below the key.
      cursor_ = skip_indicator(text_, cursor_);
    }
    Node node = collection_node(NodeKind::null, {cursor_.line, column_of(cursor_.offset)});
    if (written || anchor != 0) {
      cursor_ = skip_word(text_, cursor_);
    }
    finish(std::move(node), anchor);
  }

  void alias(text::YamlMark mark, std::size_t anchor) override {
    move_to(mark);
    cursor_ = skip_word(text_, cursor_);
    finish(expand(anchor, line_of(mark)), 0);
  }

  void scalar(text::YamlMark mark, std::string_view tag, std::size_t anchor, bool plain,
              std::string_view value) override {
    move_to(mark);
    const ScalarExtent extent = extent_of(value);
    cursor_ = extent.end;
    const bool core = tag.starts_with(core_tag_prefix) && !tag.ends_with(":str") && custom_tag(tag).empty();
    const bool null = core && tag.ends_with(":null");
    Node node = plain || null || (core && extent.plain) ? plain_node(value, {}) : string_node(value, {});
    if (core && node.is_scalar()) {
      node.type = plain_type(value);
    }
    node.line = line_of(mark);
    node.column = static_cast<std::uint32_t>(mark.column);
    node.content_line = extent.content_line;
    node.end_line = extent.end.line;
    set_tag(node, tag);
    finish(std::move(node), anchor);
  }

  void sequence_start(text::YamlMark mark, std::string_view tag, std::size_t anchor) override {
    start(NodeKind::sequence, mark, tag, anchor);
  }
  void sequence_end() override { end(']'); }

  void mapping_start(text::YamlMark mark, std::string_view tag, std::size_t anchor) override {
    start(NodeKind::mapping, mark, tag, anchor);
  }
  void mapping_end() override { end('}'); }

 private:
  struct Open {
    Node node;
    std::size_t anchor = 0;
    bool flow = false;
    bool has_key = false;
    bool has_merge = false;
    Node key;  ///< waits for its value where has_key
    KeySet keys;
  };
  struct Anchor {
    Node node;
    Size size;
  };

  static std::uint32_t line_of(text::YamlMark mark) { return static_cast<std::uint32_t>(mark.line); }

  /// npos + 1 is 0, the start of the first line.
  std::uint32_t column_of(std::size_t offset) const {
    const std::size_t line_start = offset == 0 ? 0 : text_.rfind('\n', offset - 1) + 1;
    return static_cast<std::uint32_t>(offset - line_start + 1);
  }

  void move_to(text::YamlMark mark) { cursor_ = {mark.offset, line_of(mark)}; }

  void report(Problem::Kind kind, std::uint32_t line, std::string message) {
    document_.problems.push_back({kind, line, std::move(message)});
  }

  bool is_null_at(std::size_t offset) const {
    const std::string_view rest = text_.substr(std::min(offset, text_.size()), 5);
    if (rest.starts_with('~')) {
      return true;
    }
    const bool word = rest.starts_with("null") || rest.starts_with("Null") || rest.starts_with("NULL");
    return word && (rest.size() == 4 || std::string_view{" \t\r\n,]}:"}.find(rest[4]) != std::string_view::npos) &&
           !is_key_at(offset);
  }

  /// The token whose mark an absent value borrowed may be a key that is spelled `null`; it then stands on a later line.
  bool is_key_at(std::size_t offset) const {
    const std::string_view between = text_.substr(cursor_.offset, offset - std::min(offset, cursor_.offset));
    const std::string_view after = text_.substr(offset + 4, 2);
    return between.find('\n') != std::string_view::npos && after.starts_with(':');
  }

  /// A tag may stand alone, for an empty string; what is behind it then belongs to the next node.
  ScalarExtent extent_of(std::string_view value) const {
    const YamlCursor begin = skip_properties(text_, cursor_);
    const bool delimited =
        begin.offset < text_.size() && std::string_view{"'\"|>"}.find(text_[begin.offset]) != std::string_view::npos;
    if (value.empty() && !delimited) {
      return {cursor_.line, skip_word(text_, cursor_), true};
    }
    return scalar_extent(text_, begin, value);
  }

  void set_tag(Node& node, std::string_view tag) {
    node.tag = custom_tag(tag);
    if (!node.tag.empty()) {
      report(Problem::Kind::custom_tag, node.line, "custom tag " + node.tag);
    }
  }

  void start(NodeKind kind, text::YamlMark mark, std::string_view tag, std::size_t anchor) {
    if (open_.size() >= max_depth) {
      throw LimitReached{line_of(mark), "nested too deeply"};
    }
    move_to(mark);
    cursor_ = skip_properties(text_, cursor_);
    Open& opened = open_.emplace_back();
    opened.node = collection_node(kind, {line_of(mark), static_cast<std::uint32_t>(mark.column)});
    opened.anchor = anchor;
    opened.flow = cursor_.offset < text_.size() && text_[cursor_.offset] == (kind == NodeKind::sequence ? '[' : '{');
    cursor_.offset += opened.flow ? 1 : 0;
    set_tag(opened.node, tag);
  }

  void end(char bracket) {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.flow) {
      cursor_ = skip_to_bracket(text_, cursor_, bracket);
    }
    closed.node.end_line = std::max(closed.node.line, cursor_.line);
    if (closed.has_merge) {
      merge(closed);
    }
    finish(std::move(closed.node), closed.anchor);
  }

  /// Puts a complete node where it belongs.
  void finish(Node&& node, std::size_t anchor) {
    if (++nodes_ > max_nodes) {
      throw LimitReached{node.line, "too many nodes"};
    }
    node.seal();
    if (anchor != 0) {
      remember(anchor, node);
    }
    if (open_.empty()) {
      document_.roots.push_back(std::move(node));
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_sequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      parent.key = std::move(node);
      parent.has_key = true;
    } else {
      parent.has_key = false;
      if (is_merge_key(parent.key)) {
        parent.has_merge = true;
        report(Problem::Kind::merge_key, parent.key.line, "merge key <<");
      }
      add_member(parent.node, parent.keys, std::move(parent.key), std::move(node), document_);
    }
  }

  bool spend(std::size_t nodes, std::uint32_t line) {
    if (nodes <= alias_budget_) {
      alias_budget_ -= nodes;
      return true;
    }
    if (!document_.has(Problem::Kind::limit)) {
      report(Problem::Kind::limit, line, "aliases expand to too many nodes");
    }
    return false;
  }

  void remember(std::size_t anchor, const Node& node) {
    const Size size = measure(node, alias_budget_);
    if (spend(size.nodes, node.line)) {
      anchors_.insert_or_assign(anchor, Anchor{node, size});
    }
  }

  Node expand(std::size_t anchor, std::uint32_t line) {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      if (!document_.has(Problem::Kind::limit)) {
        report(Problem::Kind::unknown_anchor, line, "alias inside its own anchor");
      }
      return collection_node(NodeKind::null, {line, 0});
    }
    if (open_.size() + found->second.size.depth > max_depth) {
      report(Problem::Kind::limit, line, "aliases nest too deeply");
      return collection_node(NodeKind::null, {line, 0});
    }
    if (!spend(found->second.size.nodes, line)) {
      return collection_node(NodeKind::null, {line, 0});
    }
    return found->second.node;
  }

  /// Replaces the `<<` members by what they stand for: behind the own members, never over them, the earlier source
  /// first.
  static void merge(Open& target) {
    std::vector<Node> sources;
    std::vector<Member> own;
    for (Member& member : target.node.members) {
      if (is_merge_key(member.key) && member.value.is_mapping()) {
        sources.push_back(std::move(member.value));
      } else if (is_merge_key(member.key) && member.value.is_sequence() &&
                 std::all_of(member.value.items.begin(), member.value.items.end(),
                             [](const Node& item) { return item.is_mapping(); })) {
        std::move(member.value.items.begin(), member.value.items.end(), std::back_inserter(sources));
      } else {
        own.push_back(std::move(member));
      }
    }
    for (Node& source : sources) {
      add_absent(own, target.keys, source);
    }
    target.node.members = std::move(own);
  }

  static void add_absent(std::vector<Member>& members, KeySet& keys, Node& source) {
    std::vector<Member> absent;
    for (auto member = source.members.rbegin(); member != source.members.rend(); ++member) {
      if (keys.insert(member->key)) {
        absent.push_back(std::move(*member));
      }
    }
    std::move(absent.rbegin(), absent.rend(), std::back_inserter(members));
  }

  std::string_view text_;
  Document& document_;
  std::vector<Open> open_;
  std::unordered_map<std::size_t, Anchor> anchors_;
  YamlCursor cursor_;  ///< behind the last node
  std::size_t nodes_ = 0;
  std::size_t alias_budget_ = max_alias_nodes;
};

Problem to_problem(const text::YamlError& error) {
  using Reason = text::YamlError::Reason;
  const Problem::Kind kind = error.reason == Reason::unknown_anchor ? Problem::Kind::unknown_anchor
                             : error.reason == Reason::too_deep     ? Problem::Kind::limit
                                                                    : Problem::Kind::syntax_error;
  return {kind, static_cast<std::uint32_t>(error.mark.line), error.message};
}

}  // namespace

Document read_yaml(std::string_view text) {
  Document document;
  text = without_bom(text);
  check_utf8(text, document);
  TreeBuilder builder{text, document};
  try {
    const text::YamlError error = text::read_yaml(text, builder);
    if (error.failed) {
      document.problems.push_back(to_problem(error));
    }
  } catch (const LimitReached& limit) {
    document.problems.push_back({Problem::Kind::limit, limit.line, limit.what});
  }
  return document;
}

}  // namespace tollbar::document
