// Facts about protection that a program of Pulumi or CDK gave its resources and gives them no longer: options turned
// off or simply left out, which no added line shows. So for templates of charts.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/program_text.h"
#include "rule/checks/chart_protections.h"
#include "rule/checks/infrastructure_programs.h"
#include "rule/checks/producers.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

struct Option {
  std::string_view name;
  text::Pattern on, off;
};

const std::array<Option, 6>& options() {
  static const std::array<Option, 6> table = {{
      {"protect", text::Pattern(R"(\b[pP]rotect\s*[:=(]\s*[Tt]rue\b)"),
       text::Pattern(R"(\b[pP]rotect\s*[:=(]\s*[Ff]alse\b)")},
      {"retained on deletion", text::Pattern(R"(\b(?:[rR]etainOnDelete|retain_on_delete)\s*[:=(]\s*[Tt]rue\b)"),
       text::Pattern(R"(\b(?:[rR]etainOnDelete|retain_on_delete)\s*[:=(]\s*[Ff]alse\b)")},
      {"deletion protection",
       text::Pattern(R"(\b(?:[dD]eletionProtection(?:Enabled)?|deletion_protection(?:_enabled)?)\s*[:=(]\s*[Tt]rue\b)"),
       text::Pattern(
           R"(\b(?:[dD]eletionProtection(?:Enabled)?|deletion_protection(?:_enabled)?)\s*[:=(]\s*[Ff]alse\b)")},
      {"termination protection",
       text::Pattern(R"(\b(?:[tT]erminationProtection|termination_protection)\s*[:=(]\s*[Tt]rue\b)"),
       text::Pattern(R"(\b(?:[tT]erminationProtection|termination_protection)\s*[:=(]\s*[Ff]alse\b)")},
      {"removal policy", text::Pattern(R"(\bRemovalPolicy\.(?:RETAIN\w*|SNAPSHOT)\b)"),
       text::Pattern(R"(\bRemovalPolicy\.DESTROY\b)")},
      {"contents kept",
       text::Pattern(
           R"(\b(?:[aA]utoDeleteObjects|auto_delete_objects|[fF]orceDestroy|force_destroy|skipFinalSnapshot|skip_final_snapshot)\s*[:=(]\s*[Ff]alse\b)"),
       text::Pattern(
           R"(\b(?:[aA]utoDeleteObjects|auto_delete_objects|[fF]orceDestroy|force_destroy|skipFinalSnapshot|skip_final_snapshot)\s*[:=(]\s*[Tt]rue\b)")},
  }};
  return table;
}

/// What SST says for its whole application, by words: `removal: input.stage === "production" ? "retain" : "remove"`.
const std::array<Option, 2>& options_in_words() {
  static const std::array<Option, 2> table = {{
      {"protect", text::Pattern(R"(\bprotect\s*:\s*(?:true\b|[^,\n]*"prod))"),
       text::Pattern(R"(\bprotect\s*:\s*false\b)")},
      {"removal", text::Pattern(R"(\bremoval\s*:[^,\n]*"retain)"), text::Pattern(R"(\bremoval\s*:\s*"remove")")},
  }};
  return table;
}

std::vector<std::size_t> places(const text::Pattern& pattern, std::string_view text) {
  std::vector<std::size_t> found;
  text::each_match(pattern, text, [&](const text::Match& match) { found.push_back(match.begin); });
  return found;
}

/// What may be a resource: `new aws.rds.Instance(`, `rds.DatabaseInstance(`, `RdsInstance.Builder`.
std::size_t resources(std::string_view text) {
  static const text::Pattern made(
      R"(\bnew\s+[\w.]+\s*[(<]|(?<!new )(?<![\w.])(?:[a-z_]\w*\.)+(?!\w*(?:Options|Args)\b)[A-Z]\w*\s*\()");
  return places(made, text).size();
}

struct Lines {
  std::uint32_t before = 0, after = 0;
};

void add(const FileChange& file, const Option& option, std::string_view now, Lines lines, std::vector<Fact>& facts) {
  Fact fact;
  fact.kind = "program-protection-lost";
  fact.path = file.path();
  fact.line = lines.after;
  fact.line_before = lines.before;
  fact.subject = option.name;
  fact.before = lines.before != 0 ? "on" : "";
  fact.after = now;
  fact.attributes["place"] = option.name;
  facts.push_back(std::move(fact));
}

/// One program before and after.
class Program {
 public:
  Program(FileChange& file, std::vector<Fact>& facts)
      : file_(file),
        before_(document::scan_program(file.before_text())),
        after_(document::scan_program(file.after_text())),
        facts_(facts) {
    const auto had = resources(before_.bare), has = resources(after_.bare);
    gone_ = had - std::min(had, has);
    fresh_ = has - std::min(had, has);  // nothing new was ever protected
  }

  void compare() {
    if (!is_whole_project(file_.folded_path())) {
      for (const auto& option : options()) compare(option, before_.bare, after_.bare);
      return;
    }
    const auto before = infrastructure_code(file_.before_text()), after = infrastructure_code(file_.after_text());
    for (const auto& option : options_in_words()) compare(option, before, after);
  }

 private:
  void compare(const Option& option, std::string_view before, std::string_view after) {
    const auto was = places(option.on, before), is = places(option.on, after);
    const auto old_off = places(option.off, before), off = places(option.off, after);
    const auto turned_off = off.size() - std::min(old_off.size() + fresh_, off.size());
    for (std::size_t i = off.size() - turned_off; i < off.size(); ++i)
      add(file_, option, "off", {0, document::line_at(after, off[i])}, facts_);
    if (was.size() > is.size() + gone_ + turned_off)  // else gone with its resource
      add(file_, option, "left out", {document::line_at(before, was.front()), 0}, facts_);
  }

  FileChange& file_;
  document::ProgramText before_, after_;
  std::vector<Fact>& facts_;
  std::size_t gone_ = 0, fresh_ = 0;
};

}  // namespace

void program_protection_facts(Change& change, std::vector<Fact>& facts) {
  for (auto& file : change.files()) {
    if (!file.delta().before || !file.delta().after || file.delta().mode_only()) continue;
    if (!file.unreadable({}).empty() || file.binary()) continue;
    add_chart_protections(file, facts);
    if (declares_infrastructure(file, change)) Program(file, facts).compare();
  }
}

}  // namespace tollbar::rule
