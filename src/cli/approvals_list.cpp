// `tollbar approvals list` and `show`: who approved what, until when.
#include <fmt/format.h>

#include <ostream>

#include "cli/approval_store.h"
#include "cli/run.h"
#include "report/approvals.h"
#include "report/escape.h"

namespace tollbar::cli {
namespace {

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
  const approval::Overview overview = overview_of_store(open_here(), arguments, console);
  std::vector<const approval::Listed*> records;
  for (const approval::Listed& listed : overview.records) {
    records.push_back(&listed);
  }
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
