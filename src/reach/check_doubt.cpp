// Looked for among what the change brings, likeliest first.
#include "reach/check_doubt.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>

#include "reach/check_coverage.h"
#include "reach/check_pair.h"

namespace tollbar::reach {
namespace {

class Newcomers {
 public:
  explicit Newcomers(const BothSides& sides) : before_(sides.before), after_(sides.after) {}

  /// A new call in the job of the lost check that may run it unseen; for such a call, the first of what the job's
  /// scripts newly run in its place.
  const Check* opaque_counterpart(const Check& check) const {
    const bool was_opaque = is_opaque(check);
    return first([&](const Check& other) {
      return (was_opaque ? !other.chain.empty() && other.kind != CheckKind::build : is_opaque(other)) &&
             is_new_beside(check, other);
    });
  }

  /// A check with force that the change brings to the job.
  const Check* beside(const Check& check) const {
    return first([&](const Check& other) { return is_new_beside(check, other); });
  }

  /// Tests by a known tool that the change brings to a job that had none by it: what ran elsewhere as well runs more
  /// often now.
  const Check* tests() const {
    const auto runs_of = [](const std::vector<Check>& checks, const Check& wanted) {
      return std::accumulate(checks.begin(), checks.end(), std::size_t{0}, [&](std::size_t sum, const Check& check) {
        return sum + (check.enforced && check.identity == wanted.identity ? runs(check) : 0);
      });
    };
    return first([&](const Check& other) {
      return other.known_tool && other.kind == CheckKind::test && judges(other) &&
             stood_nowhere(
                 [&](const Check& earlier) { return earlier.tool == other.tool && same_job(earlier, other); }) &&
             runs_of(after_, other) > runs_of(before_, other);
    });
  }

  /// A test in the job of the same name of another pipeline, whose conditions the change rewrites.
  const Check* freed_namesake(const Check& check) const {
    return first([&](const Check& other) {
      return other.kind == CheckKind::test && judges(other) && other.job == check.job &&
             other.pipeline != check.pipeline && !stood_nowhere([&](const Check& earlier) {
               return earlier.identity == other.identity && same_job(earlier, other) &&
                      conditions(earlier) != conditions(other);
             });
    });
  }

 private:
  template <typename Fits>
  const Check* first(const Fits& fits) const {
    const auto found = std::find_if(after_.begin(), after_.end(),
                                    [&](const Check& other) { return other.enforced && !other.hollow && fits(other); });
    return found == after_.end() ? nullptr : &*found;
  }

  template <typename Fits>
  bool stood_nowhere(const Fits& fits) const {
    return std::none_of(before_.begin(), before_.end(), fits);
  }

  bool is_new_beside(const Check& check, const Check& other) const {
    return same_job(other, check) && stood_nowhere([&](const Check& earlier) {
             return earlier.identity == other.identity && same_job(earlier, other);
           });
  }

  static std::vector<std::string> conditions(const Check& check) {
    std::vector<std::string> result;
    std::copy_if(check.narrowing.begin(), check.narrowing.end(), std::back_inserter(result),
                 [](const std::string& narrowing) { return narrowing.starts_with("if: "); });
    return result;
  }

  const std::vector<Check>& before_;
  const std::vector<Check>& after_;
};

bool backs_others(const Check& check, const Knowledge& knowledge) {
  const CheckTool* tool = check.known_tool ? knowledge.check_tool_named(check.tool) : nullptr;
  return tool != nullptr && tool->auxiliary;
}

}  // namespace

std::string unless_another_judges(const Check& check, const BothSides& sides) {
  const Newcomers newcomers(sides);
  if (const Check* call = newcomers.opaque_counterpart(check)) return ", unless `" + call->identity + "` does";
  // It may have backed what now judges by itself.
  if (const Check* instead = backs_others(check, sides.knowledge) ? newcomers.beside(check) : nullptr)
    return ", unless `" + instead->identity + "` judges the same";
  const std::string unseen = sides.surroundings.unseen ? sides.surroundings.unseen(check) : "";
  if (!unseen.empty()) return ", unless " + unseen + " does";
  if (check.known_tool) return {};
  // What it ran cannot be told, and tests have come elsewhere.
  if (const Check* tests = newcomers.tests())
    return ", unless `" + tests->identity + "` in job " + tests->job + " judges the same";
  if (const Check* namesake = newcomers.freed_namesake(check))
    return ", unless `" + namesake->identity + "` does in the job of that name in " + namesake->pipeline;
  return {};
}

}  // namespace tollbar::reach
