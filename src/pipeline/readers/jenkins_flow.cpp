// What a Jenkinsfile makes of its statements: branches, loops, attempts, and what ends a block early.
#include <algorithm>

#include "pipeline/readers/jenkins.h"

namespace tollbar::pipeline::jenkins {
namespace {

using Kind = Value::Kind;

constexpr std::size_t kMaxRounds = 1000;

bool mentions(const Value& value, const std::string& name) {
  return (value.kind == Kind::word && value.text == name) ||
         std::any_of(value.arguments.begin(), value.arguments.end(),
                     [&](const Argument& argument) { return mentions(argument.value, name); });
}

/// `if (status != 0) { error '...' }` further down: the status that was asked for still counts.
bool decides_later(const std::string& variable, const std::vector<Statement>& statements) {
  return std::any_of(statements.begin(), statements.end(), [&](const Statement& statement) {
    const bool decides = statement.kind == Statement::Kind::conditional && mentions(statement.value, variable) &&
                         (raises(statement.body) || raises(statement.otherwise));
    return decides || (statement.kind == Statement::Kind::leave && mentions(statement.value, variable));
  });
}

}  // namespace

void Reader::assign(const Statement& statement, const Scope& scope, Job& job) {
  const auto text = filled(statement.value);
  if (statement.text.starts_with("env.")) job.env[statement.text.substr(4)] = text;
  const bool result = statement.text == "currentBuild.result" || statement.text == "currentBuild.rawBuild.result" ||
                      statement.text == "currentBuild.currentResult";
  if (!result || (text != "SUCCESS" && text.find(".SUCCESS") == std::string::npos)) return;
  if (scope.condition.truth == Truth::never) return;
  forced_ = true;
  job.may_fail_sometimes = true;
  job.may_fail = job.may_fail || scope.after_failure;
}

void Reader::read_statement(const Statement& statement, const std::vector<Statement>& siblings, const Scope& scope,
                            const Place& place, Job& job) {
  using Form = Statement::Kind;
  if (statement.kind == Form::function) return;
  if (statement.kind == Form::assignment) {
    assign(statement, scope, job);
    if (statement.value.kind == Kind::call && decides_later(statement.text, siblings))
      judged_statuses_.insert(std::to_string(statement.value.first));
  }
  auto inner = scope;
  if (statement.kind == Form::conditional || (statement.kind == Form::loop && statement.text == "while")) {
    if (statement.value.kind == Kind::call && (raises(statement.body) || raises(statement.otherwise)))
      judged_statuses_.insert(std::to_string(statement.value.first));
    for (const auto& operand : statement.value.arguments)
      if (raises(statement.body) || raises(statement.otherwise))
        judged_statuses_.insert(std::to_string(operand.value.first));
  }
  read_value(statement.value, scope, place, job);
  if (statement.kind == Form::conditional) {
    const auto text = program_.text(statement.value);
    const auto truth = fold(statement.value, constants_);
    inner.condition = both(scope.condition, {truth, "if " + text, statement.line});
    inner.after_failure = scope.after_failure && truth == Truth::always;
    if (statement.text == "switch") return read_cases(statement.body, inner, place, job);
    read_steps(statement.body, inner, place, job);
    const auto other = truth == Truth::always ? Truth::never : truth == Truth::never ? Truth::always : Truth::depends;
    inner.condition = both(scope.condition, {other, "if ! " + text, statement.line});
    return read_steps(statement.otherwise, inner, place, job);
  }
  if (statement.kind == Form::loop && fold(statement.value, constants_) == Truth::never)
    inner.condition = both(scope.condition, {Truth::never, "while " + program_.text(statement.value), statement.line});
  if (statement.kind == Form::loop) {
    const auto rounds = rounds_of(statement, program_, lists_);
    if (rounds && rounds->given.empty())
      inner.condition = both(scope.condition, {Truth::never, "for " + program_.text(statement.value), statement.line});
    if (rounds) return read_rounds(*rounds, statement.body, inner, place, job);
  }
  if (statement.kind == Form::attempt && statement.has_handler && !raises(statement.handlers) &&
      !raises(statement.last))
    inner.may_fail = true;
  read_steps(statement.body, inner, place, job);
  auto handling = scope;
  handling.cleanup = true;
  read_steps(statement.handlers, handling, place, job);
  read_steps(statement.last, scope, place, job);
}

/// The body once for every round, and once all the same where there is none: under its condition.
void Reader::read_rounds(const Rounds& rounds, const std::vector<Statement>& body, const Scope& scope,
                         const Place& place, Job& job) {
  rounds_ += rounds.given.size();
  if (rounds.given.empty() || rounds_ > kMaxRounds) return read_steps(body, scope, place, job);
  const auto outer = constants_;
  for (const auto& given : rounds.given) {
    for (std::size_t i = 0; i < given.size(); ++i) {
      Value value;
      value.kind = Kind::text;
      value.text = given[i];
      constants_[rounds.variables[i]] = std::move(value);
    }
    read_steps(body, scope, place, job);
  }
  constants_ = outer;
}

/// The branches of a `switch`, one behind the other: what leaves one of them ends no other.
void Reader::read_cases(const std::vector<Statement>& body, const Scope& scope, const Place& place, Job& job) {
  for (const auto& statement : body) read_statement(statement, body, scope, place, job);
}

/// Nothing runs behind a statement that always leaves without failing.
void Reader::end_after(const Statement& statement, Scope& scope) const {
  const auto leaves = [](const Statement& one) { return one.kind == Statement::Kind::leave && one.text != "throw"; };
  const auto always = [&](const Statement& one) {
    return one.kind == Statement::Kind::conditional && one.text != "switch" &&
           fold(one.value, constants_) == Truth::always && std::any_of(one.body.begin(), one.body.end(), leaves);
  };
  if (leaves(statement) || always(statement))
    scope.condition = both(scope.condition, {Truth::never, "behind a return", statement.line});
}

void Reader::read_steps(const std::vector<Statement>& statements, const Scope& scope, const Place& place, Job& job) {
  auto own = scope;
  for (const auto& statement : statements) {
    read_statement(statement, statements, own, place, job);
    end_after(statement, own);
  }
}

}  // namespace tollbar::pipeline::jenkins
