#include "document/spread.h"

#include <algorithm>
#include <cctype>

#include "text/json_string.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

constexpr std::size_t kShortList = 100;  ///< bytes of a list that stays on one line

/// Lines under way, each with where it was written.
class SettingLines {
 public:
  void add(const std::string& line, std::uint32_t source) {
    spread_.text += line;
    spread_.text += '\n';
    spread_.sources.push_back(source);
  }
  Spread take() { return std::move(spread_); }

 private:
  Spread spread_;
};

bool is_bare_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '-';
  });
}

bool holds_scalars(const Node& list) {
  return std::all_of(list.items.begin(), list.items.end(),
                     [](const Node& item) { return item.is_scalar() || item.is_null(); });
}

/// Of JSON and TOML, where text is quoted and everything else is not.
std::string literal(const Node& scalar) {
  if (scalar.is_null()) return "null";
  return scalar.type == ScalarType::string ? text::json_string(scalar.scalar) : scalar.scalar;
}

/// The list on one line, where it is short; else empty.
std::string short_list(const Node& list) {
  if (!holds_scalars(list)) return {};
  std::string text = "[";
  for (const auto& item : list.items) {
    if (text.size() > 1) text += ", ";
    text += literal(item);
    if (text.size() > kShortList) return {};
  }
  return text + "]";
}

class Json {
 public:
  explicit Json(SettingLines& lines) : lines_(lines) {}

  void write(const std::string& indent, const std::string& before, const Node& node, std::string_view behind) {
    const std::string start = indent + before, end(behind);
    if (node.is_mapping() && !node.members.empty()) {
      lines_.add(start + "{", node.line);
      for (const auto& member : node.members)
        write(indent + "  ", text::json_string(member.key.text()) + ": ", member.value,
              comma(&member == &node.members.back()));
      lines_.add(indent + "}" + end, node.end_line);
      return;
    }
    if (node.is_sequence()) {
      if (const auto list = short_list(node); !list.empty()) return lines_.add(start + list + end, node.line);
      lines_.add(start + "[", node.line);
      for (const auto& item : node.items) write(indent + "  ", "", item, comma(&item == &node.items.back()));
      lines_.add(indent + "]" + end, node.end_line);
      return;
    }
    lines_.add(start + (node.is_mapping() ? "{}" : literal(node)) + end, node.line);
  }

 private:
  static std::string_view comma(bool last) { return last ? "" : ","; }

  SettingLines& lines_;
};

class Yaml {
 public:
  explicit Yaml(SettingLines& lines) : lines_(lines) {}

  void write(const std::string& indent, const Node& node) { write(indent, indent, node); }

 private:
  /// `first` is what the first line begins with: the indentation, or the dash of an entry in its place.
  void write(const std::string& indent, std::string first, const Node& node) {
    for (const auto& member : node.members) {
      put(indent, first + plain(member.key) + ":", member.value, member.key.line);
      first = indent;
    }
    for (const auto& item : node.items) {
      if (item.is_mapping() && !item.members.empty())
        write(indent + "  ", first + "- ", item);
      else
        put(indent, first + "-", item, item.line);
      first = indent;
    }
  }

  void put(const std::string& indent, const std::string& start, const Node& value, std::uint32_t line) {
    if (value.is_null()) return lines_.add(start, line);
    if (value.is_scalar() && value.scalar.find('\n') != std::string::npos) return put_block(indent, start, value, line);
    if (value.is_scalar()) return lines_.add(start + " " + plain(value), value.line != 0 ? value.line : line);
    if (value.members.empty() && value.items.empty())
      return lines_.add(start + (value.is_mapping() ? " {}" : " []"), line);
    lines_.add(start, line);
    write(indent + "  ", value);
  }

  void put_block(const std::string& indent, const std::string& start, const Node& value, std::uint32_t line) {
    lines_.add(start + " |", line);
    std::uint32_t number = value.content_line;
    for (const auto content : text::Lines(value.scalar)) lines_.add(indent + "  " + std::string(content), number++);
  }

  static std::string plain(const Node& scalar) {
    static const text::Pattern needs_quotes(R"(^$|^[\s\-?:,\[\]{}#&*!|>'"%@`]|:(?:\s|$)|\s#|\s$)");
    const auto text = scalar.text();
    if (scalar.plain || (plain_type(text) == ScalarType::string && !needs_quotes.matches(text)))
      return std::string(text);
    return text::json_string(text);
  }

  SettingLines& lines_;
};

class Toml {
 public:
  explicit Toml(SettingLines& lines) : lines_(lines) {}

  /// The settings of a table, then the tables in it.
  void write(const std::string& name, const Node& table) {
    for (const auto& [key, value] : table.members)
      if (!is_table(value) && !holds_tables(value)) put(word(key), value);
    for (const auto& [key, value] : table.members) {
      const auto inner = name.empty() ? word(key) : name + "." + word(key);
      if (is_table(value)) {
        lines_.add("[" + inner + "]", value.line);
        write(inner, value);
      } else if (holds_tables(value)) {
        for (const auto& item : value.items) {
          lines_.add("[[" + inner + "]]", item.line);
          write(inner, item);
        }
      }
    }
  }

 private:
  static bool is_table(const Node& node) { return node.is_mapping(); }
  static bool holds_tables(const Node& node) {
    return node.is_sequence() && !node.items.empty() && std::all_of(node.items.begin(), node.items.end(), is_table);
  }
  static std::string word(const Node& key) {
    const auto text = key.text();
    return is_bare_key(text) ? std::string(text) : text::json_string(text);
  }

  void put(const std::string& key, const Node& value) {
    if (!value.is_sequence()) return lines_.add(key + " = " + literal(value), value.line);
    if (const auto list = short_list(value); !list.empty()) return lines_.add(key + " = " + list, value.line);
    lines_.add(key + " = [", value.line);
    for (const auto& item : value.items)
      lines_.add("  " + (item.is_scalar() ? literal(item) : text::json_string(item.brief())) + ",", item.line);
    lines_.add("]", value.end_line);
  }

  SettingLines& lines_;
};

bool is_dense_json(std::string_view line) {
  const auto first = line.find("\":");
  return first != std::string_view::npos &&
         (line.find("\":", first + 2) != std::string_view::npos || line.ends_with("\":"));
}

}  // namespace

Format settings_format(std::string_view path) {
  if (path.ends_with(".json") || path.ends_with(".jsonc")) return Format::json;
  if (path.ends_with(".yml") || path.ends_with(".yaml")) return Format::yaml;
  return path.ends_with(".toml") ? Format::toml : Format::none;
}

bool has_escaped_letters(std::string_view text) {
  return text.find("\\u00") != std::string_view::npos || text.find("\\x") != std::string_view::npos;
}

bool is_dense(std::string_view text, Format format) {
  static const text::Pattern yaml(R"(^\s*(?:- )*(?:["'][^"']*["']\s*:|\?)|(?:^|[\s\[,:])\{(?!\{)\s*\S)");
  static const text::Pattern toml(R"(^\s*\[+\s*(?:["']|\s)|^\s*(?:["']|[\w-]+\s*\.)|=\s*\{)");
  if (format == Format::none) return false;
  if (has_escaped_letters(text)) return true;
  for (const auto line : text::Lines(text)) {
    const auto content = text::trimmed(line);
    if (content.empty() || content.starts_with('#')) continue;
    if (format == Format::json && is_dense_json(content)) return true;
    if (format == Format::yaml && line.find_first_of("{\"'?") != std::string_view::npos && yaml.matches(line))
      return true;
    if (format == Format::toml && toml.matches(line)) return true;
  }
  return false;
}

Spread spread(const Document& document, Format format) {
  SettingLines lines;
  for (const auto& root : document.roots) {
    if (format == Format::json) Json(lines).write("", "", root, "");
    if (format == Format::yaml && &root != &document.roots.front()) lines.add("---", root.line);
    if (format == Format::yaml) Yaml(lines).write("", root);
    if (format == Format::toml) Toml(lines).write("", root);
  }
  return lines.take();
}

}  // namespace tollbar::document
