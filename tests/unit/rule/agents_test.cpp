// Which agents a commit claims to come from.
#include "rule/agents.h"

#include <doctest/doctest.h>

#include "rule/rule_set.h"

using namespace tollbar;
using namespace tollbar::rule;

namespace {

using Names = std::vector<std::string>;

Names claimed(const model::Commit& commit, std::string_view branch = {}) {
  static const RuleSet set = load_builtin();
  return claimed_agents(set.agents, commit, branch);
}

Names by_email(std::string email) {
  model::Commit commit;
  commit.author.email = std::move(email);
  return claimed(commit);
}

Names by_message(std::string message) {
  model::Commit commit;
  commit.message = std::move(message);
  return claimed(commit);
}

}  // namespace

TEST_CASE("agents show by the e-mail address behind any plus") {
  CHECK((by_email("198982749+Copilot@users.noreply.github.com") == Names{"copilot"}));
  CHECK((by_email("158243242+devin-ai-integration[bot]@users.noreply.github.com") == Names{"devin"}));
  CHECK((by_email("CursorAgent@cursor.com") == Names{"cursor"}));
  CHECK(by_email("copilot@example.org").empty());
  CHECK(by_email("ada+copilot@example.org").empty());
  CHECK(by_email("").empty());
}

TEST_CASE("a display name is no sign, but for the ending that a tool adds") {
  model::Commit commit;
  commit.author.name = "Claude";
  CHECK(claimed(commit).empty());
  commit.author.name = "Ada Lovelace (aider)";
  CHECK((claimed(commit) == Names{"aider"}));
}

TEST_CASE("agents show by trailers and by what they write") {
  CHECK((by_message("Add x\n\nCo-Authored-By: Claude Opus <noreply@anthropic.com>\n") == Names{"claude-code"}));
  CHECK(
      (by_message("Add x\n\nGenerated with [Claude Code](https://claude.com/claude-code)\n") == Names{"claude-code"}));
  CHECK((by_message("Add x\n\nReplit-Commit-Author: Agent\n") == Names{"replit"}));
  CHECK((by_message("Add x\n\nEntire-Checkpoint: 0123\n") == Names{"unnamed"}));
  CHECK(by_message("Write to <noreply@anthropic.com> about x\n").empty());
  CHECK(by_message("Replit-Commit-Author: Ada\n").empty());
}

TEST_CASE("an assistant is named by its trailer, in plain characters only") {
  CHECK((by_message("x\n\nAssisted-by: Quern:m-1\n") == Names{"quern"}));
  CHECK((by_message("x\n\nAssisted-by: a\x1b[31m:m\n") == Names{"a"}));
  CHECK(by_message("x\n\nAssisted-by: :m\n").empty());
}

TEST_CASE("the branch counts, and every agent is named once") {
  model::Commit commit;
  CHECK((claimed(commit, "codex/fix") == Names{"codex"}));
  CHECK(claimed(commit, "my-codex/fix").empty());
  commit.author.email = "codex@openai.com";
  commit.message = "x\n\nAssisted-by: codex:m\nCo-authored-by: Cursor <cursoragent@cursor.com>\n";
  CHECK((claimed(commit, "codex/fix") == Names{"cursor", "codex"}));
}
