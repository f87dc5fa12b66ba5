// `<< >>` and logic statements of CircleCI configurations.
#include <algorithm>

#include "text/words.h"

#include "pipeline/readers/circleci.h"

namespace tollbar::pipeline::circleci {
namespace {

using document::Node;
using text::trimmed;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxText = 1u << 20;
constexpr std::size_t kMaxNodes = 100'000;     // that one substitution copies
constexpr std::size_t kMaxValueNodes = 2'000;  // of one value, so that values within values do not explode

bool is_path(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c == '.' || c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
}

/// The next `<< name >>` at or after `from`; a here-document is none, because its word is not closed by `>>`.
struct Reference {
  std::size_t begin = std::string_view::npos, end = 0;
  std::string_view name;
};
Reference next_reference(std::string_view text, std::size_t from) {
  for (auto at = text.find("<<", from); at != std::string_view::npos; at = text.find("<<", at + 2)) {
    if (at > 0 && text[at - 1] == '\\') continue;
    const auto close = text.find(">>", at + 2);
    if (close == std::string_view::npos) return {};
    const auto name = trimmed(text.substr(at + 2, close - at - 2));
    if (is_path(name)) return {at, close + 2, name};
  }
  return {};
}

Node substituted_scalar(const Node& node, const Values& values) {
  Node result = node;
  const std::string_view text = node.scalar;
  const auto first = next_reference(text, 0);
  if (first.begin == std::string_view::npos) return result;
  if (trimmed(text).size() == first.end - first.begin) {
    if (const auto known = values.find(first.name); known != values.end()) {
      result = known->second;
      result.line = node.line;
      result.content_line = node.content_line;
      result.end_line = node.end_line;
      return result;
    }
  }
  result.hash = 0;
  result.plain = false;
  result.scalar.clear();
  std::size_t copied = 0;
  for (auto reference = first; reference.begin != std::string_view::npos && result.scalar.size() < kMaxText;
       reference = next_reference(text, reference.end)) {
    result.scalar += text.substr(copied, reference.begin - copied);
    const auto known = values.find(reference.name);
    result.scalar += known != values.end() ? text_of(&known->second) : "${{ " + std::string(reference.name) + " }}";
    copied = reference.end;
  }
  result.scalar += text.substr(copied);
  return result;
}

/// Counts up to `limit`.
std::size_t node_count(const Node& node, std::size_t limit) {
  std::size_t count = 1;
  for (const auto& item : node.items) {
    if (count >= limit) return limit;
    count += node_count(item, limit - count);
  }
  for (const auto& member : node.members) {
    if (count >= limit) return limit;
    count += node_count(member.value, limit - count);
  }
  return count;
}

void substitute(Node& node, const Values& values, std::size_t& budget, int depth) {
  if (budget == 0 || depth > kMaxDepth) return;
  node.hash = 0;
  if (node.is_scalar()) {
    node = substituted_scalar(node, values);
    budget -= std::min(budget, node_count(node, kMaxValueNodes));
    return;
  }
  --budget;
  for (auto& item : node.items) substitute(item, values, budget, depth + 1);
  for (auto& member : node.members) substitute(member.value, values, budget, depth + 1);
}

/// A value, and whether it rests on a default that another caller could change.
struct Logic {
  std::optional<bool> value;
  bool soft = false;
};

bool is_open(const Node& node) {
  return node.is_scalar() &&
         (node.scalar.find("${{") != std::string::npos || node.scalar.find("<<") != std::string::npos);
}

Logic logic(const Node& node, int depth);

Logic combined(const Node& node, bool conjunction, int depth) {
  Logic result{conjunction, false};
  for (const auto& item : node.items) {
    const auto one = logic(item, depth + 1);
    result.soft = result.soft || one.soft;
    if (one.value == !conjunction) return {!conjunction, one.soft};
    if (!one.value) result.value = std::nullopt;
  }
  return result;
}

Logic equal(const Node& node) {
  Logic result{true, false};
  for (const auto& item : node.items) {
    if (is_open(item)) return {};
    result.soft = result.soft || item.tag == kDefault;
    if (text_of(&item) != text_of(&node.items.front())) result.value = false;
  }
  return result;
}

Logic logic(const Node& node, int depth) {
  if (depth > kMaxDepth || is_open(node)) return {};
  if (node.is_null()) return {false, node.tag == kDefault};
  if (node.is_scalar()) {
    const auto truth = node.truth();
    const bool zero = node.type == document::ScalarType::integer && node.scalar == "0";
    return {truth ? *truth : !node.scalar.empty() && !zero, node.tag == kDefault};
  }
  if (const auto* all = node.get("and")) return combined(*all, true, depth);
  if (const auto* any = node.get("or")) return combined(*any, false, depth);
  if (const auto* operands = node.get("equal")) return equal(*operands);
  if (const auto* operand = node.get("not")) {
    auto result = logic(*operand, depth + 1);
    if (result.value) result.value = !*result.value;
    return result;
  }
  return {};
}

Truth truth_of(const Logic& result) {
  if (!result.value) return Truth::depends;
  if (*result.value) return Truth::always;
  return result.soft ? Truth::unlikely : Truth::never;
}

}  // namespace

Node substituted(const Node& node, const Values& values) {
  Node result = node;
  std::size_t budget = kMaxNodes;
  substitute(result, values, budget, 0);
  return result;
}

Values inner_values(const Node* parameters, const Node* arguments, const Values& outer,
                    const std::vector<std::string>& open) {
  Values result;
  for (const auto& [name, value] : outer) {
    if (name.starts_with("pipeline.")) result[name] = value;
  }
  const auto bind = [&](std::string_view name, const Node& written) {
    Node value = substituted(written, outer);
    if (node_count(value, kMaxValueNodes) < kMaxValueNodes)
      result["parameters." + std::string(name)] = std::move(value);
  };
  const auto is_closed = [&](std::string_view name) { return std::find(open.begin(), open.end(), name) == open.end(); };
  for_each_member(parameters, [&](std::string_view name, const Node& declaration) {
    const auto* value = declaration.get("default");
    if (value && is_closed(name)) bind(name, *value);
  });
  if (!parameters || !arguments) return result;
  for_each_member(arguments, [&](std::string_view name, const Node& value) {
    if (parameters->get(name) && is_closed(name)) bind(name, value);
  });
  return result;
}

Condition evaluate(const Node& statement) {
  return {truth_of(logic(statement, 0)), statement.brief(kWholeText), statement.line};
}

Condition negated(Condition condition) {
  condition.text = "not " + condition.text;
  if (condition.truth == Truth::always) {
    condition.truth = Truth::never;
  } else if (condition.truth != Truth::depends) {
    condition.truth = Truth::always;
  }
  return condition;
}

}  // namespace tollbar::pipeline::circleci
