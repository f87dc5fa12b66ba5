// Which path is which kind of file: data in rules/data/kinds.yml, read into one table.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/formats.h"
#include "document/node.h"
#include "text/glob.h"
#include "text/glob_set.h"

namespace tollbar::rule {

inline constexpr std::size_t max_kinds = 128;
using KindSet = std::bitset<max_kinds>;

struct Kind {
  std::string name;  ///< `github-workflow`, `npm-manifest`, `terraform`, `test-data`, ...
  document::Format format = document::Format::none;
  std::vector<std::string> unless;  ///< kinds that exclude this one (`test-data`)
  bool commands = false;            ///< its commands run: command rules look at them
};

class Kinds {
 public:
  /// Throws util::UsageError naming file and line of a wrong entry.
  explicit Kinds(const document::Node& root);
  std::optional<std::uint8_t> index(std::string_view name) const;
  const Kind& operator[](std::size_t i) const { return kinds_[i]; }
  std::size_t size() const { return kinds_.size(); }
  /// The kinds of a path, whatever its case.
  KindSet of(std::string_view path) const;

 private:
  std::vector<Kind> kinds_;
  text::GlobSet paths_;  ///< of kind i under 2 * i, what it leaves out under 2 * i + 1
  std::vector<std::vector<std::uint8_t>> excluded_by_;
};

}  // namespace tollbar::rule
