// Steps of Azure Pipelines: scripts, tasks and what well-known tasks run.
#include <algorithm>
#include <array>

#include "pipeline/credentials.h"
#include "pipeline/readers/azure.h"
#include "pipeline/readers/job_scope.h"
#include "pipeline/readers/script_shell.h"
#include "text/ascii.h"

namespace tollbar::pipeline::azure {
namespace {

using document::Node;
using text::ascii_lower;

/// Steps that are a script under their own key. Bash is started without -e: only the last command counts.
struct ScriptKey {
  std::string_view key, shell;
};
constexpr std::array kScriptKeys{ScriptKey{"bash", "bash"}, ScriptKey{"pwsh", "pwsh"},
                                 ScriptKey{"powershell", "powershell"}, ScriptKey{"script", {}}};

/// A task that does nothing but run a tool: the command line is built from its inputs, `{input}` each.
struct ToolTask {
  std::string_view name, command;
  std::string_view only_if;  ///< the input `command` must be one of these, blank-separated; empty: always
};
constexpr std::array kToolTasks{
    ToolTask{"dotnetcorecli", "dotnet {command} {projects} {arguments}", "test build restore run"},
    ToolTask{"dotnetcorecli", "dotnet {custom} {arguments}", "custom"},
    ToolTask{"npm", "npm {command}", "install ci"},
    ToolTask{"npm", "npm {customcommand}", "custom"},
    ToolTask{"yarn", "yarn {arguments}", {}},
    ToolTask{"maven", "mvn {options} {goals}", {}},
    ToolTask{"gradle", "gradle {options} {tasks}", {}},
    ToolTask{"go", "go {command} {arguments}", "test build vet get"},
    ToolTask{"go", "go {customcommand} {arguments}", "custom"},
    ToolTask{"vstest", "vstest.console.exe {testassemblyver2}", {}},
    ToolTask{"visualstudiotest", "vstest.console.exe {testassemblyver2}", {}},
    ToolTask{"cargo", "cargo {command} {arguments}", {}},
    ToolTask{"terraformtaskv4", "terraform {command} {commandoptions}", {}},
    ToolTask{"terraformcli", "terraform {command} {commandoptions}", {}},
};

/// Inputs that name a service connection.
constexpr std::array<std::string_view, 22> kConnections{"azuresubscription",
                                                        "connectedservicename",
                                                        "connectedservicenamearm",
                                                        "azureresourcemanagerconnection",
                                                        "containerregistry",
                                                        "dockerregistryendpoint",
                                                        "dockerregistryserviceconnection",
                                                        "kubernetesserviceconnection",
                                                        "kubernetesserviceendpoint",
                                                        "kubernetesservice",
                                                        "serviceconnection",
                                                        "externalendpoint",
                                                        "externalendpoints",
                                                        "publishendpoint",
                                                        "publishfeedcredentials",
                                                        "awscredentials",
                                                        "sshendpoint",
                                                        "githubconnection",
                                                        "backendservicearm",
                                                        "environmentservicenameaws",
                                                        "environmentservicename",
                                                        "pythonuploadserviceconnection"};

using Inputs = StringMap;  // by lower-case name

Inputs folded_inputs(const Node* inputs, const Scope& scope) {
  Inputs result;
  for_each_member(inputs, [&](std::string_view name, const Node& value) {
    result[ascii_lower(name)] = expand_macros(text_of(&value), scope);
  });
  return result;
}

std::string input(const Inputs& inputs, std::string_view name) {
  const auto found = inputs.find(std::string(name));
  return found == inputs.end() ? std::string() : found->second;
}

bool lists(std::string_view words, std::string_view word) {
  const auto padded = " " + std::string(words) + " ";
  return padded.find(" " + std::string(word) + " ") != std::string::npos;
}

/// The command line that a tool's task runs; empty for other tasks.
std::string tool_command(std::string_view task, const Inputs& inputs) {
  const auto command = ascii_lower(input(inputs, "command"));
  for (const auto& tool : kToolTasks) {
    if (tool.name != task || (!tool.only_if.empty() && !lists(tool.only_if, command))) continue;
    std::string line;
    for (std::string_view rest = tool.command; !rest.empty();) {
      const auto open = rest.find('{');
      line += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = rest.find('}', open);
      auto value = input(inputs, rest.substr(open + 1, close - open - 1));
      std::replace(value.begin(), value.end(), '\n', ' ');
      line += value;
      rest.remove_prefix(close + 1);
    }
    return line;
  }
  return {};
}

class StepReader {
 public:
  StepReader(const Scope& scope, const StepSettings& settings) : scope_(scope), settings_(settings) {}

  Step read(const Node& node) const {
    Step step;
    step.line = node.line;
    step.id = text_of(node.get("name"));
    step.name = text_of(node.get("displayName"));
    step.condition = read_condition(node, scope_);
    if (const auto* enabled = node.get("enabled"); enabled && enabled->truth() == false)
      step.condition = {Truth::never, "enabled: false", enabled->line};
    step.timeout = text_of(node.get("timeoutInMinutes"));
    for (const auto& [name, value] : text_map(node.get("env"))) step.env[name] = expand_macros(value, scope_);
    read_may_fail(node.get("continueOnError"), step);
    for (const auto* ignoring : {node.get("ignoreLASTEXITCODE"), node.get({"inputs", "ignoreLASTEXITCODE"})})
      step.may_fail = step.may_fail || (ignoring && ignoring->truth().value_or(false));
    read_directory(node.get("workingDirectory"), step);
    for (const auto& key : kScriptKeys) {
      if (const auto* script = node.get(key.key)) read_script(*script, key.shell, node.get("failOnStderr"), step);
    }
    if (const auto* task = node.get("task")) read_task(text_of(task), node.get("inputs"), step);
    for (const auto* key :
         {"checkout", "download", "downloadBuild", "publish", "getPackage", "restoreCache", "saveCache"}) {
      if (const auto* value = node.get(key)) read_built_in(key, *value, node, step);
    }
    if (const auto* foreign = node.get("template")) {
      const auto text = text_of(foreign);
      const auto at = text.rfind('@');
      step.uses = "template:" + text.substr(0, at);
      if (at != std::string::npos) step.uses_version = text.substr(at + 1);
      step.with = text_map(node.get("parameters"));
    }
    return step;
  }

 private:
  void read_may_fail(const Node* node, Step& step) const {
    if (!node || node->is_null()) return;
    if (const auto constant = node->truth()) {
      step.may_fail = *constant;
      return;
    }
    const auto text = expand_macros(node->text(), scope_);
    step.may_fail = ascii_lower(std::string_view(text)) == "true";
    step.may_fail_sometimes = !step.may_fail && !text.empty() && ascii_lower(std::string_view(text)) != "false";
  }

  void read_directory(const Node* node, Step& step) const {
    auto path = text_of(node);
    for (const std::string_view root : {"$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)",
                                        "$(Build.Repository.LocalPath)", "$(Agent.BuildDirectory)/s"}) {
      if (!ascii_lower(std::string_view(path)).starts_with(ascii_lower(root))) continue;
      path.erase(0, root.size());
      path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
      break;
    }
    step.working_directory = normalise_directory(expand_macros(path, scope_));
  }

  void read_script(const Node& script, std::string_view shell, const Node*, Step& step) const {
    if (!script.is_scalar()) return;
    const std::string program = !shell.empty() ? std::string(shell) : settings_.windows ? "cmd" : "bash";
    give_script(script, {program, false, false}, expand_macros(script.scalar, scope_), step);
  }

  void read_task(const std::string& written, const Node* inputs, Step& step) const {
    const auto at = written.find('@');
    step.uses = written.substr(0, at);
    if (at != std::string::npos) step.uses_version = written.substr(at + 1);
    step.with = text_map(inputs);
    for (auto& [name, value] : step.with) value = expand_macros(value, scope_);
    const auto folded = folded_inputs(inputs, scope_);
    const auto task = ascii_lower(std::string_view(step.uses));
    read_inline_script(task, inputs, folded, step);
    if (const auto line = tool_command(task, folded); !line.empty())
      step.script = document::parse_shell(line, {true, false, step.line});
    add_connections(task, folded, step);
  }

  /// Bash, CmdLine, AzureCLI and their kin hold a script, or name the file that is one.
  void read_inline_script(const std::string& task, const Node* inputs, const Inputs& folded, Step& step) const {
    if (!inputs) return;
    std::string shell = "powershell";
    if (task == "bash" || task == "shellscript") shell = "bash";
    if (task == "cmdline" || task == "batchscript") shell = settings_.windows ? "cmd" : "bash";
    if (task == "azurecli") shell = input(folded, "scripttype") == "bash" ? "bash" : "powershell";
    if (task == "pythonscript") shell = "python";
    const bool runs_script =
        shell != "powershell" || task == "powershell" || task == "azurecli" || task == "azurepowershell";
    if (!runs_script) return;
    for (const auto& member : inputs->members) {
      const auto key = ascii_lower(member.key.text());
      const bool text = key == "script" || key == "inlinescript" || key == "inline";
      if (text && member.value.is_scalar()) {
        give_script(member.value, {shell, false, false}, expand_macros(member.value.scalar, scope_), step);
      }
      const bool file = key == "filepath" || key == "scriptpath" || key == "filename";
      if (file && !member.value.text().empty()) {
        const auto program = shell == "cmd" ? "" : shell == "powershell" ? "pwsh -File " : shell + " ";
        const auto line = program + expand_macros(member.value.text(), scope_) + " " + input(folded, "arguments");
        step.script = document::parse_shell(line, {true, false, member.value.line});
      }
    }
  }

  static void add_connections(const std::string& task, const Inputs& inputs, Step& step) {
    const auto add = [&](const std::string& name, std::string source, const std::string& bound_to) {
      CredentialUse use;
      use.kind = CredentialUse::Kind::service;
      use.name = name;
      use.source = std::move(source);
      use.bound_to = bound_to;
      use.line = step.line;
      if (!name.empty()) add_credentials(step.credentials, {use});
    };
    for (const auto& [name, value] : inputs) {
      if (std::find(kConnections.begin(), kConnections.end(), name) != kConnections.end())
        add(value, "azure-service-connection", name);
    }
    if (task == "azurekeyvault") add(input(inputs, "keyvaultname"), "azure-key-vault", "keyvaultname");
    if (task == "downloadsecurefile" || task == "installsshkey")
      add(input(inputs, task == "installsshkey" ? "sshkeysecurefile" : "securefile"), "azure-secure-file",
          "securefile");
    if (task == "npmauthenticate" || task == "nugetauthenticate" || task == "pipauthenticate" ||
        task == "twineauthenticate")
      add(task, "azure-feed", {});
  }

  static void read_built_in(std::string_view key, const Node& value, const Node& node, Step& step) {
    step.uses = key;
    step.with = text_map(&node);
    if (key != "checkout") return;
    const auto target = text_of(&value);
    if (target == "none") {
      step.uses.clear();
      step.name = "checkout none";
    }
    const auto* keeps = node.get("persistCredentials");
    if (!keeps || keeps->truth() != true) return;
    CredentialUse use;
    use.kind = CredentialUse::Kind::service;
    use.name = "System.AccessToken";
    use.source = "azure-job-token";
    use.bound_to = "persistCredentials";
    use.line = keeps->line;
    step.credentials.push_back(std::move(use));
  }

  const Scope& scope_;
  const StepSettings& settings_;
};

}  // namespace

Condition read_condition(const Node& node, const Scope& scope) {
  Condition condition;
  if (const auto* written = node.get("condition"); written && !written->is_null()) {
    condition.text = text_of(written);
    condition.line = written->line;
    const auto constant = written->truth();
    condition.truth = constant ? (*constant ? Truth::always : Truth::never) : truth_of(condition.text, scope);
  }
  if (const auto* guard = node.get(kGuard)) condition = both(condition, {Truth::depends, text_of(guard), node.line});
  return condition;
}

std::vector<Step> read_steps(const Node* steps, const Scope& scope, const StepSettings& settings) {
  std::vector<Step> result;
  if (!steps) return result;
  const StepReader reader(scope, settings);
  for (const auto& item : steps->items) {
    if (item.is_mapping()) result.push_back(reader.read(item));
  }
  return result;
}

}  // namespace tollbar::pipeline::azure
