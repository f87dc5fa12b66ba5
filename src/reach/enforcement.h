// Whether the failure of a step can hold a change back, told from pipeline, job and step alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model.h"

namespace tollbar::reach {

/// The narrowing of a job some of whose legs may fail (`allow_failures`).
inline constexpr std::string_view kLegsMayFail = "failures of some legs are allowed";

struct Enforcement {
  bool enforced = true;
  std::string why;   ///< the first thing that takes the force away
  std::string path;  ///< of the file that says so; empty where it is enforced
  std::uint32_t line = 0;
  bool left_to_callers = false;         ///< without force only because nothing but a call starts its workflow
  std::vector<std::string> narrowing;   ///< what may take it away at times
  std::vector<pipeline::Event> events;  ///< those that judge changes
};

/// Of a job that its own pipeline starts: events, conditions, needs, gates. A reusable workflow that no pipeline of the
/// tree calls (`called_elsewhere`) serves other repositories: being called counts as judging there.
Enforcement enforcement_of(const pipeline::Pipeline& pipeline, const pipeline::Job& job, bool called_elsewhere = false);
/// Of a job inside a reusable workflow: what its caller has, less what the job itself gives up.
Enforcement within_call(const Enforcement& caller, const pipeline::Pipeline& called, const pipeline::Job& job);
/// Takes the force from a pipeline that a job of `caller` starts without waiting for its end.
void not_awaited(Enforcement& enforcement, const pipeline::Pipeline& caller, std::uint32_t line);
/// Of one step of a job that `own` holds.
Enforcement within_job(const Enforcement& given, const pipeline::Pipeline& own, const pipeline::Job& job,
                       const pipeline::Step& step);

}  // namespace tollbar::reach
