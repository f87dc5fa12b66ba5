// Instants through the calendar of <chrono>.
#include "util/instant.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace tollbar::util {
namespace {

constexpr std::string_view shape = "0000-00-00T00:00:00Z";

bool has_shape(std::string_view text) {
  if (text.size() != shape.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) {
      return false;
    }
  }
  return true;
}

int number(std::string_view text, std::size_t from, std::size_t digits) {
  int value = 0;
  std::from_chars(text.data() + from, text.data() + from + digits, value);
  return value;
}

}  // namespace

Instant now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string to_text(Instant instant) {
  using namespace std::chrono;
  const sys_seconds time{seconds(instant)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto second = (time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second / 3600,
                     second / 60 % 60, second % 60);
}

std::optional<Instant> parse_instant(std::string_view text) {
  using namespace std::chrono;
  if (!has_shape(text)) {
    return std::nullopt;
  }
  const year_month_day date(year(number(text, 0, 4)), month(static_cast<unsigned>(number(text, 5, 2))),
                            day(static_cast<unsigned>(number(text, 8, 2))));
  if (!date.ok()) {
    return std::nullopt;
  }
  const sys_seconds time =
      sys_days(date) + hours(number(text, 11, 2)) + minutes(number(text, 14, 2)) + seconds(number(text, 17, 2));
  const Instant instant = time.time_since_epoch().count();
  // Minutes beyond 59 and the like name another second, or none.
  return to_text(instant) == text ? std::optional(instant) : std::nullopt;
}

namespace {

struct Unit {
  char letter;
  Instant seconds;
};
constexpr std::array<Unit, 4> units{{{'w', 604'800}, {'d', 86'400}, {'h', 3'600}, {'m', 60}}};

}  // namespace

std::optional<Instant> parse_duration(std::string_view text) {
  constexpr Instant most = 100LL * 366 * 86'400;
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& each) { return text.ends_with(each.letter); });
  if (unit == units.end() || text.front() < '0' || text.front() > '9') {
    return std::nullopt;
  }
  Instant count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, count);
  const bool whole = error == std::errc{} && end == text.data() + text.size() - 1;
  return whole && count > 0 && count <= most / unit->seconds ? std::optional(count * unit->seconds) : std::nullopt;
}

std::string to_duration(Instant seconds) {
  for (const Unit& unit : units) {
    if (seconds % unit.seconds == 0) {
      return fmt::format("{}{}", seconds / unit.seconds, unit.letter);
    }
  }
  return fmt::format("{}m", seconds / 60 + 1);
}

}  // namespace tollbar::util
