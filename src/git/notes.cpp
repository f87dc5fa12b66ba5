// Reading notes through their tree, writing them through `git fast-import`: any number in one process, one commit and
// one compare-and-swap, in every kind of repository.
#include "git/notes.h"

#include <fmt/format.h>

#include <string_view>

#include "git/command.h"

namespace tollbar::git {
namespace {

/// A `data` command: its length, its bytes.
std::string data_command(std::string_view bytes) {
  return fmt::format("data {}\n{}\n", bytes.size(), bytes);
}

std::string stream_of(const NotesUpdate& update) {
  std::string stream = fmt::format("commit {}\ncommitter {} <{}> {} +0000\n", update.ref, update.author.name,
                                   update.author.email, update.author.time);
  stream += data_command(update.message);
  if (update.tip) {
    stream += fmt::format("from {}\n", update.tip->hex());
  }
  for (const auto& [id, text] : update.notes) {
    stream += fmt::format("N inline {}\n", id.hex()) + data_command(text);
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

std::optional<std::string> find_note(model::Tree& notes, const model::ObjectId& id) {
  std::string path = id.hex();
  for (std::size_t slash = 2; slash < path.size(); slash += 3) {
    if (const auto entry = notes.find(path); entry && entry->mode != model::FileMode::directory) {
      const model::Content content = notes.read(*entry);
      return content.state == model::ContentState::present ? std::optional(*content.bytes) : std::nullopt;
    }
    path.insert(slash, 1, '/');  // deeper fan-out: ab/cdef, ab/cd/ef
  }
  return std::nullopt;
}

bool write_notes(const Location& location, const NotesUpdate& update) {
  const std::vector<std::string> arguments{"fast-import", "--quiet", "--done"};
  const util::Completed done = util::run(git_at(location, arguments), stream_of(update));
  if (!done.succeeded() && !lost_the_race(done.errors)) {
    throw failure(arguments, done);
  }
  return done.succeeded();
}

}  // namespace tollbar::git
