// Coercions, comparisons and pure functions of GitHub's expression language.
#include "pipeline/expression_values.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "document/formats.h"
#include "pipeline/expression_tree.h"
#include "text/ascii.h"
#include "text/json_string.h"

namespace tollbar::pipeline {
namespace {

using document::Node;
using document::NodeKind;
using document::ScalarType;

constexpr std::size_t kMaxText = 1u << 16;  // format() and join() of a hostile file stop here

bool is_type(const Node& value, ScalarType type) {
  return value.is_scalar() && value.type == type;
}

double number_of(const Node& value) {
  if (value.is_null()) return 0;
  if (!value.is_scalar()) return std::numeric_limits<double>::quiet_NaN();
  if (value.type == ScalarType::boolean) return value.truth().value_or(false) ? 1 : 0;
  if (value.scalar.empty()) return 0;
  char* end = nullptr;
  const double result = std::strtod(value.scalar.c_str(), &end);
  return *end == '\0' ? result : std::numeric_limits<double>::quiet_NaN();
}

bool compare_numbers(std::string_view op, double left, double right) {
  if (op == "==") return left == right;
  if (op == "!=") return left != right;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  return op == ">" ? left > right : left >= right;
}

bool contains(const Node& haystack, const Node& needle) {
  if (haystack.is_sequence()) {
    return std::any_of(haystack.items.begin(), haystack.items.end(),
                       [&](const Node& item) { return compare_values("==", item, needle); });
  }
  return text::ascii_lower(string_of(haystack)).find(text::ascii_lower(string_of(needle))) != std::string::npos;
}

std::optional<Node> format(const std::vector<Node>& arguments) {
  const std::string pattern = string_of(arguments[0]);
  std::string result;
  for (std::size_t i = 0; i < pattern.size() && result.size() < kMaxText; ++i) {
    const char c = pattern[i];
    if ((c == '{' || c == '}') && i + 1 < pattern.size() && pattern[i + 1] == c) {
      result += c;
      ++i;
    } else if (c == '{') {
      const auto close = pattern.find('}', i);
      if (close == std::string::npos || close == i + 1 || close - i > 4) return std::nullopt;
      const auto number = static_cast<std::size_t>(std::strtoul(pattern.c_str() + i + 1, nullptr, 10));
      if (number + 1 >= arguments.size()) return std::nullopt;
      result += string_of(arguments[number + 1]);
      i = close;
    } else {
      result += c;
    }
  }
  return string_value(std::move(result));
}

Node join(const std::vector<Node>& arguments) {
  const std::string separator = arguments.size() > 1 ? string_of(arguments[1]) : ",";
  if (!arguments[0].is_sequence()) return string_value(string_of(arguments[0]));
  std::string result;
  for (const auto& item : arguments[0].items) {
    if (&item != &arguments[0].items.front()) result += separator;
    result += string_of(item);
    if (result.size() > kMaxText) break;
  }
  return string_value(std::move(result));
}

std::string to_json(const Node& value) {
  std::string result;
  switch (value.kind) {
    case NodeKind::null:
      return "null";
    case NodeKind::scalar:
      return value.type == ScalarType::string ? text::json_string(value.scalar) : value.scalar;
    case NodeKind::sequence:
      for (const auto& item : value.items) result += (result.empty() ? "" : ",") + to_json(item);
      return "[" + result + "]";
    case NodeKind::mapping:
      break;
  }
  for (const auto& member : value.members) {
    result += (result.empty() ? "" : ",") + text::json_string(member.key.text()) + ":" + to_json(member.value);
  }
  return "{" + result + "}";
}

std::optional<Node> from_json(const Node& text) {
  const auto document = document::read_json(string_of(text));
  if (document.broken() || document.roots.empty()) return std::nullopt;
  return document.root();
}

}  // namespace

Node string_value(std::string text) {
  Node node;
  node.kind = NodeKind::scalar;
  node.scalar = std::move(text);
  return node;
}

Node boolean_value(bool value) {
  Node node = string_value(value ? "true" : "false");
  node.type = ScalarType::boolean;
  return node;
}

bool is_truthy(const Node& value) {
  if (value.is_null()) return false;
  if (!value.is_scalar()) return true;
  if (value.type == ScalarType::boolean) return value.truth().value_or(false);
  if (value.type == ScalarType::string) return !value.scalar.empty();
  const double number = number_of(value);
  return number != 0 && !std::isnan(number);
}

std::string string_of(const Node& value) {
  if (value.is_null()) return {};
  if (is_type(value, ScalarType::boolean)) return value.truth().value_or(false) ? "true" : "false";
  if (value.is_scalar()) return value.scalar;
  return value.is_sequence() ? "Array" : "Object";
}

bool compare_values(std::string_view op, const Node& left, const Node& right) {
  const bool strings = is_type(left, ScalarType::string) && is_type(right, ScalarType::string);
  if (strings) return compare_numbers(op, text::ascii_lower(left.scalar).compare(text::ascii_lower(right.scalar)), 0);
  return compare_numbers(op, number_of(left), number_of(right));
}

std::optional<Node> call_function(std::string_view name, const std::vector<Node>& arguments) {
  const auto count = arguments.size();
  if (name == "format" && count > 0) return format(arguments);
  if (name == "join" && (count == 1 || count == 2)) return join(arguments);
  if (name == "tojson" && count == 1) return string_value(to_json(arguments[0]));
  if (name == "fromjson" && count == 1) return from_json(arguments[0]);
  if (count != 2) return std::nullopt;
  if (name == "contains") return boolean_value(contains(arguments[0], arguments[1]));
  const std::string text = text::ascii_lower(string_of(arguments[0]));
  const std::string part = text::ascii_lower(string_of(arguments[1]));
  if (name == "startswith") return boolean_value(text.starts_with(part));
  if (name == "endswith") return boolean_value(text.ends_with(part));
  return std::nullopt;
}

}  // namespace tollbar::pipeline
