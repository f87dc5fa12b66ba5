// Notes by compare-and-swap, with a jittered retry.
#include "hook/marks.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "report/escape.h"
#include "report/mark.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

using std::chrono::milliseconds;

constexpr int most_attempts = 40;
constexpr int longest_wait = 250;  // milliseconds

std::map<model::ObjectId, report::Mark> marks_of(const git::Repository& repository,
                                                 const std::vector<gate::Verdict>& verdicts) {
  std::map<model::ObjectId, report::Mark> marks;
  for (const gate::Verdict& verdict : verdicts) {
    if (verdict.status == model::Status::allowed) {
      continue;
    }
    const auto header = repository.header(verdict.commit.id);
    if (header && header->type == git::ObjectType::commit) {
      report::add(marks[verdict.commit.id], verdict);
    }
  }
  return marks;
}

model::Signature writer() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {"tollbar", "tollbar@localhost", std::chrono::duration_cast<std::chrono::seconds>(now).count(), 0};
}

/// Waits longer with every attempt, by chance, so that those who collided do not collide again.
void wait_before(int attempt) {
  static std::mt19937 random{std::random_device{}()};
  const int most = std::min(longest_wait, 4 << std::min(attempt, 6));
  std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution(1, most)(random)));
}

}  // namespace

void write_marks(git::Repository& repository, const std::vector<gate::Verdict>& verdicts, const MarkContext& context) {
  std::map<model::ObjectId, report::Mark> marks = marks_of(repository, verdicts);
  if (marks.empty()) {
    return;
  }
  for (auto& [id, mark] : marks) {
    if (!context.ref.empty()) {
      mark.refs.push_back(report::escape(context.ref));
    }
    if (!context.origin.actor.empty()) {
      mark.pushers.push_back(report::escape(context.origin.actor));
    }
  }
  const std::string ref(report::marks_ref);
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    git::NotesUpdate update{ref, repository.reference(ref), writer(), "Mark what was judged\n", {}};
    for (const auto& [id, mark] : marks) {
      const std::string former = repository.note(ref, id).value_or("");
      report::Mark whole = report::parse_note(former).value_or(report::Mark{});
      report::add(whole, mark);
      update.notes[id] = report::to_note(whole) + report::foreign_lines(former);
    }
    if (repository.write_notes(update)) {
      return;
    }
    wait_before(attempt);
  }
  throw util::Error("write " + ref + ": others keep writing it");
}

}  // namespace tollbar::hook
