// What strangers write cannot steer a terminal.
#include "report/escape.h"

#include <doctest/doctest.h>

namespace tollbar::report {
namespace {

TEST_CASE("ordinary text stays as it is") {
  CHECK(escape("src/größe.cpp — ok") == "src/größe.cpp — ok");
  CHECK(escape("") == "");
  CHECK(escape("日本語 🚀") == "日本語 🚀");
}

TEST_CASE("control characters become visible") {
  CHECK(escape("a\x1b[31mred\r\nb\tc") == "a\\x1b[31mred\\r\\nb\\tc");
  CHECK(escape(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(escape("\x7f") == "\\x7f");
  CHECK(escape("\xc2\x9b"
               "31m") == "\\u{9b}31m");  // the C1 form of ESC [
}

TEST_CASE("characters that hide or reorder others become visible") {
  CHECK(escape("\u202e"
               "evil") == "\\u{202e}evil");
  CHECK(escape("a\u200b"
               "b") == "a\\u{200b}b");
  CHECK(escape("\U000E0041") == "\\u{e0041}");
}

TEST_CASE("bytes that are no UTF-8 become visible one by one") {
  CHECK(escape("\xff\xfe") == "\\xff\\xfe");
  CHECK(escape("\xc0\xaf") == "\\xc0\\xaf");           // overlong slash
  CHECK(escape("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // surrogate
  CHECK(escape("ab\xe2\x82") == "ab\\xe2\\x82");       // cut short
  CHECK(escape("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("columns count characters") {
  CHECK(columns("größe") == 5);
  CHECK(offset_of_column("größe", 3) == 4);
  CHECK(offset_of_column("abc", 9) == 3);
}

}  // namespace
}  // namespace tollbar::report
