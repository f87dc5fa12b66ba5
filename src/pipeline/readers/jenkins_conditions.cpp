// What can be told about Groovy values without running them: conditions, texts, credentials.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/jenkins.h"

namespace tollbar::pipeline::jenkins {
namespace {

using Kind = Value::Kind;

Truth negated(Truth truth) {
  if (truth == Truth::always) return Truth::never;
  return truth == Truth::never ? Truth::always : Truth::depends;
}

Truth all_of(Truth a, Truth b) {
  if (a == Truth::never || b == Truth::never) return Truth::never;
  if (a == Truth::unlikely || b == Truth::unlikely) return Truth::unlikely;
  return a == Truth::always ? b : a;
}

Truth any_of(Truth a, Truth b) {
  if (a == Truth::always || b == Truth::always) return Truth::always;
  if (a == Truth::never) return b;
  if (b == Truth::never) return a;
  return a == Truth::unlikely && b == Truth::unlikely ? Truth::unlikely : Truth::depends;
}

/// What a name, with or without `env.` before it, stands for where that is one literal.
const Value& settled(const Value& value, const Constants& constants) {
  if (value.kind != Kind::word) return value;
  std::string_view name = value.text;
  if (name.starts_with("env.")) name.remove_prefix(4);
  const auto known = constants.find(name);
  return known == constants.end() ? value : known->second;
}

/// A whole number as it stands.
bool is_number(const Value& value) {
  return value.kind == Kind::word && !value.text.empty() &&
         value.text.find_first_not_of("0123456789") == std::string::npos;
}

Truth equal(const Value& a, const Value& b, const Constants& constants) {
  const auto &left = settled(a, constants), &right = settled(b, constants);
  if (is_number(left) && is_number(right)) return left.text == right.text ? Truth::always : Truth::never;
  if (!is_literal(left) || !is_literal(right)) return Truth::depends;
  return left.text == right.text ? Truth::always : Truth::never;
}

/// The value of a closure that is one expression.
Truth truth_of_body(const std::vector<Statement>& body, const Constants& constants) {
  if (body.size() != 1) return Truth::depends;
  const bool plain = body[0].kind == Statement::Kind::expression || body[0].text == "return";
  return plain ? fold(body[0].value, constants) : Truth::depends;
}

/// Conditions that no build of a branch or of a pull request meets.
constexpr std::array<std::string_view, 3> kLater{"buildingTag", "tag", "triggeredBy"};

Truth truth_of_when(const Value& call, const Constants& constants);

Truth truth_of_group(const std::vector<Statement>& body, bool any, const Constants& constants) {
  Truth truth = any ? Truth::never : Truth::always;
  for (const auto& statement : body) {
    const auto own = truth_of_when(statement.value, constants);
    truth = any ? any_of(truth, own) : all_of(truth, own);
  }
  return truth;
}

Truth truth_of_when(const Value& call, const Constants& constants) {
  const auto& name = call.text;
  if (name == "beforeAgent" || name == "beforeInput" || name == "beforeOptions") return Truth::always;
  if (name == "expression" && call.has_body) return truth_of_body(call.body, constants);
  if (name == "not") return negated(truth_of_group(call.body, false, constants));
  if (name == "allOf") return truth_of_group(call.body, false, constants);
  if (name == "anyOf") return truth_of_group(call.body, true, constants);
  if (name == "equals") {
    const auto* expected = call.argument("expected");
    const auto* actual = call.argument("actual");
    if (expected && actual) return equal(*expected, *actual, constants);
  }
  if (name == "environment") {
    const auto *variable = call.argument("name"), *value = call.argument("value");
    const auto known = variable ? constants.find(variable->text) : constants.end();
    if (known != constants.end() && value) return equal(known->second, *value, constants);
  }
  return std::find(kLater.begin(), kLater.end(), name) != kLater.end() ? Truth::unlikely : Truth::depends;
}

/// Bad results; anything else leaves the build as it is, or better.
bool is_failure(const Value& value, int depth = 0) {
  static constexpr std::array<std::string_view, 4> kBad{"FAILURE", "Result.FAILURE", "ABORTED", "Result.ABORTED"};
  if (std::find(kBad.begin(), kBad.end(), value.text) != kBad.end()) return true;
  return depth < 8 && std::any_of(value.arguments.begin(), value.arguments.end(),
                                  [&](const Argument& argument) { return is_failure(argument.value, depth + 1); });
}

bool raises(const Value& value) {
  if (value.kind == Kind::call && (value.text == "error" || value.text.ends_with(".error"))) return true;
  if (value.kind == Kind::call && value.text == "currentBuild.setResult") return is_failure(value);
  return jenkins::raises(value.body) || std::any_of(value.arguments.begin(), value.arguments.end(),
                                                    [](const Argument& argument) { return raises(argument.value); });
}

bool names_credential(std::string_view name) {
  return name == "credentialsId" || name == "credentialId" || name.ends_with("CredentialsId") || name == "credentials";
}

void add(const Value& value, std::string bound_to, std::vector<CredentialUse>& found) {
  if (value.kind == Kind::list) {
    for (const auto& item : value.arguments) add(item.value, bound_to, found);
    return;
  }
  if (value.text.empty() || (value.kind != Kind::text && value.kind != Kind::word)) return;
  CredentialUse use;
  use.kind = is_literal(value) ? CredentialUse::Kind::secret : CredentialUse::Kind::computed;
  use.name = value.text;
  use.source = "jenkins-credentials";
  use.bound_to = std::move(bound_to);
  use.line = value.line;
  add_credentials(found, {use});
}

/// The variable that holds the secret itself, where there are several.
std::string bound_variable(const Value& call) {
  for (const auto* name :
       {"passwordVariable", "variable", "keyFileVariable", "secretKeyVariable", "keystoreVariable"}) {
    if (const auto* variable = call.argument(name)) return variable->text;
  }
  return {};
}

/// A step of a library that by its name gives its body credentials: `infra.withDockerCredentials {}`, `withVault {}`.
bool hands_credentials(std::string_view called) {
  const auto name = called.substr(called.rfind('.') + 1);
  constexpr std::array<std::string_view, 8> marks{"Credential", "Creds", "Secret",     "Vault",
                                                  "Token",      "Login", "Kubeconfig", "SshAgent"};
  return name.starts_with("with") && std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
           return name.find(mark) != std::string_view::npos;
         });
}

}  // namespace

Condition both(const Condition& outer, const Condition& inner) {
  if (inner.text.empty()) return outer;
  if (outer.text.empty()) return inner;
  return {all_of(outer.truth, inner.truth), outer.text + " && " + inner.text, outer.line};
}

bool is_literal(const Value& value) {
  return (value.kind == Kind::text && !value.interpolated) ||
         (value.kind == Kind::word && (value.text == "true" || value.text == "false"));
}

Truth fold(const Value& written, const Constants& constants) {
  const Value& value = settled(written, constants);
  if (is_number(value)) return value.text == "0" ? Truth::never : Truth::always;
  if (value.kind == Kind::word)
    return value.text == "true" ? Truth::always : value.text == "false" ? Truth::never : Truth::depends;
  if (value.kind == Kind::text && !value.interpolated) return value.text.empty() ? Truth::never : Truth::always;
  if (value.kind != Kind::expression || value.arguments.empty()) return Truth::depends;
  const auto& operands = value.arguments;
  if (value.text == "!") return negated(fold(operands[0].value, constants));
  if (value.text == "&&" || value.text == "||") {
    auto truth = fold(operands[0].value, constants);
    for (std::size_t i = 1; i < operands.size(); ++i) {
      const auto own = fold(operands[i].value, constants);
      truth = value.text == "&&" ? all_of(truth, own) : any_of(truth, own);
    }
    return truth;
  }
  if ((value.text != "==" && value.text != "!=") || operands.size() != 2) return Truth::depends;
  const auto same = equal(operands[0].value, operands[1].value, constants);
  return value.text == "==" ? same : negated(same);
}

Condition read_when(const std::vector<Statement>& body, const Program& program, const Constants& constants,
                    std::uint32_t line) {
  Condition condition;
  condition.line = line;
  condition.text = "when";
  for (const auto& statement : body) condition.text += " " + program.text(statement.value);
  condition.truth = truth_of_group(body, false, constants);
  return condition;
}

void read_credentials(const Value& call, std::vector<CredentialUse>& found, std::set<std::string>& bound) {
  const auto bound_to = bound_variable(call);
  const bool brings_own = call.kind == Kind::call && call.has_body && hands_credentials(call.text);
  const bool says_which = std::any_of(call.arguments.begin(), call.arguments.end(), [](const Argument& argument) {
    return argument.value.kind == Kind::list || names_credential(argument.name);
  });
  if (brings_own && !says_which) {
    CredentialUse use;
    use.kind = CredentialUse::Kind::service;
    use.name = call.text.substr(call.text.rfind('.') + 1);
    use.source = kLibrarySource;
    use.line = call.line;
    add_credentials(found, {use});
  }
  if (call.kind == Kind::call && call.text == "credentials" && call.positional(0)) add(*call.positional(0), {}, found);
  if (call.kind == Kind::call && call.text == "sshagent" && call.positional(0)) add(*call.positional(0), {}, found);
  if (call.text == "docker.withRegistry" && call.positional(1)) add(*call.positional(1), {}, found);
  for (const auto& argument : call.arguments) {
    if (names_credential(argument.name)) add(argument.value, bound_to, found);
    if (argument.name.ends_with("ariable") && argument.value.kind == Kind::text) bound.insert(argument.value.text);
    if (argument.name == "role" && call.text == "withAWS") {
      CredentialUse use;
      use.kind = CredentialUse::Kind::identity;
      use.name = argument.value.text;
      use.source = "aws-role";
      use.line = argument.value.line;
      add_credentials(found, {use});
    }
    const auto kind = argument.value.kind;
    if (kind == Kind::list || kind == Kind::call || kind == Kind::expression)
      read_credentials(argument.value, found, bound);
  }
}

std::string shell_text(const Value& value, const Program& program) {
  if (value.kind == Kind::text) return value.text;
  if (value.kind == Kind::word) return "${" + value.text + "}";
  // `'''...'''.stripIndent()`
  if (value.kind == Kind::call && value.target.size() == 1 && value.arguments.empty() && !value.has_body)
    return shell_text(value.target.front(), program);
  if (value.kind == Kind::expression && value.text == "+") {
    std::string text;
    for (const auto& operand : value.arguments) text += shell_text(operand.value, program);
    return text;
  }
  return "${" + program.text(value) + "}";
}

bool raises(const std::vector<Statement>& statements) {
  return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    if (statement.kind == Statement::Kind::leave) return statement.text == "throw";
    if (statement.kind == Statement::Kind::assignment && statement.text.starts_with("currentBuild."))
      return is_failure(statement.value);
    return raises(statement.value) || raises(statement.body) || raises(statement.otherwise) || raises(statement.last) ||
           (statement.kind == Statement::Kind::attempt && raises(statement.handlers));
  });
}

}  // namespace tollbar::pipeline::jenkins
