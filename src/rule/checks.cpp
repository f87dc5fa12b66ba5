// The table of producers.
#include "rule/checks.h"

#include <algorithm>

#include "rule/checks/producers.h"
#include "rule/ref_change.h"

namespace tollbar::rule {

const std::vector<Producer>& producers() {
  static const std::vector<Producer> table = {
      {"pipelines",
       {"pipeline-added", "pipeline-removed", "pipeline-moved", "pipeline-changed", "pipeline-unreadable",
        "pipeline-ambiguous", "event-added", "event-removed", "filter-narrowed", "filter-changed"},
       pipeline_facts},
      {"jobs",
       {"job-added", "job-removed", "job-renamed", "runner-changed", "permission-raised", "permission-lowered",
        "environment-added", "environment-changed", "environment-removed", "gate-removed", "needs-dropped",
        "container-changed", "reusable-changed", "check-twin"},
       job_facts},
      {"steps",
       {"action-new", "action-version", "action-unpinned", "injection", "fork-checkout", "checkout-keeps-credentials",
        "cache-in-release"},
       step_facts},
      {"credentials", {"credential-added", "credential-removed", "identity-replaced"}, credential_facts},
      {"checks",
       {"check-removed", "check-neutered", "check-narrowed", "check-moved", "check-renamed", "check-added",
        "check-restored"},
       check_facts},
      {"verdicts", {"verdict-lost"}, verdict_facts},
      {"declared-tests", {"declared-test-hollowed", "declared-tests-dropped"}, declared_test_facts},
      {"limits", {"limit-moved"}, limit_facts},
      {"exclusions", {"sources-excluded"}, exclusion_facts},
      {"effects", {"effect-added", "effect-removed"}, effect_facts},
      {"reach", {"executed-file-changed"}, reach_facts},
      {"created-reach", {"reach-created", "unknown-call-added"}, created_reach_facts},
      {"scripts", {"script-changed"}, script_facts},
      {"databases",
       {"migration-added", "migration-edited", "migration-removed", "sql-destructive", "sql-narrowing"},
       database_facts},
      {"message", {"message-skips-ci"}, message_facts},
      {"policy", {"policy-changed", "policy-loosened", "policy-removed"}, policy_facts},
      {"protections", {"protection-weakened", "protection-changed"}, protection_facts},
      {"codeowners", {"codeowner-lost", "codeowner-changed"}, codeowner_facts},
      {"hidden-diffs", {"diff-hidden", "encoding-hides-diff"}, hidden_diff_facts},
      {"images", {"image-base-changed", "image-digest-dropped", "image-user-dropped"}, image_facts},
      {"fetched-code", {"fetched-code"}, fetched_code_facts},
      {"build-calls", {"build-call-changed"}, build_call_facts},
      {"resources", {"resource-removed"}, resource_facts},
      {"infrastructure-programs",
       {"infrastructure-program-changed", "program-access-widened", "resource-removed"},
       infrastructure_program_facts},
      {"program-protections", {"program-protection-lost"}, program_protection_facts},
      {"resolved-settings", {"resolved-setting-changed"}, resolved_setting_facts},
      {"manifests", {"manifest-changed"}, manifest_facts},
      {"go-modules", {"module-replaced", "toolchain-chosen"}, go_module_facts},
      {"dependencies", {"dependency-new"}, dependency_facts},
      {"lock-files", {"lock-source-new", "lock-checksum-lost", "lock-checksum-changed"}, lock_file_facts},
      {"agent-programs", {"agent-program-changed"}, agent_program_facts},
      {"manifest-secrets", {"manifest-secret"}, manifest_secret_facts},
      {"hooks", {"hook-removed", "hook-skipped", "hook-source-changed"}, hook_facts},
      {"suppressions", {"suppression-added"}, suppression_facts},
  };
  return table;
}

bool is_known_fact(std::string_view kind) {
  const auto& table = producers();
  const auto& of_refs = ref_facts();
  if (std::find(of_refs.begin(), of_refs.end(), kind) != of_refs.end()) return true;
  return std::any_of(table.begin(), table.end(), [&](const Producer& producer) {
    return std::find(producer.facts.begin(), producer.facts.end(), kind) != producer.facts.end();
  });
}

}  // namespace tollbar::rule
