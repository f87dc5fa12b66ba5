// Days read from and written as `2027-01-31`.
#include "gate/date.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace tollbar::gate {
namespace {

/// A number of exactly these digits.
std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool all = error == std::errc{} && end == digits.data() + digits.size() && digits.front() != '-';
  return all ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<Date> Date::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day calendar(std::chrono::year(*year),
                                             std::chrono::month(static_cast<unsigned>(*month)),
                                             std::chrono::day(static_cast<unsigned>(*day)));
  return calendar.ok() ? std::optional(Date{*year, *month, *day}) : std::nullopt;
}

Date Date::today() {
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day calendar(now);
  return {static_cast<int>(calendar.year()), static_cast<int>(static_cast<unsigned>(calendar.month())),
          static_cast<int>(static_cast<unsigned>(calendar.day()))};
}

std::string Date::text() const {
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

}  // namespace tollbar::gate
