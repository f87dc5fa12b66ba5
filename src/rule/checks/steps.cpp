// Facts about steps: foreign code they bring in, text of strangers in their scripts, code of forks in privileged runs.
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "document/command_identity.h"
#include "rule/checks/fork_guards.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using pipeline::Job;
using pipeline::Step;

bool is_local(std::string_view uses) {
  return uses.starts_with("./") || uses.starts_with("../");
}

/// A tag that names a version (`v4`, `v1.2.3`, `2024.1`) or a full commit id; no branch.
bool names_version(std::string_view version) {
  static const text::Pattern tag(R"(^v?\d+(?:\.\d+)*(?:[-+.][\w.]+)?$)");
  return pipeline::is_pinned(version) || tag.matches(version);
}

std::string owner(std::string_view uses) {
  return std::string(uses.substr(0, uses.find('/')));
}

bool used_before(const pipeline::Pipeline* pipeline, const std::string& uses) {
  if (pipeline == nullptr) return false;
  return std::any_of(pipeline->jobs.begin(), pipeline->jobs.end(), [&](const Job& job) {
    return job.uses == uses ||
           std::any_of(job.steps.begin(), job.steps.end(), [&](const Step& step) { return step.uses == uses; });
  });
}

void action_facts(Change& change, const Place& place, const StepPair& steps, std::vector<Fact>& facts) {
  const auto& now = *steps.after;
  if (now.uses.empty() || is_local(now.uses)) return;
  const bool same = steps.before != nullptr && steps.before->uses == now.uses;
  if (same && steps.before->uses_version == now.uses_version) return;
  if (!same && used_before(place.pipelines.before, now.uses)) return;
  const auto spelt = [](const Step& step) {
    return step.uses + (step.uses_version.empty() ? "" : "@" + step.uses_version);
  };
  std::string kind = "action-new";
  if (same)
    kind = pipeline::is_pinned(steps.before->uses_version) && !pipeline::is_pinned(now.uses_version) ? "action-unpinned"
                                                                                                     : "action-version";
  auto fact = step_fact(change, place, steps, kind);
  if (steps.before != nullptr) fact.before = spelt(*steps.before);
  fact.after = spelt(now);
  fact.attributes["uses"] = now.uses;
  fact.attributes["owner"] = owner(now.uses);
  fact.attributes["pinned"] = pipeline::is_pinned(now.uses_version) ? "true" : "false";
  const auto& trusted = change.policy().trusted_owners;
  const bool known_owner = std::find(trusted.begin(), trusted.end(), owner(now.uses)) != trusted.end();
  fact.attributes["trusted_bump"] = known_owner && names_version(now.uses_version) ? "true" : "false";
  facts.push_back(std::move(fact));
}

/// Fields of an event that whoever opens an issue, writes a comment or names a branch chooses freely.
const text::Pattern& untrusted() {
  static const text::Pattern pattern(
      R"(\$\{\{[^}]*?\bgithub\s*(?:\.|\[\s*')(?:head_ref\b|event\s*(?:\.|'\]\s*\[\s*')[^}]*?\b(?:title|body|message|label(?:s[^}]*name)?|ref|head_branch|page_name|display_title|email)\b)[^}]*\}\})");
  return pattern;
}

std::string script_text(const Step& step) {
  auto text = step.run;
  for (const auto name : {"script", "run", "command"})
    if (const auto found = step.with.find(name); found != step.with.end()) text += "\n" + found->second;
  return text;
}

void injection_facts(Change& change, const Place& place, const StepPair& steps, std::vector<Fact>& facts) {
  const auto text = script_text(*steps.after);
  const auto old = steps.before != nullptr ? script_text(*steps.before) : std::string();
  std::size_t from = 0;
  while (const auto match = untrusted().find(text, from)) {
    from = match->end;
    const auto expression = text.substr(match->begin, match->end - match->begin);
    if (old.find(expression) != std::string::npos) continue;
    auto fact = step_fact(change, place, steps, "injection");
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(match->begin), '\n');
    if (steps.after->run_line != 0) fact.line = steps.after->run_line + static_cast<std::uint32_t>(lines);
    fact.after = expression;
    fact.attributes["expression"] = expression;
    facts.push_back(std::move(fact));
    return;
  }
}

/// The step checks out what a pull request (or the run of one) brings along.
bool checks_out_fork(const Step& step) {
  static const text::Pattern head(
      R"((?i)(?:pull_request\.head|workflow_run\.head_|\bhead_ref\b|refs/pull/|merge_commit_sha|head\.(?:sha|ref|repo)|head_sha|head_branch|head_repository))");
  if (step.uses.find("checkout") != std::string::npos)
    for (const auto name : {"ref", "repository"})
      if (const auto found = step.with.find(name); found != step.with.end() && head.matches(found->second)) return true;
  static const text::Pattern fetch(
      R"((?i)\bgh\s+pr\s+checkout\b|git\s+(?:fetch|checkout|pull)\b[^\n]*(?:pull/|pull_request|head_ref|head\.(?:sha|ref)))");
  return !step.run.empty() && fetch.matches(step.run);
}

/// `${{ github.head_ref }}`: empty but for events of pull requests.
bool names_head_ref_alone(const Step& step) {
  static const text::Pattern alone(R"(^\$\{\{\s*github\.head_ref\s*(?:\|\|[^}]*)?\}\}$)");
  const auto ref = step.with.find("ref");
  return ref != step.with.end() && alone.matches(ref->second) && step.with.count("repository") == 0;
}

/// Commands that only look or tidy up, so that nothing a fork brought is run by them.
bool is_idle(const document::Command& command) {
  static constexpr std::array<std::string_view, 9> looking = {
      "fetch", "log", "diff", "diff-tree", "rev-parse", "rev-list", "merge-base", "config", "status"};
  if (!document::can_fail(command)) return true;
  const auto words = document::essential(command);
  return words.size() > 1 && words[0].text == "git" &&
         std::find(looking.begin(), looking.end(), words[1].text) != looking.end();
}

/// What strangers hand in becomes objects of the repository and no file: every script of the job only looks at it.
bool only_fetches(const Job& job) {
  return std::all_of(job.steps.begin(), job.steps.end(), [](const Step& step) {
    if (!step.uses.empty()) return !checks_out_fork(step) && !step.uses.starts_with("./");
    return std::all_of(step.script.commands.begin(), step.script.commands.end(), is_idle);
  });
}

bool runs_fork_code(const pipeline::Pipeline* pipeline, const Job* job, const reach::Knowledge& knowledge) {
  if (pipeline == nullptr || job == nullptr || !is_privileged(*pipeline, knowledge)) return false;
  const bool of_target = std::any_of(pipeline->events.begin(), pipeline->events.end(),
                                     [](const auto& event) { return event.name.starts_with("pull_request_"); });
  return std::any_of(job->steps.begin(), job->steps.end(), [&](const Step& step) {
    return checks_out_fork(step) && (of_target || !names_head_ref_alone(step));
  });
}

void fork_facts(Change& change, const Place& place, std::vector<Fact>& facts) {
  const auto& knowledge = change.knowledge();
  if (place.jobs.after == nullptr || !runs_fork_code(place.pipelines.after, place.jobs.after, knowledge)) return;
  if (runs_fork_code(place.pipelines.before, place.jobs.before, knowledge)) return;
  const auto& steps = place.jobs.after->steps;
  const auto found = std::find_if(steps.begin(), steps.end(), checks_out_fork);
  auto fact = job_fact(change, place, "fork-checkout");
  fact.line = found->line;
  const auto ref = found->with.find("ref");
  put_after(fact, ref != found->with.end() ? ref->second : found->run);
  fact.attributes["ref"] = fact.after;
  const auto only_ours = [&](const pipeline::Condition& condition) { return leaves_strangers_out(condition.text); };
  fact.attributes["own_code"] =
      only_ours(place.jobs.after->condition) ||
              std::all_of(steps.begin(), steps.end(),
                          [&](const Step& step) { return !checks_out_fork(step) || only_ours(step.condition); })
          ? "true"
          : "false";
  fact.attributes["only_fetched"] = only_fetches(*place.jobs.after) ? "true" : "false";
  facts.push_back(std::move(fact));
}

std::string input(const Step& step, const char* name) {
  const auto found = step.with.find(name);
  return found == step.with.end() ? "" : found->second;
}

void checkout_facts(Change& change, const Place& place, const StepPair& steps, std::vector<Fact>& facts) {
  if (steps.before == nullptr || steps.after->uses.find("checkout") == std::string::npos) return;
  const auto before = input(*steps.before, "persist-credentials"), after = input(*steps.after, "persist-credentials");
  if (before != "false" || after == "false") return;
  auto fact = step_fact(change, place, steps, "checkout-keeps-credentials");
  fact.before = "persist-credentials: false";
  fact.after = after.empty() ? "persist-credentials left at its default" : "persist-credentials: " + after;
  facts.push_back(std::move(fact));
}

bool caches(const Step& step) {
  if (step.uses == "actions/cache" || step.uses.ends_with("/cache") || step.uses.ends_with("-cache")) return true;
  const auto cache = input(step, "cache");
  return !cache.empty() && cache != "false";
}

void cache_facts(Change& change, const Place& place, const StepPair& steps, std::vector<Fact>& facts) {
  if (!caches(*steps.after) || (steps.before != nullptr && caches(*steps.before))) return;
  const auto& job = *place.jobs.after;
  const bool identity = !job.permissions_default && job.access("id-token") == pipeline::Access::write;
  if (!identity && !deploys(job, change.knowledge())) return;
  auto fact = step_fact(change, place, steps, "cache-in-release");
  fact.after = steps.after->uses;
  facts.push_back(std::move(fact));
}

}  // namespace

void step_facts(Change& change, std::vector<Fact>& facts) {
  for (const auto& pipelines : pair_pipelines(change)) {
    if (pipelines.after == nullptr || pipelines.after->broken) continue;
    for (const auto& jobs : pair_jobs(pipelines)) {
      const Place place{pipelines, jobs};
      fork_facts(change, place, facts);
      if (jobs.after == nullptr) continue;
      for (const auto& steps : pair_steps(jobs)) {
        if (steps.after == nullptr) continue;
        action_facts(change, place, steps, facts);
        injection_facts(change, place, steps, facts);
        checkout_facts(change, place, steps, facts);
        cache_facts(change, place, steps, facts);
      }
    }
  }
}

}  // namespace tollbar::rule
