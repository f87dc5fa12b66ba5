// How a way of a job begins: where it stands, what must hold, with what it acts. Internal to the files that make the
// map.
#pragma once

#include <string>
#include <vector>

#include "pipeline/model.h"
#include "reach/action_map.h"
#include "reach/execution.h"
#include "reach/job_map.h"

namespace tollbar::reach {

bool is_token(const pipeline::CredentialUse& use);
bool never_runs(const ExecutedStep& step);
/// Adds what is not there yet; the platform's token is none of them.
void add_credentials(const std::vector<pipeline::CredentialUse>& uses, std::vector<pipeline::CredentialUse>& to);
/// Adds the files that the step runs. `other`: its name where it is not the step that acts.
void add_files(const ExecutedStep& step, std::vector<MapFile>& files, const std::string& other);

class JobWay {
 public:
  JobWay(const PipelineExecution& run, const JobSteps& steps, const JobSurroundings& around)
      : run_(run), steps_(steps), around_(around) {}

  /// What holds for a way through the step, whatever it does.
  MapPath begin(const ExecutedStep& step) const;
  /// Known only when the way is whole: what it holds.
  void set_actors(MapPath& way) const;
  /// The file whose call leads to the step.
  const std::string& last_call(const ExecutedStep& step) const;

 private:
  void add_condition(const pipeline::Condition& condition, std::vector<std::string>& to) const;

  const PipelineExecution& run_;
  const JobSteps& steps_;
  const JobSurroundings& around_;
};

}  // namespace tollbar::reach
