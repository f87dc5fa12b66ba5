// Stages of Jenkins pipelines as jobs, and the sections of declarative ones.
#include <algorithm>

#include "document/formats.h"
#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/jenkins.h"

namespace tollbar::pipeline::jenkins {
namespace {

using Kind = Value::Kind;

constexpr std::size_t kMaxLegs = 1024;
constexpr std::size_t kMaxJobs = 1000;

/// The call of a name among statements; null where there is none.
const Value* section(const std::vector<Statement>& body, std::string_view name) {
  for (const auto& statement : body) {
    if (statement.value.kind == Kind::call && statement.value.text == name) return &statement.value;
  }
  return nullptr;
}

std::string text_of_first(const Value* call) {
  return call && call->positional(0) ? call->positional(0)->text : std::string();
}

/// `linux && jdk21` needs both: labels of their own. Any other expression is one label.
void set_labels(const std::string& expression, bool dynamic, std::uint32_t line, Runner& runner) {
  runner.line = line;
  runner.dynamic = dynamic;
  runner.labels.clear();
  const bool plain = expression.find_first_of("|!(") == std::string::npos;
  for (std::size_t at = 0; at <= expression.size();) {
    const auto end = plain ? std::min(expression.find("&&", at), expression.size()) : expression.size();
    auto label = expression.substr(at, end - at);
    label.erase(0, label.find_first_not_of(' ') == std::string::npos ? label.size() : label.find_first_not_of(' '));
    while (label.ends_with(' ')) label.pop_back();
    if (!label.empty()) runner.labels.push_back(std::move(label));
    at = end + 2;
  }
  std::sort(runner.labels.begin(), runner.labels.end());
}

/// A pod written in YAML: its images, and whether one of them is privileged.
void read_pod(const std::string& yaml, Place& place) {
  const auto document = document::read_yaml(yaml);
  const auto* containers = document.root().get({"spec", "containers"});
  if (!containers) return;
  Job pod;
  for (const auto& container : containers->items) {
    add_image(place.services, pipeline::text_of(container.get("image")));
    read_security_context(container, pod);
  }
  place.options.insert(place.options.end(), pod.container_options.begin(), pod.container_options.end());
}

std::vector<std::string> axis_values(const Value& axis, std::string_view which) {
  std::vector<std::string> values;
  if (const auto* call = section(axis.body, which)) {
    for (const auto& argument : call->arguments) values.push_back(argument.value.text);
  }
  return values;
}

using Leg = std::map<std::string, std::string>;

std::vector<Leg> expand_axes(const Value* axes) {
  std::vector<Leg> legs{{}};
  if (!axes) return {};
  for (const auto& statement : axes->body) {
    const auto name = text_of_first(section(statement.value.body, "name"));
    std::vector<Leg> product;
    for (const auto& leg : legs) {
      for (const auto& value : axis_values(statement.value, "values")) {
        if (product.size() >= kMaxLegs) break;
        product.push_back(leg);
        product.back()[name] = value;
      }
    }
    legs = std::move(product);
  }
  return legs;
}

/// Every axis of one `exclude` fits the leg.
bool excluded(const Leg& leg, const Value& exclude) {
  return !exclude.body.empty() &&
         std::all_of(exclude.body.begin(), exclude.body.end(), [&](const Statement& statement) {
           const auto own = leg.find(text_of_first(section(statement.value.body, "name")));
           if (own == leg.end()) return false;
           const auto values = axis_values(statement.value, "values"),
                      others = axis_values(statement.value, "notValues");
           const auto among = [&](const std::vector<std::string>& list) {
             return std::find(list.begin(), list.end(), own->second) != list.end();
           };
           return among(values) || (!others.empty() && !among(others));
         });
}

}  // namespace

Reader::Reader(const Program& program, Pipeline& pipeline) : program_(program), pipeline_(pipeline) {
  std::map<std::string, std::size_t> assigned;
  const auto visit = [&](const auto& self, const std::vector<Statement>& statements, int depth) -> void {
    if (depth > 64) return;
    for (const auto& statement : statements) {
      if (statement.kind == Statement::Kind::function) functions_.emplace(statement.text, &statement);
      const auto name = statement.text.substr(statement.text.starts_with("env.") ? 4 : 0);
      if (statement.kind == Statement::Kind::assignment && ++assigned[name] == 1 && is_literal(statement.value))
        constants_.emplace(name, statement.value);
      if (statement.kind == Statement::Kind::assignment)
        if (auto list = plain_list(statement.value, program)) lists_[name] = std::move(*list);
      for (const auto* inner :
           {&statement.body, &statement.otherwise, &statement.handlers, &statement.last, &statement.value.body})
        self(self, *inner, depth + 1);
    }
  };
  visit(visit, program.statements, 0);
  for (const auto& [name, count] : assigned) {
    if (count > 1) constants_.erase(name), lists_.erase(name);
  }
  forget_filled(lists_, program);
}

void Reader::apply(const Place& place, Job& job) const {
  job.runner = place.runner;
  job.image = place.image;
  job.services = place.services;
  job.container_options = place.options;
  for (const auto& [name, value] : place.env) job.env[name] = value;
  job.timeout = place.timeout;
  job.concurrency = place.concurrency;
  add_credentials(job.credentials, place.credentials);
}

Job Reader::start(const std::string& name, std::uint32_t line, const Place& place, const Condition& condition) const {
  Job job;
  job.id = job.name = name;
  job.stage = name;
  job.line = line;
  job.condition = condition;
  job.needs = needs_;
  job.gated = std::any_of(gates_.begin(), gates_.end(), [&](const Condition& gate) {
    return gate.truth == Truth::always || (gate.truth != Truth::never && gate.text == condition.text);
  });
  apply(place, job);
  return job;
}

void Reader::finish(Job job) {
  if (pipeline_.jobs.size() >= kMaxJobs) return;
  if (job.steps.empty() && !job.gated && !job.may_fail_sometimes) return;
  pipeline_.jobs.push_back(std::move(job));
  needs_ = needs_of_all(pipeline_.jobs);
}

void Reader::read_agent(const Value& agent, Place& place) const {
  const auto* first = agent.positional(0);
  const bool labelled = first && first->kind == Kind::text;
  if (agent.text == "node" || labelled) {
    const auto* label = agent.argument("label") ? agent.argument("label") : first;
    if (label) set_labels(filled(*label), label->kind != Kind::text || label->interpolated, agent.line, place.runner);
    if (agent.text == "node") return;
  }
  if (first && first->text == "any") set_labels("", false, agent.line, place.runner);
  for (const auto& statement : agent.body) {
    const auto& call = statement.value;
    const auto* value = call.positional(0);
    if (call.text == "label" && value)
      set_labels(filled(*value), value->kind != Kind::text || value->interpolated, call.line, place.runner);
    if (call.text == "node") read_agent(call, place);
    if (call.text == "image" && value) place.image = filled(*value);
    if (call.text == "args" && value) add_image(place.options, filled(*value));
    if (call.text == "yaml" && value) read_pod(filled(*value), place);
    if (call.text == "yamlFile" && value) place.image = "pod:" + filled(*value);
    if (call.text == "dockerfile") place.image = "./Dockerfile";
    if (call.text == "filename" && value) place.image = "./" + filled(*value);
    if (call.text == "registryCredentialsId" && value) {
      CredentialUse use;
      use.name = value->text;
      use.source = "jenkins-credentials";
      use.line = call.line;
      add_credentials(place.credentials, {use});
    }
    if (call.text == "docker" && value) place.image = filled(*value);
    const bool container = call.text == "docker" || call.text == "dockerfile" || call.text == "kubernetes";
    if (container && call.has_body) {
      Value inner = call;
      inner.arguments.clear();
      read_agent(inner, place);
    }
  }
}

void Reader::read_environment(const std::vector<Statement>& body, Place& place) const {
  for (const auto& statement : body) {
    if (statement.kind != Statement::Kind::assignment) continue;
    std::vector<CredentialUse> found;
    std::set<std::string> bound;
    if (statement.value.kind == Kind::call) read_credentials(statement.value, found, bound);
    for (auto& use : found) use.bound_to = statement.text;
    add_credentials(place.credentials, found);
    place.env[statement.text] = found.empty() ? shell_text(statement.value, program_) : "";
  }
}

void Reader::read_options(const std::vector<Statement>& body, Place& place) {
  for (const auto& statement : body) {
    const auto& call = statement.value;
    if (call.text == "timeout") {
      const auto* time = call.argument("time") ? call.argument("time") : call.positional(0);
      const auto* unit = call.argument("unit");
      if (time) place.timeout = time->text + " " + (unit ? unit->text : "MINUTES");
    }
    if (call.text == "lock")
      place.concurrency = call.argument("resource") ? call.argument("resource")->text : text_of_first(&call);
    if (call.text == "disableConcurrentBuilds") pipeline_.concurrency = "disableConcurrentBuilds";
  }
}

void Reader::read_post(const std::vector<Statement>& body, Job& job) {
  for (const auto& statement : body) {
    const auto& call = statement.value;
    Scope scope;
    scope.cleanup = true;
    scope.after_failure = call.text != "success" && call.text != "fixed" && call.text != "changed";
    if (call.text != "always" && call.text != "cleanup")
      scope.condition = {Truth::depends, "post " + call.text, call.line};
    read_steps(call.body, scope, {}, job);
  }
}

void Reader::read_triggers(const Value& value) {
  const auto add = [&](const char* name, const char* filter, const Value& call) {
    Event event;
    event.name = name;
    event.line = call.line;
    event.filters[filter] = {text_of_first(&call)};
    const auto same = [&](const Event& other) { return other.name == event.name; };
    if (std::none_of(pipeline_.events.begin(), pipeline_.events.end(), same))
      pipeline_.events.push_back(std::move(event));
  };
  if (value.text == "cron" || value.text == "parameterizedCron") add("schedule", "cron", value);
  if (value.text == "issueCommentTrigger") add("issue_comment", "pattern", value);
  for (const auto& argument : value.arguments) read_triggers(argument.value);
  for (const auto& statement : value.body) read_triggers(statement.value);
}

void Reader::read_matrix(const std::vector<Statement>& body, const Value& stage, const Place& place,
                         const Condition& condition) {
  auto legs = expand_axes(section(body, "axes"));
  if (const auto* excludes = section(body, "excludes")) {
    for (const auto& statement : excludes->body)
      std::erase_if(legs, [&](const Leg& leg) { return excluded(leg, statement.value); });
  }
  std::vector<std::string> texts;
  for (const auto& leg : legs) {
    std::string text;
    for (const auto& [name, value] : leg) text += (text.empty() ? "" : ",") + name + "=" + value;
    texts.push_back(std::move(text));
  }
  auto inner = place;
  if (const auto* agent = section(body, "agent")) read_agent(*agent, inner);
  if (const auto* environment = section(body, "environment")) read_environment(environment->body, inner);
  auto own = condition;
  if (const auto* when = section(body, "when"))
    own = both(own, read_when(when->body, program_, constants_, when->line));
  if (texts.empty()) own = both(own, {Truth::never, "empty matrix", stage.line});
  const auto before = pipeline_.jobs.size();
  if (const auto* stages = section(body, "stages")) read_stages(stages->body, inner, own);
  for (auto i = before; i < pipeline_.jobs.size(); ++i) {
    pipeline_.jobs[i].legs = texts;
    pipeline_.jobs[i].matrix_emptied = texts.empty();
  }
}

void Reader::read_parallel(const std::vector<Statement>& body, const Place& place, const Condition& condition) {
  const auto before = needs_;
  for (const auto& statement : body) {
    needs_ = before;
    read_stage(statement.value, place, condition);
  }
  needs_ = needs_of_all(pipeline_.jobs);
}

void Reader::read_stages(const std::vector<Statement>& body, const Place& place, const Condition& condition) {
  for (const auto& statement : body) read_stage(statement.value, place, condition);
}

void Reader::read_stage(const Value& stage, const Place& outer, const Condition& condition) {
  if (stage.text != "stage" || !stage.has_body) return;
  const auto& body = stage.body;
  auto place = outer;
  auto own = condition;
  if (const auto* agent = section(body, "agent")) read_agent(*agent, place);
  if (const auto* environment = section(body, "environment")) read_environment(environment->body, place);
  if (const auto* options = section(body, "options")) read_options(options->body, place);
  if (const auto* when = section(body, "when"))
    own = both(own, read_when(when->body, program_, constants_, when->line));
  if (section(body, "input")) gates_.push_back(own);

  const auto* name = stage.positional(0);
  auto job = start(name ? filled(*name) : "stage", stage.line, place, own);
  if (const auto* steps = section(body, "steps")) read_steps(steps->body, {}, place, job);
  const auto first_inner = pipeline_.jobs.size();
  if (const auto* nested = section(body, "stages")) read_stages(nested->body, place, own);
  if (const auto* branches = section(body, "parallel")) read_parallel(branches->body, place, own);
  if (const auto* matrix = section(body, "matrix")) read_matrix(matrix->body, stage, place, own);
  for (auto i = first_inner; i < pipeline_.jobs.size(); ++i) {
    auto& inner = pipeline_.jobs[i];
    if (inner.stage == inner.id) inner.stage = job.id;
  }
  if (const auto* post = section(body, "post")) read_post(post->body, job);
  finish(std::move(job));
}

void Reader::read_declarative(const std::vector<Statement>& sections) {
  Place place;
  if (const auto* agent = section(sections, "agent")) read_agent(*agent, place);
  if (const auto* environment = section(sections, "environment")) read_environment(environment->body, place);
  if (const auto* options = section(sections, "options")) read_options(options->body, place);
  if (const auto* triggers = section(sections, "triggers")) read_triggers(*triggers);
  pipeline_.env = place.env;
  if (const auto* stages = section(sections, "stages")) read_stages(stages->body, place, {});
  if (const auto* post = section(sections, "post")) {
    auto job = start("post", post->line, place, {});
    job.gated = false;
    job.needs.clear();
    read_post(post->body, job);
    if (job.may_fail)  // it speaks for the whole build
      for (auto& other : pipeline_.jobs) other.may_fail = true;
    finish(std::move(job));
  }
}

void Reader::read() {
  for (const auto* name : {"push", "pull_request"}) pipeline_.events.push_back({name, {}, {}, 0});
  auto main = start("main", 1, {}, {});
  Scope scope;
  for (const auto& statement : program_.statements) {
    const auto& call = statement.value;
    if (call.kind == Kind::call && call.text == "pipeline" && call.has_body)
      read_declarative(call.body);
    else
      read_statement(statement, program_.statements, scope, {}, main);
    end_after(statement, scope);
  }
  main.needs.clear();
  finish(std::move(main));
  if (!forced_) return;
  for (auto& job : pipeline_.jobs) job.may_fail_sometimes = true;
}

void Reader::read_functions(const std::string& path, const Handed& handed) {
  for (const auto& [name, function] : functions_) {
    const auto known = pipeline_.jobs.size();
    for (const auto& statement : function->body) {
      const auto& call = statement.value;
      if (call.kind == Kind::call && call.text == "pipeline" && call.has_body) read_declarative(call.body);
    }
    for (std::size_t i = known; i < pipeline_.jobs.size(); ++i) pipeline_.jobs[i].path = path;
    if (pipeline_.jobs.size() > known) continue;  // a whole pipeline
    auto job = start(name, function->line, {}, {});
    job.id = path + ": " + name;
    job.path = path;
    if (const auto callers = handed.find(name); callers != handed.end())
      add_credentials(job.credentials, callers->second);
    read_steps(function->body, {}, {}, job);
    for (const auto& inner : job.steps) add_credentials(job.credentials, inner.credentials);
    finish(std::move(job));
  }
}

}  // namespace tollbar::pipeline::jenkins
