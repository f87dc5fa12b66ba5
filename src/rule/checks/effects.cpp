// Facts about effects: commands and actions, new here, that deploy, publish, migrate or write to a shared system.
#include <algorithm>
#include <map>

#include "reach/own_database.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"

namespace tollbar::rule {
namespace {

void describe(Fact& fact, const reach::Effect& effect) {
  fact.target.system = effect.system;
  fact.action = effect.action;
  fact.attributes["release"] = effect.release ? "true" : "false";
  fact.attributes["effect"] = effect.action;
}

void command_effects(Change& change, std::vector<Fact>& facts) {
  const auto add = [&](const Change::NewCommand& command, bool removed) {
    auto environment = command.job != nullptr ? command.job->env : std::map<std::string, std::string>{};
    if (command.step != nullptr)
      for (const auto& [name, value] : command.step->env) environment[name] = value;
    for (const auto* effect : change.knowledge().effects(command.place.command, environment)) {
      if (command.job != nullptr && reach::only_reaches_own_database(*command.job, *effect, change.knowledge()))
        continue;
      auto fact = command_fact(command, removed);
      fact.kind = removed ? "effect-removed" : "effect-added";
      describe(fact, *effect);
      fact.attributes["in"] = command.job != nullptr ? "pipeline" : "script";
      facts.push_back(std::move(fact));
    }
  };
  for (const auto& command : change.new_commands()) add(command, false);
  for (const auto& command : change.lost_commands()) add(command, true);
}

/// Actions with an effect, by what they do with which inputs: a changed input is a new effect.
void action_effects(Change& change, std::vector<Fact>& facts) {
  for (const auto& pipelines : pair_pipelines(change))
    for (const auto& jobs : pair_jobs(pipelines))
      for (const auto& steps : pair_steps(jobs)) {
        if (steps.after == nullptr || steps.after->uses.empty()) continue;
        const auto* effect = change.knowledge().effect(steps.after->uses, steps.after->with);
        if (effect == nullptr) continue;
        if (steps.before != nullptr && steps.before->uses == steps.after->uses &&
            steps.before->with == steps.after->with)
          continue;
        auto fact = step_fact(change, {pipelines, jobs}, steps, "effect-added");
        fact.after = steps.after->uses;
        if (steps.before != nullptr) fact.before = steps.before->uses;
        fact.attributes["in"] = "pipeline";
        fact.attributes["who"] = fact.subject;
        fact.attributes["program"] = steps.after->uses;
        fact.attributes["command"] = steps.after->uses;
        describe(fact, *effect);
        facts.push_back(std::move(fact));
      }
}

}  // namespace

void effect_facts(Change& change, std::vector<Fact>& facts) {
  command_effects(change, facts);
  action_effects(change, facts);
}

}  // namespace tollbar::rule
