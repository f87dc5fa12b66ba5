// Writes marks beside commits, however many do it at the same time.
#pragma once

#include <string>
#include <vector>

#include "gate/verdict.h"
#include "git/repository.h"
#include "hook/provider.h"
#include "rule/rule_set.h"

namespace tollbar::hook {

/// What a mark says beyond the verdict; empty on a developer's machine.
struct MarkContext {
  std::string ref{};  ///< the reference that was pushed
  Origin origin{};
};

/// Marks the commits of verdicts that are not allowed (a net change and a reference on its tip); what their notes say
/// already stays. One commit on refs/notes/tollbar, moved by
/// compare-and-swap and tried again where another writer was faster. Throws util::Error where that does not end, and in
/// quarantine. Not for staged changes, which have no commit.
/// Secrets are taken out: `rules` knows them.
void write_marks(git::Repository& repository, const std::vector<gate::Verdict>& verdicts, const rule::RuleSet& rules,
                 const MarkContext& context = {});

}  // namespace tollbar::hook
