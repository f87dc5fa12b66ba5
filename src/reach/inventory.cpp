// What counts as a check: calls of known tools and actions, and everything under a required name.
#include "reach/inventory.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "document/command_identity.h"
#include "reach/check_names.h"
#include "reach/check_parts.h"
#include "reach/delivery.h"
#include "reach/later_verdict.h"
#include "reach/leg_tools.h"
#include "reach/pipeline_inventory.h"
#include "reach/rewriting.h"
#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

/// Flags with which a runner of tests runs once more what has just failed.
constexpr std::array<std::string_view, 7> kAgain{
    "--failed", "--lf", "--last-failed", "--onlyFailures", "--only-failures", "--rerun-failed", "--rerun-failing"};

/// `test || test`, `test || test --failed`: the next command of the same script tries the same again, or what failed.
bool is_retried(const ExecutedStep& step, std::size_t index, CommandLookup& commands) {
  const ExecutedCommand& executed = step.commands[index];
  if (executed.command->context.following != "||" || index + 1 >= step.commands.size()) return false;
  const ExecutedCommand& next = step.commands[index + 1];
  if (next.path != executed.path) return false;
  if (commands.identity(next) == commands.identity(executed)) return true;
  const CheckTool* tool = commands.tool(executed);
  const auto& words = commands.words(next);
  return tool && tool->kind == CheckKind::test && commands.tool(next) == tool &&
         std::any_of(words.begin(), words.end(), [](const std::string& word) {
           return std::find(kAgain.begin(), kAgain.end(), word) != kAgain.end();
         });
}

/// A tool that backs others: `git diff --exit-code` leaves no doubt, what answers in silence is mostly asked by a
/// script.
Strength backing_strength(const std::vector<std::string>& words) {
  const bool asks_git = words.size() > 1 && words[0] == "git" && words[1] == "diff";
  const bool fails = std::find(words.begin(), words.end(), "--exit-code") != words.end();
  const bool silent = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "--quiet" || word == "-q" || word == "--cached" || word == "--staged";
  });
  return asks_git && fails && !silent ? Strength::tool : Strength::weak;
}

}  // namespace

std::vector<Check> Inventory::take() {
  for (const auto& step : execution_.steps) {
    if (has_known(step)) jobs_with_known_.insert(step.context);
  }
  for (const auto& step : execution_.steps) add(step);
  add_rewriting();
  promote_by_job();
  add_unknown_actions();
  for (auto& check : checks_)
    if (check.context.empty() && runs_on_request(check)) check.strength = Strength::weak;
  add_includes(*execution_.pipeline);
  return std::move(checks_);
}

const CheckTool* Inventory::tool_of(const ExecutedCommand& executed) {
  if (executed.command->argv.empty() || executed.command->context.in_substitution) return nullptr;
  const CheckTool* tool = commands_.tool(executed);
  if (!tool || !executed.followed) return tool;
  const bool image = tool->kind == CheckKind::build && tool->words.front().find("docker") != std::string::npos;
  return image ? tool : nullptr;
}

void Inventory::add_includes(const pipeline::Pipeline& pipeline) {
  if (!pipeline.judges_changes() && !pipeline.events.empty()) return;
  for (const auto& include : pipeline.includes) {
    const CheckAction* known = knowledge_.check_action(include);
    if (!known) continue;
    Check check;
    check.identity = include;
    check.tool = include.substr(include.rfind('/') + 1);
    check.kind = known->kind;
    check.pipeline = check.path = pipeline.path;
    check.job = "include";
    check.events = pipeline.events;
    if (const auto* job = job_of(include, pipeline); job != nullptr && job->condition.truth == pipeline::Truth::never)
      weaken(check, "its job never runs: " + job->condition.text, pipeline.path, job->condition.line);
    checks_.push_back(std::move(check));
  }
}

const pipeline::Job* Inventory::job_of(const std::string& include, const pipeline::Pipeline& pipeline) {
  const auto brings = [&](const pipeline::Step& step) { return !step.uses.empty() && include.starts_with(step.uses); };
  const auto found = std::find_if(pipeline.jobs.begin(), pipeline.jobs.end(), [&](const pipeline::Job& job) {
    return std::any_of(job.steps.begin(), job.steps.end(), brings);
  });
  return found == pipeline.jobs.end() ? nullptr : &*found;
}

bool Inventory::has_known(const ExecutedStep& step) {
  const bool tests = tests_by_name(step);
  const auto says = [&](const auto* known) { return known != nullptr && !(tests && known->kind == CheckKind::build); };
  return std::any_of(step.commands.begin(), step.commands.end(),
                     [&](const auto& command) { return !command.unreachable && says(tool_of(command)); }) ||
         std::any_of(step.actions.begin(), step.actions.end(),
                     [&](const auto& action) { return says(knowledge_.check_action(action.uses)); });
}

void Inventory::add(const ExecutedStep& step) {
  const std::string required = required_name(step, knowledge_);
  const std::size_t first = checks_.size();
  bool known = false;
  for (std::size_t i = 0; i < step.commands.size(); ++i) {
    const CheckTool* tool = tool_of(step.commands[i]);
    if (!tool) continue;
    add_command(step, i, tool, required);
    known = true;
  }
  for (const auto& action : step.actions) {
    const CheckAction* carrier = knowledge_.check_action(action.uses);
    if (carrier && carrier->carrier && judges_as(carrier->kind, first)) continue;
    known = add_action(step, action, required) || known;
  }
  known = add_lines(step, required) || known;
  for (const auto& hook : step.hooks) add_hook(step, hook, required);
  if (!known) return add_by_name(step, required);
  for (std::size_t i = 0; i < step.commands.size(); ++i) {
    const ExecutedCommand& executed = step.commands[i];
    if (!tool_of(executed) && !executed.command->context.in_substitution && commands_.named_after_tool(executed))
      add_command(step, i, nullptr, required);
  }
}

bool Inventory::judges_as(CheckKind kind, std::size_t first) const {
  return std::any_of(checks_.begin() + static_cast<std::ptrdiff_t>(first), checks_.end(),
                     [&](const Check& check) { return check.kind == kind && check.enforced; });
}

void Inventory::add_rewriting() {
  for (const auto& found : rewriting_checks(execution_.steps, commands_)) {
    const ExecutedStep& step = execution_.steps[found.step];
    const ExecutedCommand& executed = step.commands[found.command];
    // By its name it may have been taken for a check before.
    std::erase_if(checks_, [&](const Check& check) {
      return !check.known_tool && check.job == step.job->id && check.path == executed.path &&
             check.line == executed.line && check.identity == commands_.identity(executed);
    });
    const std::size_t count = checks_.size();
    add_command(step, found.command, found.tool, {});
    if (checks_.size() > count) checks_.back().strength = Strength::weak;
  }
}

bool Inventory::add_lines(const ExecutedStep& step, const std::string& required) {
  if (!step.step || step.step->run.empty() || !step.step->script.commands.empty()) return false;
  bool added = false;
  std::uint32_t line = std::max(step.step->run_line, step.step->line);
  for (std::size_t begin = 0; begin < step.step->run.size(); ++line) {
    const std::size_t end = std::min(step.step->run.find('\n', begin), step.step->run.size());
    const auto script = document::parse_shell(std::string_view(step.step->run).substr(begin, end - begin));
    begin = end + 1;
    if (script.commands.size() != 1 || !script.problems.empty()) continue;
    const CheckTool* tool = knowledge_.check_tool(script.commands.front());
    if (!tool) continue;
    Check check = check_of(step, required);
    check.identity = document::identity(script.commands.front());
    const auto words = essential_words(script.commands.front());
    check.tool = tool->name;
    check.shown = shown_name(*tool, words);
    check.kind = tool->kind;
    check.arguments = arguments_of(tool, words, knowledge_);
    check.force = knowledge_.force(*tool, words, step.step->env);
    check.path = step.pipeline->path;
    check.line = line;
    if (std::string why = knowledge_.disarming(tool, words, step.step->env).why; !why.empty())
      weaken(check, std::move(why), check.path, line);
    checks_.push_back(std::move(check));
    added = true;
  }
  return added;
}

const Legs& Inventory::legs_of(const pipeline::Job& job) {
  const auto [known, is_new] = legs_.try_emplace(&job);
  if (is_new) known->second = Legs(job.legs);
  return known->second;
}

void Inventory::add_command(const ExecutedStep& step, std::size_t index, const CheckTool* tool,
                            const std::string& required) {
  if (is_retried(step, index, commands_)) return;
  const ExecutedCommand& executed = step.commands[index];
  const auto& words = commands_.words(executed);
  Check check = check_of(step, required);
  check.identity = commands_.identity(executed);
  check.tool = tool ? tool->name : words.front();
  check.shown = tool ? shown_name(*tool, words) : words.front();
  check.kind = !tool ? CheckKind::test : builds(step, executed, *tool, words) ? CheckKind::build : tool->kind;
  check.known_tool = tool != nullptr;
  check.strength = tool ? (tool->auxiliary ? backing_strength(words) : Strength::tool)
                        : (required.empty() ? strength_by_name(commands_, step, executed) : Strength::strong);
  check.path = executed.path;
  check.line = executed.line;
  check.directory = executed.working_directory;
  check.chain.insert(check.chain.end(), executed.chain.begin(), executed.chain.end());
  check.arguments = arguments_of(tool, words, knowledge_);
  check.disarmed_legs = disarmed_legs(legs_of(*step.job), check.kind, knowledge_);
  if (!tool) {
    auto by_leg = tools_in_legs(*executed.command, legs_of(*step.job), *executed.env, knowledge_);
    if (by_leg.known) check.strength = Strength::strong;
    if (check.disarmed_legs.empty()) check.disarmed_legs = std::move(by_leg.disarmed);
  }
  if (const auto& off = executed.switched_off; !off.why.empty()) weaken(check, off.why, off.path, off.line);
  const bool read_later = is_read_later(step, index);
  if (read_later && !tool && required.empty()) check.strength = Strength::strong;
  if ((!executed.fatal && !read_later) || executed.unreachable)
    weaken(check, swallowed_by(step, index), executed.path, executed.line);
  Disarming disarming = knowledge_.disarming(tool, words, *executed.env);
  if (!disarming.why.empty()) weaken(check, disarming.why, executed.path, executed.line);
  check.narrowing.insert(check.narrowing.end(), disarming.narrowing.begin(), disarming.narrowing.end());
  std::copy_if(check.arguments.begin(), check.arguments.end(), std::back_inserter(check.strictness),
               [&](const auto& word) { return any_word_matches(knowledge_.common_strictness, word); });
  if (tool) check.force = knowledge_.force(*tool, words, *executed.env);
  const bool retry = index > 0 && is_retried(step, index - 1, commands_);
  if ((executed.command->context.conditional || executed.command->context.guarded) && !retry)
    check.narrowing.emplace_back("runs only when another command says so");
  checks_.push_back(std::move(check));
}

bool Inventory::is_read_later(const ExecutedStep& step, std::size_t index) {
  if (step.step == nullptr || !step.commands[index].chain.empty() || step.commands[index].unreachable) return false;
  const auto files = written_by(step, index);
  return !files.empty() && reads_for_verdict(*step.job, *step.step, files);
}

bool Inventory::builds(const ExecutedStep& step, const ExecutedCommand& executed, const CheckTool& tool,
                       const std::vector<std::string>& words) {
  const bool may = !tool.only_judges.empty() && find_flag(tool.only_judges, words).empty() &&
                   place_strength(commands_, step, executed) == NameStrength::none;
  if (may && !delivering_) delivering_ = delivering_jobs(execution_.steps, knowledge_);
  return may && delivering_->count(step.job) != 0;
}

bool Inventory::add_action(const ExecutedStep& step, const ExecutedAction& action, const std::string& required) {
  const CheckAction* known = knowledge_.check_action(action.uses);
  if (!known) return false;
  Check check = action_check(step, action, required);
  check.kind = known->kind;
  if (!known->tool.empty())
    check.tool = known->tool;
  else if (known->uses.find_first_of("*?{[") == std::string::npos)
    check.tool = known->uses;  // of a fork, too
  check.disarmed_legs = disarmed_legs(legs_of(*step.job), check.kind, knowledge_);
  const bool handed_in = step.job != nullptr && step.step != nullptr && handed_in_later(*step.job, *step.step);
  if (std::string why = knowledge_.disarming(*known, action.with); !why.empty() && !handed_in)
    weaken(check, std::move(why), action.path, action.line);
  if (const auto& off = action.switched_off; !off.why.empty()) weaken(check, off.why, off.path, off.line);
  for (const auto& input : known->tolerates) let_needs_fail(check, step, action, input);
  std::copy_if(known->force.begin(), known->force.end(), std::back_inserter(check.force), [&](const auto& input) {
    const auto found = action.with.find(input);
    return found != action.with.end() && !found->second.empty();
  });
  if (step.step) {
    const Disarming switches = knowledge_.disarming(nullptr, {}, step.step->env);
    if (!switches.why.empty()) weaken(check, switches.why, action.path, action.line);
  }
  constexpr std::array<std::string_view, 6> kNarrowing{"severity", "ignore", "skip", "exclude", "level", "paths"};
  for (const auto& [input, value] : action.with) {
    const bool narrows = std::any_of(kNarrowing.begin(), kNarrowing.end(), [&, name = folded(input)](auto word) {
      return name.find(word) != std::string::npos;
    });
    if (narrows && !value.empty()) check.narrowing.push_back(input + ": " + brief(value));
  }
  checks_.push_back(std::move(check));
  return true;
}

void Inventory::add_hook(const ExecutedStep& step, const ExecutedHook& hook, const std::string& required) {
  const bool has_entry = !hook.entry.commands.empty();
  const CheckTool* tool = has_entry ? knowledge_.check_tool(hook.entry.commands.front()) : nullptr;
  if (!tool) tool = knowledge_.check_tool_named(hook.id);
  if (!tool) return;
  Check check = check_of(step, required);
  check.hook = true;
  check.identity = has_entry ? document::identity(hook.entry.commands.front()) : "pre-commit " + hook.id;
  check.tool = tool->name;
  check.kind = tool->kind;
  check.path = hook.path;
  check.line = hook.line;
  check.chain.insert(check.chain.end(), hook.chain.begin(), hook.chain.end());
  if (!hook.fatal) weaken(check, "the call of pre-commit swallows its failure", hook.path, hook.line);
  checks_.push_back(std::move(check));
}

Check Inventory::action_check(const ExecutedStep& step, const ExecutedAction& action,
                              const std::string& required) const {
  Check check = check_of(step, required);
  check.identity = action.uses;
  check.tool = action.uses;
  check.path = action.path;
  check.line = action.line;
  if (step.step) check.directory = step.step->working_directory;
  check.chain.insert(check.chain.end(), action.chain.begin(), action.chain.end());
  return check;
}

std::string_view to_string(Strength strength) {
  switch (strength) {
    case Strength::weak:
      return "weak";
    case Strength::by_name:
      return "by-name";
    case Strength::strong:
      return "strong";
    case Strength::tool:
      return "tool";
  }
  return "weak";
}

std::vector<Check> inventory(const PipelineExecution& execution, CommandLookup& commands) {
  return Inventory(execution, commands).take();
}

std::vector<Check> inventory(const Execution& execution, const Knowledge& knowledge) {
  CommandLookup commands(knowledge);
  std::vector<Check> checks;
  for (const auto& pipeline : execution.pipelines) {
    auto its = inventory(*pipeline, commands);
    std::move(its.begin(), its.end(), std::back_inserter(checks));
  }
  return checks;
}

std::set<std::string> unreadable_pipelines(const Execution& execution) {
  std::set<std::string> paths;
  for (const auto& execution_of_one : execution.pipelines) {
    const auto& pipeline = *execution_of_one->pipeline;
    if (pipeline.broken) paths.insert(pipeline.path);
  }
  return paths;
}

}  // namespace tollbar::reach
