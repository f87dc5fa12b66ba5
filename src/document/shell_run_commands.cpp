// The simple commands of an abstract run: the target fails, builtins that move control or decide a status act, the rest
// succeeds.
#include <algorithm>
#include <utility>

#include "document/shell_arithmetic.h"
#include "document/shell_listing.h"
#include "document/shell_run.h"

namespace tollbar::document {

namespace {

constexpr unsigned maximum_calls = 6;
constexpr unsigned maximum_other_calls = 2;
constexpr ShellStatus assumed_success{0, false};

int levels_of(const ShellValue& value) {
  if (!value.text || value.text->empty() || value.text->size() > 2) return 1;
  return std::clamp(value.text->back() - '0', 1, 9);
}

}  // namespace

bool names_any_function(const Word& program) {
  return program.dynamic && (program.text == "$@" || program.text == "$*" || program.text == "$1" ||
                             program.text == "${@}" || program.text == "${1}");
}

ShellStatus ShellRun::run_substitutions(const ShellWord& word, const ShellState& state, bool exempt,
                                        ShellStatus before) {
  for (const ShellPiece& piece : word.pieces) {
    for (const ShellNodePtr& body : piece.bodies) {
      ShellState inner = copy(state);
      if (!state.inherit_errexit) inner.errexit = false;
      before = run_subshell(*body, inner, exempt);
    }
  }
  return before;
}

ShellOutcome ShellRun::run_simple(const ShellNode& node, ShellState& state, bool exempt) {
  return settle(run_command(node, state, exempt), state, exempt);
}

ShellOutcome ShellRun::run_command(const ShellNode& node, ShellState& state, bool exempt) {
  ShellStatus substituted;
  for (const ShellAssignment& assignment : node.assignments)
    substituted = run_substitutions(assignment.value, state, exempt, substituted);
  for (const ShellWord& word : node.words) substituted = run_substitutions(word, state, exempt, substituted);
  for (const ShellRedirection& redirection : node.redirections) {
    substituted = run_substitutions(redirection.target, state, exempt, substituted);
    run_substitutions(redirection.body, state, exempt, {});
  }
  const bool is_target = node.id == target_.id;
  const std::string_view program = script_.commands[node.id].program();
  const ShellNode* function = called(node, state);
  if (is_target) {
    reached_ = true;
    shadowed_ = shadowed_ || function != nullptr;
  }
  if (node.words.empty()) {
    assign(node, state);
    return {is_target ? ShellStatus{1, true} : substituted};
  }
  if (function == nullptr) {
    if (std::optional<ShellOutcome> moved = run_control(node, state, exempt)) return *moved;
  }
  ShellOutcome outcome{assumed_success};
  if (is_target) {
    outcome.status = {1, true};
    if (function == nullptr && is_declaration(program)) declare(node, state);
  } else if (function != nullptr) {
    outcome = run_function(*function, state, exempt);
  } else if (node.nested && node.nested_kind == NestedKind::child_shell) {
    outcome = run_nested(node, state);  // a new shell: the tests round it do not count inside
  } else {
    outcome.status = run_builtin(node, state);
  }
  if (program == "exec" && function == nullptr && node.words.size() > 1 && outcome.move == ShellMove::onward)
    outcome.move = ShellMove::leave_script;
  return outcome;
}

ShellValue ShellRun::argument(const ShellNode& node, const ShellState& state, std::size_t index) const {
  return index < node.words.size() ? state.evaluate(node.words[index]) : ShellValue{};
}

std::optional<ShellOutcome> ShellRun::run_control(const ShellNode& node, ShellState& state, bool exempt) {
  const Command& command = script_.commands[node.id];
  const std::string_view program = command.program();
  // `builtin exit 0` is what it names.
  const bool named = (program == "builtin" || program == "command") && command.argv.size() > 1;
  const std::string_view leaving = named ? std::string_view(command.argv[1].text) : program;
  // `travis_terminate` is the platform's own: it ends the job with the status given.
  if (leaving == "exit" || leaving == "return" || leaving == "travis_terminate") {
    const std::size_t status_at = named ? 2 : 1;
    const ShellStatus status = node.words.size() > status_at ? status_of(argument(node, state, status_at)) : state.last;
    const bool leaves_function = leaving == "return" && calls_ > 0;
    return ShellOutcome{status, leaves_function ? ShellMove::leave_function : ShellMove::leave_script};
  }
  if (program == "break" || program == "continue") {
    const ShellMove move = program == "break" ? ShellMove::leave_loop : ShellMove::next_round;
    return ShellOutcome{{}, move, levels_of(argument(node, state, 1))};
  }
  if (program == "set") {
    set_options(node, state);
    return ShellOutcome{};
  }
  if (program == "trap") {
    set_trap(node, state);
    return ShellOutcome{};
  }
  if (program == "eval" && node.nested && node.id != target_.id) return run_node(*node.nested, state, exempt);
  return std::nullopt;
}

ShellStatus ShellRun::run_builtin(const ShellNode& node, ShellState& state) {
  const Command& command = script_.commands[node.id];
  const std::string_view program = command.program();
  if (program == "true" || program == ":" || program == "echo" || program == "printf" || program == "alias") return {};
  if (program == "false") return {1, true};
  if (const bool is_let = program == "let"; (is_let || program == "((") && node.words.size() > 1) {
    ShellStatus status;
    for (std::size_t i = 1; i < node.words.size(); ++i) {
      const std::vector<ShellPiece>& pieces = node.words[i].pieces;
      if (is_let || i == 1) status = run_arithmetic(pieces.size() == 1 ? pieces[0].text : "?", state);
    }
    return status;
  }
  if (const std::optional<ShellStatus> test = tested(node, state)) return *test;
  if (is_declaration(program)) {
    declare(node, state);
    return {};
  }
  if (program == "shopt" && command.argv.size() > 2 && command.argv[2].text == "inherit_errexit")
    state.inherit_errexit = command.argv[1].text == "-s";
  if (program == "read" || program == "unset") {
    for (std::size_t i = 1; i < command.argv.size(); ++i) state.store(command.argv[i].text, {});
  }
  // Without a job to wait for, `wait` succeeds whatever the jobs did.
  if (program == "wait") return command.argv.size() > 1 ? std::exchange(state.job, ShellStatus{}) : ShellStatus{};
  return assumed_success;
}

std::optional<ShellStatus> ShellRun::tested(const ShellNode& node, const ShellState& state) const {
  const std::string_view program = script_.commands[node.id].program();
  if (program != "[" && program != "[[" && program != "test") return std::nullopt;
  const std::size_t end = node.words.size() - (program == "test" ? 0 : 1);
  std::vector<ShellValue> words;
  for (std::size_t i = 1; i < end; ++i) words.push_back(state.evaluate(node.words[i]));
  return evaluate_test(words);
}

void ShellRun::assign(const ShellNode& node, ShellState& state) const {
  for (const ShellAssignment& assignment : node.assignments) {
    ShellValue value = state.evaluate(assignment.value);
    if (assignment.append) {
      const ShellValue before = state.lookup(assignment.name);
      value = value.text && before.text ? ShellValue{*before.text + *value.text, value.certain && before.certain}
                                        : ShellValue{};
    }
    state.store(assignment.name, std::move(value));
  }
}

void ShellRun::declare(const ShellNode& node, ShellState& state) const {
  for (const ShellWord& word : node.words) {
    if (word.pieces.empty() || word.pieces[0].expansion) continue;
    const std::string_view name = assigned_name(word.pieces[0].text);
    if (name.empty()) continue;
    ShellValue value = state.evaluate(word);
    if (value.text) value.text->erase(0, name.size() + 1);
    state.store(name, std::move(value));
  }
}

void ShellRun::set_options(const ShellNode& node, ShellState& state) const {
  const std::vector<Word>& argv = script_.commands[node.id].argv;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& option = argv[i].text;
    if (option.size() < 2 || (option[0] != '-' && option[0] != '+') || option == "--") return;
    const bool on = option[0] == '-';
    if (option.find('e') != std::string::npos) state.errexit = on;
    if (option.find('E') != std::string::npos) state.trace_errors = on;
    if (!option.ends_with('o') || i + 1 >= argv.size()) continue;
    const std::string& name = argv[++i].text;
    if (name == "errexit") state.errexit = on;
    if (name == "pipefail") state.pipefail = on;
    if (name == "errtrace") state.trace_errors = on;
  }
}

void ShellRun::set_trap(const ShellNode& node, ShellState& state) {
  const std::vector<Word>& argv = script_.commands[node.id].argv;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& signal = argv[i].text;
    if (signal == "EXIT" || signal == "0") {
      state.exit_trap = {node.nested.get()};
    } else if (signal == "ERR") {
      state.error_trap = {node.nested.get()};
    } else if (node.nested && i > 1) {
      ShellState aside = copy(state);  // a signal may come: what the handler runs is not unreachable
      run_node(*node.nested, aside, true);
    }
  }
}

const ShellNode* ShellRun::called(const ShellNode& node, const ShellState& state) const {
  const Command& command = script_.commands[node.id];
  if (command.argv.empty() || state.functions->empty()) return nullptr;
  std::string name = command.argv[0].text;
  if (command.argv[0].dynamic) {
    const ShellValue value = argument(node, state, 0);
    if (!value.text) {
      if (!names_any_function(command.argv[0])) return nullptr;
      // `"$@"`, `"$1"`: any function may be meant; the one that leads to the target is.
      for (const auto& [_, function] : *state.functions)
        if (leads_to_target(*function)) return function;
      return nullptr;
    }
    name = *value.text;
  }
  const auto found = state.functions->find(name);
  return found == state.functions->end() ? nullptr : found->second;
}

ShellOutcome ShellRun::run_function(const ShellNode& function, ShellState& state, bool exempt) {
  // Deep calls that do not lead to the target are taken to succeed: following them costs more than it tells.
  const unsigned limit = leads_to_target(function) ? maximum_calls : maximum_other_calls;
  if (calls_ >= limit) return {assumed_success};
  ++calls_;
  ShellOutcome outcome = run_node(*function.children[0], state, exempt);
  --calls_;
  if (outcome.move != ShellMove::leave_script) outcome.move = ShellMove::onward;
  return outcome;
}

ShellOutcome ShellRun::run_nested(const ShellNode& node, const ShellState& state) {
  ShellState child;
  child.errexit = node.nested_errexit;
  child.pipefail = node.nested_pipefail;
  child.inherit_errexit = state.inherit_errexit;
  const unsigned calls = std::exchange(calls_, 0);
  const ShellOutcome outcome = run_node(*node.nested, child, false);
  const ShellStatus status = finish(child, outcome);
  calls_ = calls;
  return {status};
}

}  // namespace tollbar::document
