#include "pipeline/demands.h"

#include <array>
#include <optional>
#include <string_view>

#include "pipeline/expression_values.h"
#include "text/ascii.h"

namespace tollbar::pipeline {
namespace {

using Kind = Demand::Kind;

/// More of them are compared with each other by nobody who means well.
constexpr std::size_t kMaxDemands = 64;

bool begins(const Demand& value, const Demand& prefix) {
  return text::ascii_lower(value.value).starts_with(text::ascii_lower(prefix.value));
}

/// A value that meets `left` cannot meet `right`; asked in both directions.
bool rules_out(const Demand& left, const Demand& right) {
  const bool same = left.value.size() == right.value.size() && begins(left, right);
  switch (right.kind) {
    case Kind::equals:
      return left.kind == Kind::equals && !same;
    case Kind::differs:
      return left.kind == Kind::equals && same;
    case Kind::begins:
      if (left.kind == Kind::equals) return !begins(left, right);
      return left.kind == Kind::begins && !begins(left, right) && !begins(right, left);
    case Kind::begins_otherwise:
      return (left.kind == Kind::equals || left.kind == Kind::begins) && begins(left, right);
  }
  return false;
}

/// `path OP literal`, written in either order, and `startsWith(path, literal)`.
std::optional<Demand> comparison(const Expression& expression) {
  if (expression.operands.size() != 2) return std::nullopt;
  const bool call = expression.kind == Expression::Kind::call && expression.name == "startswith";
  const bool binary =
      expression.kind == Expression::Kind::binary && (expression.name == "==" || expression.name == "!=");
  if (!call && !binary) return std::nullopt;
  const bool turned = binary && expression.operands[0].kind == Expression::Kind::literal;
  const auto& subject = expression.operands[turned ? 1 : 0];
  const auto& literal = expression.operands[turned ? 0 : 1];
  auto path = path_of(subject);
  // A wildcard stands for a list, and what is no string is compared loosely: `''` equals 0, null and false.
  if (path.empty() || path.find('*') != std::string::npos || literal.kind != Expression::Kind::literal)
    return std::nullopt;
  auto value = string_of(literal.value);
  if (value.empty() || literal.value.truth() || text::is_digit(value.front())) return std::nullopt;
  const auto kind = call ? Kind::begins : expression.name == "==" ? Kind::equals : Kind::differs;
  return Demand{std::move(path), kind, std::move(value)};
}

}  // namespace

Demand negated(Demand demand) {
  constexpr std::array kNegated{Kind::differs, Kind::equals, Kind::begins_otherwise, Kind::begins};
  demand.kind = kNegated[static_cast<std::size_t>(demand.kind)];
  return demand;
}

bool contradict(const std::vector<Demand>& demands) {
  if (demands.size() > kMaxDemands) return false;
  for (const auto& left : demands) {
    for (const auto& right : demands) {
      if (left.name == right.name && rules_out(left, right)) return true;
    }
  }
  return false;
}

std::vector<Demand> demands_of(const Expression& expression) {
  std::vector<Demand> demands;
  std::vector<const Expression*> open{&expression};
  while (!open.empty() && demands.size() < kMaxDemands) {
    const Expression& part = *open.back();
    open.pop_back();
    if (part.kind == Expression::Kind::binary && part.name == "&&") {
      for (const auto& operand : part.operands) open.push_back(&operand);
      continue;
    }
    const bool negation = part.kind == Expression::Kind::negation;
    auto demand = comparison(negation ? part.operands[0] : part);
    if (demand) demands.push_back(negation ? negated(std::move(*demand)) : std::move(*demand));
  }
  return demands;
}

}  // namespace tollbar::pipeline
