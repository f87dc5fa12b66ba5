// Instants as text, and text that is none.
#include "util/instant.h"

#include <doctest/doctest.h>

namespace tollbar::util {

TEST_CASE("an instant is written in UTC to the second and read again") {
  CHECK(to_text(0) == "1970-01-01T00:00:00Z");
  CHECK(to_text(1'795'411'019) == "2026-11-23T05:16:59Z");
  for (const Instant instant : {Instant{0}, Instant{951'782'400}, Instant{4'102'444'799}}) {
    CHECK(parse_instant(to_text(instant)) == instant);
  }
}

TEST_CASE("only what would be written is read") {
  for (const char* text : {"", "2026-11-23", "2026-11-23T05:16:59", "2026-11-23t05:16:59z", "2026-02-29T00:00:00Z",
                           "2026-11-23T24:00:00Z", "2026-11-23T05:60:00Z", "2026-11-23T05:16:60Z",
                           "2026-11-23T05:16:59Z ", "2026-11-23 05:16:59Z", "+026-11-23T05:16:59Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_instant(text));
  }
}

TEST_CASE("durations are a number and a unit, both ways") {
  CHECK(parse_duration("90m") == 5400);
  CHECK(parse_duration("12h") == 12 * 3600);
  CHECK(parse_duration("30d") == 30 * 86400);
  CHECK(to_duration(30 * 86400) == "30d");
  CHECK(to_duration(14 * 86400) == "2w");
  CHECK(to_duration(61) == "2m");
  for (const char* text : {"", "d", "0d", "-1d", "1.5d", "1 d", "30", "30s", "99999999999w", "1dd"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

}  // namespace tollbar::util
