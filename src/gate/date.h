// A day: what waivers and registrations expire on.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace tollbar::gate {

/// A day of the calendar, UTC.
struct Date {
  int year = 0, month = 0, day = 0;
  auto operator<=>(const Date&) const = default;
  static std::optional<Date> parse(std::string_view text);  ///< `2027-01-31`; empty for anything that is no day
  static Date today();
  std::string text() const;
};

}  // namespace tollbar::gate
