// AppVeyor: `appveyor.yml`, its images, platforms, configurations and environments as legs of one job.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::appveyor {
namespace {

using document::Node;

constexpr std::size_t kMaxLegs = 1024;
constexpr std::array<std::string_view, 4> kPaths{"appveyor.yml", ".appveyor.yml", "appveyor.yaml", ".appveyor.yaml"};

struct Phase {
  std::string_view name;
  std::string_view switch_name;  ///< key that turns the phase off
  bool cleanup;                  ///< runs after the verdict
};
constexpr std::array kPhases{
    Phase{"init", {}, false},          Phase{"install", {}, false},          Phase{"before_build", "build", false},
    Phase{"build_script", {}, false},  Phase{"after_build", "build", false}, Phase{"before_test", "test", false},
    Phase{"test_script", {}, false},   Phase{"after_test", "test", false},   Phase{"before_deploy", "deploy", false},
    Phase{"deploy_script", {}, false}, Phase{"after_deploy", {}, false},     Phase{"on_success", {}, true},
    Phase{"on_failure", {}, true},     Phase{"on_finish", {}, true},
};

bool is_off(const Node* node) {
  return node && node->is_scalar() && node->truth() == false;
}

bool runs_on_windows(const Node& root) {
  const auto images = texts_of(root.get("image"));
  return images.empty() || std::any_of(images.begin(), images.end(), [](const std::string& image) {
           return image.find("Visual Studio") != std::string::npos || image.find("Windows") != std::string::npos;
         });
}

/// Consecutive one-line entries for one shell run as one script, each of them fatal; a longer entry is a batch file of
/// its own, of which only the last command counts.
class PhaseReader {
 public:
  PhaseReader(const Phase& phase, bool windows, Job& job) : phase_(phase), windows_(windows), job_(job) {}

  void read(const Node& node) {
    if (node.is_scalar()) add(node, default_shell());
    for (const auto& item : node.items) {
      if (item.is_scalar()) add(item, default_shell());
      if (!item.is_mapping()) continue;
      for (const auto& member : item.members) {
        if (member.value.is_scalar()) add(member.value, shell_of(member.key.text()));
      }
    }
    flush();
  }

 private:
  std::string default_shell() const { return windows_ ? "cmd" : "bash"; }

  static std::string shell_of(std::string_view key) {
    if (key == "ps") return "powershell";
    return key == "sh" ? "bash" : std::string(key);
  }

  void add(const Node& text, const std::string& shell) {
    const bool long_entry =
        text.scalar.find('\n') != std::string::npos && text.scalar.find('\n') + 1 < text.scalar.size();
    if (shell != shell_ || long_entry) flush();
    shell_ = shell;
    pending_.items.push_back(text);
    if (long_entry) flush(shell == "bash");
  }

  void flush(bool errexit = true) {
    if (pending_.items.empty()) return;
    Step step;
    step.name = phase_.name;
    step.line = pending_.items.front().line;
    step.is_cleanup = phase_.cleanup;
    pending_.kind = document::NodeKind::sequence;
    give_script(pending_, {shell_, errexit, false}, step);
    job_.steps.push_back(std::move(step));
    pending_.items.clear();
  }

  const Phase& phase_;
  bool windows_;
  Job& job_;
  Node pending_;
  std::string shell_;
};

void add_tool(const Node* node, std::string_view name, Job& job) {
  if (!node || !node->is_mapping()) return;
  Step step;
  step.name = name;
  step.uses = "appveyor:" + std::string(name);
  step.line = node->line;
  step.with = text_map(node);
  job.steps.push_back(std::move(step));
}

void collect_secure(const Node& node, std::string_view bound_to, std::vector<CredentialUse>& found) {
  if (const auto* secure = node.get("secure")) {
    CredentialUse use;
    use.name = bound_to.empty() ? "secure:" + text_of(secure).substr(0, 16) : std::string(bound_to);
    use.source = "appveyor-secure";
    use.bound_to = bound_to;
    use.line = secure->line;
    return add_credentials(found, {use});
  }
  for (const auto& item : node.items) collect_secure(item, bound_to, found);
  for (const auto& member : node.members) collect_secure(member.value, member.key.text(), found);
}

void add_deployments(const Node* deploy, Job& job) {
  if (!deploy || is_off(deploy)) return;
  const auto add = [&](const Node& node) {
    Step step;
    step.name = "deploy";
    step.line = node.line;
    step.uses = "deploy:" + text_of(node.is_mapping() ? node.get("provider") : &node);
    step.with = text_map(&node);
    if (const auto* on = node.get("on")) step.condition = {Truth::depends, on->brief(kWholeText), on->line};
    collect_secure(node, {}, step.credentials);
    job.steps.push_back(std::move(step));
  };
  if (deploy->is_sequence()) {
    for (const auto& item : deploy->items) add(item);
  } else if (!deploy->is_null()) {
    add(*deploy);
  }
}

void read_environment(const Node* environment, Job& job) {
  if (!environment) return;
  for_each_member(environment, [&](std::string_view name, const Node& value) {
    if (name == "matrix") return;
    if (name == "global") {
      job.env = merged(std::move(job.env), text_map(&value));
    } else if (!value.is_mapping()) {
      job.env[std::string(name)] = text_of(&value);
    }
  });
  collect_secure(*environment, {}, job.credentials);
}

void read_steps(const Node& root, bool windows, Job& job) {
  for (const auto& phase : kPhases) {
    if (phase.name == "build_script" && !root.get("build_script")) add_tool(root.get("build"), "build", job);
    if (phase.name == "test_script" && !root.get("test_script")) add_tool(root.get("test"), "test", job);
    if (phase.name == "deploy_script") add_deployments(root.get("deploy"), job);
    const auto* node = root.get(phase.name);
    if (!node || is_off(node) || (!phase.switch_name.empty() && is_off(root.get(phase.switch_name)))) continue;
    PhaseReader(phase, windows, job).read(*node);
  }
}

/// Legs as mappings from dimension to value.
using Leg = StringMap;

std::vector<Leg> expand(const Node& root) {
  std::vector<Leg> legs{{}};
  const auto multiply = [&](const std::vector<Leg>& values) {
    if (values.empty()) return;
    std::vector<Leg> product;
    for (const auto& leg : legs) {
      for (const auto& value : values) {
        if (product.size() < kMaxLegs) product.push_back(merged(leg, value));
      }
    }
    legs = std::move(product);
  };
  for (const auto* key : {"image", "os", "platform", "configuration"}) {
    std::vector<Leg> values;
    const auto* node = root.get(key);
    if (!node || !node->is_sequence()) continue;
    for (const auto& text : node->texts()) values.push_back({{key, text}});
    multiply(values);
  }
  std::vector<Leg> environments;
  if (const auto* matrix = root.get({"environment", "matrix"})) {
    for (const auto& entry : matrix->items) {
      if (entry.is_mapping()) environments.push_back(text_map(&entry));
    }
  }
  multiply(environments);
  return legs;
}

/// An entry of `allow_failures`, `exclude` or `only` covers a leg that has all its values.
bool covers(const Node& entry, const Leg& leg) {
  return entry.is_mapping() && !entry.members.empty() &&
         std::all_of(entry.members.begin(), entry.members.end(), [&](const document::Member& member) {
           const auto value = leg.find(std::string(member.key.text()));
           return value != leg.end() && value->second == text_of(&member.value);
         });
}

bool covered(const Node* entries, const Leg& leg) {
  return entries && std::any_of(entries->items.begin(), entries->items.end(),
                                [&](const Node& entry) { return covers(entry, leg); });
}

std::string text_of_leg(const Leg& leg) {
  std::string text;
  for (const auto& [name, value] : leg) text += (text.empty() ? "" : ",") + name + "=" + value;
  return text;
}

/// Dimensions with one value, which every leg has.
Leg fixed_values(const Node& root) {
  Leg fixed;
  for (const auto* key : {"image", "os", "platform", "configuration"})
    if (const auto* node = root.get(key); node && node->is_scalar()) fixed[key] = text_of(node);
  return fixed;
}

void read_legs(const Node& root, Job& job) {
  auto legs = expand(root);
  const auto fixed = fixed_values(root);
  const bool written = legs.size() > 1 || !legs.front().empty();
  std::erase_if(legs, [&](const Leg& leg) { return covered(root.get({"matrix", "exclude"}), merged(fixed, leg)); });
  job.matrix_emptied = legs.empty();
  const auto* allowed = root.get({"matrix", "allow_failures"});
  std::size_t soft = 0;
  for (const auto& leg : legs) {
    if (written) job.legs.push_back(text_of_leg(leg));
    if (covered(allowed, merged(fixed, leg))) ++soft;
  }
  std::sort(job.legs.begin(), job.legs.end());
  job.may_fail = soft > 0 && soft == legs.size();
  job.may_fail_sometimes = soft > 0 && !job.may_fail;
}

void read_runner(const Node& root, const std::vector<std::string>& legs, Job& job) {
  for (const auto* key : {"image", "os"}) {
    if (const auto* node = root.get(key)) {
      auto labels = node->texts();
      job.runner.labels.insert(job.runner.labels.end(), labels.begin(), labels.end());
      job.runner.line = node->line;
    }
  }
  constexpr std::string_view kImage = "APPVEYOR_BUILD_WORKER_IMAGE=";
  for (const auto& leg : legs) {
    const auto at = leg.find(kImage);
    if (at == std::string::npos) continue;
    const auto begin = at + kImage.size();
    job.runner.labels.push_back(leg.substr(begin, leg.find(',', begin) - begin));
  }
  auto& labels = job.runner.labels;
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

Job read_job(const Node& root) {
  Job job;
  job.id = "build";
  job.line = root.line;
  read_legs(root, job);
  read_runner(root, job.legs, job);
  read_environment(root.get("environment"), job);
  const auto* fast = root.get({"matrix", "fast_finish"});
  job.fail_fast = fast && fast->truth() == true;
  const bool linux = !runs_on_windows(root);
  read_steps(root, !linux, job);
  VariableNames names{"appveyor-variable", "APPVEYOR_", {}};
  if (const auto* matrix = root.get({"environment", "matrix"})) {
    for (const auto& entry : matrix->items) {
      for (const auto& member : entry.members) names.defined.emplace(member.key.text());
    }
  }
  // A variable held as `secure:` is named where it is defined.
  for (const auto& use : job.credentials) names.defined.insert(use.bound_to);
  for (const auto& step : job.steps) add_credentials(job.credentials, step.credentials);
  add_named_credentials(job, std::move(names));
  return job;
}

/// A configuration laid over the common one: what `for` and a list of configurations with own branches say.
Node laid_over(const Node& over, const Node& base) {
  Node result = base;
  result.hash = 0;
  for (const auto& member : over.members) {
    std::erase_if(result.members, [&](const document::Member& other) { return other.key.text() == member.key.text(); });
    result.members.push_back(member);
  }
  return result;
}

std::vector<Event> read_events(const Node& root) {
  const auto said = [&](std::string_view key) {
    const auto* node = root.get(key);
    return node && node->truth() == true;
  };
  std::vector<Event> events;
  for (const auto* name : {"push", "pull_request", "tag"}) {
    const bool tag = std::string_view(name) == "tag";
    if (tag ? said("skip_tags") : said("skip_non_tags")) continue;
    Event event;
    event.name = name;
    if (const auto* only = root.get({"branches", "only"})) event.filters["branches"] = only->texts();
    if (const auto* except = root.get({"branches", "except"})) event.filters["branches-ignore"] = except->texts();
    if (const auto* files = root.get({"only_commits", "files"})) event.filters["paths"] = files->texts();
    if (const auto* files = root.get({"skip_commits", "files"})) event.filters["paths-ignore"] = files->texts();
    for (auto& [key, values] : event.filters) {
      for (auto& value : values) {
        if (value == "/.*/") value = "**";
      }
    }
    if (const auto* branches = root.get("branches")) event.line = branches->line;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

bool is_live(std::string_view path) {
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
}

std::vector<std::string> find(model::Tree& tree) {
  return existing_files(tree, {kPaths.begin(), kPaths.end()});
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::appveyor;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  pipeline.events = read_events(root);
  if (root.members.empty()) return pipeline;
  auto common = read_job(root);
  const auto common_legs = expand(root);
  if (const auto* variants = root.get("for")) {
    std::size_t number = 0;
    for (const auto& variant : variants->items) {
      if (!variant.is_mapping()) continue;
      Job job = read_job(laid_over(variant, root));
      job.id = "build-" + std::to_string(++number);
      job.line = variant.line;
      const auto* only = variant.get({"matrix", "only"});
      job.legs.clear();
      for (const auto& leg : common_legs) {
        if (!only || covered(only, leg)) job.legs.push_back(text_of_leg(leg));
      }
      if (only) {
        std::erase_if(common.legs, [&](const std::string& leg) {
          return std::find(job.legs.begin(), job.legs.end(), leg) != job.legs.end();
        });
      }
      if (variant.get("branches")) job.events = read_events(laid_over(variant, root));
      pipeline.jobs.push_back(std::move(job));
    }
  }
  const bool all_taken = common.legs.empty() && !pipeline.jobs.empty() && common_legs.size() > 1;
  if (!all_taken) pipeline.jobs.insert(pipeline.jobs.begin(), std::move(common));
  return pipeline;
}

}  // namespace tollbar::pipeline::appveyor
