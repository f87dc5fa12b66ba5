// Chains of links turned into words.
#include "rule/checks/ways.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reach/own_database.h"
#include "reach/power.h"
#include "rule/checks/pairs.h"
#include "util/sha256.h"

namespace tollbar::rule {
namespace {

bool is_token(const pipeline::CredentialUse& use) {
  return use.kind == pipeline::CredentialUse::Kind::platform_token;
}

}  // namespace

/// The job says itself that its token may write, or says nothing of it and hands it to what is known to write to a
/// system that the token opens.
bool Powers::token_writes(const reach::ExecutedStep& step) {
  if (step.job == nullptr || std::none_of(step.credentials.begin(), step.credentials.end(), is_token)) return false;
  if (!step.job->permissions_default) return !reach::write_permissions(*step.job).empty();
  const auto does = [&](const reach::Effect* effect) {
    const auto& systems = knowledge_.token_systems;
    return effect != nullptr && std::find(systems.begin(), systems.end(), effect->system) != systems.end();
  };
  const auto& all = executions_.effects(step, knowledge_);
  return std::any_of(all.own.begin(), all.own.end(), does) ||
         std::any_of(all.entered.begin(), all.entered.end(), does) ||
         std::any_of(step.actions.begin(), step.actions.end(),
                     [&](const auto& action) { return does(knowledge_.effect(action.uses, action.with)); });
}

const std::vector<pipeline::CredentialUse>& Powers::acting_credentials(const reach::ExecutedStep& step) {
  const auto [known, fresh] = acting_.try_emplace(&step);
  auto& uses = known->second;
  if (!fresh) return uses;
  std::remove_copy_if(step.credentials.begin(), step.credentials.end(), std::back_inserter(uses), is_token);
  if (token_writes(step))
    std::copy_if(step.credentials.begin(), step.credentials.end(), std::back_inserter(uses), is_token);
  return uses;
}

/// Something that the step runs, in whatever file, publishes or deploys, and the job has what that takes. What is told
/// by the job's own text is told by deploys().
bool Powers::releases(const reach::ExecutedStep& step) {
  if (step.pipeline == nullptr || step.job == nullptr) return false;
  const auto does = [&](const reach::Effect* effect) {
    return effect != nullptr && effect->release && !reach::only_reaches_own_database(*step.job, *effect, knowledge_) &&
           reach::can_act(*step.pipeline, step, {}, *effect, knowledge_);
  };
  const auto& entered = executions_.effects(step, knowledge_).entered;
  return std::any_of(entered.begin(), entered.end(), does) ||
         std::any_of(step.actions.begin(), step.actions.end(), [&](const auto& action) {
           return !action.chain.empty() && does(knowledge_.effect(action.uses, action.with));
         });
}

const std::set<std::string>& Powers::of(const reach::ExecutedStep& step) {
  const auto [known, fresh] = known_.try_emplace(&step);
  auto& powers = known->second;
  if (!fresh) return powers;
  for (const auto& use : acting_credentials(step)) powers.insert("credential " + use.name);
  if (step.job == nullptr) return powers;
  if (!step.job->environment.empty()) {
    powers.insert("environment " + step.job->environment);
    return powers;
  }
  const auto [deploying, unseen] = deploying_.try_emplace(step.job);
  if (unseen) deploying->second = deploys(*step.job, knowledge_);
  if (deploying->second || releases(step)) powers.insert("release");
  return powers;
}

std::vector<std::string> way_text(const std::string& path, const std::vector<reach::Link>& chain,
                                  const reach::ExecutedStep& step, Powers& powers) {
  std::vector<std::string> text;
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    if (link == chain.rbegin() && link->path == path) continue;
    text.push_back(link->part.empty() ? link->path : link->path + ": " + link->part);
  }
  if (step.pipeline != nullptr && step.job != nullptr) {
    auto place = step.pipeline->path + ": " + step.job->id;
    if (step.step != nullptr && !step.step->name.empty()) place += ", step " + step.step->name;
    text.push_back(std::move(place));
  }
  std::set<std::string> names;
  for (const auto& use : powers.acting_credentials(step)) names.insert(use.name);
  for (const auto& name : names) text.push_back("credential " + name);
  return text;
}

std::string acts_on(const reach::ExecutedStep& step, const reach::Knowledge& knowledge) {
  std::set<std::string> systems;
  for (const auto& executed : step.commands) {
    if (executed.unreachable) continue;
    for (const auto* effect : knowledge.effects(*executed.command, *executed.env)) systems.insert(effect->system);
  }
  for (const auto& action : step.actions)
    if (const auto* effect = knowledge.effect(action.uses, action.with)) systems.insert(effect->system);
  for (const auto& act : step.configured) systems.insert(act.effect.system);
  std::string text;
  for (const auto& system : systems) text += (text.empty() ? "" : ", ") + system;
  return text;
}

std::string all_ways(const std::set<std::string>& ways) {
  constexpr std::size_t most = 8;
  std::string text, rest;
  std::size_t number = 0;
  for (const auto& way : ways) {
    auto& to = number++ < most ? text : rest;
    if (!to.empty()) to += "; ";
    to += way;
  }
  if (rest.empty()) return text;
  return fmt::format("{}; and {} more ({})", text, ways.size() - most, util::sha256_hex(rest).substr(0, 16));
}

}  // namespace tollbar::rule
