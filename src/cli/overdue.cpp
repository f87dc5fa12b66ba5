// One line a review.
#include "cli/overdue.h"

#include <ostream>

#include "approval/store.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "gate/break_glass.h"
#include "report/escape.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::cli {

void warn_of_overdue_reviews(const git::Repository& repository, const Arguments& arguments, Console& console) {
  if (!repository.reference(approval::store_ref)) {
    return;  // nobody has signed anything: most repositories
  }
  try {
    const rule::RuleSet rules = rule::load_builtin();
    gate::PolicySource policies(repository, rules, policy_file(arguments, console));
    const util::Instant now = util::now();
    for (const approval::GlassRecord& record : gate::glass_records_at_head(repository, policies, now)) {
      if (record.overdue(now)) {
        console.err << "warning: " << report::escape(gate::overdue_text(record)) << '\n';
      }
    }
  } catch (const util::Error&) {
    return;
  }
}

}  // namespace tollbar::cli
