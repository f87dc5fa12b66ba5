// Cirrus CI: `.cirrus.yml`, every `task` as a job, its matrix as legs, its instructions in the order they are written.
#include <algorithm>
#include <array>
#include <set>

#include "pipeline/credentials.h"
#include "pipeline/readers/condition_logic.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"
#include "pipeline/readers/systems.h"
#include "text/pattern.h"

namespace tollbar::pipeline::cirrus {
namespace {

using document::Node;

constexpr std::size_t kMaxLegs = 256;

/// Kinds of machines; whatever is written below them says where the task runs.
constexpr std::array<std::string_view, 14> kMachines{"container",
                                                     "arm_container",
                                                     "windows_container",
                                                     "macos_instance",
                                                     "freebsd_instance",
                                                     "gce_instance",
                                                     "gke_container",
                                                     "ec2_instance",
                                                     "eks_container",
                                                     "compute_engine_instance",
                                                     "azure_container_instance",
                                                     "oci_container_instance",
                                                     "persistent_worker",
                                                     "docker_builder"};

bool is_task(std::string_view key) {
  return key == "task" || key.ends_with("_task") || key == "docker_builder" || key == "pipe";
}

bool is_machine(std::string_view key) {
  return std::find(kMachines.begin(), kMachines.end(), key) != kMachines.end();
}

/// `over` laid over `base`; `env` and machines are merged, everything else is replaced.
Node laid_over(const Node& base, const Node& over, int depth = 0) {
  Node result = base;
  result.hash = 0;
  for (const auto& member : over.members) {
    const auto key = member.key.text();
    const auto same = std::find_if(result.members.begin(), result.members.end(),
                                   [&](const document::Member& other) { return other.key.text() == key; });
    const bool merges = key == "env" || key == "environment" || is_machine(key);
    if (same == result.members.end()) {
      result.members.push_back(member);
    } else if (merges && depth == 0 && same->value.is_mapping() && member.value.is_mapping()) {
      same->value = laid_over(same->value, member.value, depth + 1);
    } else {
      same->value = member.value;
    }
  }
  return result;
}

/// A task in one combination of its matrices.
struct Variant {
  Node node;
  std::string text;
};

/// Replaces the first `matrix` found in the task or one level below by each of its entries.
std::vector<Variant> expand_once(const Variant& variant) {
  const auto label = [&](const Node& entry) {
    const auto text = entry.brief(kWholeText);
    return variant.text.empty() ? text : variant.text + ", " + text;
  };
  std::vector<Variant> result;
  if (const auto* matrix = variant.node.get("matrix")) {
    Node rest = variant.node;
    rest.hash = 0;
    std::erase_if(rest.members, [](const document::Member& member) { return member.key.text() == "matrix"; });
    for (const auto& entry : matrix->items) result.push_back({laid_over(rest, entry), label(entry)});
    if (matrix->is_mapping()) result.push_back({laid_over(rest, *matrix), label(*matrix)});
    return result;
  }
  for (std::size_t i = 0; i < variant.node.members.size(); ++i) {
    const Node& below = variant.node.members[i].value;
    for (std::size_t j = 0; below.is_mapping() && j < below.members.size(); ++j) {
      const Node& value = below.members[j].value;
      const bool direct = below.members[j].key.text() == "matrix";
      const auto* choices = direct ? &value : value.get("matrix");
      if (!choices || !choices->is_sequence()) continue;
      for (const auto& entry : choices->items) {
        Variant one{variant.node, label(entry)};
        one.node.hash = 0;
        Node& place = one.node.members[i].value;
        place.hash = 0;
        if (direct) {
          place.members.erase(place.members.begin() + static_cast<std::ptrdiff_t>(j));
          place = laid_over(place, entry, 1);
        } else {
          place.members[j].value = entry;
        }
        result.push_back(std::move(one));
      }
      return result;
    }
  }
  return {variant};
}

std::vector<Variant> variants_of(const Node& task) {
  std::vector<Variant> variants{{task, {}}};
  for (int round = 0; round < 8; ++round) {
    std::vector<Variant> more;
    bool changed = false;
    for (const auto& variant : variants) {
      auto expanded = expand_once(variant);
      changed = changed || expanded.size() != 1 || expanded.front().text != variant.text;
      for (auto& one : expanded) {
        if (more.size() < kMaxLegs) more.push_back(std::move(one));
      }
    }
    variants = std::move(more);
    if (!changed || variants.empty()) break;
  }
  return variants;
}

/// `only_if`, `skip` and the like.
Truth truth_of(const Node& node) {
  if (const auto constant = node.truth()) return *constant ? Truth::always : Truth::never;
  return fold_logic(node.text());
}

Condition read_condition(const Node& task) {
  Condition condition;
  if (const auto* only = task.get("only_if"); only && !only->is_null())
    condition = {truth_of(*only), text_of(only), only->line};
  if (const auto* skip = task.get("skip"); skip && !skip->is_null()) {
    auto truth = truth_of(*skip);
    truth = truth == Truth::always ? Truth::never : truth == Truth::never ? Truth::always : truth;
    condition = both(condition, {truth, "not " + text_of(skip), skip->line});
  }
  return condition;
}

struct TaskShell {
  ShellStart start;
  bool windows = false;
};

void add_script(std::string_view key, const Node& script, const TaskShell& shell, bool cleanup, Job& job) {
  const bool background = key.ends_with("_background_script");
  key.remove_suffix(std::min(key.size(), std::string_view(background ? "_background_script" : "_script").size()));
  Step step;
  step.name = key.empty() ? "script" : std::string(key);
  step.line = script.line;
  step.is_cleanup = cleanup;
  step.may_fail = background;
  give_script(script, shell.start, step);
  job.steps.push_back(std::move(step));
}

void read_instructions(const Node& node, const TaskShell& shell, bool cleanup, Job& job, int depth = 0) {
  for (const auto& member : node.members) {
    const auto key = member.key.text();
    const bool after = key == "on_failure" || key == "on_success" || key == "on_timeout";
    if (key.ends_with("script") && !member.value.is_mapping() && !member.value.is_null()) {
      add_script(key, member.value, shell, cleanup, job);
    } else if ((key == "always" || after) && member.value.is_mapping() && depth == 0) {
      read_instructions(member.value, shell, cleanup || after, job, depth + 1);
    } else if (key.ends_with("_cache") && member.value.is_mapping()) {
      if (const auto* populate = member.value.get("populate_script"))
        add_script("populate_script", *populate, shell, cleanup, job);
    }
  }
}

void read_machine(const Node& task, Job& job) {
  for (const auto& member : task.members) {
    const auto key = member.key.text();
    if (!is_machine(key)) continue;
    job.runner.line = member.key.line;
    const auto* image = member.value.get("image");
    const bool container = key.find("container") != std::string_view::npos;
    if (container) {
      const auto* dockerfile = member.value.get("dockerfile");
      job.image = text_of(image ? image : dockerfile);
      job.runner.labels.emplace_back(key);
      if (const auto* services = member.value.get("additional_containers")) {
        for (const auto& service : services->items) job.services.push_back(text_of(service.get("image")));
      }
    } else {
      for (const auto* name : {"image", "image_family", "image_name", "labels"}) {
        if (const auto* value = member.value.get(name))
          job.runner.labels.push_back(std::string(key) + " " + text_of(value));
      }
      if (job.runner.labels.empty()) job.runner.labels.emplace_back(key);
    }
  }
}

void read_credentials(const Node& task, Job& job) {
  VariableNames names{"cirrus-variable", "CIRRUS_", {}};
  for (const auto& [name, value] : job.env) {
    if (!value.starts_with("ENCRYPTED[")) continue;
    CredentialUse use;
    use.name = use.bound_to = name;
    use.source = "cirrus-encrypted";
    use.line = job.line;
    add_credentials(job.credentials, {use});
    names.defined.insert(name);
  }
  for (const auto* key : {"gcp_credentials", "aws_credentials", "registry_config"}) {
    if (const auto* value = task.get(key)) {
      CredentialUse use;
      use.kind = CredentialUse::Kind::service;
      use.name = key;
      use.source = "cirrus-encrypted";
      use.line = value->line;
      add_credentials(job.credentials, {use});
    }
  }
  add_named_credentials(job, std::move(names));
}

Job read_task(std::string_view key, const Node& written, const Node& defaults, std::set<std::string>& ids) {
  const auto variants = variants_of(laid_over(defaults, written));
  Job job;
  job.line = written.line;
  if (variants.empty()) {
    job.matrix_emptied = true;
  } else if (variants.size() > 1 || !variants.front().text.empty()) {
    for (const auto& variant : variants) job.legs.push_back(variant.text);
    std::sort(job.legs.begin(), job.legs.end());
  }
  const Node& task = variants.empty() ? written : variants.front().node;
  const auto* alias = task.get("alias");
  job.name = text_of(written.get("name"));
  std::string id = text_of(alias);
  if (id.empty()) id = key.ends_with("_task") ? std::string(key.substr(0, key.size() - 5)) : job.name;
  if (id.empty()) id = key;
  job.id = id;
  for (int number = 2; !ids.insert(job.id).second; ++number) job.id = id + "-" + std::to_string(number);

  job.condition = read_condition(task);
  job.gated = text_of(task.get("trigger_type")) == "manual";
  std::size_t soft = 0;
  bool depends = false;
  for (const auto& variant : variants) {
    const auto* allowed = variant.node.get("allow_failures");
    const auto truth = allowed && !allowed->is_null() ? truth_of(*allowed) : Truth::never;
    soft += truth == Truth::always ? 1u : 0u;
    depends = depends || truth == Truth::depends;
    read_machine(variant.node, job);
  }
  auto& labels = job.runner.labels;
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  job.may_fail = soft > 0 && soft == variants.size();
  job.may_fail_sometimes = !job.may_fail && (soft > 0 || depends);
  job.needs = texts_of(task.get("depends_on"));
  job.timeout = text_of(task.get("timeout_in"));
  job.concurrency = text_of(task.get("execution_lock"));
  for (const auto* name : {"env", "environment"}) {
    for (const auto& [variable, value] : text_map(task.get(name))) job.env[variable] = value;
  }
  TaskShell shell;
  shell.windows = task.get("windows_container") != nullptr;
  const auto own = job.env.find("CIRRUS_SHELL");
  shell.start = own != job.env.end() ? read_shell(own->second) : ShellStart{shell.windows ? "cmd" : "sh", true, false};
  if (own != job.env.end()) shell.start.errexit = true;
  read_instructions(task, shell, false, job);
  if (const auto* steps = task.get("steps")) {
    for (const auto& step : steps->items) read_instructions(step, shell, false, job);
  }
  read_credentials(task, job);
  return job;
}

std::vector<Event> usual_events() {
  std::vector<Event> events(3);
  events[0].name = "push";
  events[1].name = "pull_request";
  events[2].name = "tag";
  return events;
}

}  // namespace

bool is_live(std::string_view path) {
  return path == ".cirrus.yml" || path == ".cirrus.yaml";
}

std::vector<std::string> find(model::Tree& tree) {
  return existing_files(tree, {".cirrus.yml", ".cirrus.yaml"});
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::cirrus;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  // A file may hold many tasks under the same key.
  std::erase_if(pipeline.problems, [](const document::Problem& problem) {
    return problem.kind == document::Problem::Kind::duplicate_key &&
           (problem.message.ends_with(" task") || problem.message.ends_with("_task") ||
            problem.message.ends_with(" pipe"));
  });
  if (!document) return pipeline;
  const Node& root = document->root();
  Node defaults;
  defaults.kind = document::NodeKind::mapping;
  for (const auto& member : root.members) {
    if (!is_task(member.key.text())) defaults.members.push_back(member);
  }
  std::set<std::string> ids;
  for (const auto& member : root.members) {
    const auto key = member.key.text();
    if (!is_task(key) || !member.value.is_mapping()) continue;
    pipeline.jobs.push_back(read_task(key, member.value, defaults, ids));
  }
  // Tasks are required by their names.
  for (auto& job : pipeline.jobs) {
    for (auto& need : job.needs) {
      const auto named = std::find_if(pipeline.jobs.begin(), pipeline.jobs.end(),
                                      [&](const Job& other) { return other.name == need; });
      if (named != pipeline.jobs.end()) need = named->id;
    }
  }
  spread_gates(pipeline.jobs);
  pipeline.env = text_map(root.get("env"));
  pipeline.events = usual_events();
  return pipeline;
}

}  // namespace tollbar::pipeline::cirrus
