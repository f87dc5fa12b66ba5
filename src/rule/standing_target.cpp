// A table of commands that choose, and of variables that name where programs act.
#include "rule/standing_target.h"

#include <algorithm>
#include <array>

#include "document/command_identity.h"
#include "document/far_commands.h"
#include "text/ascii.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

struct Choice {
  std::string_view program;
  std::string_view words;       ///< that follow the program, in this order, perhaps among others
  std::string_view means = {};  ///< what is chosen; else the words of the command say it
};
/// A cluster that lives no longer than the job.
constexpr std::string_view own_cluster = "minikube";
constexpr std::array choices{
    Choice{"terraform", "workspace select"},
    Choice{"tofu", "workspace select"},
    Choice{"terraform", "taint"},
    Choice{"tofu", "taint"},
    Choice{"pulumi", "stack select"},
    Choice{"kubectl", "config use-context"},
    Choice{"kubectl", "config set-context"},
    Choice{"kind", "create cluster", own_cluster},
    Choice{"k3d", "cluster create", own_cluster},
    Choice{"minikube", "start", own_cluster},
    Choice{"kubectx", ""},
    Choice{"kubens", ""},
    Choice{"oc", "project"},
    Choice{"docker", "context use"},
    Choice{"gcloud", "config set"},
    Choice{"gcloud", "clusters get-credentials"},
    Choice{"az", "account set"},
    Choice{"az", "aks get-credentials"},
    Choice{"aws", "eks update-kubeconfig"},
    Choice{"doctl", "cluster kubeconfig"},
};

bool names_target(std::string_view variable) {
  static const text::Pattern names(
      R"((?i)^(?:AWS_PROFILE|TF_WORKSPACE|KUBECONFIG|KUBE_?CONTEXT|HELM_KUBECONTEXT|CLOUDSDK_\w+|PULUMI_STACK|PGHOST|MYSQL_HOST|DATABASE_URL|DB_HOST|DOCKER_(?:HOST|CONTEXT)|(?:\w+_)?(?:ENV|ENVIRONMENT|STAGE|WORKSPACE|NAMESPACE|CLUSTER))$)");
  return names.matches(variable);
}

void tell(document::Command& command, std::string_view where) {
  if (!where.empty())
    command.assignments.push_back({std::string(document::standing_place), {std::string(where), false, false, 0}});
}

/// `terraform plan -destroy -out=x`: what applies it destroys.
bool plans_to_destroy(const std::vector<document::Word>& argv) {
  const auto has = [&](std::string_view begin) {
    return std::any_of(argv.begin(), argv.end(), [&](const document::Word& word) {
      const auto at = word.text.find_first_not_of('-');
      return at > 0 && at != std::string::npos && std::string_view(word.text).substr(at).starts_with(begin);
    });
  };
  const bool plans =
      std::any_of(argv.begin(), argv.end(), [](const document::Word& word) { return word.text == "plan"; });
  return plans && has("destroy") && has("out");
}

/// `kubectl` and what it chose; the name of a variable and its value. Nothing that is only known when it runs.
std::vector<std::pair<std::string, std::string>> chosen_by(const document::Command& command) {
  std::vector<std::pair<std::string, std::string>> chosen;
  const auto add_variable = [&](std::string_view name, const std::string& value) {
    if (names_target(name) && value.find('$') == std::string::npos) chosen.emplace_back(name, value);
  };
  if (command.argv.empty())
    for (const auto& assignment : command.assignments) add_variable(assignment.name, assignment.value.text);
  const auto argv = document::essential(command);
  if (argv.empty()) return chosen;
  const auto program = text::base_name(argv.front().text);
  if (text::is_one_of(program, {"export", "declare", "readonly"}))
    for (const auto& word : argv)
      if (const auto equals = word.text.find('='); equals != std::string::npos)
        add_variable(std::string_view(word.text).substr(0, equals), word.text.substr(equals + 1));
  if (plans_to_destroy(argv)) chosen.emplace_back("plan", "plan -destroy");
  for (const Choice& choice : choices) {
    if (choice.program != program || document::behind_words(argv, choice.words) == 0) continue;
    std::string words(choice.means);
    for (std::size_t i = 1; i < argv.size(); ++i)
      if (!argv[i].dynamic && argv[i].text.find('$') == std::string::npos) words += ' ' + argv[i].text;
    chosen.emplace_back(std::string(program) + " " + std::string(choice.words), words);
  }
  return chosen;
}

}  // namespace

void tell_chosen_targets(std::vector<CommandPlace>& places, std::size_t first) {
  std::map<std::string, std::string> standing;
  for (std::size_t i = first; i < places.size(); ++i) {
    auto& command = places[i].command;
    for (const auto& [by, what] : standing) tell(command, what);
    for (auto& [by, what] : chosen_by(command)) standing[by] = what;
  }
}

void tell_applied_plans(const std::vector<document::Command*>& commands) {
  bool applied = false;
  for (auto at = commands.rbegin(); at != commands.rend(); ++at) {
    const auto argv = document::essential(**at);
    if (argv.empty() || !text::is_one_of(text::base_name(argv.front().text), {"terraform", "tofu", "terragrunt"}))
      continue;
    applied = applied || std::any_of(argv.begin(), argv.end(), [](const auto& word) { return word.text == "apply"; });
    if (applied && plans_to_destroy(argv)) tell(**at, "applied later");
  }
}

namespace {

/// An action that starts a cluster on the machine of its job: `helm/kind-action`.
bool starts_cluster(std::string_view uses) {
  static const text::Pattern clusters(R"((?i)/(?:[\w-]*-)?(?:kind|k3d|k3s|minikube|microk8s)(?:-[\w-]*)?$)");
  return clusters.matches(uses);
}

bool starts_cluster(const document::Command& command) {
  const auto chosen = chosen_by(command);
  return std::any_of(chosen.begin(), chosen.end(),
                     [](const auto& choice) { return choice.second.starts_with(own_cluster); });
}

/// Of the steps that run the command, each had made a cluster before, in itself or in its job.
bool made_its_cluster(const reach::PipelineExecution& pipeline, const std::string& path, std::uint32_t line,
                      bool& runs) {
  const pipeline::Job* job = nullptr;
  bool made = false;
  for (const auto& step : pipeline.steps) {
    if (step.job != job) made = false;
    job = step.job;
    made = made || (step.step != nullptr && starts_cluster(step.step->uses));
    for (const auto& executed : step.commands) {
      if (executed.path == path && executed.line == line) {
        if (!made) return false;
        runs = true;
      }
      made = made || starts_cluster(*executed.command);
    }
  }
  return true;
}

}  // namespace

void tell_clusters_of_jobs(std::vector<Change::NewCommand>& commands, const reach::Execution& execution) {
  for (auto& command : commands) {
    const auto program = command.place.command.program();
    if (command.pipeline != nullptr || !text::is_one_of(program, {"kubectl", "k", "oc", "helm", "helmfile", "flux"}))
      continue;
    bool runs = false;
    const bool own = std::all_of(execution.pipelines.begin(), execution.pipelines.end(), [&](const auto& pipeline) {
      return made_its_cluster(*pipeline, command.path, command.place.line, runs);
    });
    if (own && runs) tell(command.place.command, own_cluster);
  }
}

void ChosenTargets::follow(const pipeline::Step& step, std::vector<CommandPlace>& places) {
  for (auto& place : places)
    for (const auto& [by, what] : standing_) tell(place.command, what);
  if (starts_cluster(step.uses)) standing_["cluster"] = own_cluster;
  for (const auto& place : places)
    for (auto& [by, what] : chosen_by(place.command))
      if (by == text::ascii_lower(by)) standing_[by] = std::move(what);  // variables end with the step
}

void tell_target_of_job(document::Command& command, const pipeline::Job& job, const pipeline::Step& step) {
  if (job.environment.find('$') == std::string::npos) tell(command, job.environment);
  for (const auto& [name, value] : step.env)
    if (names_target(name) && value.find('$') == std::string::npos) tell(command, value);
}

void tell_target_of_path(document::Command& command, std::string_view path) {
  static const text::Pattern words(
      R"((?i)(?:^|(?<=[/._-]))(?:staging|stg|sandbox|preview|previews|qa|uat|ephemeral|development|dev|prod|production)(?=[/._-]))");
  std::string found;
  text::each_match(words, path, [&](const text::Match& match) { found.append(" ").append(*match.groups[0]); });
  tell(command, found);
}

}  // namespace tollbar::rule
