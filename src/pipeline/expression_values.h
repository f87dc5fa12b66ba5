// Values of GitHub expressions and their coercions; internal to the expression files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"

namespace tollbar::pipeline {

document::Node string_value(std::string text);
document::Node boolean_value(bool value);
bool is_truthy(const document::Node& value);
/// What a value becomes inside text.
std::string string_of(const document::Node& value);
/// `==`, `!=`, `<`, `<=`, `>`, `>=` with GitHub's loose rules: strings regardless of case, different types as numbers.
bool compare_values(std::string_view op, const document::Node& left, const document::Node& right);
/// A pure function (`contains`, `startswith`, `endswith`, `format`, `join`, `tojson`, `fromjson`) of constants; empty
/// for other functions, wrong arguments and unreadable JSON.
std::optional<document::Node> call_function(std::string_view name, const std::vector<document::Node>& arguments);

}  // namespace tollbar::pipeline
