// From what the gate said about a reference to the records that are kept of it.
#pragma once

#include <string>
#include <vector>

#include "evidence/record.h"
#include "gate/push.h"
#include "git/repository.h"
#include "rule/redaction.h"
#include "util/instant.h"

namespace tollbar::evidence {

/// What the judgement itself does not know.
struct Circumstances {
  util::Instant time = 0;
  std::string version;                          ///< of tollbar
  std::string repository, actor, pull_request;  ///< as the server says; empty where it does not
  bool accepted = false;                        ///< the push as a whole
};

/// One record for each verdict that is no plain allow, without number and place in the chain. Owners are those that
/// CODEOWNERS named before the change, so that no change names its own; where the reference is new, those in the tree
/// that its commit starts from. Every text is redacted.
std::vector<Record> records_of(const git::Repository& repository, const gate::RefVerdict& ref,
                               const Circumstances& circumstances, const rule::Redactor& redactor);

/// Redacts every text of a record that was written by people or programs; ids and digests stay.
void redact(Record& record, const rule::Redactor& redactor);

}  // namespace tollbar::evidence
