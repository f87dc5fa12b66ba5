// What coding agents send, and what they are answered.
#include "hook/agent.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "model/overlay_tree.h"
#include "support/repository.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

using Json = nlohmann::json;

const std::string workflow =
    "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
    "      - uses: actions/checkout@v4\n      - run: make test\n";

/// What tollbar prints for an input; a tool call is JSON on one line.
std::string answer(std::string_view agent, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out, err;
  Call call{{}, in, out, err, [](const char*) { return std::nullopt; }, std::nullopt};
  CHECK(run_agent(call, *find_agent_protocol(agent)) == 0);
  CHECK(err.str().empty());
  return out.str();
}

Json edit_call(const std::string& directory, const std::string& path, const std::string& before,
               const std::string& after) {
  return {{"hook_event_name", "PreToolUse"},
          {"cwd", directory},
          {"tool_name", "Edit"},
          {"tool_input", {{"file_path", path}, {"old_string", before}, {"new_string", after}}}};
}

Json shell_call(const std::string& directory, const std::string& command) {
  return {{"cwd", directory}, {"tool_name", "Bash"}, {"tool_input", {{"command", command}}}};
}

std::string claude_decision(const Json& call) {
  const std::string said = answer("claude-code", call.dump());
  return said.empty() ? "" : Json::parse(said)["hookSpecificOutput"]["permissionDecision"].get<std::string>();
}

}  // namespace

TEST_CASE("an edit that disables a check is denied, one that needs approval asked about, an ordinary one passes") {
  test::GitRepository origin;
  origin.commit({{".github/workflows/ci.yml", workflow}, {"a.c", "int a;\n"}});
  const std::string path = origin.file(".github/workflows/ci.yml");
  const std::string here = origin.path();
  CHECK(claude_decision(edit_call(here, path, "make test", "make test || true")) == "deny");
  CHECK(claude_decision(edit_call(here, path, "ubuntu-24.04", "self-hosted")) == "ask");
  CHECK(claude_decision(edit_call(here, path, "make test", "\"make test\"")) == "");
  CHECK(claude_decision(edit_call(here, origin.file("a.c"), "a", "b")) == "");
  CHECK(claude_decision(edit_call(here, ".github/workflows/ci.yml", "make test", "make test || true")) == "deny");
  CHECK(claude_decision(edit_call(origin.file(".github"), "workflows/ci.yml", "make test", "true")) == "deny");
}

TEST_CASE("what was edited before and not committed is no part of the next edit") {
  test::GitRepository origin;
  origin.commit({{".github/workflows/ci.yml", workflow}});
  origin.write(".github/workflows/ci.yml", workflow + "# a note\n      - run: make lint\n");
  const std::string path = origin.file(".github/workflows/ci.yml");
  CHECK(claude_decision(edit_call(origin.path(), path, "# a note\n", "")) == "");
  CHECK(claude_decision(edit_call(origin.path(), path, "make lint", "make lint || true")) == "deny");
}

TEST_CASE("files of other shapes: new, several edits, moved and removed by a patch, outside") {
  test::GitRepository origin;
  origin.commit({{".github/workflows/ci.yml", workflow}, {"a.c", "int a;\nint b;\n"}});
  const auto decision = [&](const std::string& tool, const Json& input) {
    return claude_decision({{"cwd", origin.path()}, {"tool_name", tool}, {"tool_input", input}});
  };
  CHECK(decision("Write", {{"file_path", "b.c"}, {"content", "int c;\n"}}) == "");
  CHECK(decision("Write", {{"file_path", ".github/workflows/ci.yml"}, {"content", "on: push\njobs: {}\n"}}) == "deny");
  CHECK(decision("Write", {{"file_path", "/elsewhere/x.yml"}, {"content", "x"}}) == "");
  CHECK(decision("Write", {{"file_path", ".git/hooks/pre-commit"}, {"content", "exit 0"}}) == "ask");
  CHECK(decision("Read", {{"file_path", ".github/workflows/ci.yml"}}) == "");
  const Json edits = {{{"old_string", "int a"}, {"new_string", "int x"}},
                      {{"old_string", "int b"}, {"new_string", "y"}}};
  CHECK(decision("MultiEdit", {{"file_path", "a.c"}, {"edits", edits}}) == "");
  const auto patch = [&](const std::string& text) {
    return decision("apply_patch", {{"command", "*** Begin Patch\n" + text + "*** End Patch\n"}});
  };
  CHECK(patch("*** Update File: a.c\n@@\n int a;\n-int b;\n+int c;\n*** Add File: n.c\n+int n;\n") == "");
  CHECK(patch("*** Delete File: .github/workflows/ci.yml\n") == "deny");
  CHECK(patch("*** Update File: .github/workflows/ci.yml\n*** Move to: ci.yml\n@@\n on: [push, pull_request]\n") ==
        "deny");
  CHECK(patch("*** Update File: .github/workflows/ci.yml\n@@ jobs:\n-      - run: make test\n"
              "+      - run: make test || true\n") == "deny");
}

TEST_CASE("commands are judged with and without a repository") {
  test::GitRepository origin;
  origin.commit({{"a.c", "int a;\n"}});
  const std::string outside = origin.beside("");
  for (const std::string& directory : {origin.path(), outside}) {
    CAPTURE(directory);
    CHECK(claude_decision(shell_call(directory, "make test && git status")) == "");
    CHECK(claude_decision(shell_call(directory, "cd infra && terraform destroy -auto-approve")) != "");
    CHECK(claude_decision(shell_call(directory, "npm publish --access public")) == "ask");
  }
  CHECK(claude_decision({{"tool_name", "shell"}, {"tool_input", {{"command", {"bash", "-lc", "npm publish"}}}}}) ==
        "ask");
  CHECK(claude_decision({{"tool_name", "shell"}, {"tool_input", {{"command", {"npm", "publish"}}}}}) == "ask");
}

TEST_CASE("what cannot be understood is asked about") {
  for (const std::string input :
       {"", "{", "[]", "null", "{\"tool_input\":7}", "{\"tool_input\":\"{\"}",
        "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":7}}",
        "{\"tool_name\":\"Edit\",\"tool_input\":{\"file_path\":[]}}",
        "{\"tool_name\":\"apply_patch\",\"tool_input\":{\"command\":\"*** Begin Patch\\n\"}}"}) {
    CAPTURE(input);
    CHECK(answer("claude-code", input).find("\"ask\"") != std::string::npos);
    CHECK(answer("cursor", input).find("\"permission\":\"ask\"") != std::string::npos);
  }
  CHECK(answer("claude-code", "{\"tool_name\":\"Grep\",\"tool_input\":{\"pattern\":\"x\"}}").empty());
}

TEST_CASE("every agent is answered in its own words, and none is ever told to allow") {
  test::GitRepository origin;
  origin.commit({{".github/workflows/ci.yml", workflow}});
  const std::string path = origin.file(".github/workflows/ci.yml");
  const std::string denied = edit_call(origin.path(), path, "make test", "make test || true").dump();
  const std::string asked = edit_call(origin.path(), path, "ubuntu-24.04", "self-hosted").dump();
  const std::string nothing = edit_call(origin.path(), path, "make test", "\"make test\"").dump();
  CHECK(Json::parse(answer("codex", denied))["hookSpecificOutput"]["permissionDecision"] == "deny");
  CHECK(Json::parse(answer("codex", asked))["systemMessage"].is_string());
  CHECK(Json::parse(answer("copilot", denied))["permissionDecision"] == "deny");
  CHECK(Json::parse(answer("copilot", asked))["permissionDecision"] == "ask");
  const Json shell = {{"hook_event_name", "beforeShellExecution"}, {"command", "npm publish"}, {"cwd", origin.path()}};
  CHECK(Json::parse(answer("cursor", shell.dump()))["permission"] == "ask");
  const Json copilot = {{"toolName", "edit"},
                        {"toolArgs", Json{{"path", path}, {"old_str", "make test"}, {"new_str", "true"}}.dump()},
                        {"cwd", origin.path()}};
  CHECK(Json::parse(answer("copilot", copilot.dump()))["permissionDecision"] == "deny");
  for (const AgentProtocol& protocol : agent_protocols()) {
    CHECK(answer(protocol.name, nothing).empty());
    for (const std::string& call : {denied, asked}) {
      const std::string said = answer(protocol.name, call);
      CHECK(said.find("allow") == std::string::npos);
      CHECK(said.find("workflows/ci.yml") != std::string::npos);
    }
  }
}

TEST_CASE("an overlay looks like the tree below it apart from its files") {
  model::MemoryTree base({{"a/x", {"1"}}, {"a/y", {"2"}}, {"b", {"3"}}});
  model::OverlayTree tree(
      base, {{"a/x", std::nullopt}, {"c/d/e", model::MemoryTree::File{"4"}}, {"b", model::MemoryTree::File{"5"}}});
  CHECK_FALSE(tree.find("a/x").has_value());
  CHECK(*tree.read(*tree.find("a/y")).bytes == "2");
  CHECK(*tree.read(*tree.find("b")).bytes == "5");
  CHECK(*tree.read(*tree.find("c/d/e")).bytes == "4");
  CHECK(tree.find("c/d")->mode == model::FileMode::directory);
  CHECK(tree.find("a") != base.find("a"));
  CHECK(tree.list("a").size() == 1);
  std::string names;
  for (const auto& entry : tree.list("")) {
    names += entry.name + ' ';
  }
  CHECK(names == "a b c ");
  model::OverlayTree empty(base, {{"a/x", std::nullopt}, {"a/y", std::nullopt}});
  CHECK_FALSE(empty.find("a").has_value());
}

}  // namespace tollbar::hook
