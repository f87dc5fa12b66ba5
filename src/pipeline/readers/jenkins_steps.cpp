// Steps of Jenkins pipelines, the same in both styles: shells, wrappers, what swallows failures.
#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/jenkins.h"
#include "util/shell_word.h"

namespace tollbar::pipeline::jenkins {
namespace {

using Kind = Value::Kind;

constexpr std::size_t kMaxSteps = 20'000;
constexpr std::size_t kMaxJobs = 1000;
constexpr int kMaxCalls = 8;
constexpr std::size_t kMaxConstant = 4096;

/// Wrappers that neither bring anything in nor change what a failure does.
constexpr std::array<std::string_view, 16> kTransparent{
    "script",     "steps", "timeout", "retry", "timestamps",      "ansiColor",  "dir",       "withEnv",
    "catchError", "ws",    "lock",    "wrap",  "withCredentials", "withChecks", "warnError", "container"};

constexpr std::array<std::string_view, 4> kShells{"sh", "bat", "powershell", "pwsh"};

/// Methods of texts, lists and maps, and words that only look like calls: the language, no step of a pipeline.
constexpr std::array<std::string_view, 58> kLanguage{
    "add",           "addAll",   "any",         "asBoolean",  "collect",      "contains",   "containsKey",
    "containsValue", "each",     "entrySet",    "equals",     "every",        "find",       "findAll",
    "first",         "format",   "get",         "getAt",      "getOrDefault", "hashCode",   "indexOf",
    "inject",        "intValue", "isEmpty",     "isInteger",  "join",         "keySet",     "last",
    "length",        "matches",  "max",         "min",        "nextBoolean",  "nextInt",    "padLeft",
    "plus",          "put",      "putAll",      "readLines",  "replace",      "replaceAll", "reverse",
    "size",          "sort",     "split",       "startsWith", "endsWith",     "substring",  "take",
    "toInteger",     "toList",   "toLowerCase", "toString",   "toUpperCase",  "tokenize",   "trim",
    "unique",        "values"};
constexpr std::array<std::string_view, 10> kTypes{"int",  "long",   "boolean", "float", "double",
                                                  "char", "String", "def",     "final", "new"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// `params.containsKey`, `splits.size`, the `int` of a loop: nothing that a pipeline runs.
bool is_language(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot != std::string_view::npos) return is_one_of(kLanguage, name.substr(dot + 1));
  return is_one_of(kTypes, name) || name.empty() || (name[0] >= '0' && name[0] <= '9');
}

bool is_true(const Value* value) {
  return value && fold(*value, {}) == Truth::always;
}
bool is_false(const Value* value) {
  return value && fold(*value, {}) == Truth::never;
}

/// `catchError` fails the build unless told otherwise, and goes on; the others only warn.
void swallow(const Value& call, Scope& scope) {
  if (call.text == "warnError") scope.may_fail = true;
  if (call.text != "catchError") return;
  const auto* result = call.argument("buildResult");
  if (result && result->text != "FAILURE" && result->text != "ABORTED")
    scope.may_fail = true;
  else
    scope.may_fail_sometimes = true;
}

/// Lists have a method of the name, too.
bool pushes_image(const Value& call, const Scope& scope) {
  const auto is_docker = [](const std::string& text) { return text.find("docker.") != std::string::npos; };
  return scope.registry || is_docker(call.text) ||
         std::any_of(call.target.begin(), call.target.end(),
                     [&](const Value& target) { return is_docker(target.text); });
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

/// `${name}` and `$name` of a GString replaced where the variable has only one value.
std::string Reader::interpolated(std::string text) const {
  for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
    const bool braced = at + 1 < text.size() && text[at + 1] == '{';
    const auto begin = at + (braced ? 2 : 1);
    auto end = begin;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    const bool whole = !braced || (end < text.size() && text[end] == '}');
    const auto known = constants_.find(text.substr(begin, end - begin));
    if (!whole || known == constants_.end() || known->second.text.size() > kMaxConstant) {
      ++at;
      continue;
    }
    text.replace(at, end + (braced ? 1 : 0) - at, known->second.text);
    at += known->second.text.size();
  }
  return text;
}

std::string Reader::filled(const Value& value) const {
  if (value.kind == Kind::text) return value.interpolated ? interpolated(value.text) : value.text;
  if (value.kind == Kind::word) {
    const auto known = constants_.find(value.text);
    if (known != constants_.end()) return known->second.text;
  }
  if (value.kind == Kind::expression && value.text == "+") {
    std::string text;
    for (const auto& operand : value.arguments) text += filled(operand.value);
    return text;
  }
  return shell_text(value, program_);
}

void Reader::add_step(Step step, const Scope& scope, Job& job) {
  if (++steps_ > kMaxSteps) return;
  step.condition = both(scope.condition, step.condition);
  step.may_fail = step.may_fail || scope.may_fail;
  step.may_fail_sometimes = step.may_fail_sometimes || scope.may_fail_sometimes;
  step.is_cleanup = scope.cleanup;
  step.working_directory = scope.directory;
  step.env = scope.env;
  add_credentials(step.credentials, scope.credentials);
  add_credentials(job.credentials, step.credentials);
  job.steps.push_back(std::move(step));
}

void Reader::add_shell(const Value& call, const Scope& scope, Job& job) {
  const auto* script = call.argument("script");
  if (!script) script = call.positional(0);
  if (!script) return;
  Step step;
  step.line = call.line;
  step.run = filled(*script);
  step.run_line = script->line;
  if (const auto* label = call.argument("label")) step.name = label->text;
  if (is_true(call.argument("returnStatus"))) {
    if (judged_statuses_.count(std::to_string(call.first)) == 0)
      step.may_fail = true;
    else
      step.may_fail_sometimes = true;
  }
  if (call.text == "sh") {
    // `sh -xe`, unless the text names its own interpreter.
    const bool own = step.run.starts_with("#!");
    const auto first_line = std::string_view(step.run).substr(0, step.run.find('\n'));
    const bool errexit =
        !own || first_line.find(" -e") != std::string_view::npos || first_line.find(" -xe") != std::string_view::npos;
    auto parsed = document::parse_shell(step.run, {errexit, false, step.run_line});
    step.shell = parsed.interpreter.empty() ? "sh" : parsed.interpreter;
    if (document::is_shell(step.shell)) step.script = std::move(parsed);
  } else if (call.text == "bat") {
    step.shell = "cmd";
    auto text = step.run;
    std::replace(text.begin(), text.end(), '\\', '/');
    step.script = document::parse_shell(text, {false, false, step.run_line});
  } else {
    step.shell = call.text;
  }
  for (const auto& name : variables_in(step.run)) {
    const bool known = scope.bound.count(name) || scope.env.count(name) || job.env.count(name);
    if (known || script->interpolated || !looks_like_credential(name)) continue;
    CredentialUse use;
    use.name = name;
    use.source = "jenkins-variable";
    use.line = step.run_line;
    add_credentials(step.credentials, {use});
  }
  add_step(std::move(step), scope, job);
}

/// A step that some plugin or shared library brings.
void Reader::add_use(const Value& call, const Scope& scope, Job& job) {
  Step step;
  step.line = call.line;
  if (call.text == "echo") {
    step.run_line = call.line;
    step.run = "echo " + util::shell_quoted(call.positional(0) ? filled(*call.positional(0)) : "");
    step.script = document::parse_shell(step.run, {true, false, call.line});
    return add_step(std::move(step), scope, job);
  }
  step.uses = call.text;
  std::size_t position = 0;
  for (const auto& argument : call.arguments) {
    const auto& value = argument.value;
    const bool plain = value.kind == Kind::text || value.kind == Kind::word;
    step.with[argument.name.empty() ? std::to_string(position++) : argument.name] =
        plain ? value.text : program_.text(value);
  }
  if (call.text == "build") step.may_fail = is_false(call.argument("propagate")) || is_false(call.argument("wait"));
  if (call.text == "load" && call.positional(0) && call.positional(0)->kind == Kind::text)
    loaded_.insert(call.positional(0)->text);
  add_step(std::move(step), scope, job);
}

/// `image.push('latest')` of the plugin for Docker.
void Reader::add_push(const Value& call, const Scope& scope, Job& job) {
  Step step;
  step.line = call.line;
  step.uses = "docker.push";
  if (scope.registry && !scope.registry->empty()) step.with["registry"] = *scope.registry;
  if (call.positional(0)) step.with["tag"] = filled(*call.positional(0));
  add_step(std::move(step), scope, job);
}

/// `stage`, `node`, `parallel`: what makes jobs, or says where they run.
bool Reader::read_structure(const Value& call, const Scope& scope, const Place& place, Job& job) {
  if (call.text == "parallel") {
    read_branches(call, scope, place, job);
    return true;
  }
  if (!call.has_body) return false;
  if (call.text == "node") {
    Place inner = place;
    read_agent(call, inner);
    if (job.steps.empty()) apply(inner, job);
    read_steps(call.body, scope, inner, job);
    return true;
  }
  if (call.text != "stage") return false;
  const auto* name = call.argument("name");
  if (!name) name = call.positional(0);
  auto inner = start(name ? filled(*name) : "stage", call.line, place, scope.condition);
  auto own = scope;
  own.condition = {};
  read_steps(call.body, own, place, inner);
  finish(std::move(inner));
  return true;
}

void Reader::read_branches(const Value& call, const Scope& scope, const Place& place, Job& job) {
  const auto before = needs_;
  std::vector<const Argument*> branches;
  for (const auto& argument : call.arguments) {
    branches.push_back(&argument);
    if (argument.value.kind == Kind::list)
      for (const auto& inner : argument.value.arguments) branches.push_back(&inner);
  }
  for (const auto* branch : branches) {
    if (branch->value.kind != Kind::closure) continue;
    needs_ = before;
    auto inner = start(branch->name, branch->value.line, place, scope.condition);
    inner.stage = job.id;
    auto own = scope;
    own.condition = {};
    read_steps(branch->value.body, own, place, inner);
    finish(std::move(inner));
  }
  needs_ = needs_of_all(pipeline_.jobs);
}

/// A step with a body: what it gives to the steps inside.
void Reader::read_wrapper(const Value& call, Scope scope, const Place& place, Job& job) {
  swallow(call, scope);
  const auto rounds = rounds_of(call, program_, lists_);
  if (rounds && rounds->given.empty())
    scope.condition = both(scope.condition, {Truth::never, call.text + " of an empty list", call.line});
  const auto* first = call.positional(0);
  if (call.text == "dir" && first) scope.directory = join_path(scope.directory, filled(*first));
  if (call.text == "withEnv" && first) {
    for (const auto& item : first->arguments) {
      const auto text = filled(item.value);
      const auto split = text.find('=');
      if (split != std::string::npos) scope.env[text.substr(0, split)] = text.substr(split + 1);
    }
  }
  if (call.text == "lock" && job.concurrency.empty()) {
    const auto* resource = call.argument("resource") ? call.argument("resource") : first;
    if (resource) job.concurrency = resource->text;
  }
  if (call.text == "docker.withRegistry") scope.registry = first ? filled(*first) : std::string();
  if (call.text == "docker.image.inside" && call.target.size() == 1 && call.target[0].positional(0)) {
    add_image(job.services, filled(*call.target[0].positional(0)));
    if (first) add_image(job.container_options, filled(*first));
  } else if (!is_one_of(kTransparent, call.text)) {
    // What the step hands to its body ends with it: it is no login.
    auto outer = scope;
    std::erase_if(outer.credentials,
                  [&](const CredentialUse& use) { return use.source == kLibrarySource && use.line == call.line; });
    add_use(call, outer, job);
  }
  if (rounds) return read_rounds(*rounds, call.body, scope, place, job);
  read_steps(call.body, scope, place, job);
}

void Reader::read_call(const Value& call, Scope scope, const Place& place, Job& job) {
  if (steps_ > kMaxSteps || pipeline_.jobs.size() > kMaxJobs) return;
  for (const auto& target : call.target) {
    if (call.text != "docker.image.inside") read_value(target, scope, place, job);
  }
  if (read_structure(call, scope, place, job)) return;
  read_credentials(call, scope.credentials, scope.bound);
  if (is_one_of(kShells, call.text)) return add_shell(call, scope, job);
  if (call.text == "Library" || call.text == "library") {
    if (call.positional(0)) pipeline_.includes.push_back(filled(*call.positional(0)));
    return;
  }
  if (call.text == "properties" || call.text == "pipelineTriggers") return read_triggers(call);
  if (call.text == "input") {
    if (job.steps.empty()) job.gated = true;
    gates_.push_back(both(job.condition, scope.condition));
  }
  for (const auto& argument : call.arguments) {
    const auto kind = argument.value.kind;
    if (kind == Kind::call || kind == Kind::closure || kind == Kind::expression)
      read_value(argument.value, scope, place, job);
  }
  const auto name = call.text.substr(call.text.rfind('.') + 1);
  if (const auto known = functions_.find(name); known != functions_.end() && scope.depth < kMaxCalls) {
    ++scope.depth;
    ++steps_;
    read_steps(known->second->body, scope, place, job);
    return read_steps(call.body, scope, place, job);
  }
  for (const auto* held : {&place.credentials, &std::as_const(scope.credentials)})
    if (!held->empty()) add_credentials(handed_[name], *held);
  if (call.has_body) return read_wrapper(call, std::move(scope), place, job);
  if (name == "push" && pushes_image(call, scope)) return add_push(call, scope, job);
  // Methods of values (`.trim()`, `.each`) are no steps.
  const bool method = !call.target.empty() && call.text.find("docker.") == std::string::npos;
  const bool binding = call.text == "string" || call.text == "file" || call.text == "usernamePassword" ||
                       call.text == "credentials" || call.text == "sshUserPrivateKey";
  if (!method && !binding && !is_language(call.text)) add_use(call, scope, job);
}

void Reader::read_value(const Value& value, const Scope& scope, const Place& place, Job& job) {
  if (value.kind == Kind::call) return read_call(value, scope, place, job);
  if (value.kind == Kind::closure) return read_steps(value.body, scope, place, job);
  for (const auto& target : value.target) read_value(target, scope, place, job);
  for (const auto& argument : value.arguments) read_value(argument.value, scope, place, job);
}

}  // namespace tollbar::pipeline::jenkins
