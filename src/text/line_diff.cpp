// Line difference: cheap cuts first (equal ends, lines known to one side only), Myers' greedy search on what is left.
#include "text/line_diff.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
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

}  // namespace

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  append_lines(text, 1, lines);
  return lines;
}

LineDiff diff_lines(std::string_view before, std::string_view after) {
  const std::size_t head = equal_head(before, after);
  const auto head_lines =
      static_cast<std::size_t>(std::count(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(head), '\n'));
  before.remove_prefix(head);
  after.remove_prefix(head);
  const std::size_t tail = equal_tail(before, after);
  before.remove_suffix(tail);
  after.remove_suffix(tail);

  LineDiff diff;
  append_lines(before, head_lines + 1, diff.removed);
  append_lines(after, head_lines + 1, diff.added);
  trim_equal_ends(diff.removed, diff.added);
  if (diff.removed.empty() || diff.added.empty()) return diff;

  LineTable table(diff.removed.size() + diff.added.size());
  const std::vector<std::uint32_t> before_numbers = number_lines(diff.removed, 1, table);
  const std::vector<std::uint32_t> after_numbers = number_lines(diff.added, 2, table);
  const Shared before_shared = shared_lines(before_numbers, table);
  const Shared after_shared = shared_lines(after_numbers, table);
  const CommonLines common = common_lines(before_shared.numbers, after_shared.numbers);
  diff.removed = unmatched(std::move(diff.removed), before_shared, common.before);
  diff.added = unmatched(std::move(diff.added), after_shared, common.after);
  return diff;
}

}  // namespace tollbar::text
