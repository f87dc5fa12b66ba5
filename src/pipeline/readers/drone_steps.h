// Steps of Drone and of Woodpecker, which grew out of it: one syntax, few differences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "pipeline/model.h"

namespace tollbar::pipeline::drone {

/// What differs between the two systems for whoever reads a step.
struct Dialect {
  std::string_view secrets;    ///< source of credentials
  std::string_view variables;  ///< source of variables that come from outside
};

/// `event`, `branch`, ... of a trigger or of a step's `when`: a text, a list, or `include` and `exclude`.
struct Filter {
  std::vector<std::string> include, exclude;
  bool empty() const { return include.empty() && exclude.empty(); }
};
Filter read_filter(const document::Node* node);

/// The events that a trigger (or Woodpecker's `when`) lets through, filtered by branch, ref, path and the like.
std::vector<Event> read_events(const document::Node* trigger);
/// Adds the events of a job to those of its pipeline.
void add_events(std::vector<Event>& to, const std::vector<Event>& from);

/// A step's `when`, seen from the events of its pipeline.
Condition read_when(const document::Node* when, const std::vector<Event>& events);

/// Every step of a list, or of a mapping by name, appended to the job.
void read_steps(const document::Node* steps, const Dialect& dialect, const std::vector<Event>& events, Job& job);
/// Images of services, in either form.
void read_services(const document::Node* services, const Dialect& dialect, Job& job);

/// `labels` and `node`: sorted `key=value` texts.
void add_labels(const document::Node* labels, Job& job);

}  // namespace tollbar::pipeline::drone
