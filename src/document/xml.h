// Elements of an XML file, for the few tools whose build files are written in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tollbar::document {

struct XmlElement {
  std::string name;
  std::string text;        ///< between its tags, blanks trimmed; that of its children is theirs
  std::uint32_t line = 0;  ///< where it begins, 1-based
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<XmlElement> children;

  /// The first child of the name; null where there is none.
  const XmlElement* child(std::string_view wanted) const;
  /// The text of that child; empty where there is none.
  std::string_view text_of(std::string_view wanted) const;
  std::string_view attribute(std::string_view wanted) const;
};

/// The element that holds all others. No value where tags do not fit together, nest too deeply, or where the file
/// declares entities of its own, so that what it says may not be what stands there.
std::optional<XmlElement> read_xml(std::string_view text);

}  // namespace tollbar::document
