// What tollbar can be told to do.
#include "cli/commands.h"

#include <algorithm>

namespace tollbar::cli {

const std::vector<Flag>& global_flags() {
  static const std::vector<Flag> table{
      {"-C", "", "DIR", "run as if started in DIR"},
      {"--policy", "", "FILE", "judge by this policy, whatever the repository holds"},
      {"--color", "", "WHEN", "colour the report", false, {"auto", "always", "never"}},
      {"--quiet", "", "", "one line a refused commit, nothing else"},
      {"--verbose", "", "", "every fact of a finding, waived ones, and the policy that judged"},
      {"--version", "", "", "print the version; with --json for programs"},
      {"--json", "", "", "with --version: as JSON"},
      {"--help", "-h", "", "explain a command"},
  };
  return table;
}

namespace {

/// Which records of the evidence log are wanted.
std::vector<Flag> evidence_filters(std::vector<Flag> more = {}) {
  std::vector<Flag> flags{
      {"--since", "", "TIME", "records from this day or time on: 2026-11-23, 2026-11-23T05:00:00Z"},
      {"--rule", "", "RULE", "with a finding of this rule, or of those that a glob names"},
      {"--decision", "", "WORD", "of this decision (block), status (needs-approval) or outcome of the push (refused)"},
      {"--ref", "", "REF", "about this branch or reference, or those that a glob names"},
      {"--actor", "", "NAME", "of what this account pushed, or this principal signed"},
  };
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      {"scan",
       "[REV | A..B | A...B]",
       0,
       1,
       "judge commits; without arguments those of the current branch since it left the default branch",
       {
           {"--staged", "", "", "judge what is staged against HEAD"},
           {"--stdin", "", "", "judge the commits whose ids stand on standard input, one a line, each alone"},
           {"--all", "", "", "judge every commit of every reference"},
           {"--output", "-o", "FORMAT[=FILE]", "how to report: text, json or jsonl; can be given several times", true},
           {"--ref", "", "REF", "the reference whose approvals count; without it the default branch"},
           {"--exit-zero", "", "", "exit with 0 whatever the verdicts are"},
           {"--fail-on", "", "DECISION", "the weakest decision that fails", false, {"approve", "block"}},
           {"--threads", "", "N", "threads to judge with; 0 is one a processor"},
           {"--profile", "", "", "also say on standard error where the processor's time went"},
       },
       run_scan},
      {"status",
       "[REV | A..B]...",
       0,
       any_number,
       "show which commits are marked, and why; without arguments those of the current branch since it left the "
       "default "
       "branch",
       {},
       run_status},
      {"explain",
       "RULE | REV",
       1,
       1,
       "what a rule means; or why a commit got its verdict and what would change it",
       {},
       run_explain},
      {"map",
       "[WORKFLOW]",
       0,
       1,
       "show what the pipelines of a tree can do: who starts it, with what, to what, whose approval it needs, and "
       "where gaps are",
       {
           {"--rev", "", "REV", "map this revision in place of HEAD"},
           {"--diff", "", "A..B", "show only what changed between two revisions"},
           {"--output", "-o", "FORMAT[=FILE]", "how to show it: text, json, dot, mermaid or html"},
       },
       run_map},
      {"approve",
       "REV | A..B",
       1,
       1,
       "show what needs approval, fact by fact, and sign that it is approved",
       {
           {"--reason", "", "TEXT", "why; it is signed with the facts"},
           {"--expires", "", "TIME", "how long it holds: 12h, 30d, 8w"},
           {"--only", "", "FINDING", "a rule, a glob over rules or a fingerprint; can be given several times", true},
           {"--ref", "", "REF", "the reference that the change is meant for; without it the default branch"},
           {"--as", "", "PRINCIPAL", "the name in the allowed signers; without it user.email"},
           {"--relay", "", "PERSON", "a service passes on the approval of this person"},
           {"--yes", "", "", "do not ask: what is approved was read"},
       },
       run_approve},
      {"revoke",
       "APPROVAL | REV | A..B",
       1,
       1,
       "take back an approval, or all that a change has",
       {
           {"--reason", "", "TEXT", "why; it is signed"},
           {"--ref", "", "REF", "the reference that the change is meant for; without it the default branch"},
           {"--as", "", "PRINCIPAL", "the name in the allowed signers; without it user.email"},
       },
       run_revoke},
      {"rules list",
       "",
       0,
       0,
       "list all rules",
       {{"--output", "-o", "FORMAT", "how to list them", false, {"text", "json", "markdown"}}},
       run_rules_list},
      {"rules test", "[RULE...]", 0, any_number, "run the examples that stand in the rules", {}, run_rules_test},
      {"policy check",
       "[FILE]",
       0,
       1,
       "find every mistake in a policy; without FILE in that of the work tree",
       {},
       run_policy_check},
      {"policy show",
       "",
       0,
       0,
       "print the policy that judges now",
       {{"--effective", "", "", "with everything that it inherits, and each rule's decision"}},
       run_policy_show},
      {"policy schema", "", 0, 0, "print the JSON Schema of a policy", {}, run_policy_schema},
      {"approvals list",
       "[REV | A..B | A...B]",
       0,
       1,
       "list who approved what, until when; with a revision what is about the rules and files of its findings",
       {{"--output", "-o", "FORMAT", "how to list them", false, {"text", "json"}}},
       run_approvals_list},
      {"approvals show",
       "DIGEST",
       1,
       1,
       "show all that one approval says; the beginning of its digest is enough",
       {{"--output", "-o", "FORMAT", "how to show it", false, {"text", "json"}}},
       run_approvals_show},
      {"approvals verify",
       "",
       0,
       0,
       "check the signature and the form of every approval here, with the signers of the default branch",
       {},
       run_approvals_verify},
      {"approvals push",
       "[REMOTE]",
       0,
       1,
       "give a remote the approvals that are here, and take in those of others; without REMOTE the branch's, else "
       "origin",
       {{"--atomic", "", "", "push the current branch with them: both arrive, or neither does"}},
       run_approvals_push},
      {"approvals fetch", "[REMOTE]", 0, 1, "take in the approvals that a remote has", {}, run_approvals_fetch},
      {"break-glass",
       "[review INCIDENT | list]",
       0,
       2,
       "sign that named rules shall not hold back an emergency; or review such a record as somebody else",
       {
           {"--rule", "", "RULE", "a rule that shall not hold the push back; can be given several times", true},
           {"--incident", "", "ID", "what the emergency is called"},
           {"--reason", "", "TEXT", "why it cannot wait; with review: what was found"},
           {"--expires", "", "DURATION", "how long it holds: 90m, 12h"},
           {"--ref", "", "REF", "only on this branch or reference"},
       },
       run_break_glass},
      {"evidence list", "", 0, 0, "list the records of the evidence log", evidence_filters(), run_evidence_list},
      {"evidence show",
       "N | REV | A..B",
       1,
       1,
       "show all that is recorded about a change, and what became of it",
       {},
       run_evidence_show},
      {"evidence attach",
       "N | REV",
       1,
       1,
       "add what became of a change: on a server to the log, elsewhere as a signed statement to be pushed",
       {
           {"--outcome", "", "TEXT", "how it ended: deployed, rolled back"},
           {"--validation", "", "TEXT", "what a test or a check of it found: passed"},
           {"--location", "", "URL", "where the evidence of that lies"},
           {"--note", "", "TEXT", "anything else"},
       },
       run_evidence_attach},
      {"evidence verify",
       "",
       0,
       0,
       "find every changed, dropped or reordered record of the log",
       {
           {"--head", "", "N:DIGEST", "a head that a push printed earlier; can be given several times", true},
           {"--signers", "", "FILE", "the allowed signers to check signatures against"},
           {"--signed-by", "", "PRINCIPAL", "who must have signed every record"},
       },
       run_evidence_verify},
      {"evidence export", "[N | REV | A..B]", 0, 1, "write records for programs or an auditor",
       evidence_filters({{"--output", "-o", "FORMAT", "how to write them", false, {"jsonl", "csv", "markdown"}}}),
       run_evidence_export},
      {"install",
       "",
       0,
       0,
       "place the hooks of a developer's clone; hooks that are there are kept and run first",
       {
           {"--server", "", "", "place the hooks of a server instead; in a bare repository that is meant anyway"},
           {"--global", "", "", "for all repositories of this user"},
           {"--show", "", "", "only show which hooks are in place"},
       },
       run_install},
      {"uninstall",
       "",
       0,
       0,
       "take the hooks away and put back what was there before",
       {{"--global", "", "", "those for all repositories of this user"}},
       run_uninstall},
      {"doctor", "", 0, 0, "look for what keeps hooks from judging, and say how to mend it", {}, run_doctor},
      {"hook",
       "NAME [ARGUMENT...] | agent",
       1,
       any_number,
       "what git calls at its hook NAME, with git's arguments; or a coding agent before it uses a tool",
       {{"--for",
         "",
         "AGENT",
         "whose protocol `hook agent` speaks",
         false,
         {"claude-code", "codex", "cursor", "copilot"}}},
       run_hook},
      {"completion", "bash | zsh | fish", 1, 1, "print the completion script of a shell", {}, run_completion},
  };
  return table;
}

const Command* find_command(std::string_view name) {
  const auto& all = commands();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Command& command) { return command.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_command_group(std::string_view word) {
  const auto& all = commands();
  return std::any_of(all.begin(), all.end(), [&](const Command& command) {
    return command.name.size() > word.size() && command.name.substr(0, word.size()) == word &&
           command.name[word.size()] == ' ';
  });
}

}  // namespace tollbar::cli
