// Reads what is left: the templates of the check's own job, and the hooks that some computed pipeline may start.
#include "rule/unseen_checks.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "reach/calls.h"
#include "reach/program_calls.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

constexpr std::size_t kMostTemplates = 16;

/// A template that the job extends, perhaps through others, and the tree does not hold.
std::string foreign_template(const pipeline::Pipeline& pipeline, const pipeline::Job& job) {
  std::vector<std::string> extended = job.extends;
  for (std::size_t i = 0; i < extended.size() && i < kMostTemplates; ++i) {
    const std::string name = extended[i];
    const auto found =
        std::find_if(pipeline.jobs.begin(), pipeline.jobs.end(), [&](const auto& other) { return other.id == name; });
    if (found == pipeline.jobs.end()) return name;
    extended.insert(extended.end(), found->extends.begin(), found->extends.end());
  }
  return {};
}

std::string foreign_template(const reach::Check& check, const reach::Execution& execution) {
  for (const auto& one : execution.pipelines) {
    if (one->pipeline == nullptr || one->pipeline->path != check.pipeline) continue;
    for (const auto& job : one->pipeline->jobs) {
      if (job.id != check.job) continue;
      if (const auto foreign = foreign_template(*one->pipeline, job); !foreign.empty()) return foreign;
    }
  }
  return {};
}

bool calls_workflow(const reach::Execution& execution, const std::string& uses) {
  return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [&](const auto& one) {
    return one->pipeline != nullptr && std::any_of(one->pipeline->jobs.begin(), one->pipeline->jobs.end(),
                                                   [&](const auto& job) { return job.uses == uses; });
  });
}

/// A workflow of another repository in place of the check's file, or an orb's job in it that bears the name of a check.
bool stands_in(const pipeline::Pipeline& pipeline, const pipeline::Job& job, const reach::Check& check,
               const reach::Knowledge& knowledge) {
  const bool same_file = pipeline.path == check.pipeline;
  if (pipeline.system == pipeline::System::circleci)
    return same_file && !job.uses.empty() && knowledge.names_a_check(text::base_name(job.uses));
  const bool foreign = job.uses.find("/.github/workflows/") != std::string::npos && !job.uses.starts_with("./");
  return foreign && (same_file || text::base_name(job.uses) == text::base_name(check.pipeline));
}

/// What runs elsewhere and newly stands in the check's place.
std::string foreign_workflow(const reach::Check& check, const reach::Execution& after, Change& change) {
  for (const auto& one : after.pipelines) {
    if (one->pipeline == nullptr || !one->pipeline->judges_changes()) continue;
    for (const auto& job : one->pipeline->jobs) {
      if (job.may_fail || job.condition.truth == pipeline::Truth::never) continue;
      if (stands_in(*one->pipeline, job, check, change.knowledge()) &&
          !calls_workflow(change.before_execution(), job.uses))
        return (one->pipeline->system == pipeline::System::circleci ? "the orb's job " : "the workflow ") + job.uses;
    }
  }
  return {};
}

bool makes_pipelines(const reach::Execution& execution) {
  return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [](const auto& one) {
    return one->pipeline != nullptr &&
           std::any_of(one->pipeline->jobs.begin(), one->pipeline->jobs.end(), reach::is_made_at_run_time);
  });
}

/// The hook's own command is the check's tool, or starts what runs the check: `tox` for what stands in a `tox.ini`.
bool runs(const document::Node& hook, const reach::Check& check, const reach::Knowledge& knowledge) {
  if (const auto* id = hook.get("id")) {
    const auto* known = knowledge.check_tool_named(id->text());
    if (known != nullptr && known->name == check.tool) return true;
  }
  const auto* entry = hook.get("entry");
  if (entry == nullptr) return false;
  const auto script = document::parse_shell(entry->text());
  return std::any_of(script.commands.begin(), script.commands.end(), [&](const document::Command& command) {
    const auto* known = knowledge.check_tool(command);
    if (known != nullptr && known->name == check.tool) return true;
    if (known == nullptr || check.chain.empty()) return false;
    const auto calls = reach::calls_of(reach::essential_words(command), false);
    const auto file = text::base_name(check.chain.front().path);
    return std::any_of(calls.begin(), calls.end(), [&](const reach::Call& call) {
      return std::find(call.files.begin(), call.files.end(), file) != call.files.end();
    });
  });
}

bool is_hook(const reach::Check& check, model::Tree& tree, const reach::Knowledge& knowledge) {
  const auto entry = tree.find(".pre-commit-config.yaml");
  if (!entry || entry->mode != model::FileMode::regular) return false;
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present) return false;
  const auto document = document::read_yaml(*content.bytes);
  const auto* repositories = document.root().get("repos");
  if (repositories == nullptr) return false;
  return std::any_of(repositories->items.begin(), repositories->items.end(), [&](const document::Node& repository) {
    const auto* hooks = repository.get("hooks");
    return hooks != nullptr && std::any_of(hooks->items.begin(), hooks->items.end(),
                                           [&](const document::Node& hook) { return runs(hook, check, knowledge); });
  });
}

/// What the check is called by: a tool of the same name, or the runner whose file it stands in.
std::string_view runner_of(const reach::Check& check) {
  const auto file = check.chain.empty() ? std::string_view() : text::base_name(check.chain.front().path);
  if (file == "tox.ini") return "tox";
  if (file == "noxfile.py") return "nox";
  return std::string_view(check.tool).substr(0, check.tool.find(' '));
}

/// The file of tasks that the runner itself reads: it brings the runner in by its nature.
bool is_own_file(const reach::Check& check, const std::string& path) {
  return std::any_of(check.chain.begin(), check.chain.end(), [&](const auto& link) { return link.path == path; });
}

/// A program that the check's job runs now and that brings the tool in as a module: `tox.cmdline()`.
std::string program_with(const reach::Check& check, const reach::Execution& execution, model::Tree& tree) {
  const std::string tool(runner_of(check));
  const auto brings_in = [&](const std::string& path) {
    const auto entry = tree.find(path);
    if (!entry || entry->mode == model::FileMode::directory) return false;
    const auto content = tree.read(*entry);
    if (content.state != model::ContentState::present) return false;
    constexpr std::array<std::string_view, 6> kWays{"import ", "from ", "require('", "require(\"", "from '", "from \""};
    return std::any_of(kWays.begin(), kWays.end(), [&](std::string_view way) {
      const auto at = content.bytes->find(std::string(way) + tool);
      const auto end = at + way.size() + tool.size();
      return at != std::string::npos &&
             (end >= content.bytes->size() || std::isalnum(static_cast<unsigned char>((*content.bytes)[end])) == 0);
    });
  };
  for (const auto& pipeline : execution.pipelines) {
    if (pipeline->pipeline == nullptr || pipeline->pipeline->path != check.pipeline) continue;
    for (const auto& step : pipeline->steps) {
      if (!step.enforced || step.job == nullptr || step.job->id != check.job) continue;
      const auto found = std::find_if(step.files.begin(), step.files.end(), [&](const reach::FollowedFile& file) {
        return reach::may_call_scripts(file.path) && !is_own_file(check, file.path) && brings_in(file.path);
      });
      if (found != step.files.end()) return found->path;
    }
  }
  return {};
}

/// A script that the check's job runs now, in a shell that is not read, and that names the check's tool.
std::string script_with(const reach::Check& check, const reach::Execution& execution, model::Tree& tree) {
  const auto program = std::string_view(check.identity).substr(0, check.identity.find(' '));
  for (const auto& pipeline : execution.pipelines) {
    if (pipeline->pipeline == nullptr || pipeline->pipeline->path != check.pipeline) continue;
    for (const auto& step : pipeline->steps) {
      if (!step.enforced || step.job == nullptr || step.job->id != check.job) continue;
      for (const auto& file : step.files) {
        const auto entry = file.path.ends_with(".ps1") ? tree.find(file.path) : std::nullopt;
        if (!entry || entry->mode == model::FileMode::directory) continue;
        const auto content = tree.read(*entry);
        if (content.state == model::ContentState::present && content.bytes->find(program) != std::string::npos)
          return file.path;
      }
    }
  }
  return {};
}

/// The text names what the check's command names besides its options: `.\\AppTests.exe` for `psexec -i AppTests.exe`.
bool names_subject(std::string text, const reach::Check& check) {
  constexpr std::size_t kShortest = 6;
  std::erase_if(text, [](char byte) { return byte == '/' || byte == '\\'; });  // a shell may have taken some away
  const auto commands = document::parse_shell(check.identity).commands;
  if (commands.empty()) return false;
  return std::any_of(commands.front().argv.begin(), commands.front().argv.end(), [&](const document::Word& word) {
    const auto name = std::string_view(word.text).substr(word.text.find_last_of("/\\}") + 1);
    return name.size() >= kShortest && !name.starts_with('-') && name.find('$') == std::string_view::npos &&
           text.find(name) != std::string::npos;
  });
}

/// The check's own step, which is written for a shell that is not read now and names what the check did.
std::string step_unread(const reach::Check& check, const reach::Execution& execution) {
  if (check.step_name.empty() || !check.chain.empty()) return {};
  for (const auto& pipeline : execution.pipelines) {
    if (pipeline->pipeline == nullptr || pipeline->pipeline->path != check.pipeline) continue;
    for (const auto& step : pipeline->steps) {
      if (!step.enforced || step.job == nullptr || step.job->id != check.job || step.step == nullptr) continue;
      const bool unread = !step.step->run.empty() && step.step->script.commands.empty();
      if (unread && step.step->name == check.step_name && names_subject(step.step->run, check))
        return "its step in " + step.step->shell;
    }
  }
  return {};
}

/// A step that the tree brought itself (`vars/scan.groovy`) and does not any more, while the pipeline still calls it: a
/// library of another repository has it now, or the pipeline fails.
std::string library_step(const reach::Check& check, const reach::Execution& execution, model::Tree& tree) {
  constexpr std::string_view kFolder = "vars/", kEnd = ".groovy: ";
  const auto end = check.job.find(kEnd);
  if (!check.job.starts_with(kFolder) || end == std::string::npos) return {};
  const auto name = check.job.substr(kFolder.size(), end - kFolder.size());
  if (tree.find(check.job.substr(0, end + kEnd.size() - 2))) return {};
  const auto calls = [&](const pipeline::Job& job) {
    return std::any_of(job.steps.begin(), job.steps.end(), [&](const pipeline::Step& step) {
      return std::string_view(step.uses).substr(0, step.uses.find('.')) == name;
    });
  };
  for (const auto& one : execution.pipelines) {
    if (one->pipeline == nullptr || one->pipeline->path != check.pipeline) continue;
    if (std::any_of(one->pipeline->jobs.begin(), one->pipeline->jobs.end(), calls))
      return "the step " + name + " of a library";
  }
  return {};
}

/// A job of the same pipeline that runs whatever its matrix says, which names the check's tool in one leg.
std::string leg_with(const reach::Check& check, const reach::Execution& execution) {
  const auto program = check.identity.substr(0, check.identity.find(' '));
  for (const auto& pipeline : execution.pipelines) {
    if (pipeline->pipeline == nullptr || pipeline->pipeline->path != check.pipeline) continue;
    for (const auto& step : pipeline->steps) {
      if (!step.enforced || step.job == nullptr) continue;
      const auto& legs = step.job->legs;
      const bool named = std::any_of(legs.begin(), legs.end(),
                                     [&](const std::string& leg) { return leg.find(program) != std::string::npos; });
      const auto held = [](const reach::ExecutedCommand& executed) {
        const auto& argv = executed.command->argv;
        return executed.fatal && !executed.unreachable && argv.size() == 1 && argv.front().dynamic;
      };
      if (named && std::any_of(step.commands.begin(), step.commands.end(), held))
        return "a leg of job " + step.job->id + ", which names it,";
    }
  }
  return {};
}

/// The change tells the settings of a tool to judge more: what it selects, or what it shall do in place of another.
bool told_to_judge_more(Change& change, std::string_view tool, const std::string& in_place_of) {
  constexpr std::array<std::string_view, 6> kSelecting{"select", "extend", "enable", "plugins", "rules", "linters"};
  const auto family = tool.substr(0, tool.find(' '));
  return std::any_of(change.files().begin(), change.files().end(), [&](FileChange& file) {
    const auto name = text::base_name(file.path());
    const bool shared = text::is_one_of(name, {"pyproject.toml", "setup.cfg", "tox.ini", "package.json"});
    if (!file.delta().after || (!shared && name.find(family) == std::string_view::npos)) return false;
    const auto& added = file.lines().added;
    return std::any_of(added.begin(), added.end(), [&](const auto& line) {
      return line.text.find(in_place_of) != std::string_view::npos ||
             std::any_of(kSelecting.begin(), kSelecting.end(),
                         [&](auto word) { return line.text.find(word) != std::string_view::npos; });
    });
  });
}

/// A tool that can judge the same, runs with force and has just been told to judge more.
std::string taken_over(const reach::Check& check, const reach::Execution& execution, Change& change) {
  const auto& knowledge = change.knowledge();
  std::set<std::string_view> asked;
  for (const auto& pipeline : execution.pipelines) {
    for (const auto& step : pipeline->steps) {
      for (const auto& executed : step.commands) {
        if (!step.enforced || !executed.fatal || executed.unreachable) continue;
        const auto* tool = knowledge.check_tool(*executed.command);
        if (tool == nullptr || !knowledge.succeeds(tool->name, check.tool) || !asked.insert(tool->name).second)
          continue;
        if (told_to_judge_more(change, tool->name, check.tool)) return tool->name + ", whose settings change,";
      }
    }
  }
  return {};
}

/// Jobs with a plan of tasks: a pipeline of Concourse, which is told to its server from any place.
bool is_plan_of_tasks(FileChange& file) {
  const auto path = file.path();
  if (!path.ends_with(".yml") && !path.ends_with(".yaml")) return false;
  const auto text = file.after_text();
  return text.find("\njobs:") != std::string_view::npos && text.find(" plan:") != std::string_view::npos &&
         text.find(" task:") != std::string_view::npos;
}

/// A pipeline that nobody here reads, to which the change adds a call of the check's program.
std::string plan_with(const reach::Check& check, Change& change) {
  auto program = check.identity.substr(0, check.identity.find(' '));
  if (!check.known_tool) program.clear();
  program = program.substr(program.rfind('.') + 1) + " ";  // `govuk.shellcheck` of a library runs shellcheck
  if (program.size() < 3) return {};
  auto& files = change.files();
  const auto found = std::find_if(files.begin(), files.end(), [&](auto& file) {
    const auto& added = file.lines().added;
    return is_plan_of_tasks(file) && std::any_of(added.begin(), added.end(), [&](const auto& line) {
             return text::trimmed(line.text).starts_with(program);
           });
  });
  return found == files.end() ? std::string() : std::string(found->path());
}

}  // namespace

std::string runs_unseen(const reach::Check& check, const reach::Execution& after, Change& change) {
  auto& tree = change.after();
  const auto& knowledge = change.knowledge();
  if (const auto name = foreign_template(check, after); !name.empty())
    return "the template " + name + " of another repository";
  if (const auto uses = foreign_workflow(check, after, change); !uses.empty()) return uses;
  if (makes_pipelines(after) && is_hook(check, tree, knowledge)) return "a pipeline that is made at run time";
  if (const auto path = program_with(check, after, tree); !path.empty()) return path;
  if (const auto path = script_with(check, after, tree); !path.empty()) return path;
  if (auto step = step_unread(check, after); !step.empty()) return step;
  if (auto leg = leg_with(check, after); !leg.empty()) return leg;
  if (auto step = library_step(check, after, tree); !step.empty()) return step;
  if (auto path = plan_with(check, change); !path.empty()) return path;
  return taken_over(check, after, change);
}

}  // namespace tollbar::rule
