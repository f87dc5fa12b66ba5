// Encodings: each recognised form, near misses, malformed input.
#include "text/decode.h"

#include <doctest/doctest.h>

#include <string>

using namespace std::string_literals;
using tollbar::text::decode;
using tollbar::text::Encoding;
using tollbar::text::is_valid_utf8;

namespace {

std::string widen(std::string_view ascii, std::size_t width, bool big_endian) {
  std::string bytes;
  for (const char c : ascii) {
    std::string unit(width, '\0');
    unit[big_endian ? width - 1 : 0] = c;
    bytes += unit;
  }
  return bytes;
}

void check(const std::string& bytes, Encoding encoding, const std::string& text) {
  const auto decoded = decode(bytes);
  CHECK(decoded.encoding == encoding);
  CHECK(decoded.text == text);
}

}  // namespace

TEST_CASE("UTF-8 with and without BOM") {
  check("", Encoding::utf8, "");
  check("on: push\r\n", Encoding::utf8, "on: push\r\n");
  check("caf\xc3\xa9", Encoding::utf8, "caf\xc3\xa9");
  check("\xef\xbb\xbfon: push", Encoding::utf8_bom, "on: push");
}

TEST_CASE("UTF-16 and UTF-32 with a BOM") {
  check("\xff\xfe"s + widen("on: push", 2, false), Encoding::utf16le, "on: push");
  check("\xfe\xff"s + widen("on: push", 2, true), Encoding::utf16be, "on: push");
  check("\xff\xfe\0\0"s + widen("on: push", 4, false), Encoding::utf32le, "on: push");
  check("\0\0\xfe\xff"s + widen("on: push", 4, true), Encoding::utf32be, "on: push");
  check("\xff\xfe\x3d\xd8\x00\xde"s, Encoding::utf16le, "\xf0\x9f\x98\x80");
}

TEST_CASE("UTF-16 and UTF-32 by their zero bytes") {
  check(widen("on: push\n", 2, false), Encoding::utf16le, "on: push\n");
  check(widen("on: push\n", 2, true), Encoding::utf16be, "on: push\n");
  check(widen("on: push\n", 4, false), Encoding::utf32le, "on: push\n");
  check(widen("on: push\n", 4, true), Encoding::utf32be, "on: push\n");
}

TEST_CASE("malformed units become U+FFFD") {
  check("\xff\xfe\x00\xd8"s + widen("a", 2, false), Encoding::utf16le,
        "\xef\xbf\xbd"
        "a");
  check("\xff\xfe\x00\xdc"s, Encoding::utf16le, "\xef\xbf\xbd");
  check("\xff\xfe"s + "a", Encoding::utf16le, "\xef\xbf\xbd");
  check("\xff\xfe\0\0"s + "\0\0\x11\0"s, Encoding::utf32le, "\xef\xbf\xbd");
}

TEST_CASE("binary and other 8-bit text") {
  check("MZ\0\1\2\3abc"s, Encoding::binary, "");
  check("abc\0def"s, Encoding::binary, "");
  check("\1\0\0\0\2\0\0\0"s, Encoding::binary, "");
  check("caf\xe9", Encoding::unknown_8bit, "caf\xe9");
  check(
      "\xef\xbb\xbf"
      "a\0"s,
      Encoding::binary, "");
  check(std::string(8000, 'a') + "\0"s, Encoding::utf8, std::string(8000, 'a') + "\0"s);
  check(std::string(7999, 'a') + "\0"s, Encoding::binary, "");
}

TEST_CASE("well-formed UTF-8") {
  for (const char* good : {"", "plain", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    CHECK(is_valid_utf8(good));
  for (const char* bad :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "12345678\xc3",
        "1234567\xc3"
        "890"})
    CHECK_FALSE(is_valid_utf8(bad));
}
