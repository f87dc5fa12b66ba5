// Facts about checks that a repository made itself: a script, target or step that a judging job runs can no longer say
// no, or does so in fewer cases.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/failing_ends.h"
#include "document/forgotten_status.h"
#include "reach/inventory.h"
#include "reach/knowledge.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/checks/started_checks.h"
#include "rule/checks/verdict_places.h"
#include "rule/checks/verdict_texts.h"
#include "rule/checks/ways.h"
#include "rule/matching.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Language;
using document::VerdictLoss;

std::string_view to_string(VerdictLoss loss) {
  switch (loss) {
    case VerdictLoss::defused:
      return "defused";
    case VerdictLoss::emptied:
      return "emptied";
    case VerdictLoss::fewer:
      return "fewer";
    case VerdictLoss::skipped:
      return "skipped";
    case VerdictLoss::avoided:
      return "avoided";
    case VerdictLoss::hangs:
      return "hangs";
  }
  return "fewer";
}

std::string in_words(const document::LostVerdict& lost) {
  switch (lost.loss) {
    case VerdictLoss::defused:
      return lost.after.empty()
                 ? "`" + shortened(lost.before, 80) + "` is gone from a branch that is still there"
                 : "`" + shortened(lost.before, 80) + "` gave way to `" + shortened(lost.after, 80) + "`";
    case VerdictLoss::emptied:
      return "nothing like `" + shortened(lost.before, 80) + "` is left in it";
    case VerdictLoss::fewer:
      return "`" + shortened(lost.before, 80) + "` is gone" +
             (lost.after.empty() ? " with its branch" : ", it says `" + shortened(lost.after, 80) + "`");
    case VerdictLoss::skipped:
    case VerdictLoss::avoided:
      return "it ends early at `" + shortened(lost.after, 80) + "`";
    case VerdictLoss::hangs:
      return "`" + shortened(lost.before, 80) + "` hangs on the environment: `" + shortened(lost.after, 80) + "`";
  }
  return {};
}

Fact fact_of(const JudgingPlace& before, const JudgingPlace& after, Powers& powers) {
  Fact fact;
  fact.kind = "verdict-lost";
  fact.path = after.path;
  const auto& step = *after.step;
  fact.subject = subject(*step.job);
  if (!after.chain.empty())
    fact.subject += " / " + after.path;
  else if (!step.step->name.empty())
    fact.subject += " / step " + step.step->name;
  if (!after.chain.empty()) fact.reach = way_text(after.path, after.chain, step, powers);
  fact.context = surroundings(*step.pipeline, *step.job);
  const bool named = before.standing == Standing::named || after.standing == Standing::named;
  fact.attributes["named"] = named ? "true" : "false";
  fact.attributes["job"] = step.job->id;
  fact.attributes["judge"] = after.path;
  return fact;
}

void tell(Fact& fact, std::string_view loss, std::string what) {
  fact.action = std::move(what);
  fact.attributes["what"] = fact.action;
  fact.attributes["loss"] = loss;
}

/// It still runs for changes, and its failure is let pass: by its call, its step or its job. Events and conditions that
/// keep a job from running are told where they stand.
bool is_let_pass(const reach::ExecutedStep& step) {
  return !step.events.empty() &&
         (step.unenforced_why.empty() || step.job->may_fail || (step.step != nullptr && step.step->may_fail));
}

/// Its failure counts for nothing now: by what the pipeline says, else by the call.
Fact ignored_fact(const JudgingPlace& before, const JudgingPlace& after, Powers& powers) {
  auto fact = fact_of(before, after, powers);
  const auto& step = *after.step;
  const auto& why = step.unenforced_why;
  if (const auto* call = after.let_pass_by; call != nullptr && why.empty()) {
    fact.path = call->path;
    fact.line = call->line;
  } else {
    fact.path = step.unenforced_path.empty() ? step.pipeline->path : step.unenforced_path;
    fact.line = step.unenforced_line != 0 ? step.unenforced_line
                : step.step != nullptr    ? step.step->line
                                          : step.job->line;
    fact.line_before = before.step->step != nullptr ? before.step->step->line : 0;
  }
  tell(fact, "ignored", why.empty() ? "its call swallows the failure" : "its failure no longer counts: " + why);
  fact.after = shortened(why);
  return fact;
}

Fact lost_fact(const JudgingPlace& before, const JudgingPlace& after, const document::LostVerdict& lost,
               std::uint32_t line_before, std::uint32_t line, Powers& powers) {
  auto fact = fact_of(before, after, powers);
  fact.line = lost.line == 0 ? line : line + lost.line - 1;
  fact.line_before = lost.line_before == 0 ? 0 : line_before + lost.line_before - 1;
  fact.before = shortened(lost.before);
  fact.after = shortened(lost.after);
  tell(fact, to_string(lost.loss), in_words(lost));
  return fact;
}

/// The first check that a program starts and whose failure it lets pass, though it did not before.
std::optional<StartedCheck> newly_swallowed(const JudgingText& old, const JudgingText& fresh,
                                            const reach::Knowledge& knowledge) {
  if (document::starts_and_forgets(old.text, old.language) || !document::starts_and_forgets(fresh.text, fresh.language))
    return std::nullopt;
  auto checks = started_checks(fresh.text, knowledge);
  const auto first = std::find_if(checks.begin(), checks.end(), [](const StartedCheck& check) {
    return !check.tool->auxiliary && check.tool->kind != reach::CheckKind::build;
  });
  return first == checks.end() ? std::nullopt : std::optional(std::move(*first));
}

/// The program catches the failure of a check that it starts: whatever its name, it judged by that.
Fact swallowed_fact(const JudgingPlace& before, const JudgingPlace& after, const StartedCheck& check,
                    std::uint32_t first_line, Powers& powers) {
  auto fact = fact_of(before, after, powers);
  fact.line = first_line + check.line - 1;
  fact.before = shortened(check.text);
  fact.attributes["named"] = "true";
  tell(fact, to_string(VerdictLoss::defused), "it lets the failure of `" + shortened(check.text, 80) + "` pass");
  return fact;
}

/// What became of the verdict of one place, where anything did.
void compare(Change& change, const JudgingPlace& then, const JudgingPlace& now, Powers& powers,
             std::vector<Fact>& facts) {
  if (then.standing == Standing::prepares || now.standing == Standing::prepares) return;
  if (change.file(then.path) == nullptr && now.holds) return;
  const auto old = text_of(then, change.before());
  if (old.language == Language::none) return;
  if (!now.holds) {
    if (is_let_pass(*now.step) && document::gives_verdict(old.text, old.language))
      facts.push_back(ignored_fact(then, now, powers));
    return;
  }
  const auto fresh = text_of(now, change.after());
  if (fresh.language != old.language || fresh.text == old.text) return;
  if (const auto check = newly_swallowed(old, fresh, change.knowledge()))
    return facts.push_back(swallowed_fact(then, now, *check, fresh.first_line, powers));
  if (const auto lost = document::lost_verdict(old.text, fresh.text, old.language))
    facts.push_back(lost_fact(then, now, *lost, old.first_line, fresh.first_line, powers));
}

/// `bin/rspec` only starts the tool of its name: what that judges is compared in the inventory of checks.
bool starts_known_tool(std::string_view path, const reach::Knowledge& knowledge) {
  const auto folder = text::directory_of(path);
  return (folder == "bin" || folder.ends_with("/bin") || folder.ends_with("/.bin")) &&
         knowledge.check_tool_named(text::base_name(path)) != nullptr;
}

/// Of what gave a verdict nothing runs any more, and nothing else that gives one came: it may have been replaced by a
/// tool, or by nothing. What a pipeline runs that can no longer be read nobody knows.
void find_unrun(Change& change, const JudgingPlaces& places, Powers& powers, std::vector<Fact>& facts) {
  const bool comes = std::any_of(places.after.begin(), places.after.end(), [&](const auto& entry) {
    return entry.second.holds && places.before.count(entry.first) == 0;
  });
  if (comes || places.after.empty()) return;
  const auto unreadable = reach::unreadable_pipelines(change.after_execution());
  const auto& checks = change.check_changes();
  const bool replaced = std::any_of(checks.begin(), checks.end(), [](const reach::CheckChange& one) {
    return !one.after.identity.empty() && one.after.enforced && one.fate != reach::CheckFate::narrowed;
  });
  for (const auto& [key, then] : places.before) {
    if (!then.holds || then.standing != Standing::named || then.chain.empty() || places.after.count(key) != 0) continue;
    if (unreadable.count(then.step->pipeline->path) != 0 || starts_known_tool(then.path, change.knowledge())) continue;
    const auto changed = std::find_if(then.chain.begin(), then.chain.end(),
                                      [&](const auto& link) { return change.file(link.path) != nullptr; });
    const auto old = text_of(then, change.before());
    if (old.language == Language::none || !document::gives_verdict(old.text, old.language)) continue;
    auto fact = fact_of(then, then, powers);
    fact.path = changed != then.chain.end() ? changed->path : then.step->pipeline->path;
    fact.before = then.path;
    const bool stays = change.after().find(then.path).has_value();
    tell(fact, stays && !replaced ? "unrun" : "dropped", "nothing runs " + then.path + " any more");
    facts.push_back(std::move(fact));
  }
}

}  // namespace

void verdict_facts(Change& change, std::vector<Fact>& facts) {
  if (!change.touches_execution()) return;
  const auto places = judging_places(change);
  auto& powers = change.powers();
  for (const auto& [key, then] : places.before) {
    const auto found = places.after.find(key);
    if (then.holds && found != places.after.end()) compare(change, then, found->second, powers, facts);
  }
  find_unrun(change, places, powers, facts);
}

}  // namespace tollbar::rule
