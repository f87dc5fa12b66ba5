// INI-like files: sections of keys and values, and what git config, properties, setup.cfg and .npmrc make of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/formats.h"
#include "document/formats/reading.h"

namespace tollbar::document {
namespace {

constexpr std::string_view blank = " \t\r\f\v";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// `remote "origin"` as `remote.origin`, which is how git names it; any other title as it stands.
std::string section_name(std::string_view title) {
  const std::size_t quote = title.find(" \"");
  if (quote == std::string_view::npos || title.size() < quote + 3 || !title.ends_with('"')) {
    return std::string{title};
  }
  const std::string_view name = trimmed(title.substr(0, quote));
  return std::string{name} + "." + std::string{title.substr(quote + 2, title.size() - quote - 3)};
}

/// A comment behind a value starts with `#` or `;` after white space.
std::string_view without_comment(std::string_view value) {
  if (value.starts_with('#') || value.starts_with(';')) {
    return {};
  }
  char quote = '\0';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if ((c == '"' || c == '\'') && i == 0) {
      quote = c;
    } else if ((c == '#' || c == ';') && blank.find(value[i - 1]) != std::string_view::npos) {
      return trimmed(value.substr(0, i));
    }
  }
  return value;
}

std::string_view unquoted(std::string_view value) {
  const bool quoted =
      value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

/// `=`, or `:` before a blank: the key `//registry.npmjs.org/:_authToken` of an .npmrc is one.
std::size_t find_separator(std::string_view content) {
  for (std::size_t i = 0; i < content.size(); ++i) {
    const bool colon =
        content[i] == ':' && (i + 1 == content.size() || blank.find(content[i + 1]) != std::string_view::npos);
    if (content[i] == '=' || colon) {
      return i;
    }
  }
  return content.find(':');
}

/// `name = value` or `name: value`.
bool is_entry(std::string_view content) {
  const std::size_t separator = find_separator(content);
  const std::string_view key = trimmed(content.substr(0, separator));
  return separator != std::string_view::npos && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

class IniReader {
 public:
  explicit IniReader(Document& document) : document_{document} {
    sections_.push_back({{}, collection_node(NodeKind::mapping, {}), {}});
  }

  void read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      read_line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      ++line_;
    }
  }

  /// The members before any section, then the sections.
  Node finish() {
    Node root = std::move(sections_.front().node);
    root.end_line = line_;
    for (auto section = sections_.begin() + 1; section != sections_.end(); ++section) {
      add_member(root, sections_.front().keys, std::move(section->name), std::move(section->node), document_);
    }
    return root;
  }

 private:
  struct Section {
    Node name;
    Node node;
    KeySet keys;
  };

  Section& section() { return sections_[current_]; }

  void read_line(std::string_view line) {
    const std::string_view content = trimmed(line);
    const auto column = static_cast<std::uint32_t>(line.find_first_not_of(blank) + 1);
    if (content.empty() || content.front() == '#' || content.front() == ';' || content.front() == '!') {
      return;
    }
    if (continued_ || continues_value(content, column)) {
      append(content);
    } else if (content.front() == '[') {
      open_section(content, column);
    } else {
      read_entry(content, column);
    }
  }

  /// Deeper lines go on with a value, as setup.cfg and tox.ini have it; but git config indents as it likes, so behind a
  /// value that has begun nothing that could be an entry of its own is taken for more of it.
  bool continues_value(std::string_view content, std::uint32_t column) const {
    return entry_column_ != 0 && column > entry_column_ && (value_follows_ || !is_entry(content));
  }

  void open_section(std::string_view content, std::uint32_t column) {
    const std::size_t end = content.rfind(']');
    if (end == std::string_view::npos) {
      document_.problems.push_back({Problem::Kind::syntax_error, line_, "section title without ]"});
    }
    const std::string name = section_name(trimmed(content.substr(1, end == std::string_view::npos ? end : end - 1)));
    const Position position{line_, column};
    entry_column_ = 0;
    for (current_ = 1; current_ < sections_.size(); ++current_) {
      if (section().name.scalar == name) {
        return;  // git config opens a section as often as it likes
      }
    }
    sections_.push_back({string_node(name, position), collection_node(NodeKind::mapping, position), {}});
  }

  void read_entry(std::string_view content, std::uint32_t column) {
    const std::size_t separator = find_separator(content);
    const std::string_view key = trimmed(content.substr(0, separator));
    std::string_view value =
        separator == std::string_view::npos ? std::string_view{} : trimmed(content.substr(separator + 1));
    continued_ = value.ends_with('\\');
    value = without_comment(continued_ ? trimmed(value.substr(0, value.size() - 1)) : value);
    const Position position{line_, column};
    Node node = separator == std::string_view::npos ? collection_node(NodeKind::null, position)
                                                    : string_node(unquoted(value), position);
    node.plain = node.is_scalar() && unquoted(value) == value;
    add_entry(string_node(key, position), std::move(node));
    entry_column_ = separator == std::string_view::npos ? 0 : column;
    value_follows_ = value.empty();
  }

  void add_entry(Node key, Node value) {
    section().node.end_line = line_;
    add_member(section().node, section().keys, std::move(key), std::move(value), document_);
  }

  /// A further line of the last value.
  void append(std::string_view content) {
    const bool joined = continued_;
    continued_ = content.ends_with('\\');
    Node& value = section().node.members.back().value;
    if (!value.scalar.empty()) {
      value.scalar += joined ? ' ' : '\n';
    }
    value.scalar += without_comment(continued_ ? trimmed(content.substr(0, content.size() - 1)) : content);
    value.hash = 0;
    value.end_line = section().node.end_line = line_;
  }

  Document& document_;
  std::vector<Section> sections_;
  std::size_t current_ = 0;
  std::uint32_t line_ = 1;
  bool continued_ = false;          ///< the line before ended in a backslash
  std::uint32_t entry_column_ = 0;  ///< of the last key that has a value; 0 without one
  bool value_follows_ = false;      ///< that key's own line held no value
};

}  // namespace

Document read_ini(std::string_view text) {
  Document document;
  text = without_bom(text);
  check_utf8(text, document);
  IniReader reader{document};
  reader.read(text);
  document.roots.push_back(reader.finish());
  document.roots.back().seal();
  return document;
}

}  // namespace tollbar::document
