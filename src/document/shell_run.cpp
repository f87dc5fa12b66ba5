// The control flow of an abstract run: lists, chains, pipelines, branches and loops.
#include "document/shell_run.h"

#include <algorithm>

namespace tollbar::document {

namespace {

constexpr int maximum_rounds = 16;
constexpr ShellStatus assumed_success{0, false};

bool is_leaving(const ShellOutcome& outcome) {
  return outcome.move != ShellMove::onward;
}

/// What a loop does with an outcome of its body: true where the loop ends.
bool ends_loop(ShellOutcome& outcome) {
  if (outcome.move == ShellMove::onward) return false;
  if (outcome.move != ShellMove::leave_loop && outcome.move != ShellMove::next_round) return true;
  if (outcome.levels > 1) {
    --outcome.levels;
    return true;
  }
  const bool leaves = outcome.move == ShellMove::leave_loop;
  outcome = {ShellStatus{}, ShellMove::onward};
  return leaves;
}

}  // namespace

bool ShellRun::leads_to_target(const ShellNode& node) const {
  const auto found = std::lower_bound(target_.through.begin(), target_.through.end(), node.first);
  return found != target_.through.end() && *found < node.last;
}

/// One of several ways that exclude each other leads there; the one that holds the target does before those that come
/// to it through a function of many uses.
bool ShellRun::leads_to_target(const ShellNode& node, const ShellNode& among) const {
  const auto holds = [&](const ShellNode& one) { return one.first <= target_.id && target_.id < one.last; };
  return holds(among) ? holds(node) : leads_to_target(node);
}

/// The copy itself costs nothing, but most are written to.
ShellState ShellRun::copy(const ShellState& state) {
  budget_ -= std::min(budget_, state.variables->size() / 8);
  return state;
}

ShellOutcome ShellRun::run_node(const ShellNode& node, ShellState& state, bool exempt) {
  if (budget_ == 0) return {assumed_success, ShellMove::leave_script};
  --budget_;
  switch (node.kind) {
    case ShellNodeKind::simple:
      return run_simple(node, state, exempt);
    case ShellNodeKind::list:
      return run_list(node, state, exempt);
    case ShellNodeKind::and_or:
      return run_and_or(node, state, exempt);
    case ShellNodeKind::pipeline:
      return run_pipeline(node, state, exempt);
    case ShellNodeKind::subshell:
      return settle({run_subshell(*node.children[0], state, exempt)}, state, exempt);
    case ShellNodeKind::group:
      return run_node(*node.children[0], state, exempt);
    case ShellNodeKind::branch:
      return run_branch(node, state, exempt);
    case ShellNodeKind::loop:
      return run_loop(node, state, exempt);
    case ShellNodeKind::iteration:
      return run_iteration(node, state, exempt);
    case ShellNodeKind::choice:
      return run_choice(node, state, exempt);
    case ShellNodeKind::function:
      state.functions.edit()[node.name] = &node;
      return {};
  }
  return {};
}

ShellOutcome ShellRun::run_item(const ShellNode& list, std::size_t index, ShellState& state, bool exempt) {
  ShellOutcome outcome;
  if (index < list.operators.size() && list.operators[index] == "&") {
    const ShellStatus job = run_subshell(*list.children[index], state, exempt);
    if (state.job.ok()) state.job = job;  // the first failure is kept: `wait` may ask for any of them
  } else {
    outcome = run_node(*list.children[index], state, exempt);
  }
  state.last = outcome.status;
  return outcome;
}

ShellOutcome ShellRun::run_list(const ShellNode& node, ShellState& state, bool exempt) {
  ShellOutcome outcome;
  for (std::size_t i = 0; i < node.children.size() && !is_leaving(outcome); ++i)
    outcome = run_item(node, i, state, exempt);
  return outcome;
}

ShellOutcome ShellRun::run_and_or(const ShellNode& node, ShellState& state, bool exempt) {
  ShellOutcome outcome;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const ShellNode& child = *node.children[i];
    const bool child_exempt = exempt || i + 1 < node.children.size();
    if (i > 0) {
      const bool wanted = outcome.status.ok() == (node.operators[i - 1] == "&&");
      const bool guided = !outcome.status.certain && leads_to_target(child);
      if (!outcome.status.certain && !guided) {
        ShellState attempt = copy(state);
        const ShellOutcome tried = run_node(child, attempt, child_exempt);
        if (!wanted || is_leaving(tried)) {
          // Either it does not run as things are assumed, or it would end the script: then it is assumed not to run.
          if (!is_leaving(tried)) state.join(attempt);
          const bool sure = !wanted && tried.status.ok() && tried.status.certain && !is_leaving(tried);
          outcome.status = {wanted ? 0 : outcome.status.code, sure};
          continue;
        }
        attempt.join(state);
        state = std::move(attempt);
        outcome = {{tried.status.code, false}};
        state.last = outcome.status;
        continue;
      }
      if (!wanted && !guided) continue;
      if (guided && !wanted) state.last = {node.operators[i - 1] == "&&" ? 0 : 1, false};
    }
    outcome = run_node(child, state, child_exempt);
    state.last = outcome.status;
    if (is_leaving(outcome)) return outcome;
  }
  return outcome;
}

ShellOutcome ShellRun::run_pipeline(const ShellNode& node, ShellState& state, bool exempt) {
  const bool inner_exempt = exempt || node.negated;
  ShellOutcome outcome;
  if (node.children.size() == 1) {
    outcome = run_node(*node.children[0], state, inner_exempt);
    const ShellNodeKind kind = node.children[0]->kind;
    if (kind == ShellNodeKind::simple || kind == ShellNodeKind::subshell) state.stages = {outcome.status};
  } else {
    outcome = run_stages(node, state, inner_exempt);
  }
  if (!node.negated || is_leaving(outcome)) return outcome;
  // The negation of an assumed success is a success as well: the script's author expects it.
  if (outcome.status.certain || !outcome.status.ok()) outcome.status.code = outcome.status.ok() ? 1 : 0;
  return outcome;
}

ShellOutcome ShellRun::run_stages(const ShellNode& node, ShellState& state, bool exempt) {
  std::vector<ShellStatus> stages;
  ShellStatus status;
  for (const ShellNodePtr& child : node.children) {
    // A failing stage leaves its own subshell only: errexit acts on the pipeline's status.
    status = run_subshell(*child, state, exempt);
    stages.push_back(status);
  }
  if (state.pipefail) {
    for (auto stage = stages.rbegin(); stage != stages.rend() && status.ok(); ++stage)
      if (!stage->ok()) status = *stage;
    if (status.ok())
      status.certain =
          std::all_of(stages.begin(), stages.end(), [](const ShellStatus& stage) { return stage.certain; });
  }
  state.stages = std::move(stages);
  return settle({status}, state, exempt);
}

/// Runs what an unknown condition chooses, and joins it with what it may have chosen instead. A side that leaves is not
/// chosen.
ShellOutcome ShellRun::run_either(const ShellNode* chosen, const ShellNode* other, ShellState& state, bool exempt) {
  ShellState first = copy(state), second = copy(state);
  const ShellOutcome one = chosen != nullptr ? run_node(*chosen, first, exempt) : ShellOutcome{};
  const ShellOutcome two = other != nullptr ? run_node(*other, second, exempt) : ShellOutcome{};
  if (is_leaving(one) && is_leaving(two)) {
    state = std::move(first);
    return one;
  }
  const bool take_second = is_leaving(one);
  ShellOutcome outcome = take_second ? two : one;
  outcome.status.certain = outcome.status.certain && !is_leaving(one) && !is_leaving(two) && one.status == two.status;
  state = std::move(take_second ? second : first);
  if (!is_leaving(one) && !is_leaving(two)) state.join(second);
  return outcome;
}

ShellOutcome ShellRun::run_branch(const ShellNode& node, ShellState& state, bool exempt) {
  const std::size_t count = node.children.size();
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    const ShellOutcome condition = run_node(*node.children[i], state, true);
    if (is_leaving(condition)) return condition;
    state.last = condition.status;
    const ShellNode& body = *node.children[i + 1];
    if (condition.status.certain) {
      if (condition.status.ok()) return run_node(body, state, exempt);
      continue;
    }
    if (leads_to_target(body, node)) return run_node(body, state, exempt);
    const bool later = std::any_of(node.children.begin() + static_cast<std::ptrdiff_t>(i) + 2, node.children.end(),
                                   [&](const ShellNodePtr& child) { return leads_to_target(*child, node); });
    if (later) continue;
    const bool has_else = count % 2 == 1 && i + 3 == count;
    const ShellNode* alternative = has_else ? node.children[count - 1].get() : nullptr;
    return condition.status.ok() ? run_either(&body, alternative, state, exempt)
                                 : run_either(alternative, &body, state, exempt);
  }
  if (count % 2 == 1) return run_node(*node.children[count - 1], state, exempt);
  return {};
}

ShellOutcome ShellRun::run_loop(const ShellNode& node, ShellState& state, bool exempt) {
  const ShellNode& test = *node.children[0];
  const ShellNode& body = *node.children[1];
  const bool guided = leads_to_target(body);
  ShellOutcome last;
  for (int round = 0; round < maximum_rounds; ++round) {
    ShellOutcome condition = run_node(test, state, true);
    if (is_leaving(condition)) {
      if (ends_loop(condition)) return condition;
      continue;
    }
    const bool goes_on = condition.status.ok() == (node.name == "while");
    if (condition.status.certain && !goes_on) return last;
    if (!condition.status.certain) {
      if (round > 0) return last;
      if (!guided) return run_either(&body, nullptr, state, exempt);
    }
    last = run_node(body, state, exempt);
    if (ends_loop(last)) return last;
  }
  // Waits for ever: for a command that keeps failing in the condition that is no success.
  if (reached_ && leads_to_target(test)) return {{1, true}, ShellMove::leave_script};
  return {assumed_success};
}

ShellOutcome ShellRun::run_iteration(const ShellNode& node, ShellState& state, bool exempt) {
  ShellStatus before;
  for (const ShellWord& word : node.words) before = run_substitutions(word, state, exempt, before);
  if (node.idle) return {};
  const bool known = !node.name.empty() && std::all_of(node.words.begin(), node.words.end(), [](const ShellWord& word) {
    return std::none_of(word.pieces.begin(), word.pieces.end(),
                        [](const ShellPiece& piece) { return piece.expansion; });
  });
  if (!known) {
    state.variables.edit().set(node.name, {});
    if (leads_to_target(node)) {
      ShellOutcome outcome = run_node(*node.children[0], state, exempt);
      ends_loop(outcome);
      return outcome;
    }
    return run_either(node.children[0].get(), nullptr, state, exempt);
  }
  ShellOutcome outcome;
  int rounds = 0;
  for (const ShellWord& word : node.words) {
    if (++rounds > maximum_rounds) break;
    state.variables.edit().set(node.name, {state.evaluate(word).text, true});
    outcome = run_node(*node.children[0], state, exempt);
    if (ends_loop(outcome)) return outcome;
  }
  return outcome;
}

ShellOutcome ShellRun::run_choice(const ShellNode& node, ShellState& state, bool exempt) {
  ShellStatus before;
  for (const ShellWord& word : node.words) before = run_substitutions(word, state, exempt, before);
  const ShellValue subject = state.evaluate(node.words[0]);
  bool certain = subject.text.has_value() && subject.certain;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    bool matches = false;
    for (const ShellWord& pattern : node.patterns[i]) {
      const ShellValue value = state.evaluate(pattern);
      if (value.text == "*") {
        matches = true;
      } else if (!value.text || !value.certain ||
                 (!pattern.quoted && value.text->find_first_of("*?[") != std::string::npos)) {
        certain = certain && matches;
      } else {
        matches = matches || (certain && value.text == subject.text);
      }
    }
    if (certain && matches) return run_node(*node.children[i], state, exempt);
    if (!certain && leads_to_target(*node.children[i], node)) return run_node(*node.children[i], state, exempt);
  }
  if (certain || leads_to_target(node)) return {};
  ShellOutcome outcome;
  for (const ShellNodePtr& body : node.children) outcome = run_either(nullptr, body.get(), state, exempt);
  outcome.status.certain = false;
  return is_leaving(outcome) ? ShellOutcome{assumed_success} : outcome;
}

ShellStatus ShellRun::run_subshell(const ShellNode& node, const ShellState& outer, bool exempt) {
  ShellState state = copy(outer);
  state.exit_trap = {};
  if (!state.trace_errors) state.error_trap = {};
  const ShellOutcome outcome = run_node(node, state, exempt);
  return finish(state, outcome);
}

ShellStatus ShellRun::finish(ShellState& state, ShellOutcome outcome) {
  const ShellNode* trap = state.exit_trap.body;
  if (trap == nullptr || in_trap_) return outcome.status;
  state.exit_trap = {};
  state.last = outcome.status;
  const ShellOutcome trapped = run_node(*trap, state, false);
  return trapped.move == ShellMove::leave_script ? trapped.status : outcome.status;
}

/// After a command, a pipeline or a subshell: the ERR trap and errexit act on a failure that nothing tests.
ShellOutcome ShellRun::settle(ShellOutcome outcome, ShellState& state, bool exempt) {
  state.last = outcome.status;
  if (outcome.status.ok() || exempt || outcome.move != ShellMove::onward) return outcome;
  if (state.error_trap.body != nullptr && !in_trap_ && (calls_ == 0 || state.trace_errors)) {
    in_trap_ = true;
    const ShellOutcome trapped = run_node(*state.error_trap.body, state, true);
    in_trap_ = false;
    if (trapped.move == ShellMove::leave_script) return trapped;
    state.last = outcome.status;
  }
  if (state.errexit) outcome.move = ShellMove::leave_script;
  return outcome;
}

}  // namespace tollbar::document
