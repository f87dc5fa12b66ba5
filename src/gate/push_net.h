// What the content of a pushed reference becomes as a whole, beside the commits that bring it there.
#pragma once

#include <optional>
#include <vector>

#include "gate/judge.h"
#include "gate/policy_source.h"
#include "gate/push_subject.h"
#include "gate/standing.h"
#include "git/repository.h"
#include "rule/engine.h"

namespace tollbar::gate {

class NetChange {
 public:
  NetChange(const git::Repository& repository, const rule::Engine& engine, PolicySource& policies,
            const Standing& standing, const ScanOptions& options)
      : repository_(repository), engine_(engine), policies_(policies), standing_(standing), options_(options) {}

  /// Empty where the commits have said it all, or nothing is left of the reference.
  std::optional<Verdict> judge(const Subject& subject) const;

 private:
  Verdict without_history(const Subject& subject) const;
  Verdict since(const std::vector<model::ObjectId>& bases, const model::Commit& shown, const Lane& lane) const;
  std::vector<model::ObjectId> bases_of(const Subject& subject) const;
  Judge judge_of(const Lane& lane) const { return {repository_, engine_, policies_, options_, lane.policy}; }

  const git::Repository& repository_;
  const rule::Engine& engine_;
  PolicySource& policies_;
  const Standing& standing_;
  const ScanOptions& options_;
};

}  // namespace tollbar::gate
