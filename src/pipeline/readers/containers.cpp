// What systems that run containers have in common: images, commands with arguments, secrets in environments.
#include "pipeline/readers/containers.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "document/shell.h"
#include "pipeline/credentials.h"
#include "pipeline/readers/fields.h"
#include "text/glob.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::pipeline {

using document::Node;

namespace {

using text::base_name;

constexpr std::size_t kMaxFiles = 2000;

std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\|&;<>*?#()[]{}!~`") == std::string::npos;
  return plain ? word : util::shell_quoted(word);
}

/// A script that its first line says how to start; without one it is run by `sh` with errexit on.
void read_script(const Node& script, Step& step) {
  step.run = text_of(&script);
  step.run_line = script_line(script);
  const auto first_line = std::string_view(step.run).substr(0, step.run.find('\n'));
  const bool chosen = first_line.starts_with("#!");
  bool errexit = !chosen;
  if (chosen) {
    for (auto option = first_line.find(" -"); option != std::string_view::npos;
         option = first_line.find(" -", option + 1)) {
      const auto letters = first_line.substr(option + 2, first_line.find(' ', option + 2) - option - 2);
      errexit = errexit || letters.find('e') != std::string_view::npos;
    }
  }
  auto parsed = document::parse_shell(step.run, {errexit, false, step.run_line});
  step.shell = parsed.interpreter.empty() ? "sh" : parsed.interpreter;
  if (document::is_shell(step.shell)) step.script = std::move(parsed);
}

/// A word of letters behind `-`, among them `c`: what follows is the script.
bool runs_text(const std::string& option) {
  return option.size() > 1 && option[0] == '-' && option[1] != '-' && option.find('c') != std::string::npos;
}

/// Tools whose images bear their name and start them.
constexpr std::array<std::string_view, 15> kStarted{"trivy",    "hadolint",    "shellcheck", "gitleaks", "trufflehog",
                                                    "checkov",  "tfsec",       "grype",      "kics",     "kubeconform",
                                                    "conftest", "kube-linter", "yamllint",   "shfmt",    "actionlint"};

/// The program that a container without a command starts, as far as its image's name and its arguments tell: `trivy` of
/// `aquasec/trivy:0.55`, and whatever is given a flag first.
std::string started_by(const Node& container) {
  const auto* image = container.get("image");
  const auto given = texts_of(container.get("args"));
  if (!image || !image->is_scalar() || given.empty()) return {};
  std::string name, version;
  split_image(image->scalar, name, version);
  const auto program = base_name(name);
  const bool known = std::find(kStarted.begin(), kStarted.end(), program) != kStarted.end();
  return known || given.front().starts_with('-') ? std::string(program) : std::string();
}

void read_words(const Node& container, Step& step) {
  const Node *command = container.get("command"), *args = container.get("args");
  std::vector<std::string> words = texts_of(command);
  const auto own = words.size();
  if (auto program = own == 0 ? started_by(container) : std::string(); !program.empty())
    words.push_back(std::move(program));
  for (auto& word : texts_of(args)) words.push_back(std::move(word));
  if (words.empty()) return;
  const Node& first = own > 0 ? *command : *args;
  step.run_line = first.is_sequence() && !first.items.empty() ? first.items.front().line : first.line;
  const auto shell = base_name(words.front());
  bool errexit = false, pipefail = false;
  for (std::size_t i = 1; document::is_shell(shell) && i + 1 < words.size() && words[i].starts_with('-'); ++i) {
    errexit = errexit || (words[i][1] != '-' && words[i].find('e') != std::string::npos);
    pipefail = pipefail || words[i + 1] == "pipefail";
    if (!runs_text(words[i])) continue;
    const auto* holder = i + 1 < own ? command : args;
    const auto index = i + 1 < own ? i + 1 : i + 1 - own;
    const Node& text = holder->is_sequence() && index < holder->items.size() ? holder->items[index] : *holder;
    step.run = words[i + 1];
    step.run_line = script_line(text);
    step.shell = shell;
    step.script = document::parse_shell(step.run, {errexit, pipefail, step.run_line});
    return;
  }
  for (const auto& word : words) step.run += (step.run.empty() ? "" : " ") + quoted(word);
  step.script = document::parse_shell(step.run, {true, false, step.run_line});
}

}  // namespace

void split_image(std::string_view written, std::string& name, std::string& version) {
  const auto digest = written.find('@');
  const auto slash = written.rfind('/', digest);
  auto split = written.find(':', slash == std::string_view::npos ? 0 : slash);
  split = std::min(split, digest);
  name = written.substr(0, split);
  version = split == std::string_view::npos ? std::string_view{} : written.substr(split + 1);
  // A digest behind a tag is what counts.
  if (const auto at = version.find('@'); at != std::string::npos) version.erase(0, at + 1);
}

void add_image(std::vector<std::string>& images, std::string image) {
  if (image.empty() || std::find(images.begin(), images.end(), image) != images.end()) return;
  images.push_back(std::move(image));
}

void read_container_command(const Node& container, Step& step) {
  const auto* script = container.get("script");
  if (!script) script = container.get("source");
  if (script && script->is_scalar()) return read_script(*script, step);
  read_words(container, step);
}

void read_container_env(const Node& container, std::string_view source, Step& step) {
  const auto use = [&](const Node& name, std::string text, std::string bound_to) {
    CredentialUse credential;
    credential.name = std::move(text);
    credential.source = source;
    credential.bound_to = std::move(bound_to);
    credential.line = name.line;
    add_credentials(step.credentials, {credential});
  };
  if (const auto* env = container.get("env")) {
    for (const auto& item : env->items) {
      const auto name = text_of(item.get("name"));
      const auto* secret = item.get({"valueFrom", "secretKeyRef"});
      if (!secret) {
        if (!name.empty()) step.env[name] = text_of(item.get("value"));
        continue;
      }
      const auto key = text_of(secret->get("key"));
      use(*secret, text_of(secret->get("name")) + (key.empty() ? "" : "/" + key), name);
    }
  }
  if (const auto* sources = container.get("envFrom")) {
    for (const auto& item : sources->items) {
      if (const auto* name = item.get({"secretRef", "name"})) use(*name, text_of(name), {});
    }
  }
}

void read_secret_volumes(const Node* volumes, std::string_view source, std::vector<CredentialUse>& found) {
  if (!volumes) return;
  for (const auto& item : volumes->items) read_secret_volumes(&item, source, found);
  for (const auto& member : volumes->members) {
    if (member.key.text() != "secretName" || !member.value.is_scalar()) {
      read_secret_volumes(&member.value, source, found);
      continue;
    }
    CredentialUse use;
    use.name = member.value.scalar;
    use.source = source;
    use.line = member.value.line;
    add_credentials(found, {use});
  }
}

CredentialUse service_account(const Node& name, std::string_view source) {
  CredentialUse use;
  use.kind = CredentialUse::Kind::service;
  use.name = text_of(&name);
  use.source = source;
  use.bound_to = "serviceAccountName";
  use.line = name.line;
  return use;
}

void read_security_context(const Node& container, Job& job) {
  const auto* privileged = container.get({"securityContext", "privileged"});
  if (privileged && privileged->truth().value_or(!privileged->is_null()))
    add_image(job.container_options, "--privileged");
}

std::vector<std::string> files_below(model::Tree& tree, std::string_view directory,
                                     const std::vector<std::string_view>& endings, std::size_t depth) {
  auto found = files_in(tree, directory, endings);
  if (depth < 2) return found;
  for (const auto& parent : directories_like(tree, directory)) {
    for (const auto& [name, entry] : tree.list(parent)) {
      if (entry.mode != model::FileMode::directory || found.size() > kMaxFiles) continue;
      const auto inner = (parent.empty() ? "" : parent + "/") + name;
      for (auto& file : files_below(tree, text::fold_path(inner), endings, depth - 1)) found.push_back(std::move(file));
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::string> needs_of_all(const std::vector<Job>& before) {
  std::vector<std::string> needs;
  for (const auto& job : before) {
    if (job.condition.truth != Truth::never) needs.push_back(job.id);
  }
  return needs;
}

void number_twins(std::vector<Job>& jobs) {
  std::set<std::string> taken;
  std::map<std::string, std::size_t> count;
  for (auto& job : jobs) {
    const auto written = job.id;
    auto& number = count[written];
    ++number;
    while (!taken.insert(job.id).second) job.id = written + " (" + std::to_string(++number) + ")";
  }
}

}  // namespace tollbar::pipeline
