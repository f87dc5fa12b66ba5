// Whether a credential that a job newly holds only moved with its work, or stood in a text nobody could read before.
#pragma once

#include <string>
#include <vector>

#include "rule/checks/pairs.h"

namespace tollbar::rule {

/// The credentials that a change takes away from jobs, to be found again where their work went.
class MovedCredentials {
 public:
  MovedCredentials(Change& change, const std::vector<PipelinePair>& pipelines);

  /// The same credential with the same binding left the same work (a step that runs the same, or a job of the same id
  /// or name) elsewhere in this change, and its new place is open to nobody who could not start the old one.
  bool contains(const pipeline::CredentialUse& use, const pipeline::Pipeline& pipeline, const pipeline::Job& job) const;

 private:
  struct Gone {
    const pipeline::Pipeline* pipeline;
    const pipeline::Job* job;
    const pipeline::CredentialUse* use;
  };
  Change* change_;
  std::vector<Gone> gone_;
};

/// The pipeline could not be read before, and its text asked for the credential already.
bool written_in_broken(Change& change, const PipelinePair& pipelines, const pipeline::CredentialUse& use);

}  // namespace tollbar::rule
