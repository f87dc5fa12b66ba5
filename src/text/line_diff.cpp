// Line difference: cheap cuts first (equal ends, lines known to one side only), Myers' greedy search on what is left.
#include "text/line_diff.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>

#include "text/edit_script.h"

namespace tollbar::text {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t random_key() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U | device()) | 1U;
}

/// Keyed per process, so that nobody can prepare two lines that count as equal.
std::uint64_t hash_line(std::string_view line) {
  static const std::uint64_t key = random_key();
  static const std::uint64_t second_key = random_key();
  std::uint64_t hash = key ^ line.size();
  const char* at = line.data();
  std::size_t left = line.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    hash = fold_product(hash ^ word, second_key) + key;
  }
  std::uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  return fold_product(fold_product(hash ^ word, second_key) ^ key, second_key);
}

/// Numbers equal lines equally, from 0, and remembers on which sides each stands.
class LineTable {
 public:
  explicit LineTable(std::size_t lines) : slots_(std::bit_ceil(2 * lines + 1)) { seen_.reserve(lines); }

  std::uint32_t number(std::string_view line, std::uint8_t side) {
    const std::uint64_t hash = hash_line(line);
    for (std::size_t at = static_cast<std::size_t>(hash);; ++at) {
      Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.number_plus_one == 0) {
        slot.hash = hash;
        seen_.push_back(0);
        slot.number_plus_one = static_cast<std::uint32_t>(seen_.size());
      }
      if (slot.hash != hash) continue;
      seen_[slot.number_plus_one - 1] |= side;
      return slot.number_plus_one - 1;
    }
  }

  bool on_both_sides(std::uint32_t number) const { return seen_[number] == 3; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number_plus_one = 0;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint8_t> seen_;
};

constexpr std::size_t block = 4096;  // compared at once before single bytes are looked at

std::size_t equal_bytes_at_head(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t same = 0;
  while (shorter - same >= block && std::memcmp(a.data() + same, b.data() + same, block) == 0) same += block;
  while (same < shorter && a[same] == b[same]) ++same;
  return same;
}

std::size_t equal_bytes_at_tail(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t same = 0;
  while (shorter - same >= block &&
         std::memcmp(a.data() + a.size() - same - block, b.data() + b.size() - same - block, block) == 0)
    same += block;
  while (same < shorter && a[a.size() - same - 1] == b[b.size() - same - 1]) ++same;
  return same;
}

/// The length of the equal beginning that ends at a line end (or where both texts do).
std::size_t equal_head(std::string_view before, std::string_view after) {
  const std::size_t same = equal_bytes_at_head(before, after);
  if (same == before.size() && same == after.size()) return same;
  const std::size_t line_end = before.substr(0, same).rfind('\n');
  return line_end == std::string_view::npos ? 0 : line_end + 1;
}

/// The length of the equal ending that begins behind a line end.
std::size_t equal_tail(std::string_view before, std::string_view after) {
  const std::size_t line_end = before.find('\n', before.size() - equal_bytes_at_tail(before, after));
  return line_end == std::string_view::npos ? 0 : before.size() - line_end - 1;
}

void append_lines(std::string_view text, std::size_t number, std::vector<Line>& lines) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end != std::string_view::npos && !line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back({number++, line});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

/// Lines of both sides that are equal at the ends although their bytes (line ends) were not.
void trim_equal_ends(std::vector<Line>& before, std::vector<Line>& after) {
  const auto same = [](const Line& a, const Line& b) { return a.text == b.text; };
  while (!before.empty() && !after.empty() && same(before.back(), after.back())) {
    before.pop_back();
    after.pop_back();
  }
  const auto head = std::mismatch(before.begin(), before.end(), after.begin(), after.end(), same);
  before.erase(before.begin(), head.first);
  after.erase(after.begin(), head.second);
}

/// The lines of one side that the other side has too, as numbers, and where they stand.
struct Shared {
  std::vector<std::uint32_t> numbers;
  std::vector<std::size_t> index;
};

Shared shared_lines(const std::vector<std::uint32_t>& numbers, const LineTable& table) {
  Shared shared;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!table.on_both_sides(numbers[i])) continue;
    shared.numbers.push_back(numbers[i]);
    shared.index.push_back(i);
  }
  return shared;
}

std::vector<Line> unmatched(std::vector<Line> lines, const Shared& shared, const std::vector<bool>& kept) {
  std::vector<bool> drop(lines.size());
  for (std::size_t i = 0; i < kept.size(); ++i) drop[shared.index[i]] = kept[i];
  std::size_t size = 0;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!drop[i]) lines[size++] = lines[i];
  lines.resize(size);
  return lines;
}

std::vector<std::uint32_t> number_lines(const std::vector<Line>& lines, std::uint8_t side, LineTable& table) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(lines.size());
  for (const Line& line : lines) numbers.push_back(table.number(line.text, side));
  return numbers;
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void skip(ChangedRegion& region, std::size_t before, std::size_t after) {
  region.line_before += count_lines(region.before.substr(0, before));
  region.line_after += count_lines(region.after.substr(0, after));
  region.before.remove_prefix(before);
  region.after.remove_prefix(after);
}

void skip_equal_head(ChangedRegion& region) {
  const std::size_t head = equal_head(region.before, region.after);
  skip(region, head, head);
}

// In large files, mostly generated ones, few small places differ: they are met again at the speed of memcmp.
constexpr std::size_t worth_meeting = std::size_t{32} << 10U;  // bytes; below it the exact search is as quick
constexpr std::size_t meeting_window = 96;                     // lines looked ahead
constexpr std::size_t meeting_run = 8;                         // equal lines that make a meeting no accident

/// The first lines of a text with their ends.
std::vector<std::string_view> first_lines(std::string_view text, std::size_t count) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < count) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::size_t total_size(const std::vector<std::string_view>& lines, std::size_t count) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) size += lines[i].size();
  return size;
}

/// Cuts off `rest` what differs until both sides go on with the same lines, the nearest such place; empty where the
/// window shows none.
std::optional<ChangedRegion> up_to_meeting(ChangedRegion& rest) {
  const auto before = first_lines(rest.before, meeting_window + meeting_run);
  const auto after = first_lines(rest.after, meeting_window + meeting_run);
  const auto meets = [&](std::size_t i, std::size_t j) {
    return i + meeting_run <= before.size() && j + meeting_run <= after.size() &&
           std::equal(before.begin() + static_cast<std::ptrdiff_t>(i),
                      before.begin() + static_cast<std::ptrdiff_t>(i + meeting_run),
                      after.begin() + static_cast<std::ptrdiff_t>(j));
  };
  for (std::size_t distance = 1; distance <= 2 * meeting_window; ++distance) {
    for (std::size_t i = distance - std::min(distance, meeting_window); i <= std::min(distance, meeting_window); ++i) {
      if (!meets(i, distance - i)) continue;
      const std::size_t before_size = total_size(before, i), after_size = total_size(after, distance - i);
      ChangedRegion region = rest;
      region.before = rest.before.substr(0, before_size);
      region.after = rest.after.substr(0, after_size);
      skip(rest, before_size, after_size);
      return region;
    }
  }
  return std::nullopt;
}

/// Adds the lines of a region that are on one side only.
void diff_region(const ChangedRegion& region, LineDiff& diff) {
  std::vector<Line> before, after;
  append_lines(region.before, region.line_before, before);
  append_lines(region.after, region.line_after, after);
  trim_equal_ends(before, after);
  if (!before.empty() && !after.empty()) {
    LineTable table(before.size() + after.size());
    const std::vector<std::uint32_t> before_numbers = number_lines(before, 1, table);
    const std::vector<std::uint32_t> after_numbers = number_lines(after, 2, table);
    const Shared before_shared = shared_lines(before_numbers, table);
    const Shared after_shared = shared_lines(after_numbers, table);
    const CommonLines common = common_lines(before_shared.numbers, after_shared.numbers);
    before = unmatched(std::move(before), before_shared, common.before);
    after = unmatched(std::move(after), after_shared, common.after);
  }
  diff.removed.insert(diff.removed.end(), before.begin(), before.end());
  diff.added.insert(diff.added.end(), after.begin(), after.end());
}

}  // namespace

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  append_lines(text, 1, lines);
  return lines;
}

std::vector<ChangedRegion> changed_regions(std::string_view before, std::string_view after) {
  std::vector<ChangedRegion> regions;
  ChangedRegion rest{before, after, 1, 1};
  skip_equal_head(rest);
  const std::size_t tail = equal_tail(rest.before, rest.after);
  rest.before.remove_suffix(tail);
  rest.after.remove_suffix(tail);
  while (rest.before.size() > worth_meeting && rest.after.size() > worth_meeting) {
    const auto region = up_to_meeting(rest);
    if (!region) break;
    regions.push_back(*region);
    skip_equal_head(rest);
  }
  if (!rest.before.empty() || !rest.after.empty()) regions.push_back(rest);
  return regions;
}

LineDiff diff_lines(std::string_view before, std::string_view after) {
  LineDiff diff;
  for (const ChangedRegion& region : changed_regions(before, after)) diff_region(region, diff);
  return diff;
}

}  // namespace tollbar::text
