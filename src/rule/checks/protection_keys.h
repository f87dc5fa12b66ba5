// The words in which settings files, rulesets, Terraform and merge bots demand something, as one table.
#pragma once

#include <cstdint>
#include <string_view>

namespace tollbar::rule {

enum class ProtectionMeaning : std::uint8_t {
  checks,
  reviews,
  count,
  on,
  not_off,
  enforcement,
  level,
  pattern,
  branches,
  allowance,
  rules,
  conditions,
  approval,
  labels,
  section
};

/// What one key of such data means.
struct ProtectionKey {
  std::string_view name;
  ProtectionMeaning meaning;
  bool strong;  ///< means this anywhere; others only where something else says that the data protects
};

inline constexpr ProtectionKey protection_keys[] = {
    {"required_status_checks", ProtectionMeaning::checks, true},
    {"required_contexts", ProtectionMeaning::checks, true},
    {"standard_contexts", ProtectionMeaning::checks, true},
    {"additional_contexts", ProtectionMeaning::checks, true},
    {"required_checks", ProtectionMeaning::checks, true},
    {"required_check", ProtectionMeaning::checks, true},
    {"required_deployment_environments", ProtectionMeaning::checks, true},
    {"has_successful_status", ProtectionMeaning::checks, true},
    {"has_status", ProtectionMeaning::checks, false},
    {"statuses", ProtectionMeaning::checks, false},
    {"contexts", ProtectionMeaning::checks, false},
    {"checks", ProtectionMeaning::checks, false},
    {"status_checks", ProtectionMeaning::checks, false},
    {"status", ProtectionMeaning::checks, false},
    {"pr_status", ProtectionMeaning::checks, false},
    {"required_pull_request_reviews", ProtectionMeaning::reviews, true},
    {"required_approving_review_count", ProtectionMeaning::count, true},
    {"required_approvals", ProtectionMeaning::count, true},
    {"approvals_required", ProtectionMeaning::count, true},
    {"minimum_approvals", ProtectionMeaning::count, true},
    {"reviewer_count", ProtectionMeaning::count, false},
    {"count", ProtectionMeaning::count, false},
    {"enforce_admins", ProtectionMeaning::on, true},
    {"require_code_owner_reviews", ProtectionMeaning::on, true},
    {"require_code_owner_review", ProtectionMeaning::on, true},
    {"code_owner_approval_required", ProtectionMeaning::on, true},
    {"require_last_push_approval", ProtectionMeaning::on, true},
    {"required_signatures", ProtectionMeaning::on, true},
    {"require_signed_commits", ProtectionMeaning::on, true},
    {"strict_required_status_checks_policy", ProtectionMeaning::on, true},
    {"required_conversation_resolution", ProtectionMeaning::on, true},
    {"require_conversation_resolution", ProtectionMeaning::on, true},
    {"required_review_thread_resolution", ProtectionMeaning::on, true},
    {"dismiss_stale_reviews", ProtectionMeaning::on, true},
    {"dismiss_stale_reviews_on_push", ProtectionMeaning::on, true},
    {"strict", ProtectionMeaning::on, false},
    {"protect", ProtectionMeaning::on, false},
    {"reviewapprovedrequired", ProtectionMeaning::on, false},
    {"labels", ProtectionMeaning::labels, false},
    {"missinglabels", ProtectionMeaning::labels, false},
    {"branch_protection", ProtectionMeaning::not_off, true},
    {"enabled", ProtectionMeaning::not_off, false},
    {"blocking", ProtectionMeaning::not_off, false},
    {"enforcement", ProtectionMeaning::enforcement, false},
    {"push_access_level", ProtectionMeaning::level, true},
    {"merge_access_level", ProtectionMeaning::level, true},
    {"unprotect_access_level", ProtectionMeaning::level, true},
    {"pattern", ProtectionMeaning::pattern, false},
    {"bypass_actors", ProtectionMeaning::allowance, true},
    {"bypass_pull_request_allowances", ProtectionMeaning::allowance, true},
    {"pull_request_bypassers", ProtectionMeaning::allowance, true},
    {"force_push_bypassers", ProtectionMeaning::allowance, true},
    {"allows_force_pushes", ProtectionMeaning::allowance, true},
    {"allow_force_pushes", ProtectionMeaning::allowance, true},
    {"allow_force_push", ProtectionMeaning::allowance, true},
    {"allows_deletions", ProtectionMeaning::allowance, true},
    {"allow_deletions", ProtectionMeaning::allowance, true},
    {"do_not_enforce_on_create", ProtectionMeaning::allowance, true},
    {"exclude", ProtectionMeaning::allowance, false},
    {"include", ProtectionMeaning::branches, false},
    {"allow_author", ProtectionMeaning::allowance, false},
    {"allow_contributor", ProtectionMeaning::allowance, false},
    {"allow_non_author_contributor", ProtectionMeaning::allowance, false},
    {"invalidate_on_push", ProtectionMeaning::on, false},
    {"rules", ProtectionMeaning::rules, false},
    {"queue_conditions", ProtectionMeaning::conditions, true},
    {"merge_conditions", ProtectionMeaning::conditions, true},
    {"success_conditions", ProtectionMeaning::conditions, true},
    {"conditions", ProtectionMeaning::conditions, false},
    {"approval", ProtectionMeaning::approval, false},
    {"disapproval", ProtectionMeaning::approval, false},
    {"protection", ProtectionMeaning::section, true},
    {"requires", ProtectionMeaning::section, false},
    {"settings", ProtectionMeaning::section, false},
    {"actions", ProtectionMeaning::section, false},
    {"if", ProtectionMeaning::section, false},
    {"options", ProtectionMeaning::section, false},
};

/// Resources of Terraform that do nothing but protect.
inline constexpr std::string_view resource_types[] = {"github_branch_protection",  "github_branch_protection_v3",
                                                      "github_repository_ruleset", "github_organization_ruleset",
                                                      "gitlab_branch_protection",  "gitlab_project_approval_rule"};

}  // namespace tollbar::rule
