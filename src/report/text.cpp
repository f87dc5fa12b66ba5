// The report for people: one line a verdict, and for each finding the place, the picture, the reason and the way on.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <set>
#include <tuple>
#include <utility>

#include "report/escape.h"
#include "report/format.h"
#include "report/frame.h"

namespace tollbar::report {
namespace {

using gate::Verdict;
using model::Finding;
using model::Status;

struct Label {
  Status status;
  std::string_view word;
  std::string_view colour;  ///< SGR parameters
};
constexpr Label labels[] = {
    {Status::allowed, "allowed", "32"},         {Status::needs_approval, "approve", "33"},
    {Status::approved, "approved", "32"},       {Status::blocked, "blocked", "31"},
    {Status::break_glass, "break-glass", "35"}, {Status::undecided, "undecided", "31"},
};
constexpr std::string_view removed_colour = "31";
constexpr std::string_view added_colour = "32";
constexpr std::size_t least_width = 40;  // columns; narrower terminals wrap by themselves

const Label& label_of(Status status) {
  return *std::find_if(std::begin(labels), std::end(labels),
                       [&](const Label& label) { return label.status == status; });
}

bool counts(const Finding& finding) {
  return finding.waived.empty() && finding.decision != model::Decision::allow;
}

bool refuses(const Verdict& verdict) {
  return verdict.status == Status::needs_approval || verdict.status == Status::blocked ||
         verdict.status == Status::undecided;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// `a; b`, without empty parts.
std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) {
      text += (text.empty() ? "" : std::string(separator)) + part;
    }
  }
  return text;
}

/// `path:line`; the line before where the file has no after side.
std::string place_of(const Finding& finding) {
  const std::size_t line = finding.line != 0 ? finding.line : finding.line_before;
  return escape(finding.path) + (line == 0 ? "" : fmt::format(":{}", line));
}

class TextWriter : public Writer {
 public:
  TextWriter(std::ostream& out, const Style& style) : out_(out), style_(style) {
    style_.width = std::max(style_.width, least_width);
  }

  void verdict(const Verdict& verdict) override;
  void finish(const gate::ScanResult& result) override;

 private:
  using Group = std::vector<const Finding*>;

  void verdict_line(const Verdict& verdict, std::string_view name, std::string_view subject);
  void findings(const Verdict& verdict);
  std::vector<Group> grouped(const Verdict& verdict);
  void group(const Group& group, model::Decision decision);
  void picture(const Finding& finding);
  void explanation(const Finding& finding);
  void facts(const Finding& finding);
  void waived(const Finding& finding);
  void summary(const gate::ScanResult& result);
  void hints(const gate::ScanResult& result);
  /// Escaped and wrapped, each line indented; `lead` stands before the first.
  void paragraph(std::size_t indent, std::string_view lead, std::string_view text);
  std::string painted(std::string_view text, std::string_view colour) const;

  std::ostream& out_;
  Style style_;
  std::size_t waived_count_ = 0;
  std::optional<std::string> first_rule_;  // for the closing hint
  bool blank_before_next_ = false;
};

std::string TextWriter::painted(std::string_view text, std::string_view colour) const {
  return style_.colour == Colour::on ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : std::string(text);
}

void TextWriter::paragraph(std::size_t indent, std::string_view lead, std::string_view text) {
  const std::size_t hang = indent + columns(lead);
  std::string_view before = lead;
  for (const std::string& line : wrap(escape(text), style_.width - std::min(style_.width / 2, hang))) {
    out_ << std::string(indent, ' ') << before << std::string(before.empty() ? hang - indent : 0, ' ') << line << '\n';
    before = {};
  }
}

void TextWriter::verdict(const Verdict& verdict) {
  waived_count_ +=
      static_cast<std::size_t>(std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                             [](const Finding& finding) { return !finding.waived.empty(); }));
  const bool verbose = style_.detail == Detail::verbose;
  if (!refuses(verdict) && !(verbose && !verdict.findings.empty())) {
    return;
  }
  if (std::exchange(blank_before_next_, style_.detail != Detail::quiet)) {
    out_ << '\n';
  }
  switch (verdict.of) {
    case Verdict::Of::commit:
      verdict_line(verdict, verdict.commit.id.short_hex(), verdict.commit.subject());
      break;
    case Verdict::Of::staged:
      verdict_line(verdict, "staged", "what would be committed now");
      break;
    case Verdict::Of::ref:
      verdict_line(verdict, "reference", "what the push does to it");
      break;
    case Verdict::Of::net:
      verdict_line(verdict, "net change", "what the commits add up to");
      break;
  }
  if (style_.detail != Detail::quiet) {
    findings(verdict);
  }
}

void TextWriter::verdict_line(const Verdict& verdict, std::string_view name, std::string_view subject) {
  constexpr std::size_t word_width = 9;  // `undecided`
  const Label& label = label_of(verdict.status);
  const std::string padding(word_width - std::min(word_width, label.word.size()), ' ');
  const std::string shown = escape(subject);
  const std::size_t taken = word_width + 4 + columns(name);
  out_ << painted(label.word, label.colour) << padding << "  " << name << "  "
       << clip(shown, std::max(style_.width - std::min(taken, style_.width), least_width / 2), 0, 0) << '\n';
}

void TextWriter::findings(const Verdict& verdict) {
  if (verdict.status == Status::undecided) {
    std::string_view rest = verdict.undecided;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      paragraph(2, "", rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    paragraph(2, "next: ", "mend what could not be read; what cannot be decided is refused.");
  }
  for (const Group& each : grouped(verdict)) {
    group(each, verdict.decision);
  }
  if (!verdict.agents.empty()) {
    paragraph(2, "agent: ", joined(verdict.agents, ", ") + " (claimed)");
  }
  if (style_.detail == Detail::verbose) {
    for (const Finding& finding : verdict.findings) {
      if (!counts(finding)) {
        waived(finding);
      }
    }
    paragraph(2, "policy: ", verdict.policy);
  }
}

std::vector<TextWriter::Group> TextWriter::grouped(const Verdict& verdict) {
  const auto place = [](const Finding& finding) {
    return std::tie(finding.path, finding.line, finding.line_before, finding.subject);
  };
  std::vector<Group> groups;
  for (const Finding& finding : verdict.findings) {
    if (!counts(finding)) {
      continue;
    }
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const Group& group) { return place(*group.front()) == place(finding); });
    if (same != groups.end()) {
      same->push_back(&finding);
    } else {
      groups.push_back({&finding});
    }
  }
  return groups;
}

void TextWriter::group(const Group& group, model::Decision decision) {
  const Finding& strongest = *group.front();
  if (!first_rule_) {
    first_rule_ = strongest.rule;
  }
  out_ << "  " << escape(strongest.rule) << "  " << place_of(strongest) << "  " << model::to_string(strongest.risk);
  if (strongest.decision != decision) {
    out_ << " (" << model::to_string(strongest.decision) << ')';  // weaker than the verdict of the whole
  }
  out_ << '\n';
  if (!strongest.subject.empty()) {
    paragraph(4, "", strongest.subject);
  }
  picture(strongest);
  explanation(strongest);
  std::set<std::string_view> said{strongest.message};
  for (std::size_t i = 1; i < group.size(); ++i) {
    const Finding& also = *group[i];
    const bool news = said.insert(also.message).second;
    paragraph(4, "also: ", also.rule + (news ? ": " + also.message : ""));
    if (style_.detail == Detail::verbose) {
      facts(also);
    }
  }
}

void TextWriter::picture(const Finding& finding) {
  constexpr std::size_t indent = 6;
  for (const FrameLine& line : frame(finding.before, finding.after, style_.width - indent - 2)) {
    out_ << std::string(indent, ' ');
    switch (line.side) {
      case FrameLine::Side::before:
        out_ << painted("- " + line.text, removed_colour);
        break;
      case FrameLine::Side::after:
        out_ << painted("+ " + line.text, added_colour);
        break;
      case FrameLine::Side::gap:
        out_ << "  " << line.text;
        break;
    }
    out_ << '\n';
  }
}

void TextWriter::explanation(const Finding& finding) {
  paragraph(4, "", finding.message);
  if (!finding.reach.empty()) {
    paragraph(4, "runs in: ", joined(finding.reach, " <- "));
  }
  if (style_.detail == Detail::verbose) {
    facts(finding);
  }
  for (const model::Approved& approved : finding.approved) {
    paragraph(4, "approved: ", fmt::format("by {} until {}: {}", approved.person, approved.expires, approved.reason));
  }
  for (const std::string& problem : finding.unapproved) {
    paragraph(4, "not approved: ", problem);
  }
  if (!finding.remedy.empty() && finding.approved.empty()) {
    paragraph(4, "next: ", finding.remedy);
  }
}

void TextWriter::facts(const Finding& finding) {
  const auto fact = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) {
      paragraph(6, std::string(name) + ": ", value);
    }
  };
  const model::Authority& authority = finding.authority;
  const model::Target& target = finding.target;
  fact("trigger", std::string(model::to_string(finding.trigger)));
  fact("action", finding.action);
  fact("authority", joined({authority.credential, authority.source, authority.scope}, ", "));
  fact("target", joined({target.system, target.environment, target.name}, ", "));
  fact("context", finding.context);
  fact("fingerprint", finding.fingerprint);
}

void TextWriter::waived(const Finding& finding) {
  out_ << "  " << escape(finding.rule) << "  " << place_of(finding) << "  "
       << (finding.waived.empty() ? "allowed by policy" : "waived") << '\n';
  if (finding.waived.empty()) {
    return;
  }
  const model::Waived& waived = finding.waived.front();
  const std::string owner = waived.owner.empty() ? "" : "by " + waived.owner;
  const std::string until = waived.expires.empty() ? "" : "until " + waived.expires;
  paragraph(4, "", joined({waived.reason, owner, until}, ", "));
}

void TextWriter::finish(const gate::ScanResult& result) {
  if (result.net) {
    verdict(*result.net);
  }
  if (style_.detail == Detail::quiet) {
    return;
  }
  if (blank_before_next_) {
    out_ << '\n';
  }
  summary(result);
  hints(result);
}

void TextWriter::summary(const gate::ScanResult& result) {
  // The numbers of the result hold the net change as well; the sentence is about commits.
  const Status net = result.net ? result.net->status : Status::allowed;
  const std::size_t need_approval = result.needs_approval - (net == Status::needs_approval ? 1 : 0);
  const std::size_t blocked = result.blocked - (net == Status::blocked ? 1 : 0);
  const std::size_t undecided = result.undecided - (net == Status::undecided ? 1 : 0);
  const std::size_t refused = need_approval + blocked + undecided;

  if (result.range == "staged") {
    out_ << (refused == 0 ? "What is staged is allowed.\n" : "What is staged needs attention.\n");
  } else if (result.commits == 0) {
    out_ << "No commits to judge" << (result.range.empty() ? "" : " in " + escape(result.range)) << ".\n";
  } else if (refused == 0) {
    out_ << counted(result.commits, "commit") << " allowed.\n";
  } else {
    const auto part = [](std::size_t number, std::string_view what) {
      return number == 0 ? std::string() : fmt::format("{} {}", number, what);
    };
    const std::string parts = joined({part(undecided, "undecided"), part(blocked, "blocked"),
                                      part(need_approval, need_approval == 1 ? "needs approval" : "need approval")},
                                     ", ");
    out_ << fmt::format("{} of {} need{} attention: {}; {} allowed.\n", refused, counted(result.commits, "commit"),
                        refused == 1 ? "s" : "", parts, result.allowed);
  }
  if (result.net && refuses(*result.net)) {
    out_ << "The net change needs attention, too.\n";
  }
}

void TextWriter::hints(const gate::ScanResult& result) {
  if (waived_count_ > 0 && style_.detail == Detail::normal) {
    out_ << counted(waived_count_, "finding") << " waived or ignored by policy; --verbose shows "
         << (waived_count_ == 1 ? "it" : "them") << ".\n";
  }
  if (result.exit_code() != 0) {
    paragraph(0, "", "Trying again unchanged ends the same way; commits not listed here are not affected.");
  }
  if (first_rule_) {
    out_ << "What a rule means: tollbar explain " << escape(*first_rule_) << '\n';
  }
}

}  // namespace

std::unique_ptr<Writer> make_text(std::ostream& out, const Style& style) {
  return std::make_unique<TextWriter>(out, style);
}

}  // namespace tollbar::report
