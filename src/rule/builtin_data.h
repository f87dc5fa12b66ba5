// What embed_rules writes at build time: the rules in the order of their files, and what can be derived from them
// beforehand. Internal to src/rule.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "text/literal_set.h"

namespace tollbar::rule::builtin {

// Packed nodes (packed_node.h).
extern const std::string_view kinds;       ///< one node
extern const std::string_view agents;      ///< one node
extern const std::string_view policy;      ///< one node: the default policy
extern const std::string_view knowledge;   ///< one node a file
extern const std::string_view rules;       ///< the file's name and the rule, without documentation and examples
extern const std::string_view full_rules;  ///< the same with them

// LineLiterals (line_literals.h) of the rules.
extern const text::LiteralTables literals;
extern const std::span<const std::uint32_t> line_starts;  ///< line matcher -> where its literals begin; one more
extern const std::span<const std::uint32_t> line_literals;

}  // namespace tollbar::rule::builtin
