// TOML through toml++, whose sorted tables are brought back into source order.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "document/formats.h"
#include "document/formats/reading.h"

// toml++ asserts, or in a release build assumes, that a table header starts with a key: `[?]` would end the process.
struct TomlAssertion {};
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : throw TomlAssertion{})
#include <toml++/toml.h>

namespace tollbar::document {
namespace {

Position position_of(const toml::source_region& source) {
  return {static_cast<std::uint32_t>(source.begin.line), static_cast<std::uint32_t>(source.begin.column)};
}

template <typename Value>
std::string as_text(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

/// toml++ caps nested values but not dotted keys, and tears its tables down by recursion. Lines with more dots than any
/// real key has are counted, quoted or not, because only a full parse could tell.
bool nests_by_dots(std::string_view text) {
  constexpr std::ptrdiff_t dots_of_a_line = 16;
  constexpr std::ptrdiff_t dots_in_all = 4'000;
  std::ptrdiff_t total = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::ptrdiff_t dots = std::count(line.begin(), line.end(), '.');
    total += dots > dots_of_a_line ? dots : 0;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return total > dots_in_all;
}

struct TooDeep {
  std::uint32_t line;
};

Node convert(const toml::node& value, std::size_t depth, Document& document);

void extend(Node& parent, const Node& child) {
  parent.end_line = std::max(parent.end_line, child.end_line);
}

Node convert_array(const toml::array& array, std::size_t depth, Document& document) {
  Node node = collection_node(NodeKind::sequence, position_of(array.source()));
  node.end_line = std::max(node.line, static_cast<std::uint32_t>(array.source().end.line));
  for (const toml::node& item : array) {
    node.items.push_back(convert(item, depth + 1, document));
    extend(node, node.items.back());
  }
  return node;
}

Node convert_table(const toml::table& table, std::size_t depth, Document& document) {
  Node node = collection_node(NodeKind::mapping, position_of(table.source()));
  KeySet keys;
  for (const auto& [key, value] : table) {
    Node name = string_node(key.str(), position_of(key.source()));
    add_member(node, keys, std::move(name), convert(value, depth + 1, document), document);
    extend(node, node.members.back().value);
  }
  std::stable_sort(node.members.begin(), node.members.end(), [](const Member& a, const Member& b) {
    return std::pair{a.key.line, a.key.column} < std::pair{b.key.line, b.key.column};
  });
  return node;
}

Node convert(const toml::node& value, std::size_t depth, Document& document) {
  if (depth > max_depth) {
    throw TooDeep{position_of(value.source()).line};
  }
  if (const toml::table* table = value.as_table()) {
    return convert_table(*table, depth, document);
  }
  if (const toml::array* array = value.as_array()) {
    return convert_array(*array, depth, document);
  }
  Node node = string_node({}, position_of(value.source()));
  node.end_line = std::max(node.line, static_cast<std::uint32_t>(value.source().end.line));
  node.plain = !value.is_string();
  value.visit([&node](const auto& held) {
    if constexpr (toml::is_string<decltype(held)>) {
      node.scalar = held.get();
    } else if constexpr (toml::is_boolean<decltype(held)>) {
      node.scalar = held.get() ? "true" : "false";
      node.type = ScalarType::boolean;
    } else if constexpr (toml::is_integer<decltype(held)>) {
      node.scalar = std::to_string(held.get());
      node.type = ScalarType::integer;
    } else if constexpr (toml::is_value<decltype(held)>) {
      node.scalar = as_text(held);
      node.type = toml::is_floating_point<decltype(held)> ? ScalarType::floating : ScalarType::string;
    }
  });
  return node;
}

}  // namespace

Document read_toml(std::string_view text) {
  Document document;
  text = without_bom(text);
  check_utf8(text, document);
  if (nests_by_dots(text)) {
    document.problems.push_back({Problem::Kind::limit, 1, "keys with too many dots"});
    return document;
  }
  try {
    document.roots.push_back(convert_table(toml::parse(text), 1, document));
    document.roots.back().line = 1;
    document.roots.back().seal();
  } catch (const toml::parse_error& error) {
    document.problems.push_back(
        {Problem::Kind::syntax_error, position_of(error.source()).line, std::string{error.description()}});
  } catch (const TomlAssertion&) {
    document.problems.push_back({Problem::Kind::syntax_error, 1, "what no TOML can be"});
  } catch (const TooDeep& found) {
    document.problems.push_back({Problem::Kind::limit, found.line, "nested too deeply"});
  }
  return document;
}

}  // namespace tollbar::document
