// Marks: what `git log --notes=tollbar` shows beside a commit that needs attention.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/verdict.h"
#include "model/decision.h"

namespace tollbar::report {

/// The notes that hold marks.
inline constexpr std::string_view marks_ref = "refs/notes/tollbar";

/// One commit's mark. Every record is one line in trailer form, so that notes merged with `cat_sort_uniq` stay whole.
/// A mark is display: whoever can write the notes can forge it, so nothing is decided by it.
struct Mark {
  model::Status status = model::Status::allowed;
  std::vector<std::string> rules;  ///< `workflow/runner-changed approve medium .github/workflows/ci.yml:12 job test`
  std::vector<std::string> refs;   ///< where it was pushed
  std::vector<std::string> pushers;
  std::vector<std::string> policies;
  std::vector<std::string> reasons;  ///< why it could not be decided
};

/// Adds what a verdict says: the stronger status stays, records stand once.
void add(Mark& mark, const gate::Verdict& verdict);

/// Adds what another mark of the same commit says.
void add(Mark& mark, const Mark& other);

std::string to_note(const Mark& mark);
/// Lines of other keys are left out; empty where none is a mark's.
std::optional<Mark> parse_note(std::string_view note);
/// The lines of a note that are no mark's: they are others' and stay.
std::string foreign_lines(std::string_view note);

}  // namespace tollbar::report
