// Counters are known exactly or from below: a check that failed has raised its counter, whatever the others did.
#include "document/shell_arithmetic.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "text/words.h"

namespace tollbar::document {

namespace {

using text::trimmed;

bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

ShellValue number_value(std::optional<long> number, bool certain, std::optional<long> at_least) {
  if (!number) return {};
  return {std::to_string(*number), certain, certain ? std::nullopt : at_least};
}

/// `3`, `x`, `$x`, `${x}`, `$?`.
ShellValue evaluate_term(std::string_view term, const ShellState& state) {
  term = trimmed(term);
  if (term.starts_with('$')) term.remove_prefix(1);
  if (term.starts_with('{') && term.ends_with('}')) term = term.substr(1, term.size() - 2);
  if (is_name(term) || term == "?") return state.lookup(term);
  return {std::string(term), true};
}

ShellValue evaluate_sum(std::string_view text, const ShellState& state) {
  text = trimmed(text);
  std::optional<long> sum = 0, least = 0;
  bool certain = true;
  char sign = '+';
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of("+-", at), text.size());
    const ShellValue term = evaluate_term(text.substr(at, end - at), state);
    const std::optional<long> value = number_of(term), bound = sign == '+' ? least_of(term) : std::nullopt;
    const std::optional<long> exact = term.certain ? value : std::nullopt;
    const auto add = [&](std::optional<long> to, std::optional<long> part) {
      return to && part ? std::optional<long>(sign == '+' ? *to + *part : *to - *part) : std::nullopt;
    };
    sum = add(sum, value);
    least = add(least, sign == '+' ? bound : exact);
    certain = certain && term.certain;
    if (!sum) return {};
    if (end == text.size()) break;
    sign = text[end];
    at = end + 1;
  }
  return number_value(sum, certain, least);
}

struct Relation {
  std::string_view left, sign, right;
};
std::optional<Relation> relation_in(std::string_view text) {
  constexpr std::array<std::string_view, 6> kSigns{">=", "<=", "==", "!=", ">", "<"};
  for (const std::string_view sign : kSigns) {
    const std::size_t at = text.find(sign);
    if (at != std::string_view::npos) return Relation{text.substr(0, at), sign, text.substr(at + sign.size())};
  }
  return std::nullopt;
}

/// `x = value`, with `x += 1` and `x++` written out.
struct Assignment {
  std::string_view name;
  std::string value;
  bool gives_old = false;  ///< `x++`: the value of the whole is that before
};
std::optional<Assignment> assignment_in(std::string_view text) {
  text = trimmed(text);
  for (const std::string_view step : {"++", "--"}) {
    const bool after = text.ends_with(step);
    if (!after && !text.starts_with(step)) continue;
    const auto name = trimmed(after ? text.substr(0, text.size() - 2) : text.substr(2));
    if (is_name(name)) return Assignment{name, std::string(name) + step[0] + "1", after};
  }
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || text.substr(equals).starts_with("==")) return std::nullopt;
  const char before = text[equals - 1];
  const bool adds = before == '+' || before == '-';
  const auto name = trimmed(text.substr(0, adds ? equals - 1 : equals));
  if (!is_name(name)) return std::nullopt;
  const std::string value(trimmed(text.substr(equals + 1)));
  return Assignment{name, adds ? std::string(name) + before + value : value};
}

}  // namespace

ShellStatus compare_numbers(const ShellValue& left, std::string_view relation, const ShellValue& right) {
  const std::optional<long> a = number_of(left), b = number_of(right), least = least_of(left);
  if (!a || !b) return {0, false};
  // Known from below: settled where the relation is the same for the least and for all above it.
  const bool turns_at_b = relation == ">=" || relation == "<";
  const bool settled = least && (turns_at_b ? *least >= *b : *least > *b);
  const long value = left.certain || !settled ? *a : *least;
  bool holds = value <= *b;
  if (relation == "==") holds = value == *b;
  if (relation == "!=") holds = value != *b;
  if (relation == ">") holds = value > *b;
  if (relation == ">=") holds = value >= *b;
  if (relation == "<") holds = value < *b;
  return {holds ? 0 : 1, right.certain && (left.certain || settled)};
}

ShellValue evaluate_arithmetic(std::string_view text, const ShellState& state) {
  if (text.find_first_of("*/%&|^~?:,()[]'\"") != std::string_view::npos && trimmed(text) != "$?") return {};
  const auto relation = relation_in(text);
  if (!relation) return evaluate_sum(text, state);
  const ShellValue left = evaluate_sum(relation->left, state), right = evaluate_sum(relation->right, state);
  if (!left.text || !right.text) return {};
  const ShellStatus status = compare_numbers(left, relation->sign, right);
  return {status.ok() ? "1" : "0", status.certain};
}

ShellStatus run_arithmetic(std::string_view text, ShellState& state) {
  const auto assignment = assignment_in(text);
  ShellValue value = evaluate_arithmetic(assignment ? std::string_view(assignment->value) : text, state);
  if (assignment) {
    const ShellValue old = state.lookup(assignment->name);
    state.store(assignment->name, value);
    if (assignment->gives_old) value = old;
  }
  const ShellStatus zero = compare_numbers(value, "!=", {"0", true});
  return value.text ? zero : ShellStatus{0, false};
}

std::string_view assigned_by_arithmetic(std::string_view text) {
  const auto assignment = assignment_in(text);
  return assignment ? assignment->name : std::string_view();
}

}  // namespace tollbar::document
