// Bitbucket Pipelines: `bitbucket-pipelines.yml`, every step of every section as a job that waits for those before it.
#include <algorithm>
#include <array>
#include <set>

#include "pipeline/credentials.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"
#include "pipeline/readers/systems.h"

namespace tollbar::pipeline::bitbucket {
namespace {

using document::Node;

constexpr std::size_t kMaxJobs = 500;

/// A group of pipelines: what starts them, and the filter that the key of each is.
struct Section {
  std::string_view key, event, filter;
};
constexpr std::array kSections{
    Section{"branches", "push", "branches"}, Section{"pull-requests", "pull_request", "branches"},
    Section{"tags", "tag", "tags"},          Section{"bookmarks", "push", "branches"},
    Section{"custom", "manual", {}},
};

/// What encloses a step: its stage, or nothing.
struct Surrounding {
  std::string stage, environment;
  Condition condition;
};

Condition changes_condition(const Node* condition) {
  if (!condition) return {};
  const auto* paths = condition->get({"changesets", "includePaths"});
  const auto texts = texts_of(paths);
  const bool all = std::find(texts.begin(), texts.end(), "**") != texts.end();
  return {all ? Truth::always : Truth::depends, condition->brief(kWholeText), condition->line};
}

class Reader {
 public:
  Reader(const Node& root, Pipeline& pipeline) : root_(root), pipeline_(pipeline) {}

  void read() {
    const auto* pipelines = root_.get("pipelines");
    if (!pipelines) return;
    if (const auto* steps = pipelines->get("default")) {
      Event push;
      push.name = "push";
      push.line = steps->line;
      read_list("default", *steps, push);
    }
    for (const auto& section : kSections) {
      for_each_member(pipelines->get(section.key), [&](std::string_view pattern, const Node& steps) {
        Event event;
        event.name = section.event;
        event.line = steps.line;
        if (!section.filter.empty() && pattern != "**")
          event.filters[std::string(section.filter)] = {std::string(pattern)};
        read_list(std::string(section.key) + "/" + std::string(pattern), steps, event);
      });
    }
  }

 private:
  void read_list(const std::string& place, const Node& steps, const Event& event) {
    place_ = place;
    event_ = &event;
    finished_.clear();
    running_.clear();
    gated_ = false;
    const Node* list = &steps;
    if (const auto* inner = steps.get("steps")) list = inner;
    for (const auto& item : list->items) read_item(item, {});
  }

  void read_item(const Node& item, const Surrounding& surrounding) {
    if (const auto* step = item.get("step")) {
      add_step(*step, surrounding);
      finish();
    } else if (const auto* parallel = item.get("parallel")) {
      const auto* steps = parallel->get("steps");
      const bool fail_fast = parallel->get("fail-fast") && parallel->get("fail-fast")->truth() == true;
      for (const auto& inner : (steps ? steps : parallel)->items) {
        if (const auto* written = inner.get("step")) add_step(*written, surrounding, fail_fast);
      }
      finish();
    } else if (const auto* stage = item.get("stage"); stage && !stage->get("stage")) {
      read_stage(*stage);
    } else if (const auto* variables = item.get("variables")) {
      for (const auto& variable : variables->items) {
        if (const auto* name = variable.get("name")) event_parameters_.insert(text_of(name));
      }
    }
  }

  void read_stage(const Node& stage) {
    Surrounding surrounding;
    surrounding.stage = text_of(stage.get("name"));
    surrounding.environment = text_of(stage.get("deployment"));
    surrounding.condition = changes_condition(stage.get("condition"));
    gated_ = gated_ || text_of(stage.get("trigger")) == "manual";
    const auto* steps = stage.get("steps");
    if (!steps) return;
    for (const auto& item : steps->items) {
      if (!item.get("stage")) read_item(item, surrounding);
    }
  }

  /// What runs next waits for all that ran so far.
  void finish() {
    finished_.insert(finished_.end(), running_.begin(), running_.end());
    running_.clear();
  }

  void add_step(const Node& node, const Surrounding& surrounding, bool fail_fast = false) {
    if (pipeline_.jobs.size() >= kMaxJobs || !node.is_mapping()) return;
    Job job;
    job.name = text_of(node.get("name"));
    job.id = unused_id(place_ + "/" + (job.name.empty() ? "step" : job.name));
    job.line = node.line;
    job.stage = surrounding.stage;
    job.events = {*event_};
    job.fail_fast = fail_fast;
    // A person starts the manual step, and so all that comes after it.
    gated_ = gated_ || text_of(node.get("trigger")) == "manual";
    job.gated = gated_;
    job.environment = text_of(node.get("deployment"));
    if (job.environment.empty()) job.environment = surrounding.environment;
    job.condition = both(surrounding.condition, changes_condition(node.get("condition")));
    const auto* strategy = node.get({"on-fail", "strategy"});
    job.may_fail = text_of(strategy) == "ignore";
    job.needs = finished_;
    read_machine(node, job);
    job.timeout = text_of(field(node, "max-time"));
    read_scripts(node, job);
    read_credentials(node, job);
    running_.push_back(job.id);
    pipeline_.jobs.push_back(std::move(job));
  }

  /// A key of the step, or what `options` or the root say for all.
  const Node* field(const Node& step, std::string_view key) const {
    if (const auto* own = step.get(key)) return own;
    if (const auto* option = root_.get({"options", key})) return option;
    return root_.get(key);
  }

  void read_machine(const Node& node, Job& job) const {
    for (const auto* key : {"runs-on", "size"}) {
      const auto* written = field(node, key);
      if (!written) continue;
      const auto labels = written->texts();
      job.runner.labels.insert(job.runner.labels.end(), labels.begin(), labels.end());
      if (job.runner.line == 0) job.runner.line = written->line;
    }
    std::sort(job.runner.labels.begin(), job.runner.labels.end());
    if (const auto* image = field(node, "image")) job.image = text_of(image->is_mapping() ? image->get("name") : image);
    job.services = texts_of(node.get("services"));
  }

  static void add_script(const Node& part, std::string_view name, bool& errexit, bool cleanup, Job& job) {
    Step step;
    step.name = name;
    step.line = part.line;
    step.is_cleanup = cleanup;
    give_script(part, {"bash", errexit, false}, step);
    if (switches_errexit_off(step.script)) errexit = false;
    job.steps.push_back(std::move(step));
  }

  static void add_pipe(const Node& item, bool cleanup, Job& job) {
    Step step;
    step.line = item.line;
    step.is_cleanup = cleanup;
    step.name = text_of(item.get("name"));
    auto written = text_of(item.get("pipe"));
    if (written.starts_with("docker://")) written.erase(0, std::string_view("docker://").size());
    const auto slash = written.rfind('/');
    const auto colon = written.find_first_of(":@", slash == std::string::npos ? 0 : slash);
    step.uses = written.substr(0, colon);
    if (colon != std::string::npos) step.uses_version = written.substr(colon + 1);
    step.with = text_map(item.get("variables"));
    job.steps.push_back(std::move(step));
  }

  /// Lines between two pipes share one shell.
  static void read_script(const Node* script, std::string_view name, bool cleanup, Job& job) {
    if (!script || script->is_null()) return;
    bool errexit = !cleanup;
    if (!script->is_sequence()) return add_script(*script, name, errexit, cleanup, job);
    Node lines;
    const auto flush = [&] {
      if (!lines.items.empty()) add_script(lines, name, errexit, cleanup, job);
      lines.items.clear();
    };
    lines.kind = document::NodeKind::sequence;
    for (const auto& item : script->items) {
      if (item.is_mapping() && item.get("pipe")) {
        flush();
        add_pipe(item, cleanup, job);
      } else {
        if (lines.items.empty()) lines.line = item.line;
        lines.items.push_back(item);
      }
    }
    flush();
  }

  static void read_scripts(const Node& node, Job& job) {
    read_script(node.get("script"), "script", false, job);
    read_script(node.get("after-script"), "after-script", true, job);
  }

  void read_credentials(const Node& node, Job& job) const {
    VariableNames names{"bitbucket-variable", "BITBUCKET_", event_parameters_};
    if (const auto* oidc = node.get("oidc"); oidc && oidc->truth() == true) {
      CredentialUse use;
      use.kind = CredentialUse::Kind::identity;
      use.name = "BITBUCKET_STEP_OIDC_TOKEN";
      use.source = "oidc";
      use.line = oidc->line;
      job.credentials.push_back(std::move(use));
    }
    if (const auto* image = field(node, "image"); image && image->is_mapping())
      add_credentials(job.credentials, named_credentials(*image, "image", names));
    add_named_credentials(job, std::move(names));
    if (job.environment.empty()) return;
    for (auto& use : job.credentials) {
      if (use.kind == CredentialUse::Kind::secret) use.scope = "environment " + job.environment;
    }
  }

  std::string unused_id(const std::string& wanted) {
    auto id = wanted;
    for (int number = 2; !ids_.insert(id).second; ++number) id = wanted + "-" + std::to_string(number);
    return id;
  }

  const Node& root_;
  Pipeline& pipeline_;
  std::string place_;
  const Event* event_ = nullptr;
  std::vector<std::string> finished_, running_;
  bool gated_ = false;
  std::set<std::string> ids_, event_parameters_;
};

}  // namespace

bool is_live(std::string_view path) {
  return path == "bitbucket-pipelines.yml";
}

std::vector<std::string> find(model::Tree& tree) {
  return existing_files(tree, {"bitbucket-pipelines.yml"});
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::bitbucket;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  Reader(document->root(), pipeline).read();
  pipeline.events = events_of_jobs(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::bitbucket
