// Google Cloud Build: `cloudbuild.yaml`, read as one job; what starts it is set in the cloud and not in the tree.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::pipeline::cloud_build {
namespace {

using document::Node;

/// Folders in which a build may stand beside other things, told by its name.
constexpr std::array<std::string_view, 8> kSharedFolders{"", "build", "ci", ".ci", "deploy", ".gcb", "gcb", "release"};
/// Folders that hold nothing but builds.
constexpr std::array<std::string_view, 2> kOwnFolders{".cloudbuild", "cloudbuild"};

bool is_data(std::string_view name) {
  return name.ends_with(".yml") || name.ends_with(".yaml") || name.ends_with(".json");
}

/// `cloudbuild.yaml`, `cloudbuild-release.yml`, `release.cloudbuild.json`; lower case.
bool bears_name(std::string_view name) {
  if (!is_data(name)) return false;
  const auto stem = name.substr(0, name.rfind('.'));
  return stem.starts_with("cloudbuild") || stem.ends_with("cloudbuild");
}

bool stands_in(std::string_view folder, const auto& folders) {
  return std::find(folders.begin(), folders.end(), folder) != folders.end();
}

/// Images that start the program they are called by; in all others the arguments are the whole command.
bool starts_itself(std::string_view image, std::string_view program) {
  constexpr std::array<std::string_view, 3> families{"cloud-builders", "kaniko-project/", "$PROJECT_ID/"};
  constexpr std::array<std::string_view, 18> tools{
      "docker", "kubectl", "git", "gcloud",    "gsutil", "npm",        "yarn",     "mvn",    "gradle",
      "bazel",  "helm",    "ko",  "terraform", "crane",  "goreleaser", "skaffold", "pulumi", "packer"};
  return stands_in(program, tools) || std::any_of(families.begin(), families.end(), [&](std::string_view family) {
           return image.find(family) != std::string_view::npos;
         });
}

Node made(std::string text, std::uint32_t line) {
  Node node;
  node.kind = document::NodeKind::scalar;
  node.scalar = std::move(text);
  node.line = node.end_line = node.content_line = line;
  return node;
}

void set(Node& mapping, std::string_view key, Node value) {
  mapping.members.push_back({made(std::string(key), value.line), std::move(value)});
}

/// `$$` stands for the `$` of the shell that runs the words: what the cloud puts in is written with one.
Node unescaped(Node node) {
  node.hash = 0;
  for (auto at = node.scalar.find("$$"); at != std::string::npos; at = node.scalar.find("$$", at + 1))
    node.scalar.erase(at, 1);
  for (auto& item : node.items) item = unescaped(std::move(item));
  return node;
}

/// The step in the words of a container of Kubernetes.
Node as_container(const Node& node, const std::string& image) {
  Node container;
  container.kind = document::NodeKind::mapping;
  container.line = node.line;
  if (const auto* script = node.get("script")) {
    set(container, "script", *script);
    return container;
  }
  const Node* entrypoint = node.get("entrypoint");
  std::string name, version;
  split_image(image, name, version);
  const auto program = text::base_name(name);
  const auto* arguments = node.get("args");
  const auto words = texts_of(arguments);
  if (entrypoint != nullptr && !entrypoint->is_null())
    set(container, "command", unescaped(*entrypoint));
  else if (starts_itself(name, program) && (words.empty() || words.front() != program))
    set(container, "command", made(std::string(program), node.line));
  if (arguments != nullptr) set(container, "args", unescaped(*arguments));
  return container;
}

/// `NAME=value`, item by item.
StringMap assignments(const Node* list) {
  StringMap result;
  for (const auto& text : texts_of(list))
    if (const auto end = text.find('='); end != std::string::npos) result[text.substr(0, end)] = text.substr(end + 1);
  return result;
}

CredentialUse secret(std::string name, std::string_view source, std::string bound_to, std::uint32_t line) {
  CredentialUse use;
  use.name = std::move(name);
  use.source = source;
  use.bound_to = std::move(bound_to);
  use.line = line;
  return use;
}

/// `projects/p/secrets/upload-token/versions/latest` names `upload-token`.
std::string secret_name(std::string_view version) {
  constexpr std::string_view mark = "secrets/";
  const auto at = version.find(mark);
  if (at == std::string_view::npos) return std::string(version);
  const auto name = version.substr(at + mark.size());
  return std::string(name.substr(0, name.find('/')));
}

/// What the build declares as secret, by the variable that receives it.
std::map<std::string, CredentialUse> declared_secrets(const Node& root) {
  std::map<std::string, CredentialUse> found;
  const auto* managed = root.get({"availableSecrets", "secretManager"});
  for (const auto& item : managed != nullptr ? managed->items : std::vector<Node>()) {
    const auto variable = text_of(item.get("env"));
    found[variable] =
        secret(secret_name(text_of(item.get("versionName"))), "google-secret-manager", variable, item.line);
  }
  const auto add_encrypted = [&](const Node* values) {
    for_each_member(values, [&](std::string_view name, const Node& value) {
      found[std::string(name)] = secret(std::string(name), "google-kms", std::string(name), value.line);
    });
  };
  const auto* inlined = root.get({"availableSecrets", "inline"});
  for (const auto& item : inlined != nullptr ? inlined->items : std::vector<Node>()) add_encrypted(item.get("envMap"));
  const auto* encrypted = root.get("secrets");
  for (const auto& item : encrypted != nullptr ? encrypted->items : std::vector<Node>())
    add_encrypted(item.get("secretEnv"));
  return found;
}

class Build {
 public:
  explicit Build(const Node& root) : root_(root), secrets_(declared_secrets(root)) {
    job_.id = "build";
    job_.line = root.line;
    job_.timeout = text_of(root.get("timeout"));
    job_.env = merged(text_map(root.get("substitutions")), assignments(root.get({"options", "env"})));
    for (const auto* key : {"machineType", "pool", "workerPool"})
      if (const auto* machine = root.get({"options", key})) {
        job_.runner.labels.push_back(text_of(machine->is_mapping() ? machine->get("name") : machine));
        job_.runner.line = machine->line;
      }
    std::sort(job_.runner.labels.begin(), job_.runner.labels.end());
    if (const auto* account = root.get("serviceAccount")) {
      auto use = service_account(*account, "google-service-account");
      use.kind = CredentialUse::Kind::identity;  // no key is stored: the cloud lets the build act as the account
      add_credentials(job_.credentials, {use});
    }
  }

  Job read() {
    const auto* steps = root_.get("steps");
    for (const auto& node : steps != nullptr ? steps->items : std::vector<Node>())
      if (node.is_mapping()) add_step(node);
    add_results("images", root_.get("images"));
    const auto* artifacts = root_.get("artifacts");
    for_each_member(artifacts, [&](std::string_view kind, const Node& value) {
      add_results(kind == "images" ? "images" : "artifacts", &value);
    });
    return std::move(job_);
  }

 private:
  void use(const Node* names, Step& step) {
    for (const auto& name : texts_of(names)) {
      const auto known = secrets_.find(name);
      const auto line = names->line;
      add_credentials(step.credentials,
                      {known == secrets_.end() ? secret(name, "google-secret-manager", name, line) : known->second});
    }
  }

  void add_step(const Node& node) {
    Step step;
    step.line = node.line;
    step.id = step.name = text_of(node.get("id"));
    step.timeout = text_of(node.get("timeout"));
    step.working_directory = normalise_directory(text_of(node.get("dir")));
    step.env = assignments(node.get("env"));
    const auto* may_fail = node.get("allowFailure");
    step.may_fail = may_fail != nullptr && may_fail->truth().value_or(false);
    use(node.get("secretEnv"), step);
    use(root_.get({"options", "secretEnv"}), step);
    auto image = text_of(node.get("name"));
    read_container_command(as_container(node, image), step);
    if (step.run.empty())
      split_image(image, step.uses, step.uses_version);
    else
      add_image(job_.services, std::move(image));
    add_credentials(job_.credentials, step.credentials);
    job_.steps.push_back(std::move(step));
  }

  /// What the cloud does with the results after the last step.
  void add_results(std::string_view kind, const Node* value) {
    if (value == nullptr || value->is_null()) return;
    Step step;
    step.line = value->line;
    step.uses = "cloud-build:" + std::string(kind);
    std::string all;
    for (const auto& text : texts_of(value)) all += (all.empty() ? "" : "\n") + text;
    step.with[std::string(kind)] = std::move(all);
    job_.steps.push_back(std::move(step));
  }

  const Node& root_;
  std::map<std::string, CredentialUse> secrets_;
  Job job_;
};

bool has_steps(model::Tree& tree, const std::string& path) {
  const auto entry = tree.find(path);
  if (!entry) return false;
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present || !content.bytes) return false;
  const auto text = "\n" + std::string(*content.bytes);
  return text.find("\nsteps:") != std::string::npos || text.find("\"steps\"") != std::string::npos;
}

}  // namespace

bool is_live(std::string_view path) {
  const auto folded = text::fold_path(path);
  const auto folder = text::directory_of(folded);
  const auto name = text::base_name(folded);
  return (bears_name(name) && stands_in(folder, kSharedFolders)) || (is_data(name) && stands_in(folder, kOwnFolders));
}

std::vector<std::string> find(model::Tree& tree) {
  std::vector<std::string> found;
  for (const auto folder : kSharedFolders)
    for (auto& file : files_in(tree, folder, {".yml", ".yaml", ".json"}))
      if (bears_name(text::base_name(text::fold_path(file))) && has_steps(tree, file)) found.push_back(std::move(file));
  for (const auto folder : kOwnFolders)
    for (auto& file : files_in(tree, folder, {".yml", ".yaml", ".json"}))
      if (has_steps(tree, file)) found.push_back(std::move(file));
  return found;
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents) {
  Pipeline pipeline;
  pipeline.system = System::cloud_build;
  pipeline.path = path;
  const auto document = open_pipeline(pipeline, tree, documents);
  if (!document) return pipeline;
  const Node& root = document->root();
  if (root.get("steps") == nullptr) return pipeline;
  pipeline.events.push_back({"push", {}, {}, 0});
  pipeline.env = text_map(root.get("substitutions"));
  pipeline.jobs.push_back(Build(root).read());
  return pipeline;
}

}  // namespace tollbar::pipeline::cloud_build
