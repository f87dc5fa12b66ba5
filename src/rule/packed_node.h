// Trees of texts in few bytes that are read fast: how the rules are kept in the program.
#pragma once

#include <string>
#include <string_view>

#include "document/node.h"

namespace tollbar::rule {

/// A node without its places in a source; all scalars become texts.
std::string pack(const document::Node& node);

/// Reads what pack() wrote, one node after the other.
class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : rest_(packed) {}

  bool done() const { return rest_.empty(); }
  /// Throws util::Error for bytes that pack() did not write.
  document::Node next();

 private:
  char take();
  std::size_t take_number();
  std::string_view take_text();

  std::string_view rest_;
};

}  // namespace tollbar::rule
