// A superset of what may match, by name and extension; the glob itself decides.
#include "text/glob_set.h"

#include "text/ascii.h"

namespace tollbar::text {
namespace {

std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// What stands behind the last dot; all of a name without one.
std::string_view extension(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

void GlobSet::add(const Glob& glob, std::size_t number) {
  for (const std::string& alternative : expand_braces(glob.pattern())) {
    const std::string name = ascii_lower(last_segment(alternative));
    const Entry entry{Glob(alternative), number};
    const auto special = name.find_first_of("*?[]\\{}");
    if (name.empty() || alternative.find('[') != std::string::npos) {
      general_.push_back(entry);
    } else if (special == std::string::npos) {
      by_name_[name].push_back(entry);
    } else if (special < name.rfind('.') && name.rfind('.') != std::string::npos &&
               extension(name).find_first_of("*?[]\\{}") == std::string_view::npos) {
      by_extension_[std::string(extension(name))].push_back(entry);
    } else {
      general_.push_back(entry);
    }
  }
}

std::vector<std::size_t> GlobSet::matching(std::string_view folded_path) const {
  std::vector<std::size_t> numbers;
  const auto try_all = [&](const std::vector<Entry>& entries) {
    for (const Entry& entry : entries)
      if (entry.glob.matches(folded_path)) numbers.push_back(entry.number);
  };
  const std::string_view name = last_segment(folded_path);
  if (const auto found = by_name_.find(std::string(name)); found != by_name_.end()) try_all(found->second);
  if (const auto found = by_extension_.find(std::string(extension(name))); found != by_extension_.end())
    try_all(found->second);
  try_all(general_);
  return numbers;
}

}  // namespace tollbar::text
