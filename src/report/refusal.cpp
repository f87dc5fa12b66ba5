// Says what, where and why in one line, what next in at most three, and everything again for programs in the last.
#include "report/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "report/approvers.h"
#include "report/escape.h"

namespace tollbar::report {
namespace {

using Json = nlohmann::ordered_json;
using gate::Verdict;
using model::Finding;
using model::Status;

constexpr std::size_t findings_told = 20;  // to programs; the report of a scan has them all

bool counts(const Finding& finding) {
  return finding.waived.empty() && finding.decision != model::Decision::allow;
}

/// What was refused, as a person would name it.
std::string subject_of(const Verdict& verdict, const RefusalContext& context) {
  switch (verdict.of) {
    case Verdict::Of::staged:
      return fmt::format("this {}", context.action);
    case Verdict::Of::commit:
      return fmt::format("commit {} ({})", verdict.commit.id.short_hex(), verdict.commit.subject());
    case Verdict::Of::ref:
      return context.ref.empty() ? "the push" : fmt::format("the update of {}", context.ref);
    case Verdict::Of::net:
      break;
  }
  return context.ref.empty() ? "what the commits add up to" : fmt::format("the change of {}", context.ref);
}

std::string_view verb_of(Status status) {
  switch (status) {
    case Status::undecided:
      return "could not be decided and is refused";
    case Status::needs_approval:
      return "needs approval and is refused without";
    default:
      return "is refused";
  }
}

/// How a job comes to run what changed, where the reason itself does not say so; else empty.
std::string way_to_job(const Verdict& verdict, const Finding& told) {
  const auto found = std::find_if(verdict.findings.begin(), verdict.findings.end(),
                                  [](const Finding& finding) { return counts(finding) && !finding.reach.empty(); });
  if (found == verdict.findings.end()) {
    return {};
  }
  const std::string way = fmt::format("{}", fmt::join(found->reach, " <- "));
  const bool said = told.message.find(way) != std::string::npos;
  return said ? "" : fmt::format("; reached by {}", way);
}

/// `rule at path:line: message`, the way from what changed to a job, and how many findings more there are.
std::string reason_of(const Verdict& verdict) {
  if (verdict.status == Status::undecided) {
    return verdict.undecided;
  }
  const auto others = std::count_if(verdict.findings.begin(), verdict.findings.end(), counts) - 1;
  if (others < 0) {
    return "no reason was given";
  }
  const Finding& finding = verdict.findings.front();
  const std::size_t line = finding.line != 0 ? finding.line : finding.line_before;
  const std::string at = finding.path.empty() ? "" : " at " + finding.path;
  const std::string number = line == 0 ? "" : fmt::format(":{}", line);
  const std::string more = others == 0 ? "" : fmt::format(" (and {} more)", others);
  return fmt::format("{}{}{}: {}{}{}", finding.rule, at, number, finding.message, way_to_job(verdict, finding), more);
}

/// Who can approve, where policy says so.
std::string approvers_of(const Verdict& verdict) {
  if (verdict.approvers.empty()) {
    return "an approver who is not the author";
  }
  if (verdict.approvers.size() > 1 || verdict.approvers.front().owners) {
    return approval::to_text(verdict.approvers);
  }
  const approval::Seats& seats = verdict.approvers.front();
  const std::string teams = fmt::format("{}", fmt::join(seats.teams, " or "));
  return seats.count > 1 ? fmt::format("{} people of {}", seats.count, teams) : fmt::format("someone of {}", teams);
}

/// Whom to ask, or where to read more, with the command for a person; empty where there is none.
std::string way_on(const Verdict& verdict) {
  const bool approvable = verdict.status == Status::needs_approval;
  if (verdict.of == Verdict::Of::commit) {
    const std::string id = verdict.commit.id.short_hex();
    return approvable ? fmt::format("ask {} to read and approve it: tollbar approve {} --reason '...'",
                                    approvers_of(verdict), id)
                      : fmt::format("the whole reason, for a person: tollbar explain {}", id);
  }
  // What was about to be committed need not be in the index any more; its rule can always be explained.
  const std::string rule = verdict.findings.empty() ? "" : verdict.findings.front().rule;
  if (approvable) {
    return fmt::format("ask {}", approvers_of(verdict));
  }
  return rule.empty() ? "" : fmt::format("what the rule means, for a person: tollbar explain {}", rule);
}

/// What is wrong with the approvals that there are; empty where there are none.
std::string why_unapproved(const Verdict& verdict) {
  const auto found = std::find_if(verdict.findings.begin(), verdict.findings.end(), [](const Finding& finding) {
    return counts(finding) && finding.approved.empty() && !finding.unapproved.empty();
  });
  return found == verdict.findings.end() ? "" : fmt::format("{}", fmt::join(found->unapproved, "; "));
}

std::vector<std::string> hints_of(const Verdict& verdict, const RefusalContext& context) {
  std::vector<std::string> hints;
  if (verdict.status == Status::undecided) {
    hints.emplace_back("mend what could not be read; what cannot be decided is refused");
  } else if (!verdict.findings.empty() && !verdict.findings.front().remedy.empty()) {
    hints.push_back(verdict.findings.front().remedy);
  }
  if (std::string why = why_unapproved(verdict); !why.empty()) {
    hints.push_back(std::move(why));
  }
  if (std::string way = way_on(verdict); !way.empty()) {
    hints.push_back(std::move(way));
  }
  hints.push_back(fmt::format("trying again unchanged is refused again; other {} are not affected",
                              context.ref.empty() ? "changes" : "commits"));
  return hints;
}

Json to_json(const Finding& finding) {
  Json json{
      {"rule", finding.rule},
      {"trigger", model::to_string(finding.trigger)},
      {"decision", model::to_string(finding.decision)},
      {"risk", model::to_string(finding.risk)},
      {"path", finding.path},
      {"line", finding.line},
      {"subject", finding.subject},
      {"remedy", finding.remedy},
      {"fingerprint", finding.fingerprint},
  };
  if (!finding.reach.empty()) {
    json["reach"] = finding.reach;
  }
  if (!finding.unapproved.empty()) {
    json["unapproved"] = finding.unapproved;
  }
  return json;
}

/// Everything a program needs, on one line of ASCII.
std::string machine_line(const Verdict& verdict, const RefusalContext& context) {
  const bool staged = verdict.of == Verdict::Of::staged;
  Json json{
      {"v", 1},
      {"decision", model::to_string(verdict.decision)},
      {"status", model::to_string(verdict.status)},
      {"retryable", false},
      {"action", context.action},
      {"commit", (staged ? model::ObjectId{} : verdict.commit.id).hex()},
      {"findings", Json::array()},
  };
  std::size_t untold = 0;
  for (const Finding& finding : verdict.findings) {
    if (counts(finding) && json["findings"].size() < findings_told) {
      json["findings"].push_back(to_json(finding));
    } else if (counts(finding)) {
      ++untold;
    }
  }
  if (untold > 0) {
    json["more_findings"] = untold;
  }
  if (staged) {
    json["staged"] = true;
  }
  if (verdict.of == Verdict::Of::net) {
    json["net"] = true;
  }
  if (!context.ref.empty()) {
    json["ref"] = context.ref;
  }
  if (!verdict.approvers.empty()) {
    json["approvers"] = Json::parse(approvers_json(verdict.approvers));
  }
  if (!verdict.undecided.empty()) {
    json["undecided"] = verdict.undecided;
  }
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

std::string brief_reason(const Verdict& verdict) {
  return escape(reason_of(verdict));
}

std::string brief_remedy(const Verdict& verdict) {
  return verdict.findings.empty() ? "" : escape(verdict.findings.front().remedy);
}

void write_refusal(std::ostream& out, const Verdict& verdict, const RefusalContext& context) {
  const auto line = [&](std::string_view kind, std::string_view text) {
    out << context.line_prefix << kind << ": " << text << '\n';
  };
  line("error",
       escape(fmt::format("{} {}: {}", subject_of(verdict, context), verb_of(verdict.status), reason_of(verdict))));
  for (const std::string& hint : hints_of(verdict, context)) {
    line("hint", escape(hint));
  }
  line("tollbar-json", machine_line(verdict, context));
}

}  // namespace tollbar::report
