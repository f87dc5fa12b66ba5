// What documents demand before a change may be merged, by the meaning of their keys.
#include "rule/checks/protection_demands.h"

#include <doctest/doctest.h>

#include <string>

#include "document/formats.h"

using namespace tollbar;
using tollbar::rule::ProtectionDialect;

namespace {

/// `branches[main]: approvals=2, check test; strict` with what is allowed behind a `+`.
std::string listed(const document::Document& document, ProtectionDialect dialect = ProtectionDialect::data) {
  std::string result;
  for (const auto& [place, thing] : rule::read_protection(document, dialect)) {
    result += place + ':';
    for (const auto& [name, demand] : thing.demands)
      result += ' ' + name + (demand.strength == 1 ? "" : '=' + std::to_string(demand.strength)) + ';';
    for (const auto& [name, allowance] : thing.allowances) result += " +" + name + ';';
    result += '\n';
  }
  return result;
}

std::string yaml(std::string_view text) {
  return listed(document::read_yaml(text));
}

}  // namespace

TEST_CASE("protection of a branch in a settings file") {
  CHECK(yaml("branches: [{name: main, protection: {enforce_admins: true, required_status_checks: {strict: true, "
             "contexts: [b, a]},"
             " required_pull_request_reviews: {required_approving_review_count: 2}}}]") ==
        "branches[main]: approvals=2; check a; check b; enforce_admins; reviews; strict;\n");
}

TEST_CASE("switches that are off demand nothing") {
  CHECK(yaml("branches: [{name: main, protection: {enforce_admins: false, required_status_checks: null,"
             " required_pull_request_reviews: {required_approving_review_count: 0}}}]") ==
        "branches[main]: reviews;\n");
  CHECK(yaml("branches: [{name: main, protection: null}]") == "");
}

TEST_CASE("an anchor demands what it stands for") {
  CHECK(yaml("x: &x [a, b]\nrepos: {site: {required_status_checks: {standard_contexts: *x}}}") ==
        yaml("repos: {site: {required_status_checks: {additional_contexts: [b, a]}}}"));
}

TEST_CASE("plain words mean nothing outside of protection") {
  CHECK(
      yaml("repos: {stable: {checks: [a], status: [b], enabled: false, strict: true, rules: [{type: x}], count: 3}}") ==
      "");
}

TEST_CASE("keys are read in any case and with dashes") {
  CHECK(yaml("site: {Required-Status-Checks: [test]}") == "site: check test;\n");
}

TEST_CASE("a ruleset is a document of its own") {
  CHECK(listed(document::read_json(
            R"({"enforcement": "evaluate", "conditions": {"ref_name": {"include": ["~ALL"], "exclude": ["dev"]}},
                "bypass_actors": [{"actor_id": 1}], "rules": [{"type": "deletion"}]})")) ==
        ": branch ~ALL; enforcement; rule deletion; +bypass_actors {actor_id: 1}; +exclude dev;\n");
}

TEST_CASE("of those who may pass because of what they are the id says nothing") {
  const auto bypassing = [](const std::string& actor) {
    return listed(document::read_json(R"({"enforcement": "active", "bypass_actors": [)" + actor +
                                      R"(], "rules": [{"type": "deletion"}]})"));
  };
  const std::string mode = R"(, "actor_type": "OrganizationAdmin", "bypass_mode": "always"})";
  CHECK(bypassing(R"({"actor_id": 0)" + mode) == bypassing(R"({"actor_id": 1)" + mode));
  const std::string team = R"(, "actor_type": "Team", "bypass_mode": "always"})";
  CHECK(bypassing(R"({"actor_id": 7)" + team) != bypassing(R"({"actor_id": 8)" + team));
}

TEST_CASE("expressions of Terraform are taken apart into what they name") {
  CHECK(
      listed(document::read_hcl("resource \"github_branch_protection\" \"m\" {\n  pattern = \"main\"\n"
                                "  required_status_checks {\n    contexts = concat([\"a\"], local.more)\n  }\n}\n")) ==
      "resource.github_branch_protection.m: check a; check local.more; pattern main;\n");
}

TEST_CASE("a block that Terraform repeats demands what it says, and what it is given") {
  CHECK(listed(
            document::read_hcl("resource \"github_branch_protection\" \"m\" {\n  dynamic \"required_status_checks\" {\n"
                               "    for_each = var.on ? [1] : []\n    content {\n      strict = true\n"
                               "      contexts = [\"test\"]\n    }\n  }\n}\n")) ==
        "resource.github_branch_protection.m: check test; strict;\n");
  CHECK(listed(
            document::read_hcl("resource \"github_branch_protection\" \"m\" {\n  dynamic \"required_status_checks\" {\n"
                               "    for_each = var.checks\n    content {\n"
                               "      contexts = required_status_checks.value.contexts\n    }\n  }\n}\n")) ==
        "resource.github_branch_protection.m: check required_status_checks.value.contexts;\n");
}

TEST_CASE("other resources of Terraform protect nothing") {
  CHECK(listed(document::read_hcl(
            "resource \"aws_lb_listener\" \"m\" {\n  pattern = \"main\"\n  enabled = false\n}\n")) == "");
}

TEST_CASE("conditions of a merge bot: alternatives stay together, labels do not count") {
  CHECK(yaml("queue_rules: [{name: q, merge_conditions: [{or: [check-success=b, check-success=a]}, "
             "'#approved-reviews-by >= 2', 'label=x']}]\n"
             "pull_request_rules: [{name: l, conditions: [check-success=docs], actions: {label: {add: [d]}}}]") ==
        "queue_rules[q]: condition #approved-reviews-by>==2; condition check-success=a or check-success=b;\n");
}

TEST_CASE("bors.toml needs its dialect") {
  const auto document = document::read_toml("status = [\"a\"]\n");
  CHECK(listed(document) == "");
  CHECK(listed(document, ProtectionDialect::bors) == ": check a;\n");
}

TEST_CASE("hostile documents are read to the end") {
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += "{protection: {contexts: [";
  CHECK_NOTHROW(yaml(deep));
  CHECK_NOTHROW(yaml("required_status_checks: [[[[a]], {b: {contexts: {}}}], null, {context: null}]"));
  CHECK_NOTHROW(yaml("required_approving_review_count: 99999999999999999999999"));
  CHECK_NOTHROW(yaml("[required_status_checks, protection]"));
}
