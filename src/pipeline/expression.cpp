// Folds GitHub expressions: constants are computed, what only a run can tell is graded by how likely it can come true.
#include "pipeline/expression.h"

#include <algorithm>
#include <array>

#include "pipeline/demands.h"
#include "pipeline/expression_tree.h"
#include "pipeline/expression_values.h"
#include "text/ascii.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::pipeline {
namespace {

using document::Node;
using text::trimmed;

/// Ordered, so that `&&` is the minimum and `||` the maximum. `usually` holds unless something went wrong
/// (`success()`), `rarely` is its negation.
enum class State : std::uint8_t { never, unlikely, rarely, depends, usually, always };

struct Outcome {
  State state = State::depends;
  std::optional<Node> value;  ///< where it is a constant, or may be taken for one
  bool assumed = false;       ///< the value can change outside the file
};

Outcome of_value(Node value, bool assumed = false) {
  const bool truthy = is_truthy(value);
  const State state = truthy ? (assumed ? State::depends : State::always) : (assumed ? State::unlikely : State::never);
  return {state, std::move(value), assumed};
}

Outcome of_state(State state) {
  return {state, std::nullopt, false};
}

/// A likelihood that is certain is a constant.
Outcome of_likelihood(State state) {
  const bool certain = state == State::always || state == State::never;
  return certain ? of_value(boolean_value(state == State::always)) : of_state(state);
}

State negated(State state) {
  constexpr std::array kNegated{State::always,  State::depends, State::usually,
                                State::depends, State::rarely,  State::never};
  return kNegated[static_cast<std::size_t>(state)];
}

Truth truth_of(State state) {
  constexpr std::array kTruth{Truth::never,   Truth::unlikely, Truth::depends,
                              Truth::depends, Truth::always,   Truth::always};
  return kTruth[static_cast<std::size_t>(state)];
}

// Branches that pipelines outside a push run on.
constexpr std::array<std::string_view, 6> kDefaultBranches{"main", "master", "trunk", "develop", "devel", "default"};
// Facts about the repository or the person that no file in the repository can make true.
constexpr std::array<std::string_view, 6> kForeignFacts{"github.repository",    "github.repository_owner",
                                                        "github.repository_id", "github.repository_owner_id",
                                                        "github.actor",         "github.triggering_actor"};

bool names_default_branch(std::string_view branch) {
  return std::find(kDefaultBranches.begin(), kDefaultBranches.end(), branch) != kDefaultBranches.end();
}

bool filter_lets_through(const Event& event, const std::string& branch) {
  const auto kept = event.filters.find("branches");
  if (kept == event.filters.end()) return false;
  return std::any_of(kept->second.begin(), kept->second.end(), [&](const std::string& glob) {
    return glob == branch || glob == "**" || text::Glob("/" + glob).matches(branch);
  });
}

bool is_pull_request(std::string_view event) {
  return event.starts_with("pull_request") && event != "pull_request_target";
}

/// Can the event run on a ref that equals (or, as a prefix, starts with) `ref`?
bool can_run_on(const Event& event, std::string_view ref, bool prefix) {
  if (event.name == "workflow_call") return true;
  const bool on_tag = ref.starts_with("refs/tags/");
  if (is_pull_request(event.name))
    return ref.starts_with("refs/pull/") || (prefix && std::string_view("refs/pull/").starts_with(ref));
  if (on_tag) {
    if (event.name == "push") return event.filters.count("tags") != 0 || event.filters.count("branches") == 0;
    return event.name == "release" || event.name == "create" || event.name == "delete" ||
           event.name == "workflow_dispatch";
  }
  if (!ref.starts_with("refs/heads/")) return prefix;
  if (prefix) return true;
  const std::string branch(ref.substr(std::string_view("refs/heads/").size()));
  return names_default_branch(branch) || filter_lets_through(event, branch);
}

/// Folds one tree.
class Folder {
 public:
  explicit Folder(const Surroundings& surroundings) : surroundings_(surroundings) {}

  Outcome fold(const Expression& expression) const {
    switch (expression.kind) {
      case Expression::Kind::literal:
        return of_value(expression.value);
      case Expression::Kind::context:
      case Expression::Kind::index:
      case Expression::Kind::wildcard:
        return path(expression);
      case Expression::Kind::call:
        return call(expression);
      case Expression::Kind::negation: {
        const auto inner = fold(expression.operands[0]);
        if (inner.value) return of_value(boolean_value(!is_truthy(*inner.value)), inner.assumed);
        return of_state(negated(inner.state));
      }
      case Expression::Kind::binary:
        break;
    }
    if (expression.name == "&&" || expression.name == "||") return logical(expression);
    return comparison(expression);
  }

  /// What an input has where nobody says otherwise; empty for other expressions.
  std::optional<Node> input_default(const Expression& expression) const {
    const auto path = path_of(expression);
    if (!surroundings_.events || !path.starts_with("inputs.")) return std::nullopt;
    const auto* parameter = input(std::string_view(path).substr(7));
    if (!parameter || parameter->default_value.empty()) return std::nullopt;
    return string_value(parameter->default_value);
  }

 private:
  Outcome logical(const Expression& expression) const {
    const bool both = expression.name == "&&";
    const auto left = fold(expression.operands[0]);
    const auto right = fold(expression.operands[1]);
    if (both && !left.value && contradict(demands_of(expression))) return of_value(boolean_value(false));
    Outcome result = of_state(both ? std::min(left.state, right.state) : std::max(left.state, right.state));
    if (!left.value) return result;
    const bool decided = is_truthy(*left.value) != both;
    result.value = decided ? left.value : right.value;
    result.assumed = left.assumed || (!decided && right.assumed);
    return result;
  }

  Outcome comparison(const Expression& expression) const {
    const auto left = fold(expression.operands[0]);
    const auto right = fold(expression.operands[1]);
    if (left.value && right.value) {
      return of_value(boolean_value(compare_values(expression.name, *left.value, *right.value)),
                      left.assumed || right.assumed);
    }
    if ((expression.name != "==" && expression.name != "!=") || left.value.has_value() == right.value.has_value())
      return {};
    const auto& unknown = expression.operands[left.value ? 1 : 0];
    const State equal = equality(path_of(unknown), left.value ? *left.value : *right.value);
    return of_likelihood(expression.name == "==" ? equal : negated(equal));
  }

  /// How likely an unknown path equals a constant.
  State equality(const std::string& path, const Node& constant) const {
    const auto text = string_of(constant);
    if (path == "github.event_name") return event_state(text::ascii_lower(text));
    if (std::find(kForeignFacts.begin(), kForeignFacts.end(), path) != kForeignFacts.end()) return State::unlikely;
    if (path == "github.ref") return ref_state(text, false);
    if (path == "github.ref_name")
      return std::max(ref_state("refs/heads/" + text, false), ref_state("refs/tags/" + text, false));
    return State::depends;
  }

  State event_state(std::string_view name) const {
    const auto* events = surroundings_.events;
    if (!events || events->empty()) return State::depends;
    bool named = false, called = false;
    for (const auto& event : *events) {
      named = named || event.name == name;
      called = called || event.name == "workflow_call";  // a called workflow sees its caller's event
    }
    if (called) return State::depends;
    if (!named) return State::never;
    return events->size() == 1 ? State::always : State::depends;
  }

  State ref_state(const std::string& ref, bool prefix) const {
    if (!surroundings_.events || surroundings_.events->empty()) return State::depends;
    const bool possible = std::any_of(surroundings_.events->begin(), surroundings_.events->end(),
                                      [&](const Event& event) { return can_run_on(event, ref, prefix); });
    return possible ? State::depends : State::unlikely;
  }

  bool declares_input(std::string_view name) const { return !surroundings_.events || input(name) != nullptr; }

  const Event::Parameter* input(std::string_view name) const {
    for (const auto& event : *surroundings_.events) {
      for (const auto& [declared, parameter] : event.parameters) {
        if (text::ascii_lower(declared) == name) return &parameter;
      }
    }
    return nullptr;
  }

  /// The only event there is, the value of a matrix or environment entry, or nothing for what is never set here.
  Outcome path(const Expression& expression) const {
    const auto path = path_of(expression);
    if (path.empty()) return element(expression);
    const auto dot = path.find('.');
    const auto root = path.substr(0, dot);
    if (dot == std::string::npos) return {};
    const auto rest = path.substr(dot + 1);
    if (root == "vars") return of_value({}, true);
    if (root == "inputs" && rest.find('.') == std::string::npos && !declares_input(rest)) return of_value({}, true);
    if (path.starts_with("github.event.inputs.") && !declares_input(path.substr(20))) return of_value({}, true);
    const auto known = surroundings_.values.find(root);
    if (known == surroundings_.values.end()) return {};
    if (root == "steps" || root == "needs") return member(known->second, rest, Absent::unknown);
    if (root != "env") return member(known->second, rest, Absent::null);
    auto variable = member(known->second, rest, Absent::unknown);
    variable.assumed = !surroundings_.env_stays;
    return variable;
  }

  /// What a member that a mapping does not have amounts to.
  enum class Absent : std::uint8_t { null, unknown };

  static Outcome member(const Node& from, std::string_view path, Absent absent) {
    const Node* node = &from;
    while (!path.empty()) {
      const auto key = path.substr(0, path.find('.'));
      path.remove_prefix(std::min(path.size(), key.size() + 1));
      const Node* next = nullptr;
      for (const auto& candidate : node->members) {
        if (text::ascii_lower(candidate.key.text()) == key) next = &candidate.value;
      }
      if (key == "*" || (next && next->tag == kUnknown)) return {};
      if (!next) return absent == Absent::unknown ? Outcome{} : of_value({});
      node = next;
    }
    return of_value(*node);
  }

  /// `fromJSON('...')[0]`, `fromJSON('...').key`.
  Outcome element(const Expression& expression) const {
    if (expression.kind != Expression::Kind::index) return {};
    const auto base = fold(expression.operands[0]);
    const auto key = fold(expression.operands[1]);
    if (!base.value || !key.value) return {};
    if (base.value->is_mapping()) return member(*base.value, text::ascii_lower(string_of(*key.value)), Absent::null);
    const auto at = string_of(*key.value);
    if (!base.value->is_sequence() || at.empty() || at.size() > 6 ||
        at.find_first_not_of("0123456789") != std::string::npos)
      return {};
    const auto index = static_cast<std::size_t>(std::stoul(at));
    return index < base.value->items.size() ? of_value(base.value->items[index]) : of_value({});
  }

  Outcome call(const Expression& expression) const {
    if (expression.name == "always") return of_value(boolean_value(true));
    if (expression.name == "success") return of_state(State::usually);
    if (expression.name == "failure" || expression.name == "cancelled") return of_state(State::rarely);
    std::vector<Node> arguments;
    bool assumed = false;
    for (const auto& operand : expression.operands) {
      auto argument = fold(operand);
      if (!argument.value) return partly_known_call(expression);
      assumed = assumed || argument.assumed;
      arguments.push_back(std::move(*argument.value));
    }
    auto value = call_function(expression.name, arguments);
    return value ? of_value(std::move(*value), assumed) : Outcome{};
  }

  /// `contains(fromJSON('["push"]'), github.event_name)` and `startsWith(github.ref, 'refs/tags/')`.
  Outcome partly_known_call(const Expression& expression) const {
    if (expression.operands.size() != 2) return {};
    if (expression.name == "startswith" && path_of(expression.operands[0]) == "github.ref") {
      const auto prefix = fold(expression.operands[1]);
      return prefix.value ? of_state(ref_state(string_of(*prefix.value), true)) : Outcome{};
    }
    if (expression.name != "contains") return {};
    const auto list = fold(expression.operands[0]);
    const auto path = path_of(expression.operands[1]);
    if (!list.value || !list.value->is_sequence() || path.empty()) return {};
    State best = State::never;
    for (const auto& item : list.value->items) best = std::max(best, equality(path, item));
    return of_likelihood(best);
  }

  const Surroundings& surroundings_;
};

void collect(const Expression& expression, const Folder& folder, Alternatives& found, int depth) {
  const auto outcome = folder.fold(expression);
  if (outcome.value && !outcome.assumed) {
    found.values.push_back(*outcome.value);
    return;
  }
  if (auto fallback = folder.input_default(expression)) found.values.push_back(std::move(*fallback));
  const bool binary = expression.kind == Expression::Kind::binary;
  if (depth > 16) {
    found.dynamic = true;
  } else if (binary && expression.name == "||") {
    // `a && 'x' || 'y'`: the left side counts only with its truthy values, the right one is what is left.
    Alternatives left;
    collect(expression.operands[0], folder, left, depth + 1);
    for (auto& value : left.values) {
      if (is_truthy(value)) found.values.push_back(std::move(value));
    }
    found.dynamic = found.dynamic || left.dynamic;
    collect(expression.operands[1], folder, found, depth + 1);
  } else if (binary && expression.name == "&&") {
    collect(expression.operands[1], folder, found, depth + 1);
  } else if (expression.kind == Expression::Kind::call && expression.name == "fromjson" &&
             expression.operands.size() == 1) {
    Alternatives texts;
    collect(expression.operands[0], folder, texts, depth + 1);
    found.dynamic = found.dynamic || texts.dynamic;
    for (const auto& text : texts.values) {
      auto value = call_function("fromjson", {text});
      found.dynamic = found.dynamic || !value;
      if (value) found.values.push_back(std::move(*value));
    }
  } else {
    found.dynamic = true;
  }
}

}  // namespace

Folded fold_expression(std::string_view source, const Surroundings& surroundings) {
  Folded result;
  const auto tree = parse_expression(source);
  if (!tree) {
    result.text = trimmed(source);
    result.malformed = true;
    return result;
  }
  auto outcome = Folder(surroundings).fold(*tree);
  result.truth = truth_of(outcome.state);
  if (!outcome.assumed) result.value = std::move(outcome.value);
  result.text = to_text(*tree);
  std::set<std::string> paths;
  collect_contexts(*tree, paths);
  result.contexts.assign(paths.begin(), paths.end());
  return result;
}

Folded fold_condition(std::string_view text, const Surroundings& surroundings) {
  Folded result;
  if (trimmed(text).empty()) {
    result.truth = Truth::always;
    return result;
  }
  const auto pieces = split_template(text);
  const bool mixed = pieces.size() > 1 || !pieces.front().expression;
  const bool any =
      std::any_of(pieces.begin(), pieces.end(), [](const TemplatePiece& piece) { return piece.expression; });
  if (!any) return fold_expression(text, surroundings);
  if (!mixed) return fold_expression(pieces.front().text, surroundings);
  result.truth = Truth::always;
  result.text = normalise_template(text);
  for (const auto& piece : pieces) {
    if (!piece.expression) continue;
    const auto inner = fold_expression(piece.text, surroundings);
    result.contexts.insert(result.contexts.end(), inner.contexts.begin(), inner.contexts.end());
  }
  std::sort(result.contexts.begin(), result.contexts.end());
  result.contexts.erase(std::unique(result.contexts.begin(), result.contexts.end()), result.contexts.end());
  return result;
}

Alternatives alternatives(std::string_view expression, const Surroundings& surroundings) {
  Alternatives found;
  const auto tree = parse_expression(expression);
  if (!tree) {
    found.dynamic = true;
    return found;
  }
  collect(*tree, Folder(surroundings), found, 0);
  return found;
}

Alternatives template_alternatives(std::string_view scalar, const Surroundings& surroundings) {
  const auto pieces = split_template(scalar);
  if (pieces.size() == 1 && pieces.front().expression) return alternatives(pieces.front().text, surroundings);
  std::vector<std::string> texts{""};
  for (const auto& piece : pieces) {
    const auto choices = piece.expression ? alternatives(piece.text, surroundings)
                                          : Alternatives{{string_value(std::string(piece.text))}, false};
    if (choices.dynamic || texts.size() * choices.values.size() > 64) return {{}, true};
    std::vector<std::string> longer;
    for (const auto& text : texts) {
      for (const auto& choice : choices.values) longer.push_back(text + string_of(choice));
    }
    texts = std::move(longer);
  }
  Alternatives result;
  for (auto& text : texts) result.values.push_back(string_value(std::move(text)));
  return result;
}

}  // namespace tollbar::pipeline
