// Marks are notes, merged with what others wrote meanwhile.
#include "hook/marks.h"

#include <map>

#include "git/contention.h"
#include "report/escape.h"
#include "report/mark.h"
#include "rule/redaction.h"

namespace tollbar::hook {
namespace {

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

/// A reference, a login or a path may hold what only its owner should know, and notes are kept.
void redact(std::map<model::ObjectId, report::Mark>& marks, const rule::RuleSet& rules) {
  const rule::Redactor redactor(rules);
  std::vector<std::string*> texts;
  for (auto& [id, mark] : marks) {
    for (auto* records : {&mark.rules, &mark.refs, &mark.pushers, &mark.policies, &mark.reasons}) {
      for (std::string& text : *records) {
        texts.push_back(&text);
      }
    }
  }
  redactor.redact(texts);
}

}  // namespace

void write_marks(git::Repository& repository, const std::vector<gate::Verdict>& verdicts, const rule::RuleSet& rules,
                 const MarkContext& context) {
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
  redact(marks, rules);
  const std::string ref(report::marks_ref);
  git::until_written(ref, [&] {
    git::RecordCommit record;
    record.ref = ref;
    record.tip = repository.reference(ref);
    record.author = git::record_author();
    record.message = "Mark what was judged\n";
    for (const auto& [id, mark] : marks) {
      const std::string former = repository.note(ref, id).value_or("");
      report::Mark whole = report::parse_note(former).value_or(report::Mark{});
      report::add(whole, mark);
      record.notes[id] = report::to_note(whole) + report::foreign_lines(former);
    }
    return repository.write_records(record);
  });
}

}  // namespace tollbar::hook
