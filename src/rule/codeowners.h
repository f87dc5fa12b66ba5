// Who answers for a path: CODEOWNERS as GitHub and GitLab read it.
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

/// A CODEOWNERS file as far as it was understood.
struct OwnersFile {
  struct Entry {
    std::string section, pattern;
    Owners owners;
    std::uint32_t line = 0;

    bool says_the_same(const Entry& other) const {
      return section == other.section && pattern == other.pattern && owners == other.owners;
    }
  };

  std::string path;  ///< empty where the tree has none
  std::vector<Entry> entries;
};

/// The file that counts: platforms take the first they find.
OwnersFile read_owners(model::Tree& tree);

/// Who owns a path, and the last line that says so.
struct OwnersAnswer {
  Owners owners;
  std::uint32_t line = 0;
};

/// What the last entry that names the path says, in every section.
OwnersAnswer owners_of(const OwnersFile& file, std::string_view path);

}  // namespace tollbar::rule
