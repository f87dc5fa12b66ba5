// What a rule says about a change: the unit of reports, approvals and evidence.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/decision.h"

namespace tollbar::model {

/// The credential an action can use. Empty strings mean "cannot be told".
struct Authority {
  std::string credential;  ///< `NPM_TOKEN`, `arn:aws:iam::1:role/deploy`, `github-token`
  std::string source;      ///< `github-secrets`, `gitlab-variable`, `oidc`, `file`, ...
  std::string scope;       ///< `contents: write`, `environment production`, ...
  bool operator==(const Authority&) const = default;
};

/// The system an action acts on. Empty strings mean "cannot be told".
struct Target {
  std::string system;       ///< `npm registry`, `aws`, `kubernetes`, `postgres`, `slack`, ...
  std::string environment;  ///< `production`, ...
  std::string name;         ///< bucket, package, host, ...
  bool operator==(const Target&) const = default;
};

/// Set by policy, waivers and approvals; a finding is kept and shown whatever became of it.
struct Waived {
  std::string reason, owner, expires;
};

/// An approval that counts.
struct Approved {
  std::string person;     ///< whose approval it is, as the policy calls them
  std::string principal;  ///< whose key signed it; another than the person's where a bot relayed it
  std::string record;     ///< digest of the approval in the store
  std::string fact;       ///< fingerprint under which the store has it
  std::string reason;
  std::string expires;  ///< `2027-01-31T12:00:00Z`
};

/// One of the places that a finding about a whole file sums up.
struct Part {
  std::string subject, before, after, context;
};

struct Finding {
  std::string rule;  ///< `family/name`
  Trigger trigger = Trigger::workflow_change;
  Decision decision = Decision::approve;
  Risk risk = Risk::medium;
  std::string path;             ///< the path after the change, or before it where it is gone
  std::size_t line = 0;         ///< 1-based, in `path` after the change; 0 where the file has no after side
  std::size_t line_before = 0;  ///< 1-based, before the change; 0 where there was none
  std::string
      subject;         ///< what in the file: `job test / step Lint`, `scripts.postinstall`; stable over unrelated edits
  std::string before;  ///< the meaning before, short, secrets redacted
  std::string after;   ///< the meaning after, short, secrets redacted
  std::string action;  ///< what the change makes possible: `runs on self-hosted`, `publishes to npm`
  Authority authority;
  Target target;
  std::vector<std::string> reach;  ///< the chain from the changed file to the job that runs it, nearest first
  std::string message;             ///< one sentence: what happened here
  std::string remedy;              ///< what to do next
  std::string fingerprint;         ///< 64 hex digits over rule, path, subject, before, after and context
  std::string context;     ///< events, environment and credentials of the job, as far as they make the fact dangerous
  bool undecided = false;  ///< the rule could not be evaluated (limit, unreadable input): refuses with exit 4
  std::vector<Waived> waived;  ///< at most one; where present the finding does not count
  Binding binding = Binding::fact;
  bool approvable = false;              ///< even where it blocks
  std::vector<Part> parts;              ///< each is approved by itself; empty: the finding is approved as one
  std::vector<Approved> approved;       ///< by enough people; where present the finding holds nothing back
  std::vector<std::string> unapproved;  ///< why it is not, where approvals were looked for: one cause each
};

}  // namespace tollbar::model
