// Reads ref updates strictly: what is not understood is not let through.
#include "hook/ref_lines.h"

#include <fmt/format.h>

#include <istream>
#include <iterator>
#include <set>

#include "util/error.h"

namespace tollbar::hook {
namespace {

[[noreturn]] void refuse(std::string_view line) {
  throw util::Error(fmt::format("read what is pushed: `{}` is no update of a reference", line));
}

std::string_view take_word(std::string_view& line, std::string_view whole) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) {
    refuse(whole);
  }
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(space + 1);
  return word;
}

/// As git writes ids, in small letters: `hex` is the same text again.
bool is_canonical(const model::ObjectId& id, std::string_view text) {
  return id.hex() == text;
}

}  // namespace

gate::RefUpdate read_ref_update(std::string_view ref, std::string_view before, std::string_view after) {
  const std::string whole = fmt::format("{} {} {}", before, after, ref);
  const auto old_id = model::ObjectId::from_hex(before);
  const auto new_id = model::ObjectId::from_hex(after);
  const bool names = ref.starts_with("refs/") && ref.find('\0') == std::string_view::npos;
  if (!old_id || !new_id || !names || old_id->size != new_id->size || !is_canonical(*old_id, before) ||
      !is_canonical(*new_id, after) || *old_id == *new_id) {
    refuse(whole);
  }
  return {std::string(ref), *old_id, *new_id};
}

std::vector<gate::RefUpdate> read_ref_lines(std::istream& in) {
  const std::string input{std::istreambuf_iterator<char>(in), {}};
  std::vector<gate::RefUpdate> updates;
  std::set<std::string_view> seen;
  for (std::string_view rest = input; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view whole = rest.substr(0, end);
    if (end == std::string_view::npos) {
      refuse(whole);
    }
    std::string_view line = whole;
    const std::string_view before = take_word(line, whole);
    const std::string_view after = take_word(line, whole);
    if (!seen.insert(line).second) {
      throw util::Error(fmt::format("read what is pushed: {} comes twice", line));
    }
    updates.push_back(read_ref_update(line, before, after));
    rest.remove_prefix(end + 1);
  }
  if (updates.empty()) {
    throw util::Error("read what is pushed: standard input names no reference");
  }
  return updates;
}

}  // namespace tollbar::hook
