// The producers, one function a file of this folder.
#pragma once

#include <vector>

#include "rule/change.h"
#include "rule/fact.h"
#include "text/line_diff.h"

namespace tollbar::rule {

void pipeline_facts(Change& change, std::vector<Fact>& facts);
void job_facts(Change& change, std::vector<Fact>& facts);
void step_facts(Change& change, std::vector<Fact>& facts);
void credential_facts(Change& change, std::vector<Fact>& facts);
void check_facts(Change& change, std::vector<Fact>& facts);
void effect_facts(Change& change, std::vector<Fact>& facts);
void reach_facts(Change& change, std::vector<Fact>& facts);
void created_reach_facts(Change& change, std::vector<Fact>& facts);
void limit_facts(Change& change, std::vector<Fact>& facts);
void exclusion_facts(Change& change, std::vector<Fact>& facts);
void declared_test_facts(Change& change, std::vector<Fact>& facts);
void verdict_facts(Change& change, std::vector<Fact>& facts);
void script_facts(Change& change, std::vector<Fact>& facts);
void database_facts(Change& change, std::vector<Fact>& facts);
void message_facts(Change& change, std::vector<Fact>& facts);
void policy_facts(Change& change, std::vector<Fact>& facts);
void protection_facts(Change& change, std::vector<Fact>& facts);
void codeowner_facts(Change& change, std::vector<Fact>& facts);
void hidden_diff_facts(Change& change, std::vector<Fact>& facts);
void suppression_facts(Change& change, std::vector<Fact>& facts);
void hook_facts(Change& change, std::vector<Fact>& facts);
void image_facts(Change& change, std::vector<Fact>& facts);
void fetched_code_facts(Change& change, std::vector<Fact>& facts);
void build_call_facts(Change& change, std::vector<Fact>& facts);
void resource_facts(Change& change, std::vector<Fact>& facts);
void infrastructure_program_facts(Change& change, std::vector<Fact>& facts);
void resolved_setting_facts(Change& change, std::vector<Fact>& facts);
void program_protection_facts(Change& change, std::vector<Fact>& facts);
void manifest_facts(Change& change, std::vector<Fact>& facts);
void go_module_facts(Change& change, std::vector<Fact>& facts);
void dependency_facts(Change& change, std::vector<Fact>& facts);
void lock_file_facts(Change& change, std::vector<Fact>& facts);
void agent_program_facts(Change& change, std::vector<Fact>& facts);
void manifest_secret_facts(Change& change, std::vector<Fact>& facts);

/// Nothing but blank lines and comments of a script language differ.
bool only_comments_differ(const text::LineDiff& diff);
/// Lines of a script that are neither blank nor comments differ in nothing but blanks.
bool same_but_for_space(const text::LineDiff& diff);
/// The same but for blanks at the ends of lines and for blank lines.
bool same_but_for_line_ends(const text::LineDiff& diff);

}  // namespace tollbar::rule
