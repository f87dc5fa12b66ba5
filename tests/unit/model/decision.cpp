// The words of the policy, both ways.
#include "model/decision.h"

#include <doctest/doctest.h>

using namespace tollbar::model;

TEST_CASE("every trigger is spelled as in the policy and read back") {
  for (int index = 0; index < 8; ++index) {
    const auto trigger = static_cast<Trigger>(index);
    CHECK_FALSE(to_string(trigger).empty());
    CHECK(parse_trigger(to_string(trigger)) == trigger);
  }
  CHECK(to_string(Trigger::workflow_change) == "workflow-change");
  CHECK(to_string(Trigger::destructive_production) == "destructive-production");
  CHECK(to_string(Trigger::unmanaged_secret_read) == "unmanaged-secret-read");
}

TEST_CASE("decisions, risks and statuses") {
  CHECK(to_string(Decision::approve) == "approve");
  CHECK(parse_decision("block") == Decision::block);
  CHECK(parse_risk("critical") == Risk::critical);
  CHECK(to_string(Risk::low) == "low");
  CHECK(to_string(Status::needs_approval) == "needs-approval");
  CHECK(to_string(Status::break_glass) == "break-glass");
  CHECK(to_string(Status::undecided) == "undecided");
}

TEST_CASE("near misses are no words") {
  CHECK_FALSE(parse_decision("Block"));
  CHECK_FALSE(parse_decision(""));
  CHECK_FALSE(parse_trigger("workflow_change"));
  CHECK_FALSE(parse_trigger("workflow-change "));
  CHECK_FALSE(parse_risk("severe"));
}
