// Judges every command of a script by running the script with that command failing; runs share what comes before it.
#include "document/shell_flow.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "document/command_identity.h"
#include "document/shell_run.h"

namespace tollbar::document {

namespace {

constexpr std::size_t total_budget = 2'000'000;
constexpr std::size_t maximum_remembered = 200'000;

class FlowJudge {
 public:
  FlowJudge(const ShellNode& root, const ShellOptions& options, Script& script) : root_(root), script_(script) {
    start_.errexit = options.errexit;
    start_.pipefail = options.pipefail;
    start_.inherit_errexit = script.interpreter == "sh" || script.interpreter == "dash";
    find_functions(root);
  }

  void judge() {
    run_undisturbed();
    for (std::size_t i = 0; i < script_.commands.size() && budget_ > 0; ++i) judge_command(i);
    judge_handed_over();
    if (budget_ == 0)
      script_.problems.push_back(
          {Problem::Kind::limit, 0, "script is too large to follow what its commands' failures do"});
    find_calls_of_functions();
    find_aliases();
    inherit_conditions();
    const bool any_fatal = std::any_of(script_.commands.begin(), script_.commands.end(), [](const Command& command) {
      return command.context.fatal && can_fail(command);
    });
    script_.forced_success = budget_ > 0 && !script_.commands.empty() && end_.ok() && end_.certain && !any_fatal;
  }

 private:
  void find_functions(const ShellNode& node) {
    const std::size_t scope = end_of_scope_;
    if (node.kind == ShellNodeKind::subshell) end_of_scope_ = std::min(scope, node.last);
    if (node.kind == ShellNodeKind::function) {
      functions_.push_back(&node);
      stands_in_[node.name].push_back({node.last, end_of_scope_});
    }
    for (const ShellNodePtr& child : node.children) find_functions(*child);
    if (node.nested) find_functions(*node.nested);
    const auto enter = [this](const ShellWord& word) {
      for (const ShellPiece& piece : word.pieces)
        for (const ShellNodePtr& body : piece.bodies) find_functions(*body);
    };
    for (const ShellWord& word : node.words) enter(word);
    for (const ShellAssignment& assignment : node.assignments) enter(assignment.value);
    end_of_scope_ = scope;
  }

  bool calls(const Command& command, const ShellNode& function) const {
    return !command.argv.empty() && (names_any_function(command.argv[0]) || command.argv[0].text == function.name);
  }

  /// The commands that call a function, directly or through others.
  const std::set<std::size_t>& callers(const ShellNode& function) {
    const auto [entry, fresh] = callers_.try_emplace(&function);
    if (!fresh) return entry->second;
    std::set<const ShellNode*> seen{&function};
    std::vector<const ShellNode*> waiting{&function};
    std::set<std::size_t> found;
    while (!waiting.empty()) {
      const ShellNode& next = *waiting.back();
      waiting.pop_back();
      for (std::size_t i = 0; i < script_.commands.size(); ++i) {
        if (!calls(script_.commands[i], next) || !found.insert(i).second) continue;
        for (const ShellNode* outer : functions_)
          if (outer->first <= i && i < outer->last && seen.insert(outer).second) waiting.push_back(outer);
      }
      budget_ -= std::min(budget_, script_.commands.size() / 4);
    }
    return entry->second = std::move(found);
  }

  ShellTarget target_for(std::size_t id) {
    std::set<std::size_t> through{id};
    for (const ShellNode* function : functions_)
      if (function->first <= id && id < function->last)
        through.insert(callers(*function).begin(), callers(*function).end());
    return {id, {through.begin(), through.end()}};
  }

  /// The run in which nothing is made to fail; remembers the state before each statement.
  void run_undisturbed() {
    const ShellTarget nothing;
    ShellRun run(script_, nothing, budget_);
    ShellState state = start_;
    ShellOutcome outcome;
    std::size_t remembered = 0;
    for (statements_run_ = 0; statements_run_ < root_.children.size(); ++statements_run_) {
      remembered += 1 + state.variables->size();
      if (remembered < maximum_remembered) before_.push_back(state);
      outcome = run.run(root_, statements_run_, state);
      if (outcome.move != ShellMove::onward) break;
    }
    after_ = state;
    end_ = run.finish(state, outcome);
  }

  /// Whether something may call the function in a way that cannot be followed: its name is handed to another command
  /// (`retry run_tests`), or a computed name may be its own (`test_$suite`).
  bool handed_over(const ShellNode& function) const {
    return std::any_of(script_.commands.begin(), script_.commands.end(), [&](const Command& command) {
      const std::size_t id = static_cast<std::size_t>(&command - script_.commands.data());
      if (command.argv.empty() || (id >= function.first && id < function.last)) return false;
      if (command.argv[0].dynamic && may_be(command.argv[0].text, function.name)) return true;
      if (!can_fail(command) || command.program() == "unset") return false;
      return std::any_of(command.argv.begin() + 1, command.argv.end(),
                         [&](const Word& word) { return word.text == function.name; });
    });
  }

  /// The literal parts round the expansions of a computed name fit the given one; `$tool` alone names a program.
  static bool may_be(std::string_view computed, std::string_view name) {
    const std::size_t open = computed.find('$');
    const std::size_t close = computed.find_last_of("$}");
    if (open == std::string_view::npos) return false;
    std::size_t tail = close;
    if (computed[close] == '$') {
      do ++tail;
      while (tail < computed.size() && computed[tail] != '-' && computed[tail] != '.' && computed[tail] != ':');
    } else {
      ++tail;
    }
    const std::string_view before = computed.substr(0, open), after = computed.substr(std::min(tail, computed.size()));
    if (before.empty() && after.empty()) return false;
    return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
  }

  /// Functions that nobody calls by name but something may call: their commands are judged as if called at the end.
  void judge_handed_over() {
    for (const ShellNode* function : functions_) {
      const bool unreached = std::all_of(script_.commands.begin() + static_cast<std::ptrdiff_t>(function->first),
                                         script_.commands.begin() + static_cast<std::ptrdiff_t>(function->last),
                                         [](const Command& command) { return command.context.unreachable; });
      if (!unreached || function->first == function->last || !handed_over(*function)) continue;
      for (std::size_t id = function->first; id < function->last && budget_ > 0; ++id) {
        const ShellTarget target{id, {id}};
        ShellRun run(script_, target, budget_);
        ShellState state = after_;
        const ShellOutcome outcome = run.run(*function, 0, state);
        CommandContext& context = script_.commands[id].context;
        mark(context, run.reached(), run.finish(state, outcome));
        context.conditional = true;
      }
    }
  }

  void judge_command(std::size_t id) {
    CommandContext& context = script_.commands[id].context;
    const ShellTarget target = target_for(id);
    const std::size_t first = first_statement(target);
    if (first >= root_.children.size() || first > statements_run_) {
      mark(context, false, {});
      return;
    }
    ShellRun run(script_, target, budget_);
    const ShellStatus end = run_from(std::min(first, before_.size() - 1), run, target);
    context.shadowed = context.shadowed || run.shadowed();
    mark(context, run.reached(), end);
  }

  static void mark(CommandContext& context, bool reached, ShellStatus end) {
    context.unreachable = !reached;
    context.fatal = reached && !end.ok();
    context.masked = reached && end.ok();
  }

  std::size_t first_statement(const ShellTarget& target) const {
    const auto& statements = root_.children;  // in source order, as their commands are
    const auto first = std::upper_bound(statements.begin(), statements.end(), target.through.front(),
                                        [](std::size_t id, const auto& statement) { return id < statement->last; });
    return static_cast<std::size_t>(first - statements.begin());
  }

  ShellStatus run_from(std::size_t first, ShellRun& run, const ShellTarget& target) const {
    ShellState state = before_[first];
    ShellOutcome outcome;
    for (std::size_t i = first; i < root_.children.size(); ++i) {
      // Once nothing differs from the undisturbed run, and nothing can again, its end is the end.
      const bool past = target.through.back() < root_.children[i]->first;
      if (past && run.reached() && i < before_.size() && state == before_[i]) return end_;
      outcome = run.run(root_, i, state);
      if (outcome.move != ShellMove::onward) break;
    }
    return run.finish(state, outcome);
  }

  /// Calls of functions that the script defines before them, also where they are not gone through.
  void find_calls_of_functions() {
    for (auto& [name, scopes] : stands_in_) std::sort(scopes.begin(), scopes.end());
    struct Behind {
      std::size_t next = 0, end = 0;  ///< the first scope that begins later, and where those before it end
    };
    std::map<std::string_view, Behind> behind;
    for (std::size_t id = 0; id < script_.commands.size(); ++id) {
      const auto defined = stands_in_.find(script_.commands[id].program());
      if (defined == stands_in_.end()) continue;
      const auto& scopes = defined->second;
      auto& here = behind[defined->first];
      for (; here.next < scopes.size() && scopes[here.next].first <= id; ++here.next)
        here.end = std::max(here.end, scopes[here.next].second);
      if (id < here.end) script_.commands[id].context.shadowed = true;
    }
  }

  void find_aliases() {
    std::set<std::string, std::less<>> aliases;
    for (Command& command : script_.commands) {
      if (aliases.count(command.program()) > 0) command.context.shadowed = true;
      // `hash -p /bin/true pytest`
      if (command.program() == "hash" && command.argv.size() == 4 && command.argv[1].text == "-p")
        aliases.insert(command.argv[3].text);
      if (command.program() != "alias") continue;
      for (const Word& word : command.argv)
        if (const std::size_t equals = word.text.find('='); equals != std::string::npos)
          aliases.insert(word.text.substr(0, equals));
    }
  }

  /// A function that is only called under conditions runs its commands under conditions.
  void inherit_conditions() {
    for (const ShellNode* function : functions_) {
      bool called = false, always = false;
      for (std::size_t i = 0; i < script_.commands.size(); ++i) {
        const Command& command = script_.commands[i];
        if ((i >= function->first && i < function->last) || !calls(command, *function)) continue;
        called = true;
        always = always || !command.context.conditional;
      }
      if (!called || always) continue;
      for (std::size_t i = function->first; i < function->last; ++i) script_.commands[i].context.conditional = true;
    }
  }

  const ShellNode& root_;
  Script& script_;
  ShellState start_;
  std::size_t budget_ = total_budget;
  std::vector<const ShellNode*> functions_;
  /// By the name of a function the commands that it stands in for: from behind it up to the end of its subshell.
  std::map<std::string_view, std::vector<std::pair<std::size_t, std::size_t>>> stands_in_;
  std::size_t end_of_scope_ = std::numeric_limits<std::size_t>::max();
  std::map<const ShellNode*, std::set<std::size_t>> callers_;
  std::vector<ShellState> before_;
  ShellState after_;  ///< where the undisturbed run ended
  std::size_t statements_run_ = 0;
  ShellStatus end_;
};

}  // namespace

void judge_flow(const ShellNode& root, const ShellOptions& options, Script& script) {
  if (root.children.empty()) return;
  FlowJudge(root, options, script).judge();
}

}  // namespace tollbar::document
