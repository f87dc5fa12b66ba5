// Object names in hexadecimal and raw form.
#include "model/object_id.h"

#include <algorithm>
#include <cstring>

namespace tollbar::model {
namespace {

constexpr std::string_view digits_of_base_16 = "0123456789abcdef";

/// The value of a hexadecimal digit of either case, or -1.
int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  if (digit >= 'a' && digit <= 'f') {
    return digit - 'a' + 10;
  }
  if (digit >= 'A' && digit <= 'F') {
    return digit - 'A' + 10;
  }
  return -1;
}

}  // namespace

bool ObjectId::is_zero() const {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::string ObjectId::hex() const {
  return short_hex(std::size_t{size} * 2);
}

std::string ObjectId::short_hex(std::size_t digits) const {
  digits = std::min(digits, std::size_t{size} * 2);
  std::string text;
  text.reserve(digits);
  for (std::size_t digit = 0; digit < digits; ++digit) {
    const unsigned byte = bytes[digit / 2];
    text += digits_of_base_16[digit % 2 == 0 ? byte >> 4 : byte & 0xF];
  }
  return text;
}

std::optional<ObjectId> ObjectId::from_hex(std::string_view text) {
  if (text.size() != 40 && text.size() != 64) {
    return std::nullopt;
  }
  ObjectId id;
  id.size = static_cast<std::uint8_t>(text.size() / 2);
  for (std::size_t index = 0; index < id.size; ++index) {
    const int high = hex_value(text[index * 2]);
    const int low = hex_value(text[index * 2 + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    id.bytes[index] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

ObjectId ObjectId::from_raw(const std::uint8_t* data, std::size_t size) {
  ObjectId id;
  id.size = static_cast<std::uint8_t>(std::min(size, id.bytes.size()));
  std::copy_n(data, id.size, id.bytes.begin());
  return id;
}

}  // namespace tollbar::model

std::size_t std::hash<tollbar::model::ObjectId>::operator()(const tollbar::model::ObjectId& id) const noexcept {
  // An object id is a hash already: its first bytes are as good as any mix of all of them.
  std::size_t value = 0;
  std::memcpy(&value, id.bytes.data(), sizeof value);
  return value;
}
