// The generator behind the markers: a splitmix64 stream per marker, never a value that anyone issued.
#include "rule/placeholders.h"

#include <charconv>
#include <cstdint>

namespace tollbar::rule {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view upper32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view hexadecimal = "0123456789abcdef";
constexpr std::string_view decimal = "123456789";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view bech32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

class Stream {
 public:
  explicit Stream(std::string_view seed) {
    for (const char c : seed) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  std::string take(std::string_view alphabet, std::size_t count) {
    std::string result;
    while (result.size() < count) result += alphabet[next() % alphabet.size()];
    return result;
  }

 private:
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

std::string armoured(std::string_view label, Stream& stream, std::string_view indent) {
  const std::string dashes(5, '-');
  std::string block = dashes + "BEGIN " + std::string(label) + dashes;
  for (int line = 0; line < 12; ++line) block += "\n" + std::string(indent) + stream.take(base64, 64);
  return block + "\n" + std::string(indent) + dashes + "END " + std::string(label) + dashes;
}

/// What a marker stands for; false where it is none of ours.
bool make(std::string_view marker, std::string_view seed, std::string_view indent, std::string& out) {
  if (marker.empty()) return true;
  Stream stream(seed);
  const auto space = marker.find(' ');
  const auto name = marker.substr(0, space);
  const auto argument = space == std::string_view::npos ? std::string_view{} : marker.substr(space + 1);
  if (name == "pem") {
    out += armoured(argument, stream, indent);
    return true;
  }
  if (name == "crc62") {
    const auto body = stream.take(base62, 30);
    out += body + crc62(body);
    return true;
  }
  std::size_t count = 0;
  if (std::from_chars(argument.data(), argument.data() + argument.size(), count).ec != std::errc{}) return false;
  const auto alphabet = name == "base62"    ? base62
                        : name == "upper32" ? upper32
                        : name == "hex"     ? hexadecimal
                        : name == "digits"  ? decimal
                        : name == "letters" ? letters
                        : name == "bech32"  ? bech32
                        : name == "base64"  ? base64
                                            : std::string_view{};
  if (alphabet.empty()) return false;
  out += stream.take(alphabet, count);
  return true;
}

std::string_view indentation(std::string_view text, std::size_t at) {
  const auto start = text.rfind('\n', at) == std::string_view::npos ? 0 : text.rfind('\n', at) + 1;
  auto end = start;
  while (end < at && text[end] == ' ') ++end;
  return text.substr(start, end - start);
}

}  // namespace

std::string crc62(std::string_view body) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : body) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0U ? 0xedb88320U : 0U);
  }
  crc = ~crc;
  std::string digits(6, '0');
  for (std::size_t i = digits.size(); i-- > 0; crc /= 62) digits[i] = base62[crc % 62];
  return digits;
}

std::string expand_placeholders(std::string_view text, std::string_view seed) {
  std::string result;
  std::size_t at = 0;
  int count = 0;
  while (true) {
    const auto open = text.find("{{", at);
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) break;
    result += text.substr(at, open - at);
    const auto marker = text.substr(open + 2, close - open - 2);
    const auto stream_seed = std::string(seed) + '/' + std::string(marker) + '/' + std::to_string(count++);
    if (make(marker, stream_seed, indentation(text, open), result)) {
      at = close + 2;
    } else {
      result += "{{";
      at = open + 2;
    }
  }
  return result += text.substr(at);
}

}  // namespace tollbar::rule
