// The producers, one function a file of this folder.
#pragma once

#include <vector>

#include "rule/change.h"
#include "rule/fact.h"

namespace tollbar::rule {

void pipeline_facts(Change& change, std::vector<Fact>& facts);
void job_facts(Change& change, std::vector<Fact>& facts);
void step_facts(Change& change, std::vector<Fact>& facts);
void credential_facts(Change& change, std::vector<Fact>& facts);
void check_facts(Change& change, std::vector<Fact>& facts);
void effect_facts(Change& change, std::vector<Fact>& facts);
void reach_facts(Change& change, std::vector<Fact>& facts);
void script_facts(Change& change, std::vector<Fact>& facts);
void database_facts(Change& change, std::vector<Fact>& facts);
void message_facts(Change& change, std::vector<Fact>& facts);
void policy_facts(Change& change, std::vector<Fact>& facts);

}  // namespace tollbar::rule
