// `strategy.matrix` expanded into its legs, as far as it is written down.
#include <algorithm>

#include "pipeline/expression_values.h"
#include "pipeline/readers/github.h"

namespace tollbar::pipeline::github {
namespace {

using document::Node;
using document::NodeKind;

constexpr std::size_t kMaxLegs = 1024;  // GitHub stops at 256

Node unknown(const Node& written) {
  Node node = string_value("${{ " + text_of(&written) + " }}");
  if (written.is_scalar()) node.scalar = normalise_template(written.scalar);
  node.tag = kUnknown;
  node.line = written.line;
  return node;
}

bool is_unknown(const Node& node) {
  return node.tag == kUnknown;
}
bool is_template(const Node& node) {
  return node.is_scalar() && node.scalar.find("${{") != std::string::npos;
}

/// The value of a node in which every template has one constant value; a node tagged kUnknown otherwise.
Node resolved(const Node& node, const Surroundings& surroundings) {
  if (is_template(node)) {
    auto choices = template_alternatives(node.scalar, surroundings);
    if (choices.dynamic || choices.values.size() != 1) return unknown(node);
    choices.values.front().line = node.line;
    return std::move(choices.values.front());
  }
  Node result = node;
  for (auto& item : result.items) item = resolved(item, surroundings);
  for (auto& member : result.members) member.value = resolved(member.value, surroundings);
  return result;
}

/// The values of one dimension: a list, or one unknown.
std::vector<Node> values_of(const Node& written, const Surroundings& surroundings) {
  std::vector<Node> values;
  if (is_template(written)) {
    const auto choices = template_alternatives(written.scalar, surroundings);
    for (const auto& choice : choices.values) {
      if (choice.is_sequence()) values.insert(values.end(), choice.items.begin(), choice.items.end());
    }
    if (choices.dynamic) values.push_back(unknown(written));
    return values;
  }
  if (written.is_scalar()) return {written};
  for (const auto& item : written.items) {
    if (!is_template(item)) {
      values.push_back(resolved(item, surroundings));
      continue;
    }
    auto choices = template_alternatives(item.scalar, surroundings);
    values.insert(values.end(), choices.values.begin(), choices.values.end());
    if (choices.dynamic) values.push_back(unknown(item));
  }
  return values;
}

Node with_member(Node mapping, const Node& key, const Node& value) {
  for (auto& member : mapping.members) {
    if (member.key.text() == key.text()) {
      member.value = value;
      return mapping;
    }
  }
  mapping.members.push_back({key, value});
  return mapping;
}

bool same_value(const Node& left, const Node& right) {
  return !is_unknown(left) && !is_unknown(right) &&
         (left.is_scalar() && right.is_scalar() ? string_of(left) == string_of(right) : left.same_as(right));
}

/// Every key of `partial` stands in `whole` with the same value.
bool covers(const Node& whole, const Node& partial) {
  return std::all_of(partial.members.begin(), partial.members.end(), [&](const document::Member& member) {
    const auto* value = whole.get(member.key.text());
    return value && (same_value(*value, member.value) || (value->is_mapping() && covers(*value, member.value)));
  });
}

/// The combinations while they are being built.
class Combinations {
 public:
  void multiply(const Node& key, const std::vector<Node>& values) {
    if (!started_) combinations_.emplace_back().kind = NodeKind::mapping;
    started_ = true;
    dimensions_.push_back(key.text());
    std::vector<Node> product;
    for (const auto& combination : combinations_) {
      for (const auto& value : values) {
        if (product.size() < kMaxLegs) product.push_back(with_member(combination, key, value));
      }
    }
    combinations_ = std::move(product);
    original_ = combinations_.size();
  }

  void exclude(const Node& pattern) {
    const auto excluded = [&](const Node& combination) { return covers(combination, pattern); };
    combinations_.erase(std::remove_if(combinations_.begin(), combinations_.end(), excluded), combinations_.end());
    original_ = combinations_.size();
  }

  /// Extends every original combination whose own values it does not change; stands alone where there is none.
  void include(const Node& entry) {
    bool used = false;
    for (std::size_t i = 0; i < original_; ++i) {
      if (!agrees(combinations_[i], entry)) continue;
      for (const auto& member : entry.members)
        combinations_[i] = with_member(std::move(combinations_[i]), member.key, member.value);
      used = true;
    }
    if (!used && combinations_.size() < kMaxLegs) combinations_.push_back(entry);
  }

  std::vector<Node> take() { return std::move(combinations_); }

 private:
  bool agrees(const Node& combination, const Node& entry) const {
    return std::all_of(dimensions_.begin(), dimensions_.end(), [&](std::string_view dimension) {
      const auto* wanted = entry.get(dimension);
      const auto* there = combination.get(dimension);
      return !wanted || (there && same_value(*there, *wanted));
    });
  }

  std::vector<Node> combinations_;
  std::vector<std::string_view> dimensions_;
  std::size_t original_ = 0;
  bool started_ = false;
};

std::string leg_text(const Node& values) {
  std::vector<std::string> parts;
  for (const auto& member : values.members) {
    const auto& value = member.value;
    parts.push_back(std::string(member.key.text()) + "=" +
                    (value.is_scalar() ? string_of(value) : value.brief(kWholeText)));
  }
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

/// `include` or `exclude`: the mappings of a list that may be computed; `dynamic` receives the text of one that cannot
/// be told.
std::vector<Node> entries_of(const Node* node, const Surroundings& surroundings, std::string& dynamic) {
  std::vector<Node> entries;
  if (!node) return entries;
  for (const auto& value : values_of(*node, surroundings)) {
    if (is_unknown(value)) dynamic = value.scalar;
    if (value.is_mapping() && entries.size() < kMaxLegs) entries.push_back(value);
  }
  return entries;
}

}  // namespace

Matrix expand_matrix(const Node* written, const Surroundings& surroundings) {
  Matrix matrix;
  if (!written || written->is_null()) return matrix;
  matrix.written = true;
  const Node mapping = is_template(*written) ? resolved(*written, surroundings) : *written;
  if (is_unknown(mapping)) {
    matrix.legs.push_back({{}, mapping.scalar});
    return matrix;
  }

  Combinations combinations;
  for (const auto& member : mapping.members) {
    if (member.key.text() == "include" || member.key.text() == "exclude") continue;
    combinations.multiply(member.key, values_of(member.value, surroundings));
  }
  std::string computed_exclude, computed_include;
  for (const auto& entry : entries_of(mapping.get("exclude"), surroundings, computed_exclude))
    combinations.exclude(entry);
  for (const auto& entry : entries_of(mapping.get("include"), surroundings, computed_include))
    combinations.include(entry);
  for (auto& values : combinations.take()) {
    auto text = leg_text(values);
    matrix.legs.push_back({std::move(values), std::move(text)});
  }
  if (!computed_include.empty()) matrix.legs.push_back({{}, "include=" + computed_include});
  matrix.emptied = matrix.legs.empty();
  return matrix;
}

}  // namespace tollbar::pipeline::github
