// What a condition asks of names that only a run can tell, so that one that nothing can meet is known for what it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/expression_tree.h"

namespace tollbar::pipeline {

struct Demand {
  enum class Kind : std::uint8_t { equals, differs, begins, begins_otherwise };
  std::string name;
  Kind kind = Kind::equals;
  std::string value;  ///< compared regardless of the case of ASCII letters
};

/// The same comparison with `not` before it.
Demand negated(Demand demand);

/// No value of some name meets all of them: `x == 'a' && x == 'b'`. Of more than 64 nothing is concluded.
bool contradict(const std::vector<Demand>& demands);

/// What the operands of a GitHub conjunction ask of paths into contexts, at most 64 of them; of any other expression,
/// what it asks itself.
std::vector<Demand> demands_of(const Expression& expression);

}  // namespace tollbar::pipeline
