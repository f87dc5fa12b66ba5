// A parser of tree objects that trusts nothing it reads.
#include "git/raw_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include "util/error.h"

namespace tollbar::git {
namespace {

using model::FileMode;

std::optional<FileMode> known_mode(std::uint32_t mode) {
  constexpr std::uint32_t group_writable = 0100664;  // what the first versions of git wrote for regular files
  switch (mode) {
    case static_cast<std::uint32_t>(FileMode::directory):
    case static_cast<std::uint32_t>(FileMode::regular):
    case static_cast<std::uint32_t>(FileMode::executable):
    case static_cast<std::uint32_t>(FileMode::symlink):
    case static_cast<std::uint32_t>(FileMode::submodule):
      return static_cast<FileMode>(mode);
    case group_writable:
      return FileMode::regular;
    default:
      return std::nullopt;
  }
}

std::optional<FileMode> parse_mode(std::string_view digits) {
  constexpr std::size_t longest = 7;
  if (digits.empty() || digits.size() > longest) {
    return std::nullopt;
  }
  std::uint32_t mode = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '7') {
      return std::nullopt;
    }
    mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  }
  return known_mode(mode);
}

/// `.git` in any case: a checkout on some file systems would write into the repository.
bool is_dot_git(std::string_view name) {
  return name.size() == 4 && name[0] == '.' && (name[1] | 0x20) == 'g' && (name[2] | 0x20) == 'i' &&
         (name[3] | 0x20) == 't';
}

}  // namespace

int compare_names(std::string_view a, bool a_is_directory, std::string_view b, bool b_is_directory) {
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) {
    return order;
  }
  const auto next = [common](std::string_view name, bool is_directory) -> int {
    return name.size() > common ? static_cast<unsigned char>(name[common]) : is_directory ? '/' : 0;
  };
  if (const int order = next(a, a_is_directory) - next(b, b_is_directory); order != 0) {
    return order;
  }
  return static_cast<int>(a.size() > common) - static_cast<int>(b.size() > common);
}

TreeReader::TreeReader(const model::ObjectId& id, TreeData data)
    : tree_(id), data_(std::move(data)), rest_(*data_), done_(false) {
  advance();
}

model::ObjectId TreeReader::id() const {
  model::ObjectId id;
  id.size = tree_.size;
  std::memcpy(id.bytes.data(), raw_id_.data(), raw_id_.size());
  return id;
}

bool TreeReader::same_entry(const TreeReader& other) const {
  return mode_ == other.mode_ && raw_id_ == other.raw_id_;
}

void TreeReader::advance() {
  if (rest_.empty()) {
    done_ = true;
    return;
  }
  const std::string_view previous = name_;
  const bool previous_is_directory = is_directory();
  const std::size_t space = rest_.substr(0, 8).find(' ');
  const std::size_t end = rest_.find('\0');
  if (space == std::string_view::npos || end == std::string_view::npos || space > end ||
      rest_.size() - end - 1 < tree_.size) {
    fail("truncated entry");
  }
  const auto mode = parse_mode(rest_.substr(0, space));
  name_ = rest_.substr(space + 1, end - space - 1);
  if (!mode) {
    fail("unknown mode");
  }
  mode_ = *mode;
  raw_id_ = rest_.substr(end + 1, tree_.size);
  rest_.remove_prefix(end + 1 + tree_.size);
  check_name(previous, previous_is_directory);
  check_unique();
}

void TreeReader::check_name(std::string_view previous, bool previous_is_directory) {
  if (name_.empty() || name_ == "." || name_ == ".." || is_dot_git(name_) ||
      name_.find('/') != std::string_view::npos) {
    fail("unsafe name");
  }
  if (previous.empty()) {
    return;
  }
  if (previous == name_) {
    fail("duplicate name");
  }
  if (compare_names(previous, previous_is_directory, name_, is_directory()) >= 0) {
    fail("wrong order");
  }
}

void TreeReader::check_unique() {
  while (!open_files_.empty() && !name_.starts_with(open_files_.back())) {
    open_files_.pop_back();
  }
  if (!is_directory()) {
    open_files_.push_back(name_);
  } else if (!open_files_.empty() && open_files_.back() == name_) {
    fail("duplicate name");
  }
}

void TreeReader::fail(std::string_view reason) const {
  throw util::Error(fmt::format("read tree {}: malformed, {}", tree_.hex(), reason));
}

std::string write_tree(const std::vector<model::DirectoryEntry>& entries) {
  std::string data;
  for (const model::DirectoryEntry& entry : entries) {
    data += fmt::format("{:o} ", static_cast<std::uint32_t>(entry.entry.mode));
    data.append(entry.name).push_back('\0');
    const auto& bytes = entry.entry.id.bytes;
    data.append(bytes.begin(), bytes.begin() + entry.entry.id.size);
  }
  return data;
}

}  // namespace tollbar::git
