// The way from a job to what it runs, and what the job can act with there.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reach/execution.h"
#include "reach/execution_cache.h"
#include "reach/knowledge.h"

namespace tollbar::rule {

/// What steps can act with; asked for many files of the same steps. See Change::powers().
class Powers {
 public:
  Powers(const reach::Knowledge& knowledge, reach::ExecutionCache& executions)
      : knowledge_(knowledge), executions_(executions) {}
  /// `credential NPM_TOKEN`, `environment production`, `release`; empty for a step without power.
  const std::set<std::string>& of(const reach::ExecutedStep& step);
  /// What the step's programs are handed to act with, what says most first: secrets, identities, and the platform's own
  /// token where the job says that it may write, or says nothing of it and the step is known to write with it.
  const std::vector<pipeline::CredentialUse>& acting_credentials(const reach::ExecutedStep& step);

 private:
  bool token_writes(const reach::ExecutedStep& step);
  bool releases(const reach::ExecutedStep& step);

  const reach::Knowledge& knowledge_;
  reach::ExecutionCache& executions_;
  std::map<const reach::ExecutedStep*, std::set<std::string>> known_;
  std::map<const reach::ExecutedStep*, std::vector<pipeline::CredentialUse>> acting_;
  std::map<const pipeline::Job*, bool> deploying_;
};

/// `Makefile: ship`, `.github/workflows/release.yml: publish, step Publish`, `credential NPM_TOKEN`: how the job gets
/// to the file at `path` through `chain`, nearest to the file first and without line numbers, so that it stays the same
/// over unrelated edits.
std::vector<std::string> way_text(const std::string& path, const std::vector<reach::Link>& chain,
                                  const reach::ExecutedStep& step, Powers& powers);

/// The systems outside that the step is known to write to, in whatever file it does: `github releases, npm registry`.
std::string acts_on(const reach::ExecutedStep& step, const reach::Knowledge& knowledge);

/// Many ways as one text for an approval to bind to: sorted, each once; the digest of the rest where they are too many
/// to read.
std::string all_ways(const std::set<std::string>& ways);

}  // namespace tollbar::rule
