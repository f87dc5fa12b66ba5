// `tollbar status`: the commits that are marked, and why.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/overdue.h"
#include "cli/run.h"
#include "git/repository.h"
#include "git/revisions.h"
#include "report/escape.h"
#include "report/mark.h"

namespace tollbar::cli {
namespace {

/// Newest first, as `git log` has them.
std::vector<model::ObjectId> commits_of(const git::Repository& repository, const std::string& revision) {
  std::vector<model::ObjectId> commits = git::resolve_range(repository, revision).commits;
  std::reverse(commits.begin(), commits.end());
  return commits;
}

void write_mark(std::ostream& out, const model::Commit& commit, const report::Mark& mark) {
  out << fmt::format("{:<14}  {}  {}\n", model::to_string(mark.status), commit.id.short_hex(),
                     report::escape(commit.subject()));
  for (const std::string& line : mark.rules) {
    out << "  " << report::escape(line) << '\n';
  }
  for (const std::string& line : mark.reasons) {
    out << "  " << report::escape(line) << '\n';
  }
  if (!mark.refs.empty()) {
    const std::string who = mark.pushers.empty() ? "" : fmt::format(" by {}", fmt::join(mark.pushers, ", "));
    out << "  pushed to " << report::escape(fmt::format("{}", fmt::join(mark.refs, ", "))) << report::escape(who)
        << '\n';
  }
}

/// Writes the marked ones among `commits`; how many there are.
std::size_t write_marks(std::ostream& out, const git::Repository& repository,
                        const std::vector<model::ObjectId>& commits) {
  std::size_t marked = 0;
  for (const model::ObjectId& id : commits) {
    const auto mark = report::parse_note(repository.note(report::marks_ref, id).value_or(""));
    if (mark) {
      write_mark(out, repository.commit(id), *mark);
      ++marked;
    }
  }
  return marked;
}

}  // namespace

int run_status(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  std::vector<std::string> revisions = arguments.words;
  if (revisions.empty()) {
    revisions.emplace_back();  // the current branch
  }
  std::size_t judged = 0;
  std::size_t marked = 0;
  for (const std::string& revision : revisions) {
    const std::vector<model::ObjectId> commits = commits_of(repository, revision);
    judged += commits.size();
    marked += write_marks(console.out, repository, commits);
  }
  if (!arguments.has("--quiet")) {
    console.out << fmt::format("{} of {} commit{} marked.\n", marked == 0 ? "None" : std::to_string(marked), judged,
                               judged == 1                  ? " is"
                               : marked == 1 || marked == 0 ? "s is"
                                                            : "s are");
  }
  warn_of_overdue_reviews(repository, arguments, console);
  if (!repository.reference(report::marks_ref)) {
    console.err << "note: there are no marks here; those of a server come with: "
                   "git fetch origin refs/notes/tollbar:refs/notes/tollbar\n";
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
