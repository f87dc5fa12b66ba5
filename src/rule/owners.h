// Who answers for a path, as CODEOWNERS says.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"

namespace tollbar::rule {

/// `@user`, `@org/team`, addresses; in lower case, as the platforms compare them.
using Owners = std::set<std::string>;

struct OwnersEntry {
  std::string section, pattern;
  Owners owners;
  std::uint32_t line = 0;

  bool says_the_same(const OwnersEntry& other) const {
    return section == other.section && pattern == other.pattern && owners == other.owners;
  }
};

struct OwnersFile {
  std::string path;  ///< empty where the tree has none
  std::vector<OwnersEntry> entries;
};

/// The one that counts: platforms take the first they find.
OwnersFile read_owners(model::Tree& tree);

struct OwnersAnswer {
  Owners owners;
  std::uint32_t line = 0;
};

/// The last entry that names the path, in every section.
OwnersAnswer owner_of(const OwnersFile& file, std::string_view path);

}  // namespace tollbar::rule
