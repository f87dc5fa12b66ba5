// The name of a git object: 20 bytes (SHA-1) or 32 (SHA-256).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tollbar::model {

struct ObjectId {
  std::array<std::uint8_t, 32> bytes{};
  std::uint8_t size = 20;  ///< 20 or 32; the bytes after it are zero.

  bool operator==(const ObjectId&) const = default;
  auto operator<=>(const ObjectId&) const = default;
  bool is_zero() const;
  std::string hex() const;
  /// The first `digits` hexadecimal digits.
  std::string short_hex(std::size_t digits = 12) const;
  /// 40 or 64 hexadecimal digits; empty for anything else.
  static std::optional<ObjectId> from_hex(std::string_view);
  static ObjectId from_raw(const std::uint8_t* data, std::size_t size);
};

}  // namespace tollbar::model

template <>
struct std::hash<tollbar::model::ObjectId> {
  std::size_t operator()(const tollbar::model::ObjectId& id) const noexcept;
};
