// `tollbar explain`: what a rule means, or why a commit got its verdict.
#include <fmt/format.h>

#include <ostream>
#include <set>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "gate/scan.h"
#include "git/repository.h"
#include "report/format.h"
#include "report/rules.h"
#include "rule/engine.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace tollbar::cli {
namespace {

/// The commit that `revision` names; empty where it names none or there is no repository to ask.
std::optional<model::ObjectId> find_commit(std::optional<git::Repository>& repository, const std::string& revision) {
  try {
    repository.emplace(git::Repository::open(".", {.from_environment = true}));
  } catch (const util::UsageError&) {
    return std::nullopt;
  }
  return repository->resolve_commit(revision);
}

void write_way_out(std::ostream& out, const gate::Verdict& verdict) {
  switch (verdict.status) {
    case model::Status::blocked:
      out << "The verdict changes when each finding that blocks is undone as its `next:` line says.\n";
      break;
    case model::Status::needs_approval:
      out << "The verdict changes when the findings are undone, or when people entitled to it approve them.\n";
      break;
    case model::Status::undecided:
      out << "The verdict changes when what could not be read can be read.\n";
      break;
    case model::Status::allowed:
    case model::Status::approved:
    case model::Status::break_glass:
      break;
  }
}

int explain_commit(git::Repository& repository, const model::ObjectId& id, const Arguments& arguments,
                   Console& console) {
  const rule::RuleSet rules = rule::load_builtin_full();
  const rule::Engine engine(rules);
  report::Style style = style_of(arguments, console);
  style.detail = report::Detail::verbose;
  gate::ScanOptions options;
  options.policy_file = policy_file(arguments, console);
  options.approvals = true;
  const gate::ScanResult result = gate::scan_commits(repository, engine, {id}, options);
  const gate::Verdict& verdict = result.verdicts.front();

  const auto writer = report::make_text(console.out, style);
  writer->verdict(verdict);
  if (verdict.findings.empty() && verdict.status == model::Status::allowed) {
    console.out << fmt::format("allowed    {}  none of {} rules has anything to say\n", id.short_hex(),
                               rules.rules.size());
  }
  std::set<std::string> explained;
  for (const model::Finding& finding : verdict.findings) {
    const rule::Rule* rule = rules.find(finding.rule);
    if (rule != nullptr && explained.insert(finding.rule).second) {
      console.out << '\n';
      report::write_rule(console.out, *rule, style);
    }
  }
  console.out << '\n';
  write_way_out(console.out, verdict);
  return exit_allowed;
}

}  // namespace

int run_explain(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.words.front();
  const rule::RuleSet rules = rule::load_builtin_full();
  if (const rule::Rule* rule = rules.find(name)) {
    report::write_rule(console.out, *rule, style_of(arguments, console));
    return exit_allowed;
  }
  std::optional<git::Repository> repository;
  if (const auto commit = find_commit(repository, name)) {
    return explain_commit(*repository, *commit, arguments, console);
  }
  const std::vector<std::string> near = rule::suggestions(rules, name);
  throw util::UsageError(fmt::format("`{}` is neither a rule nor a revision{}", name,
                                     near.empty() ? "" : fmt::format("; did you mean `{}`?", near.front())));
}

}  // namespace tollbar::cli
