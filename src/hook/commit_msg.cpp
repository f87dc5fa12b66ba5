// commit-msg FILE: what the message asks of machines is judged with the change; the message itself is never touched.
#include "hook/commit_msg.h"

#include <fmt/format.h>

#include <ostream>

#include "gate/decide.h"
#include "gate/exit_status.h"
#include "hook/local_gate.h"
#include "report/escape.h"
#include "report/refusal.h"
#include "rule/commit_message.h"
#include "util/error.h"
#include "util/file.h"

namespace tollbar::hook {
namespace {

std::string read_message(const Call& call) {
  if (call.arguments.size() != 1) {
    throw util::UsageError("commit-msg takes the file that holds the message");
  }
  return util::read_file(call.arguments.front(), "the message");
}

/// Leaves the findings that the message sets off; pre-commit has judged the others.
void keep_message_findings(gate::Verdict& verdict) {
  if (verdict.status == model::Status::undecided) {
    return;
  }
  std::erase_if(verdict.findings, [](const model::Finding& finding) { return !finding.path.empty(); });
  gate::weigh(verdict);
}

}  // namespace

std::string message_to_be(std::string_view file, std::string_view comment, Edited edited) {
  constexpr std::string_view scissors = " ------------------------ >8 ------------------------";
  std::string message;
  while (!file.empty()) {
    const std::size_t end = file.find('\n');
    const std::string_view line = file.substr(0, end == std::string_view::npos ? end : end + 1);
    file.remove_prefix(line.size());
    const bool is_comment = line.starts_with(comment);
    if (is_comment && line.substr(comment.size()).starts_with(scissors)) {
      break;
    }
    if (!is_comment || edited == Edited::no) {
      message += line;
    }
  }
  return message;
}

int run_commit_msg(Call& call) {
  const std::string file = read_message(call);
  if (!rule::words_that_skip_ci(file) && rule::break_glass_claims(file).empty()) {
    return gate::exit_allowed;  // most messages: nothing is opened
  }
  LocalGate gate(call);
  // git gives hooks the editor `:` where it does not start one.
  const Edited edited = call.environment("GIT_EDITOR") == ":" ? Edited::no : Edited::yes;
  const std::string comment = gate.repository().config("core.commentChar").value_or("#");
  const std::string message = message_to_be(file, comment, edited);
  for (const std::string& claim : rule::break_glass_claims(message)) {
    call.err << "note: `" << report::escape(claim) << "` is taken as a claim; it changes no verdict\n";
  }
  if (!rule::words_that_skip_ci(message)) {
    return gate::exit_allowed;
  }
  gate::Verdict verdict = gate.staged(message);
  keep_message_findings(verdict);
  if (refuses_locally(verdict)) {
    report::write_refusal(call.err, verdict, {});
  }
  return local_status({verdict});
}

}  // namespace tollbar::hook
