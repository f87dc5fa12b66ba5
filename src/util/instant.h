// A second of time as records write it: RFC 3339 in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollbar::util {

/// Seconds since 1970, UTC.
using Instant = std::int64_t;

Instant now();
/// `2026-11-23T05:34:19Z`; the years 0 to 9999.
std::string to_text(Instant instant);
/// Empty for anything that to_text() would not write.
std::optional<Instant> parse_instant(std::string_view text);

/// Seconds of `90m`, `12h`, `30d` or `8w`; empty for anything else and for more than a hundred years.
std::optional<Instant> parse_duration(std::string_view text);
/// The reverse, in the largest unit that fits; what is no whole number of minutes is rounded up.
std::string to_duration(Instant seconds);

}  // namespace tollbar::util
