// Commits on references that tollbar keeps, through `git fast-import`: any number of files in one process, one commit
// and one compare-and-swap, in every kind of repository.
#include "git/records.h"

#include <fmt/format.h>

#include <string_view>

#include "git/command.h"

namespace tollbar::git {
namespace {

/// A `data` command: its length, its bytes.
std::string data_command(std::string_view bytes) {
  return fmt::format("data {}\n{}\n", bytes.size(), bytes);
}

std::string stream_of(const RecordCommit& record) {
  std::string stream = fmt::format("commit {}\ncommitter {} <{}> {} +0000\n", record.ref, record.author.name,
                                   record.author.email, record.author.time);
  stream += data_command(record.message);
  if (record.tip) {
    stream += fmt::format("from {}\n", record.tip->hex());
  }
  for (const model::ObjectId& parent : record.merged) {
    stream += fmt::format("merge {}\n", parent.hex());
  }
  for (const auto& [id, text] : record.notes) {
    stream += fmt::format("N inline {}\n", id.hex()) + data_command(text);
  }
  for (const auto& [path, text] : record.files) {
    stream += fmt::format("M 100644 inline {}\n", path) + data_command(text);
  }
  return stream + "done\n";
}

/// Another writer was faster: it moved the reference or holds its lock. git says so in words only.
bool lost_the_race(std::string_view errors) {
  for (const std::string_view sign : {"Not updating", "cannot lock ref", "Unable to create", ".lock"}) {
    if (errors.find(sign) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool write_records(const Location& location, const RecordCommit& record) {
  const std::vector<std::string> arguments{"fast-import", "--quiet", "--done"};
  const util::Completed done = util::run(git_at(location, arguments), stream_of(record));
  if (!done.succeeded() && !lost_the_race(done.errors)) {
    throw failure(arguments, done);
  }
  return done.succeeded();
}

}  // namespace tollbar::git
