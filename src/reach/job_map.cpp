// From the steps of a job with what they run to its ways.
#include "reach/job_map.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "reach/fetched_calls.h"
#include "reach/job_handing.h"
#include "reach/job_way.h"
#include "reach/job_words.h"
#include "reach/power.h"
#include "reach/program_acts.h"
#include "reach/target_hosts.h"

namespace tollbar::reach {
namespace {

using pipeline::CredentialUse;

constexpr std::size_t most_of_a_kind = 6;  // ways of a step that do the same to the same

Certainty weakest(const std::vector<Link>& chain) {
  Certainty result = Certainty::verified;
  for (const auto& link : chain) result = std::max(result, link.certainty);
  return result;
}

/// Something that a step does to the world outside.
struct Act {
  const Effect* effect = nullptr;
  std::string by, path;
  std::uint32_t line = 0;
  const Chain* chain = nullptr;
  std::vector<std::string> hosts;
};

/// The ways of one job.
class JobMap {
 public:
  JobMap(const PipelineExecution& run, const JobSteps& steps, const MapKnowledge& knowledge, JobSurroundings around,
         std::vector<MapPath>& paths)
      : run_(run),
        steps_(steps),
        knowledge_(knowledge.of_tools),
        programs_(knowledge.programs),
        around_(std::move(around)),
        way_(run, steps, around_),
        paths_(paths),
        first_(paths.size()) {}

  void map() {
    for (const auto* step : steps_) {
      if (never_runs(*step)) continue;
      hosts_.note(*step);
      effects(*step);
      own_credentials(*step);
      if (checks(*step, knowledge_)) around_.checks = Before::present;
    }
    drop_used_logins();
    rest();
    for (std::size_t i = first_; i < paths_.size(); ++i) {
      add_files_of_others(paths_[i], acting_[i - first_]);
      way_.set_actors(paths_[i]);
    }
  }

 private:
  /// What a checkout was handed stays for `git push`.
  static bool keeps_checkout(const pipeline::Step& step) {
    if (!step.uses.ends_with("checkout")) return false;
    const auto kept = step.with.find("persist-credentials");
    return kept == step.with.end() || kept->second != "false";
  }

  void effects(const ExecutedStep& step) {
    for (const auto& action : step.actions) {
      const auto by = with_version(action.uses, action.version);
      const auto act = [&](const Effect& effect) {
        add(step, {&effect, by, action.path, action.line, &action.chain, hosts_.of(effect, step, action)});
      };
      if (const auto* effect = knowledge_.effect(action.uses, action.with)) act(*effect);
      for (const auto* effect : knowledge_.further_effects(action.uses, action.with))
        if (can_besides(step, *effect)) act(*effect);
    }
    for (const auto& act : step.configured)
      add(step, {&act.effect, act.by, act.path, act.line, &act.chain, hosts_.of(act.effect)});
    for (const auto& executed : step.commands) {
      if (executed.unreachable) continue;
      const auto act = [&](const Effect& effect) {
        add(step, {&effect, executed.command->text(), executed.path, executed.line, &executed.chain,
                   hosts_.of(effect, executed)});
      };
      for (const auto* effect : knowledge_.effects(*executed.command, *executed.env)) act(*effect);
      for (const auto* effect : knowledge_.further_effects(*executed.command, *executed.env))
        if (can_besides(step, *effect)) act(*effect);
    }
    programs(step);
  }

  /// Only where the step is handed something to act with: else what its programs do is nobody's.
  void programs(const ExecutedStep& step) {
    if (programs_ == nullptr || step.step == nullptr) return;
    const auto& written = *step.step;
    for (const auto& act : programs_->of_step(written.shell, written.run))
      add(step,
          {act.effect, act.by, way_.last_call(step), written.run_line + act.line - 1, &none_, hosts_.of(*act.effect)},
          Certainty::inferred);
    if (step.credentials.empty() && step.job->environment.empty() && held_.empty()) return;
    for (const auto& file : step.files)
      for (const auto& act : programs_->of(file.path))
        add(step, {act.effect, act.by, act.path, act.line, &file.chain, hosts_.of(*act.effect)}, Certainty::inferred);
  }

  /// The job's identity alone writes nothing to the platform itself, and a report goes where the step has a key or a
  /// token for, or says who it is.
  bool can_besides(const ExecutedStep& step, const Effect& effect) const {
    if (run_.pipeline->system != pipeline::System::github) return true;
    const auto stored = [](const CredentialUse& use) {
      return !is_token(use) && use.kind != CredentialUse::Kind::identity;
    };
    const auto any = [&](const std::vector<CredentialUse>& uses) {
      return std::any_of(uses.begin(), uses.end(), stored);
    };
    if (needs_nothing(effect)) return true;
    const auto& systems = knowledge_.token_systems;
    const bool by_token = std::find(systems.begin(), systems.end(), effect.system) != systems.end();
    if (by_token) return token_may(*step.job, effect) || any(step.credentials) || any(held_);
    if (effect.release || step.step == nullptr) return effect.release;
    const auto& handed = step.step->credentials;
    const auto is_identity = [](const CredentialUse& use) { return use.kind == CredentialUse::Kind::identity; };
    return any(handed) || (effect.action == "sends a report" &&
                           (std::any_of(handed.begin(), handed.end(), is_token) ||
                            std::any_of(step.credentials.begin(), step.credentials.end(), is_identity)));
  }

  void add(const ExecutedStep& step, const Act& act, Certainty at_best = Certainty::verified) {
    if (!can_act(*run_.pipeline, step, held_, *act.effect, knowledge_)) return;
    if (!act.hosts.empty() && std::all_of(act.hosts.begin(), act.hosts.end(), is_own_registry)) return;
    covered_.insert(&step);
    if (act.hosts.empty()) return add(step, act, "", at_best);
    for (const auto& host : act.hosts) add(step, act, host, at_best);
  }

  void add(const ExecutedStep& step, const Act& act, const std::string& host, Certainty at_best) {
    if (known_already(step, act, host)) return;
    MapPath way = way_.begin(step);
    add_credentials(held_, way.authority.credentials);
    used_logins_.insert(logins_.begin(), logins_.end());
    way.action = act.effect->action;
    way.system = act.effect->system;
    way.host = host;
    way.release = act.effect->release;
    way.by = act.by;
    way.by_path = act.path;
    way.by_line = act.line;
    way.chain = *act.chain;
    way.certainty = std::max(weakest(way.chain), at_best);
    push(std::move(way), &step);
  }

  /// A step that does the same several times has one way, which names what else does it.
  bool known_already(const ExecutedStep& step, const Act& act, const std::string& host) {
    const auto part = [](const std::vector<Link>& chain) { return chain.empty() ? std::string() : chain.back().part; };
    const auto verb = verb_of(act.by, knowledge_);
    std::size_t alike = 0;
    for (std::size_t i = first_; i < paths_.size(); ++i) {
      auto& known = paths_[i];
      if (acting_[i - first_] != &step || known.action != act.effect->action || known.system != act.effect->system ||
          known.host != host || known.by_path != act.path)
        continue;
      const bool same = part(known.chain) == part(*act.chain) && verb_of(known.by, knowledge_) == verb;
      if (!same && ++alike < most_of_a_kind) continue;
      auto& also = known.also;
      if (known.by != act.by && std::find(also.begin(), also.end(), act.by) == also.end()) also.push_back(act.by);
      return true;
    }
    return false;
  }

  /// A step that is handed a credential of its own and does nothing known with it.
  void own_credentials(const ExecutedStep& step) {
    if (step.step == nullptr || covered_.count(&step) != 0) return;
    std::vector<CredentialUse> own;
    add_credentials(step.step->credentials, own);
    const bool block = run_.pipeline->system == pipeline::System::jenkins;  // whose steps all have them in scope
    if (own.empty() || (block && all_used(own))) return;
    MapPath way = way_.begin(step);
    const bool foreign = is_foreign(step.step->uses);
    way.known = false;
    way.by = foreign ? with_version(step.step->uses, step.step->uses_version) : step_name(step);
    way.action = foreign ? "hands " + called(own) + " to " + step.step->uses : "can use " + called(own);
    way.by_path = way.path;
    way.by_line = way.line;
    covered_.insert(&step);
    if (logs_in(*step.step) || keeps_checkout(*step.step)) {
      add_credentials(own, held_);
      logins_.insert(paths_.size());
    } else if (block) {
      logins_.insert(paths_.size());
    }
    push(std::move(way), &step);
  }

  void push(MapPath way, const ExecutedStep* step) {
    way.checks = around_.checks;
    add_files(*step, way.files, "");
    way.unknown = step->unknown.items();
    paths_.push_back(std::move(way));
    acting_.push_back(step);
  }

  /// What a login was for is told by the ways that come after it.
  void drop_used_logins() {
    for (auto index = used_logins_.rbegin(); index != used_logins_.rend(); ++index) {
      paths_.erase(paths_.begin() + static_cast<std::ptrdiff_t>(*index));
      acting_.erase(acting_.begin() + static_cast<std::ptrdiff_t>(*index - first_));
    }
  }

  /// What the job holds as a whole and no way of a single step uses.
  void rest() {
    const auto& step = *steps_.front();
    MapPath way = way_.begin(step);
    const bool has_way = paths_.size() > first_;
    way.step.clear();
    if (step.step != nullptr && !step.step->condition.text.empty() && !way.conditions.empty() &&
        way.conditions.back() == step.step->condition.text)
      way.conditions.pop_back();
    way.path = step.job->path.empty() ? way_.last_call(step) : step.job->path;
    way.line = step.job->line;
    const bool holds = !way.authority.credentials.empty() && !all_used(way.authority.credentials);
    const bool writes = !way.authority.permissions.empty();
    const bool hands_on = step.step == nullptr && is_foreign(step.job->uses);
    const auto takers = token_takers(steps_);
    if (hands_on && (holds || (writes && !has_way))) {
      way.action =
          "hands " + (holds ? called(way.authority.credentials) : token_words(way.authority)) + " to " + step.job->uses;
      way.by = way.elsewhere = with_version(step.job->uses, step.job->uses_version);
    } else if (holds) {
      way.action = "can use " + called(way.authority.credentials);
    } else if (has_way) {
      return;
    } else if (!way.authority.environment.empty()) {
      way.action = "deploys to an environment";
    } else if (writes && !takers.empty()) {
      way.action = "hands " + token_words(way.authority) + " to " + takers.front()->uses;
      way.by = with_version(takers.front()->uses, takers.front()->version);
      for (std::size_t i = 1; i < takers.size(); ++i)
        way.also.push_back(with_version(takers[i]->uses, takers[i]->version));
    } else if (writes && (!step.job->permissions_default || hands_token_to_own(steps_))) {
      way.action = "can write with the job's token";
    } else if (is_made_at_run_time(*step.job)) {
      way.action = "runs a pipeline that is made when it runs";
    } else if (auto other = started_pipeline(run_, step); !other.empty()) {
      way.action = "starts a pipeline of " + other;
      way.by = with_version(step.job->uses, step.job->uses_version);
      way.elsewhere = way.by;
    } else {
      return;
    }
    way.by_path = way.path;
    way.by_line = way.line;
    way.known = false;
    way.release = !way.authority.environment.empty();
    if (way.authority.credentials.empty() && way.authority.environment.empty())
      way.system = std::string(pipeline::to_string(run_.pipeline->system));
    way.checks = around_.checks;
    for (const auto* one : steps_) {
      if (covered_.count(one) != 0) continue;
      add_files(*one, way.files, "");
      way.unknown.insert(way.unknown.end(), one->unknown.begin(), one->unknown.end());
    }
    paths_.insert(paths_.begin() + static_cast<std::ptrdiff_t>(first_), std::move(way));
    acting_.insert(acting_.begin(), nullptr);
  }

  bool all_used(const std::vector<CredentialUse>& credentials) const {
    return std::all_of(credentials.begin(), credentials.end(), [&](const CredentialUse& use) {
      return std::any_of(paths_.begin() + static_cast<std::ptrdiff_t>(first_), paths_.end(), [&](const MapPath& way) {
        return std::any_of(way.authority.credentials.begin(), way.authority.credentials.end(),
                           [&](const CredentialUse& its) { return its.kind == use.kind && its.name == use.name; });
      });
    });
  }

  /// What ran before in the same job leaves files and variables behind; what runs after has the job's power as well.
  void add_files_of_others(MapPath& way, const ExecutedStep* acting) const {
    if (acting != nullptr) add_fetched(*acting, way.fetched);
    if (!way.release && way.authority.credentials.empty()) return;
    const bool shared = !way.authority.environment.empty() || !held_.empty();
    bool before = true;
    for (const auto* step : steps_) {
      before = before && step != acting;
      if (step == acting || never_runs(*step)) continue;
      const bool holds = std::any_of(step->credentials.begin(), step->credentials.end(),
                                     [](const CredentialUse& use) { return !is_token(use); });
      if (!before && !shared && !holds) continue;
      add_files(*step, way.files, step_name(*step));
      add_fetched(*step, way.fetched);
    }
  }

  const PipelineExecution& run_;
  const JobSteps& steps_;
  const Knowledge& knowledge_;
  ProgramActs* programs_;
  JobSurroundings around_;
  JobWay way_;
  std::vector<MapPath>& paths_;
  std::size_t first_;
  std::vector<const ExecutedStep*> acting_;  ///< by way of this job; null for the job as a whole
  std::set<const ExecutedStep*> covered_;
  std::vector<CredentialUse> held_;  ///< that steps before logged in with
  std::set<std::size_t> logins_;     ///< ways of such steps
  std::set<std::size_t> used_logins_;
  TargetHosts hosts_;
  const Chain none_;
};

}  // namespace

bool checks(const ExecutedStep& step, const Knowledge& knowledge) {
  const auto counts = [](CheckKind kind) { return kind != CheckKind::build && kind != CheckKind::format; };
  return std::any_of(step.commands.begin(), step.commands.end(),
                     [&](const ExecutedCommand& command) {
                       if (command.unreachable || !command.fatal) return false;
                       const auto* tool = knowledge.check_tool(*command.command);
                       return tool != nullptr && !tool->auxiliary && counts(tool->kind);
                     }) ||
         std::any_of(step.actions.begin(), step.actions.end(), [&](const ExecutedAction& action) {
           const auto* check = knowledge.check_action(action.uses);
           return check != nullptr && counts(check->kind);
         });
}

void map_job(const PipelineExecution& run, const JobSteps& steps, const MapKnowledge& knowledge, JobSurroundings around,
             std::vector<MapPath>& paths) {
  JobMap(run, steps, knowledge, std::move(around), paths).map();
}

}  // namespace tollbar::reach
