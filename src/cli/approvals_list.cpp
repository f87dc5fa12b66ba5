// `tollbar approvals list` and `show`: who approved what, until when.
#include <fmt/format.h>

#include <ostream>
#include <set>
#include <utility>

#include "cli/approval_store.h"
#include "cli/run.h"
#include "gate/scan.h"
#include "git/revisions.h"
#include "report/approvals.h"
#include "report/escape.h"
#include "rule/engine.h"
#include "rule/rule_set.h"

namespace tollbar::cli {
namespace {

/// A rule and the file that it reports.
using Place = std::pair<std::string, std::string>;

/// Where the commits of `revision`, each alone and as a whole, have findings.
std::set<Place> places_of(git::Repository& repository, const std::string& revision, const Arguments& arguments,
                          const Console& console) {
  const rule::RuleSet rules = rule::load_builtin();
  const rule::Engine engine(rules);
  gate::ScanOptions options;
  options.policy_file = policy_file(arguments, console);
  gate::ScanResult result = gate::scan_range(repository, engine, git::resolve_range(repository, revision), options);
  if (result.net) {
    result.verdicts.push_back(std::move(*result.net));
  }
  std::set<Place> places;
  for (const gate::Verdict& verdict : result.verdicts) {
    for (const auto* findings : {&verdict.findings, &verdict.implied}) {
      for (const model::Finding& finding : *findings) {
        places.emplace(finding.rule, finding.path);
      }
    }
  }
  return places;
}

/// The approvals about these places, and what takes such approvals back.
std::vector<const approval::Listed*> about(const approval::Overview& overview, const std::set<Place>& places) {
  std::set<std::string> digests;
  for (const approval::Listed& listed : overview.records) {
    const auto& approval = listed.record.approval;
    if (approval && places.count({approval->fact.rule, approval->fact.path}) != 0) {
      digests.insert(listed.record.digest);
    }
  }
  std::vector<const approval::Listed*> records;
  for (const approval::Listed& listed : overview.records) {
    const auto& revocation = listed.record.revocation;
    if (digests.count(revocation ? revocation->approval : listed.record.digest) != 0) {
      records.push_back(&listed);
    }
  }
  return records;
}

std::vector<const approval::Listed*> all_of(const approval::Overview& overview) {
  std::vector<const approval::Listed*> records;
  for (const approval::Listed& listed : overview.records) {
    records.push_back(&listed);
  }
  return records;
}

git::Repository open_here() {
  return git::Repository::open(".", {.from_environment = true});
}

void write_damaged(Console& console, const approval::Overview& overview) {
  for (const std::string& problem : overview.damaged) {
    console.err << "note: " << report::escape(problem) << '\n';
  }
}

}  // namespace

int run_approvals_list(const Arguments& arguments, Console& console) {
  git::Repository repository = open_here();
  const approval::Overview overview = overview_of_store(repository, arguments, console);
  const auto records = arguments.words.empty()
                           ? all_of(overview)
                           : about(overview, places_of(repository, arguments.words.front(), arguments, console));
  if (arguments.value("--output") == "json") {
    report::write_approvals_json(console.out, records);
  } else {
    report::write_approvals_text(console.out, records);
  }
  write_damaged(console, overview);
  return exit_allowed;
}

int run_approvals_show(const Arguments& arguments, Console& console) {
  const approval::Overview overview = overview_of_store(open_here(), arguments, console);
  const approval::Listed& listed = find_listed(overview, arguments.words.front());
  if (arguments.value("--output") == "json") {
    report::write_approvals_json(console.out, {&listed});
  } else {
    report::write_approval_text(console.out, listed);
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
