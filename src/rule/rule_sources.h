// The files of rules/ as the build takes them in.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "document/node.h"
#include "rule/kinds.h"

namespace tollbar::rule {

/// A screen or two: examples that do not fit stand by subject in files of the rule's folder.
inline constexpr std::size_t most_lines_of_a_rule = 120;

struct RuleSource {
  std::string file;  ///< `rules/FAMILY/RULE.yml`
  document::Node
      node;  ///< with the examples of `rules/FAMILY/RULE/*.yml`, and every `like`, `named` and `any_named` spelt out
};

/// One YAML document. Throws util::UsageError `file:line: problem`.
document::Node read_yaml_file(const std::filesystem::path& path);
/// The YAML files of a folder, sorted; none where there is no folder.
std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& folder);

/// All rules below `root`, by family and name. Throws util::UsageError `file:line: problem`.
std::vector<RuleSource> read_rule_sources(const std::filesystem::path& root, const Kinds& kinds);

}  // namespace tollbar::rule
