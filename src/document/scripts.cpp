// The scripts of package.json, as npm would run them.
#include "document/scripts.h"

#include <algorithm>

namespace tollbar::document {

std::vector<PackageScript> package_scripts(const Document& package_json, Failures failures) {
  std::vector<PackageScript> scripts;
  const Node* node = package_json.root().get("scripts");
  if (node == nullptr || !node->is_mapping()) return scripts;
  for (const Member& member : node->members) {
    if (!member.value.is_scalar() || node->get(member.key.scalar) != &member.value) continue;
    ShellOptions options;
    options.failures = failures;
    options.first_line = std::max(1U, member.value.line);
    scripts.push_back(
        {member.key.scalar, member.value.scalar, parse_shell(member.value.scalar, options), member.value.line});
  }
  return scripts;
}

}  // namespace tollbar::document
