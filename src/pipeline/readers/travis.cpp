// Travis CI: `.travis.yml`, its matrix as legs of one job, the jobs listed under `jobs.include` each as a job.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/condition_logic.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"
#include "text/pattern.h"

namespace tollbar::pipeline::travis {
namespace {

using document::Node;

struct Phase {
  std::string_view name;
  bool cleanup;  ///< its failure never counts
};
constexpr std::array kPhases{
    Phase{"before_install", false}, Phase{"install", false},      Phase{"before_script", false},
    Phase{"script", false},         Phase{"after_success", true}, Phase{"after_failure", true},
    Phase{"before_deploy", false},  Phase{"after_deploy", true},  Phase{"after_script", true},
};

struct DefaultScript {
  std::string_view language, script;
};
constexpr std::array kDefaultScripts{
    DefaultScript{"node_js", "npm test"},
    DefaultScript{"javascript", "npm test"},
    DefaultScript{"ruby", "rake"},
    DefaultScript{"go", "go test -v ./..."},
    DefaultScript{"rust", "cargo build --verbose && cargo test --verbose"},
    DefaultScript{"java", "mvn test -B"},
    DefaultScript{"php", "phpunit"},
    DefaultScript{"c", "./configure && make && make test"},
    DefaultScript{"cpp", "./configure && make && make test"},
    DefaultScript{"perl", "make test"},
    DefaultScript{"elixir", "mix test"},
    DefaultScript{"haskell", "cabal test"},
};

// Keys of which every value in a list is a job of its own.
constexpr std::array<std::string_view, 14> kExpanding{"os",  "arch", "node_js", "python",   "rvm",  "ruby",  "go",
                                                      "php", "jdk",  "perl",    "compiler", "rust", "scala", "dist"};

std::string default_script(const Node& root) {
  const auto language = text_of(root.get("language"));
  const std::string_view known = language.empty() ? std::string_view("ruby") : std::string_view(language);
  for (const auto& entry : kDefaultScripts) {
    if (entry.language == known) return std::string(entry.script);
  }
  return {};
}

/// `env` as written: a text of assignments, a list of them, or a mapping of names.
StringMap assignments(const Node* env) {
  StringMap result;
  if (!env) return result;
  if (env->is_mapping()) return text_map(env);
  for (const auto& text : texts_of(env)) {
    for (const auto& command : document::parse_shell(text).commands) {
      for (const auto& assignment : command.assignments) result[assignment.name] = assignment.value.text;
    }
  }
  return result;
}

const Node* jobs_of(const Node& root) {
  const auto* jobs = root.get("jobs");
  return jobs ? jobs : root.get("matrix");
}

/// `secure` values, encrypted by Travis: who holds the repository's key on Travis can use them.
void collect_secure(const Node& node, std::string_view key, std::vector<CredentialUse>& found) {
  for (const auto& item : node.items) collect_secure(item, key, found);
  for (const auto& member : node.members) {
    if (member.key.text() != "secure" || !member.value.is_scalar()) {
      collect_secure(member.value, member.key.text(), found);
      continue;
    }
    CredentialUse use;
    use.name = "secure:" + member.value.scalar.substr(0, 16);
    use.source = "travis-secure";
    use.bound_to = key;
    use.line = member.value.line;
    add_credentials(found, {use});
  }
}

std::vector<CredentialUse> variable_credentials(const Step& step, const StringMap& defined) {
  std::vector<CredentialUse> found;
  for (const auto& name : variables_in(step.run)) {
    if (!looks_like_credential(name) || defined.count(name) != 0 || name.starts_with("TRAVIS_")) continue;
    CredentialUse use;
    use.name = name;
    use.source = "travis-variable";
    use.line = step.run_line;
    add_credentials(found, {use});
  }
  return found;
}

/// Travis looks at the status of each entry as a whole: of `make test && mv a b` the first failure counts as well,
/// which errexit alone lets pass; of `make test; mv a b` only the last command's does, unless errexit is set.
Node judged_as_a_whole(Node section, bool errexit) {
  const auto judge = [errexit](Node& entry) {
    std::string& text = entry.scalar;
    if (!entry.is_scalar()) return;
    const bool plain = text.find_first_of("\n#|") == std::string::npos && !text.ends_with('&');
    const bool several = text.find(';') != std::string::npos;
    if (plain && !several && text.find("&&") != std::string::npos) text += " || exit 1";
    if (!plain || !several || errexit) return;
    text = "{ " + text.substr(0, text.find_last_not_of("; ") + 1) + "; } || exit 1";
  };
  judge(section);
  for (auto& entry : section.items) judge(entry);
  return section;
}

void add_script(const Phase& phase, std::string_view text, std::string_view padded, std::uint32_t line, Job& job) {
  Step step;
  step.name = phase.name;
  step.run = text;
  step.line = step.run_line = line;
  step.shell = "bash";
  step.is_cleanup = phase.cleanup;
  // Lines run one by one and each counts, which is what errexit says of them.
  step.script = document::parse_shell(padded, {true, false, line});
  step.credentials = variable_credentials(step, job.env);
  add_credentials(job.credentials, step.credentials);
  job.steps.push_back(std::move(step));
}

Condition read_condition(const Node* node) {
  Condition condition;
  if (!node) return condition;
  condition.line = node->line;
  condition.text = text_of(node);
  const auto constant = node->truth();
  condition.truth = !constant ? fold_logic(condition.text) : *constant ? Truth::always : Truth::never;
  return condition;
}

void add_deploys(const Node* deploy, Job& job) {
  if (!deploy) return;
  const auto add = [&](const Node& node) {
    Step step;
    step.name = "deploy";
    step.line = node.line;
    step.uses = "deploy:" + text_of(node.is_mapping() ? node.get("provider") : &node);
    step.with = text_map(&node);
    if (const auto* on = node.get("on")) {
      step.condition = {Truth::depends, on->brief(kWholeText), on->line};
    }
    collect_secure(node, "deploy", step.credentials);
    add_credentials(job.credentials, step.credentials);
    job.steps.push_back(std::move(step));
  };
  if (deploy->is_mapping() || deploy->is_scalar()) add(*deploy);
  for (const auto& item : deploy->items) add(item);
}

void read_body(const Node& own, const Node& root, Job& job) {
  const auto field = [&](std::string_view key) {
    const auto* node = own.get(key);
    return node ? node : root.get(key);
  };
  for (const auto* env : {root.get({"env", "global"}), own.get("env")}) {
    if (!env) continue;
    collect_secure(*env, "env", job.credentials);
    job.env = merged(std::move(job.env), assignments(env));
  }
  static const text::Pattern errexit(R"(\bset\s+-(?:[a-z]*e|o\s+errexit))");
  const bool has_errexit = std::any_of(kPhases.begin(), kPhases.end(), [&](const Phase& phase) {
    const auto* node = field(phase.name);
    return node != nullptr && errexit.matches(read_section(*node).text);
  });
  for (const auto& phase : kPhases) {
    const auto* node = field(phase.name);
    if (node && !node->is_null() && !node->truth()) {
      const auto section = read_section(*node);
      add_script(phase, section.text, read_section(judged_as_a_whole(*node, has_errexit)).padded, section.line, job);
    } else if (phase.name == "script" && !node) {
      const auto script = default_script(own.get("language") ? own : root);
      if (!script.empty()) add_script(phase, script, script, job.line, job);
    }
  }
  add_deploys(field("deploy"), job);
  for (const auto* key : {"os", "dist", "arch"}) {
    for (auto& label : texts_of(field(key))) job.runner.labels.push_back(std::move(label));
  }
  std::sort(job.runner.labels.begin(), job.runner.labels.end());
  if (const auto* os = field("os")) job.runner.line = os->line;
}

/// Every entry of `allow_failures` names values; what has all of them may fail.
bool names_all(const Node& entry, const std::string& leg) {
  const auto parts = "," + leg + ",";
  return entry.is_mapping() && !entry.members.empty() &&
         std::all_of(entry.members.begin(), entry.members.end(), [&](const document::Member& member) {
           return parts.find("," + std::string(member.key.text()) + "=" + text_of(&member.value) + ",") !=
                  std::string::npos;
         });
}

/// Some entry of `allow_failures` does, or the only one, which needs no list.
bool covered(const Node& allowed, const std::string& leg) {
  return names_all(allowed, leg) || std::any_of(allowed.items.begin(), allowed.items.end(),
                                                [&](const Node& entry) { return names_all(entry, leg); });
}

std::vector<std::string> expand(const Node& root) {
  std::vector<std::string> legs{""};
  const auto multiply = [&](std::string_view key, const std::vector<std::string>& values) {
    std::vector<std::string> product;
    for (const auto& leg : legs) {
      for (const auto& value : values) {
        if (product.size() < 1024) product.push_back((leg.empty() ? "" : leg + ",") + std::string(key) + "=" + value);
      }
    }
    legs = std::move(product);
  };
  std::vector<std::string_view> keys(kExpanding.begin(), kExpanding.end());
  std::sort(keys.begin(), keys.end());
  const auto* env = root.get("env");
  const auto* variants = env && env->is_mapping() ? env->get("jobs") ? env->get("jobs") : env->get("matrix") : env;
  if (variants && variants->is_sequence() && variants->items.size() > 1) multiply("env", variants->texts());
  for (const auto key : keys) {
    const auto* values = root.get(key);
    if (values && values->is_sequence() && !values->items.empty()) multiply(key, values->texts());
  }
  if (legs.size() == 1 && legs.front().empty()) legs.clear();
  return legs;
}

/// What every variant sets alike; what differs is known by the legs alone.
StringMap shared_assignments(const Node& env) {
  StringMap shared = assignments(&env);
  for (const auto& item : env.items) {
    const auto own = assignments(&item);
    std::erase_if(shared, [&](const auto& pair) {
      const auto found = own.find(pair.first);
      return found == own.end() || found->second != pair.second;
    });
  }
  return shared;
}

/// `go: "1.22"`, one value where there could be many: all jobs have it, so that entries of `allow_failures` may name
/// it.
std::string values_of_all(const Node& root) {
  std::vector<std::string_view> keys(kExpanding.begin(), kExpanding.end());
  keys.insert(keys.end(), {"env", "language"});
  std::string leg;
  for (const auto key : keys) {
    const auto* node = root.get(key);
    const auto values = node && !node->is_mapping() ? texts_of(node) : std::vector<std::string>();
    if (values.size() == 1) leg += "," + std::string(key) + "=" + values.front();
  }
  return leg;
}

Job read_matrix_job(const Node& root, const Node* allowed) {
  Job job;
  job.id = "test";
  job.stage = "test";
  job.line = root.line;
  job.legs = expand(root);
  read_body({}, root, job);
  if (const auto* env = root.get("env"); env && !env->get("global"))
    job.env = merged(std::move(job.env), shared_assignments(*env));
  if (!allowed) return job;
  const auto common = values_of_all(root);
  const std::vector<std::string> legs = job.legs.empty() ? std::vector<std::string>{""} : job.legs;
  const auto soft =
      std::count_if(legs.begin(), legs.end(), [&](const std::string& leg) { return covered(*allowed, leg + common); });
  job.may_fail = soft > 0 && static_cast<std::size_t>(soft) == legs.size();
  job.may_fail_sometimes = soft > 0 && !job.may_fail;
  return job;
}

/// What a listed job without variables of its own has: the first variant of those at the top.
StringMap inherited_env(const Node& root) {
  const auto* env = root.get("env");
  if (!env || env->get("global") || env->get("jobs") || env->get("matrix")) return {};
  return assignments(env->is_sequence() && !env->items.empty() ? &env->items.front() : env);
}

/// `env=GROUP=1,python=3.6`: what tells a listed job from the others of its stage, wherever in the list it stands.
std::string variant_of(const Node& node) {
  std::vector<std::string_view> keys(kExpanding.begin(), kExpanding.end());
  keys.insert(keys.end(), {"env", "language"});
  std::sort(keys.begin(), keys.end());
  std::string variant;
  for (const auto key : keys) {
    const auto* value = node.get(key);
    if (value) variant += (variant.empty() ? "" : ",") + std::string(key) + "=" + value->brief(kWholeText);
  }
  return variant;
}

std::string listed_id(const Job& job, const Node& node, const std::vector<Job>& others) {
  const std::string variant = variant_of(node);
  const std::string id = !job.name.empty() ? job.name : variant.empty() ? job.stage : job.stage + " " + variant;
  const auto is_taken = [&](const std::string& wanted) {
    return std::any_of(others.begin(), others.end(), [&](const Job& other) { return other.id == wanted; });
  };
  std::string free = id;
  for (std::size_t number = 2; is_taken(free); ++number) free = id + "-" + std::to_string(number);
  return free;
}

Job read_listed_job(const Node& node, const Node& root, const Node* allowed, const std::vector<Job>& others) {
  Job job;
  job.name = text_of(node.get("name"));
  job.stage = text_of(node.get("stage"));
  if (job.stage.empty()) job.stage = "test";
  job.id = listed_id(job, node, others);
  job.line = node.line;
  job.condition = read_condition(node.get("if"));
  if (!node.get("env")) job.env = inherited_env(root);
  read_body(node, root, job);
  std::string leg;
  for (const auto& member : node.members)
    leg += (leg.empty() ? "" : ",") + std::string(member.key.text()) + "=" + text_of(&member.value);
  job.may_fail = allowed && covered(*allowed, leg);
  return job;
}

/// Pushes, pull requests and tags, as far as `branches` lets them through.
std::vector<Event> read_events(const Node& root) {
  std::vector<Event> events(3);
  events[0].name = "push";
  events[1].name = "pull_request";
  events[2].name = "tag";
  for (auto& event : events) {
    if (const auto* only = root.get({"branches", "only"})) event.filters["branches"] = only->texts();
    if (const auto* except = root.get({"branches", "except"})) event.filters["branches-ignore"] = except->texts();
  }
  return events;
}

}  // namespace

bool is_live(std::string_view path) {
  return path == ".travis.yml";
}

std::vector<std::string> find(model::Tree& tree) {
  return existing_files(tree, {".travis.yml"});
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::travis;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  pipeline.events = read_events(root);
  pipeline.condition = read_condition(root.get("if"));
  pipeline.env = assignments(root.get({"env", "global"}));
  for (auto& import : texts_of(root.get("import"))) pipeline.includes.push_back(std::move(import));

  const auto* jobs = jobs_of(root);
  const auto* allowed = jobs ? jobs->get("allow_failures") : nullptr;
  const auto* listed = jobs ? jobs->get("include") : nullptr;
  auto matrix = read_matrix_job(root, allowed);
  const bool expands = !matrix.legs.empty() || !listed || listed->items.empty();
  if (expands && !root.members.empty()) pipeline.jobs.push_back(std::move(matrix));
  if (listed) {
    for (const auto& item : listed->items) {
      if (item.is_mapping()) pipeline.jobs.push_back(read_listed_job(item, root, allowed, pipeline.jobs));
    }
  }
  return pipeline;
}

}  // namespace tollbar::pipeline::travis
