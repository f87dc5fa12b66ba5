// Azure's expressions, folded as far as they can be without a run.
#include <algorithm>
#include <array>

#include "pipeline/readers/azure.h"
#include "text/ascii.h"

namespace tollbar::pipeline::azure {
namespace {

using document::Node;
using document::ScalarType;
using text::ascii_lower;

constexpr int kMaxDepth = 48;

Node scalar(std::string text, ScalarType type = ScalarType::string) {
  Node node;
  node.kind = document::NodeKind::scalar;
  node.type = type;
  node.plain = type != ScalarType::string;
  node.scalar = std::move(text);
  return node;
}

Node boolean(bool value) {
  return scalar(value ? "true" : "false", ScalarType::boolean);
}

bool is_name_byte(char c) {
  return c == '_' || c == '-' || (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

bool is_empty(const Node& node) {
  return node.is_null() || (node.is_scalar() && node.scalar.empty());
}

Outcome known(bool value) {
  return {boolean(value), false};
}

bool same(const Node& a, const Node& b) {
  if (is_empty(a) || is_empty(b)) return is_empty(a) && is_empty(b);
  return ascii_lower(text_of(&a)) == ascii_lower(text_of(&b));
}

/// `eq`: a variable that is not set equals nothing but emptiness.
Outcome equal(const Outcome& left, const Outcome& right) {
  if (left.value && right.value) return known(same(*left.value, *right.value));
  const auto& other = left.value ? left : right;
  const bool unset = (left.unset || right.unset) && other.value && !is_empty(*other.value);
  return {std::nullopt, unset};
}

std::optional<bool> decided(const Outcome& outcome) {
  if (!outcome.value) return std::nullopt;
  return is_true(*outcome.value);
}

/// `and` (conjunction) or `or` of outcomes; whatever may be unset makes the whole unlikely.
Outcome joined(const std::vector<Outcome>& operands, bool conjunction) {
  bool open = false, unset = false, likely = false;
  for (const auto& operand : operands) {
    const auto truth = decided(operand);
    if (truth == !conjunction) return known(!conjunction);
    if (truth) continue;
    open = true;
    unset = unset || operand.unset;
    likely = likely || !operand.unset;
  }
  if (!open) return known(conjunction);
  return {std::nullopt, conjunction ? unset : !likely};
}

Outcome negated(const Outcome& operand) {
  const auto truth = decided(operand);
  return truth ? known(!*truth) : Outcome{};
}

Outcome text_test(std::string_view name, const Node& whole_node, const Node& part_node) {
  if (whole_node.is_sequence()) {
    const auto texts = whole_node.texts();
    return known(std::find(texts.begin(), texts.end(), text_of(&part_node)) != texts.end());
  }
  const auto whole = ascii_lower(text_of(&whole_node)), part = ascii_lower(text_of(&part_node));
  if (name == "startswith") return known(whole.starts_with(part));
  if (name == "endswith") return known(whole.ends_with(part));
  return known(whole.find(part) != std::string::npos);
}

Outcome call(const std::string& name, const std::vector<Outcome>& operands) {
  if (name == "succeeded" || name == "always" || name == "succeededorfailed") return known(true);
  if (name == "and" || name == "or") return joined(operands, name == "and");
  if (name == "not" && operands.size() == 1) return negated(operands[0]);
  if (name == "eq" && operands.size() == 2) return equal(operands[0], operands[1]);
  if (name == "ne" && operands.size() == 2) return negated(equal(operands[0], operands[1]));
  if ((name == "in" || name == "notin") && operands.size() > 1) {
    std::vector<Outcome> choices;
    for (std::size_t i = 1; i < operands.size(); ++i) choices.push_back(equal(operands[0], operands[i]));
    const auto any = joined(choices, false);
    return name == "in" ? any : negated(any);
  }
  const bool all_known =
      std::all_of(operands.begin(), operands.end(), [](const Outcome& operand) { return operand.value.has_value(); });
  if (!all_known || operands.empty()) return {};
  const Node& first = *operands[0].value;
  const bool two = operands.size() == 2;
  const bool tests = name == "contains" || name == "startswith" || name == "endswith" || name == "containsvalue";
  if (tests && two) return text_test(name, first, *operands[1].value);
  if (name == "xor" && two) return known(is_true(first) != is_true(*operands[1].value));
  if (name == "lower") return {scalar(ascii_lower(text_of(&first))), false};
  if (name == "length")
    return {scalar(std::to_string(first.is_scalar() ? first.scalar.size() : first.items.size()), ScalarType::integer),
            false};
  if (name == "coalesce") {
    for (const auto& operand : operands) {
      if (!is_empty(*operand.value)) return operand;
    }
    return operands.back();
  }
  return {};
}

/// Reads and folds in one pass.
class Evaluator {
 public:
  Evaluator(std::string_view text, const Scope& scope) : text_(text), scope_(scope) {}

  Outcome whole() {
    auto outcome = expression(0);
    skip_blanks();
    return failed_ || at_ != text_.size() ? Outcome{} : outcome;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Outcome fail() {
    failed_ = true;
    at_ = text_.size();
    return {};
  }

  Outcome expression(int depth) {
    skip_blanks();
    if (failed_ || depth > kMaxDepth || at_ >= text_.size()) return fail();
    if (text_[at_] == '\'') return string();
    const auto begin = at_;
    if (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9')) {
      while (at_ < text_.size() && (is_name_byte(text_[at_]) || text_[at_] == '.')) ++at_;
      return {scalar(std::string(text_.substr(begin, at_ - begin)), ScalarType::floating), false};
    }
    const auto name = word();
    if (name.empty()) return fail();
    if (take('(')) return call(name, arguments(depth));
    if (name == "true" || name == "false") return known(name == "true");
    return path(name, depth);
  }

  Outcome string() {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\'') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '\'') {
          ++at_;
          return {scalar(std::move(value)), false};
        }
        ++at_;  // a doubled quote stands for one
      }
      value += text_[at_];
    }
    return fail();
  }

  std::string word() {
    skip_blanks();
    const auto begin = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    return ascii_lower(text_.substr(begin, at_ - begin));
  }

  std::vector<Outcome> arguments(int depth) {
    std::vector<Outcome> result;
    if (take(')')) return result;
    while (!failed_) {
      result.push_back(expression(depth + 1));
      if (take(')')) break;
      if (!take(',')) fail();
    }
    return result;
  }

  /// What follows the name of a context: `.a.b` or `['a']`. A computed index makes it unknown.
  Outcome path(const std::string& context, int depth) {
    std::vector<std::string> keys;
    bool computed = false;
    while (!failed_ && at_ < text_.size()) {
      if (text_[at_] == '.') {
        ++at_;
        if (at_ < text_.size() && text_[at_] == '*') {
          ++at_;
          computed = true;
          continue;
        }
        keys.push_back(word());
      } else if (text_[at_] == '[') {
        ++at_;
        const auto index = expression(depth + 1);
        if (!take(']')) return fail();
        computed = computed || !index.value;
        keys.push_back(index.value ? ascii_lower(text_of(&*index.value)) : std::string());
      } else {
        break;
      }
    }
    if (computed) return {};
    return context == "variables" ? variable(keys) : member(context, keys);
  }

  Outcome variable(const std::vector<std::string>& keys) const {
    std::string name;
    for (const auto& key : keys) name += (name.empty() ? "" : ".") + key;
    if (scope_.computed.count(name) != 0) return {};
    if (const auto found = scope_.variables.find(name); found != scope_.variables.end()) {
      if (found->second.find("$(") != std::string::npos || found->second.find("$[") != std::string::npos) return {};
      return {scalar(found->second), false};
    }
    return {std::nullopt, !scope_.open && name.find('.') == std::string::npos};  // `Build.Reason` is the system's own
  }

  Outcome member(const std::string& context, std::vector<std::string> keys) const {
    const Node* node = nullptr;
    if (const auto local = scope_.locals.find(context); local != scope_.locals.end()) {
      node = &local->second;
    } else if (context == "parameters" && !keys.empty()) {
      const auto found = scope_.parameters.find(keys.front());
      if (found == scope_.parameters.end()) return {};
      node = &found->second;
      keys.erase(keys.begin());
    }
    for (const auto& key : keys) {
      if (!node) break;
      const Node* next = nullptr;
      for (const auto& one : node->members) {
        if (ascii_lower(one.key.text()) == key) next = &one.value;
      }
      node = next;
    }
    if (!node) return {};
    return {*node, false};
  }

  std::string_view text_;
  const Scope& scope_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

/// The next `${{ ... }}` or `$[ ... ]`; `end` is npos where there is none.
struct Piece {
  std::size_t begin = 0, end = std::string_view::npos;
  std::string_view expression;
};
Piece next_piece(std::string_view text, std::size_t from) {
  for (auto at = text.find('$', from); at != std::string_view::npos; at = text.find('$', at + 1)) {
    const bool compile = text.substr(at).starts_with("${{");
    if (!compile && !text.substr(at).starts_with("$[")) continue;
    const std::string_view closing = compile ? "}}" : "]";
    const auto begin = at + (compile ? 3u : 2u);
    const auto close = compile ? text.find(closing, begin) : text.rfind(closing);
    if (close == std::string_view::npos || close < begin) continue;
    return {at, close + closing.size(), text.substr(begin, close - begin)};
  }
  return {};
}

}  // namespace

bool is_true(const Node& value) {
  if (const auto truth = value.truth()) return *truth;
  return !is_empty(value) && !(value.type != ScalarType::string && value.scalar == "0");
}

Outcome evaluate(std::string_view expression, const Scope& scope) {
  return Evaluator(expression, scope).whole();
}

Truth truth_of(std::string_view expression, const Scope& scope) {
  const auto outcome = evaluate(expression, scope);
  if (!outcome.value) return outcome.unset ? Truth::unlikely : Truth::depends;
  return is_true(*outcome.value) ? Truth::always : Truth::never;
}

Node substituted(const Node& written, const Scope& scope) {
  Node result = written;
  const std::string_view text = written.scalar;
  auto piece = next_piece(text, 0);
  if (!written.is_scalar() || piece.end == std::string_view::npos) return result;
  result.hash = 0;
  result.plain = false;
  if (piece.begin == 0 && piece.end == text.size()) {
    if (auto outcome = evaluate(piece.expression, scope); outcome.value) {
      outcome.value->line = written.line;
      outcome.value->content_line = written.content_line;
      outcome.value->hash = 0;
      return *outcome.value;
    }
    return result;
  }
  result.scalar.clear();
  std::size_t copied = 0;
  for (; piece.end != std::string_view::npos; piece = next_piece(text, piece.end)) {
    result.scalar += text.substr(copied, piece.begin - copied);
    const auto outcome = evaluate(piece.expression, scope);
    result.scalar +=
        outcome.value ? text_of(&*outcome.value) : std::string(text.substr(piece.begin, piece.end - piece.begin));
    copied = piece.end;
  }
  result.scalar += text.substr(copied);
  return result;
}

std::string expand_macros(std::string_view text, const Scope& scope) {
  std::string result;
  std::size_t copied = 0;
  for (auto at = text.find("$("); at != std::string_view::npos; at = text.find("$(", at + 2)) {
    auto end = at + 2;
    while (end < text.size() && (is_name_byte(text[end]) || text[end] == '.')) ++end;
    if (end == at + 2 || end >= text.size() || text[end] != ')') continue;
    const auto name = std::string(text.substr(at + 2, end - at - 2));
    const auto lower = ascii_lower(name);
    const auto found = scope.variables.find(lower);
    const bool known = found != scope.variables.end() && scope.computed.count(lower) == 0;
    if (!known && found == scope.variables.end() && lower == name && name.find('.') == std::string::npos) continue;
    result += text.substr(copied, at - copied);
    if (known && found->second.find('\n') == std::string::npos && found->second.find('$') == std::string::npos) {
      result += found->second;
    } else {
      result += "${";
      for (const char c : name) result += c == '.' || c == '-' ? '_' : c;
      result += '}';
    }
    copied = end + 1;
  }
  result += text.substr(copied);
  return result;
}

}  // namespace tollbar::pipeline::azure
