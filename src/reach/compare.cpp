// Matches the checks of two trees: the same command first, then the same tool, then whatever took its place.
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include "reach/check_coverage.h"
#include "reach/check_doubt.h"
#include "reach/check_kinship.h"
#include "reach/check_pair.h"
#include "reach/check_parts.h"
#include "reach/check_subject.h"
#include "reach/inventory.h"
#include "reach/settled_calls.h"
#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

using Fits = bool (*)(const Check& before, const Check& after);

/// Ways in which a check after can be the counterpart of one before, best first.
constexpr std::array<Fits, 8> kExact{
    [](const Check& b, const Check& a) {
      return b.identity == a.identity && same_step(b, a) && b.path == a.path && b.enforced == a.enforced;
    },
    [](const Check& b, const Check& a) { return b.identity == a.identity && same_step(b, a); },
    [](const Check& b, const Check& a) { return b.identity == a.identity && same_job(b, a) && a.enforced; },
    [](const Check& b, const Check& a) { return b.identity == a.identity && b.job == a.job && a.enforced; },
    [](const Check& b, const Check& a) { return b.identity == a.identity && a.enforced; },
    [](const Check& b, const Check& a) { return b.identity == a.identity && same_job(b, a); },
    [](const Check& b, const Check& a) { return b.identity == a.identity && b.job == a.job; },
    [](const Check& b, const Check& a) { return b.identity == a.identity && b.enforced == a.enforced; },
};
constexpr std::array<Fits, 10> kLoose{
    [](const Check& b, const Check& a) { return same_tool(b, a) && same_step(b, a); },
    [](const Check& b, const Check& a) { return same_tool(b, a) && same_job(b, a); },
    [](const Check& b, const Check& a) { return same_tool(b, a) && b.arguments == a.arguments; },
    [](const Check& b, const Check& a) { return same_job(b, a) && runs_tool_itself(b, a); },
    [](const Check& b, const Check& a) { return b.known_tool && akin(b, a); },
    [](const Check& b, const Check& a) { return same_kind(b, a) && same_step(b, a) && !b.step_name.empty(); },
    [](const Check& b, const Check& a) { return same_kind(b, a) && same_job(b, a); },
    [](const Check& b, const Check& a) { return same_tool(b, a) && b.context == a.context; },
    [](const Check& b, const Check& a) { return !b.known_tool && same_step(b, a); },
    [](const Check& b, const Check& a) {
      return !a.known_tool && a.strength == Strength::strong && same_job(b, a) && !(b.known_tool && a.tool == b.tool) &&
             !judges_no_more(b, a);
    },
};
/// Where nothing with force fits: what the check became.
constexpr std::array<Fits, 6> kForceless{
    [](const Check& b, const Check& a) { return b.tool == a.tool && b.known_tool && same_step(b, a); },
    [](const Check& b, const Check& a) { return b.tool == a.tool && b.known_tool && same_job(b, a); },
    [](const Check& b, const Check& a) {
      return b.known_tool && b.kind == a.kind && !a.hollow && same_step(b, a) && !b.step_name.empty();
    },
    [](const Check& b, const Check& a) { return !b.known_tool && b.tool == a.tool && !a.hollow && same_step(b, a); },
    [](const Check& b, const Check& a) { return b.identity == a.identity || (a.hollow && same_step(b, a)); },
    [](const Check& b, const Check& a) { return !b.context.empty() && a.hollow && b.context == a.context; },
};

class Comparison {
 public:
  Comparison(const std::vector<Check>& before, const std::vector<Check>& after, const Knowledge& knowledge,
             const Surroundings& surroundings)
      : before_(before),
        after_(after),
        knowledge_(knowledge),
        surroundings_(surroundings),
        taken_(after.size(), false),
        found_(before.size(), false) {
    std::transform(before.begin(), before.end(), found_.begin(), [](const Check& check) { return check.hook; });
    std::transform(after.begin(), after.end(), taken_.begin(), [](const Check& check) { return check.hook; });
  }

  std::vector<CheckChange> run() {
    for (const Fits fits : kExact) match(fits);
    settle_copies();
    for (const Fits fits : kLoose) match_loosely(fits, true, true);
    for (const Fits fits : kLoose) match_loosely(fits, false, false);
    for (const Fits fits : kForceless) match_loosely(fits, true, false);
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (!found_[i] && before_[i].enforced && !before_[i].hollow) lost(before_[i]);
    }
    for (std::size_t i = 0; i < after_.size(); ++i) {
      if (!taken_[i] && !after_[i].hollow && judges(after_[i]) && !adds_nothing(after_[i])) {
        changes_.push_back({CheckFate::added,
                            {},
                            after_[i],
                            after_[i].enforced ? "new check" : "new check that cannot fail the change",
                            false});
      }
    }
    rename_required();
    return std::move(changes_);
  }

 private:
  /// Without force beside its like that has it in the same job: `tox --notest`, by its own words no check, before the
  /// `tox` that judges, or the same check once more.
  bool adds_nothing(const Check& check) const {
    const bool prepares = check.why.starts_with('-');
    return !check.enforced && std::any_of(after_.begin(), after_.end(), [&](const Check& other) {
      return other.enforced && other.tool == check.tool && same_job(other, check) &&
             (prepares || other.identity == check.identity);
    });
  }

  void match(Fits fits) {
    std::multimap<std::string_view, std::size_t> by_identity;
    for (std::size_t a = 0; a < after_.size(); ++a) {
      if (!taken_[a]) by_identity.emplace(after_[a].identity, a);
    }
    for (std::size_t b = 0; b < before_.size(); ++b) {
      const auto [first, last] = by_identity.equal_range(before_[b].identity);
      for (auto at = first; at != last && !found_[b]; ++at) try_pair(b, at->second, fits);
    }
  }

  /// Pairs of the given force only, so that a check that never had any is not taken for one that lost it.
  void match_loosely(Fits fits, bool force_before, bool force_after) {
    for (std::size_t b = 0; b < before_.size(); ++b) {
      if (found_[b] || before_[b].enforced != force_before) continue;
      for (std::size_t a = 0; a < after_.size() && !found_[b]; ++a) {
        if (after_[a].enforced == force_after) try_pair(b, a, fits);
      }
    }
  }

  void try_pair(std::size_t b, std::size_t a, Fits fits) {
    if (taken_[a] || !fits(before_[b], after_[a]) || only_perhaps(before_[b], after_[a])) return;
    taken_[a] = found_[b] = true;
    if (!legs_became_checks(before_[b], after_[a])) return report(judge_pair(before_[b], after_[a]));
    Check one_leg = before_[b];
    one_leg.legs.clear();
    one_leg.arguments = after_[a].arguments;
    auto change = judge_pair(one_leg, after_[a]);
    report(change ? std::move(change)
                  : CheckChange{CheckFate::moved, before_[b], after_[a], "its legs are checks of their own now",
                                !before_[b].context.empty()});
  }

  /// Nobody knows whether the action does what ran here before.
  static bool only_perhaps(const Check& before, const Check& after) {
    return after.strength == Strength::by_name && before.strength != Strength::by_name;
  }

  /// Instead of a matrix, the same tool now runs as often in checks that were not there.
  bool legs_became_checks(const Check& b, const Check& a) const {
    if (b.legs.size() < 2 || !a.legs.empty() || !b.known_tool || a.tool != b.tool) return false;
    const auto of_tool = [&](const std::vector<Check>& checks) {
      return static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(), [&](const Check& other) {
        return other.enforced && other.tool == b.tool && other.pipeline == a.pipeline;
      }));
    };
    return of_tool(after_) >= of_tool(before_) + b.legs.size() - 1;
  }

  void report(std::optional<CheckChange> change) {
    if (!change) return;
    // Where the same command keeps its force elsewhere in the job's place, the copy without force is beside the point.
    const bool elsewhere =
        change->fate == CheckFate::neutered && std::any_of(after_.begin(), after_.end(), [&](const Check& other) {
          return other.enforced && other.identity == change->before.identity &&
                 other.context == change->before.context && runs(other) >= runs(change->before) && !stood_before(other);
        });
    if (change->fate == CheckFate::narrowed && judged_in_parts(change->before, change->after)) {
      change->fate = CheckFate::moved;
      change->what = "it runs in several parts now";
    } else if (elsewhere) {
      change->fate = CheckFate::moved;
      change->what = "another run of it keeps its force";
    } else if (const Check* caller = other_caller(*change)) {
      change->fate = CheckFate::narrowed;
      change->what += "; " + caller->pipeline + " still starts it";
    } else if (const Check* copy = copy_of_unreached(*change)) {
      change->fate = CheckFate::narrowed;
      change->what += "; job " + copy->job + " still runs it";
    } else if (const Check* instead = new_call_in_its_job(*change)) {
      change->fate = CheckFate::narrowed;
      change->what += "; `" + instead->identity + "` in job " + instead->job + " may judge the same";
    }
    changes_.push_back(std::move(*change));
  }

  /// Beside its counterpart the change brings another call, for another part of what the check judged.
  bool judged_in_parts(const Check& before, const Check& after) const {
    const auto part = part_judged(before, after);
    return !part.empty() && std::any_of(after_.begin(), after_.end(), [&](const Check& other) {
      const auto another = other.enforced && judges(other) && !stood_before(other) ? part_judged(before, other) : "";
      return !another.empty() && another != part;
    });
  }

  /// The job itself lost what started it, but a pipeline that calls it runs the very same step wherever it ran.
  const Check* other_caller(const CheckChange& change) const {
    const Check &then = change.before, &now = change.after;
    if (change.fate != CheckFate::neutered || judges(now)) return nullptr;
    const auto calls = [&](const Check& other) {
      const bool same = other.enforced && other.path == now.path && other.line == now.line && other.job == now.job &&
                        other.step_name == now.step_name && other.identity == now.identity && runs(other) >= runs(then);
      return same && std::all_of(then.events.begin(), then.events.end(), [&](const auto& event) {
               return std::any_of(other.events.begin(), other.events.end(),
                                  [&](const auto& one) { return one.name == event.name; });
             });
    };
    const auto found = std::find_if(after_.begin(), after_.end(), calls);
    return found == after_.end() ? nullptr : &*found;
  }

  /// Where its job comes to it no more, it is as good as taken out of the job: the same command with force elsewhere.
  const Check* copy_of_unreached(const CheckChange& change) const {
    const Check& then = change.before;
    if (change.fate != CheckFate::neutered || change.after.why != kNeverReached || !then.context.empty())
      return nullptr;
    const auto found = std::find_if(after_.begin(), after_.end(), [&](const Check& other) {
      return other.enforced && !other.hollow && judges(other) && other.identity == then.identity &&
             !same_job(other, then);
    });
    return found == after_.end() ? nullptr : &*found;
  }

  /// What it became stands in another job, while its own newly calls the same tool with force: `pytest -m $MARKER`.
  const Check* new_call_in_its_job(const CheckChange& change) const {
    const Check& then = change.before;
    if (change.fate != CheckFate::neutered || !then.known_tool || same_job(then, change.after)) return nullptr;
    const auto found = std::find_if(after_.begin(), after_.end(), [&](const Check& other) {
      return other.enforced && !other.hollow && judges(other) && same_tool(then, other) && same_job(then, other) &&
             !stood_before(other);
    });
    return found == after_.end() ? nullptr : &*found;
  }

  bool stood_before(const Check& check) const {
    return std::any_of(before_.begin(), before_.end(),
                       [&](const Check& other) { return other.identity == check.identity && same_step(other, check); });
  }

  /// Its own step still calls the tool, with a flag by which it judges nothing (`ctest -N`).
  bool disarmed_in_place(const Check& check) const {
    for (std::size_t a = 0; a < after_.size(); ++a) {
      const bool disarmed = !after_[a].enforced && after_[a].why.starts_with('-');
      if (!taken_[a] && disarmed && same_tool(check, after_[a]) && same_step(check, after_[a])) return true;
    }
    return false;
  }

  /// A copy of a check is gone whose command still runs with force: fewer runs are a narrowing, as many are a merge.
  void settle_copies() {
    for (std::size_t b = 0; b < before_.size(); ++b) {
      if (found_[b] || !before_[b].enforced || disarmed_in_place(before_[b])) continue;
      std::size_t now = 0, then = 0;
      const Check* remaining = nullptr;
      for (const auto& check : after_) {
        if (!check.enforced || check.identity != before_[b].identity) continue;
        now += runs(check);
        remaining = &check;
      }
      if (!remaining) continue;
      for (const auto& check : before_)
        then += check.enforced && check.identity == before_[b].identity ? runs(check) : 0;
      found_[b] = true;
      const bool all = now >= then;
      changes_.push_back({all ? CheckFate::moved : CheckFate::narrowed, before_[b], *remaining,
                          all ? "merged into " + remaining->job : "job " + before_[b].job + " no longer runs it",
                          !before_[b].context.empty()});
    }
  }

  void lost(const Check& check) {
    const bool required = !check.context.empty();
    if (surroundings_.unreadable.count(check.pipeline) != 0) {
      changes_.push_back({CheckFate::narrowed, check, {}, "its pipeline can no longer be read", required});
      return;
    }
    if (const auto cover = std::find_if(
            after_.begin(), after_.end(),
            [&](const Check& other) { return covers(other, check) && !judges_something_else(other, check); });
        cover != after_.end()) {
      changes_.push_back({CheckFate::moved, check, *cover, "covered by `" + cover->identity + "`", required});
      return;
    }
    if (const Check* kept = runs_without(check)) {
      changes_.push_back(
          {CheckFate::moved, check, *kept, "`" + kept->identity + "`, which it ran, runs without it", required});
      return;
    }
    if (const Check* heir = successor_of(check)) {
      changes_.push_back({CheckFate::moved, check, *heir, "`" + heir->identity + "` takes its place", required});
      return;
    }
    if (check.kind == CheckKind::build && !required && build_is_spare(check)) return;
    if (const std::string subject = lost_subject(check, surroundings_.gone); !subject.empty()) {
      changes_.push_back({CheckFate::narrowed, check, {}, "what it judged, " + subject + ", is gone too", required});
      return;
    }
    if (!check.known_tool && !required && step_still_checks(check)) return;
    const auto alike = std::find_if(after_.begin(), after_.end(), [&](const Check& other) {
      return other.enforced && !other.known_tool && other.tool == check.tool;
    });
    if (!check.known_tool && alike != after_.end()) {
      changes_.push_back({CheckFate::narrowed, check, *alike, "job " + check.job + " no longer runs it", required});
      return;
    }
    if (required && surroundings_.unnamed) {
      if (auto kept = surroundings_.unnamed(check)) {
        const std::string what = "job " + kept->job + " runs it under another name";
        changes_.push_back({CheckFate::moved, check, std::move(*kept), what, required});
        return;
      }
    }
    Check gone = check;
    std::string what = "`" + check.identity + "` runs nowhere any more";
    const std::string doubt = !required && only_after_merge(check)
                                  ? "; it judged only what was released"
                                  : unless_another_judges(check, {before_, after_, knowledge_, surroundings_});
    if (!doubt.empty()) gone.strength = Strength::weak;
    what += doubt;
    changes_.push_back({CheckFate::removed, std::move(gone), {}, std::move(what), required});
  }

  /// It stood there before, beside the check, with a configuration of its own.
  bool judges_something_else(const Check& other, const Check& check) const {
    return obeys_another_configuration(other, check) &&
           std::any_of(before_.begin(), before_.end(),
                       [&](const Check& earlier) { return earlier.enforced && earlier.identity == other.identity; });
  }

  /// A runner whose commands are seen (`tox -e lint`) and run on with force, every one: the last of them, else null.
  const Check* runs_without(const Check& runner) const {
    const Check* kept = nullptr;
    for (const auto& inner : before_) {
      const auto depth = runner.chain.size();
      const bool called = inner.enforced && same_step(inner, runner) && inner.chain.size() > depth &&
                          inner.chain[depth].line == runner.line && same_chain(inner, runner, depth);
      if (!called) continue;
      const auto found = std::find_if(after_.begin(), after_.end(), [&](const Check& other) {
        return other.enforced && other.identity == inner.identity && other.pipeline == inner.pipeline;
      });
      if (found == after_.end()) return nullptr;
      kept = &*found;
    }
    return kept;
  }

  static bool same_chain(const Check& a, const Check& b, std::size_t length) {
    return std::equal(a.chain.begin(), a.chain.begin() + static_cast<std::ptrdiff_t>(length), b.chain.begin(),
                      [](const Link& x, const Link& y) { return x.path == y.path && x.part == y.part; });
  }

  /// What takes the place of a check whose own tool judges no more: one known to, or, of the same kind in the same job,
  /// one that the change brings.
  const Check* successor_of(const Check& check) const {
    const auto fits = [&](const Check& other) {
      if (!other.enforced || other.hollow || !other.known_tool || !judges(other)) return false;
      // A tool that stood there before does not judge more than it did, unless it is of the same kind: then it was set
      // up for this before.
      const bool stood = std::any_of(before_.begin(), before_.end(), [&](const Check& earlier) {
        return earlier.enforced && earlier.tool == other.tool;
      });
      if (check.known_tool && knowledge_.succeeds(other.tool, check.tool) && (!stood || other.kind == check.kind))
        return true;
      return !other.hook && (other.kind == check.kind || !check.known_tool) && other.kind != CheckKind::build &&
             same_job(other, check) && std::none_of(before_.begin(), before_.end(), [&](const Check& earlier) {
               return earlier.tool == other.tool && same_job(earlier, other);
             });
    };
    const auto found = std::find_if(after_.begin(), after_.end(), fits);
    return found == after_.end() ? nullptr : &*found;
  }

  /// A build is missed only where its whole job went and nothing of its family judges any more.
  bool build_is_spare(const Check& check) const {
    return std::any_of(after_.begin(), after_.end(), [&](const Check& other) {
      return same_job(other, check) || (other.enforced && family(other) == family(check));
    });
  }

  /// One of several unknown commands went, others of its step still judge.
  bool step_still_checks(const Check& check) const {
    return std::any_of(after_.begin(), after_.end(),
                       [&](const Check& other) { return other.enforced && !other.hollow && same_step(other, check); });
  }

  /// A required name that nothing reports any more, although its commands stay.
  void rename_required() {
    std::set<std::string> done;
    for (const auto& check : before_) {
      const bool kept = check.context.empty() || std::any_of(after_.begin(), after_.end(), [&](const Check& other) {
                          return other.context == check.context;
                        });
      if (kept || !done.insert(check.context).second) continue;
      const bool lost_too = std::any_of(changes_.begin(), changes_.end(), [&](const CheckChange& change) {
        return change.before.context == check.context &&
               (change.fate == CheckFate::removed || change.fate == CheckFate::neutered);
      });
      const auto heir = std::find_if(after_.begin(), after_.end(), [&](const Check& other) {
        return other.enforced && other.identity == check.identity;
      });
      if (lost_too) continue;
      changes_.push_back({CheckFate::renamed, check, heir == after_.end() ? Check() : *heir,
                          "nothing reports `" + check.context + "` any more", true});
    }
  }

  const std::vector<Check>& before_;
  const std::vector<Check>& after_;
  const Knowledge& knowledge_;
  const Surroundings& surroundings_;
  std::vector<bool> taken_, found_;
  std::vector<CheckChange> changes_;
};

}  // namespace

std::string_view to_string(CheckFate fate) {
  switch (fate) {
    case CheckFate::removed:
      return "removed";
    case CheckFate::neutered:
      return "neutered";
    case CheckFate::narrowed:
      return "narrowed";
    case CheckFate::moved:
      return "moved";
    case CheckFate::renamed:
      return "renamed";
    case CheckFate::added:
      return "added";
    case CheckFate::restored:
      return "restored";
  }
  return "unknown";
}

std::vector<CheckChange> compare(const std::vector<Check>& before, const std::vector<Check>& after,
                                 const Knowledge& knowledge, const Surroundings& surroundings) {
  return Comparison(before, with_calls_settled(before, after), knowledge, surroundings).run();
}

}  // namespace tollbar::reach
