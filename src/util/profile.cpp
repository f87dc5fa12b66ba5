// One clock and the name of the part that it runs for.
#include "util/profile.h"

#include <ctime>

namespace tollbar::util {
namespace {

std::chrono::nanoseconds processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

Profile::Part::Part(Profile& profile, std::string_view name) : profile_(profile), outer_(profile.part_) {
  profile_.enter(name);
}

Profile::Part::~Part() {
  profile_.enter(outer_);
}

void Profile::start(std::string_view rest) {
  started_ = true;
  part_ = rest;
  since_ = processor_time();
}

Profile::Times Profile::times() {
  enter(part_);
  return times_;
}

void Profile::enter(std::string_view name) {
  if (!started_) return;
  const auto now = processor_time();
  auto sum = times_.find(part_);
  if (sum == times_.end()) sum = times_.emplace(std::string(part_), std::chrono::nanoseconds()).first;
  sum->second += now - since_;
  since_ = now;
  part_ = name;
}

void add(Profile::Times& sum, const Profile::Times& times) {
  for (const auto& [part, time] : times) sum[part] += time;
}

}  // namespace tollbar::util
