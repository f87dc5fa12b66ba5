// An edit is judged as a change of the work tree laid over the last commit, a command as a script that is new.
#include "hook/agent.h"

#include <fmt/format.h>

#include <filesystem>
#include <istream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <ostream>

#include "gate/decide.h"
#include "gate/exit_status.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "model/overlay_tree.h"
#include "report/refusal.h"
#include "rule/change.h"
#include "rule/engine.h"
#include "util/error.h"
#include "util/file.h"

namespace tollbar::hook {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::optional<model::MemoryTree::File>>;

/// Where a command is judged: a script of this name, which is never written.
constexpr std::string_view command_path = "pending-command.sh";

/// The repository that the agent works in; none where there is none.
std::optional<git::Repository> repository_at(const std::string& directory) {
  try {
    return git::Repository::open(directory.empty() ? "." : directory);
  } catch (const util::UsageError&) {
    return std::nullopt;
  }
}

/// What was changed, as it was and as it would be.
struct Edited {
  Files before, after;
  std::optional<std::string> inside_git;  ///< a path in git's own directory

  void add(const std::string& path, std::optional<model::MemoryTree::File> was,
           std::optional<model::MemoryTree::File> becomes) {
    before.try_emplace(path, std::move(was));
    after[path] = std::move(becomes);
  }
};

std::optional<model::MemoryTree::File> read_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    return std::nullopt;
  }
  model::MemoryTree::File read{util::file_text(path).value_or("")};
  const bool runs = (fs::status(path, error).permissions() & fs::perms::owner_exec) != fs::perms::none;
  read.mode = runs ? model::FileMode::executable : model::FileMode::regular;
  return read;
}

/// `path` below `directory`; empty where it stands elsewhere.
std::optional<std::string> path_below(const fs::path& directory, const fs::path& path) {
  const fs::path relative = path.lexically_relative(fs::weakly_canonical(directory));
  const bool elsewhere = relative.empty() || *relative.begin() == "..";
  return elsewhere ? std::nullopt : std::optional(relative.generic_string());
}

class AgentJudge {
 public:
  AgentJudge(const Call& call, const std::string& directory)
      : directory_(directory.empty() ? fs::current_path() : fs::path(directory)),
        repository_(repository_at(directory)) {
    if (repository_) {
      policies_.emplace(*repository_, rules_, call.policy_file);
      policy_ = gate::current_policy(*repository_, *policies_);
      if (const auto head = repository_->resolve_commit("HEAD")) {
        base_ = std::make_unique<git::RepositoryTree>(*repository_, repository_->commit(*head).tree);
      }
    } else {
      policy_ = std::make_shared<gate::LoadedPolicy>(gate::LoadedPolicy{gate::builtin_policy(rules_), ""});
    }
    if (base_ == nullptr) {
      base_ = std::make_unique<model::MemoryTree>();
    }
  }

  gate::Verdict command(const std::string& text) {
    const std::string path(command_path);
    gate::Verdict verdict = judge({{path, std::nullopt}}, {{path, model::MemoryTree::File{text + '\n'}}});
    for (model::Finding& finding : verdict.findings) {
      finding.path.clear();  // it stands in no file
      finding.line = 0;
      if (const std::size_t at = finding.message.find(path); at != std::string::npos) {
        finding.message.replace(at, path.size(), "the command");
      }
    }
    return verdict;
  }

  gate::Verdict edits(const std::vector<PendingEdit>& edits) {
    Edited edited;
    for (const PendingEdit& edit : edits) {
      apply(edit, edited);
    }
    if (edited.inside_git) {
      gate::Verdict verdict;
      gate::give_up(verdict,
                    fmt::format("{} belongs to git: hooks and settings that hold changes back", *edited.inside_git));
      return verdict;
    }
    return judge(edited.before, edited.after);
  }

 private:
  void apply(const PendingEdit& edit, Edited& edited) {
    const fs::path path = place_of(edit.path);
    const std::string name = name_of(path, edited);
    const auto before = read_file(path);
    auto after = edit.applied_to(before ? before->bytes : "");
    const model::FileMode mode = before ? before->mode : model::FileMode::regular;
    std::optional<model::MemoryTree::File> file;
    if (after) {
      file = model::MemoryTree::File{std::move(*after), mode};
    }
    if (!edit.moved_to.empty()) {
      const fs::path target = place_of(edit.moved_to);
      if (const std::string target_name = name_of(target, edited); !target_name.empty()) {
        edited.add(target_name, read_file(target), file);
      }
      file.reset();
    }
    if (!name.empty()) {
      edited.add(name, before, std::move(file));
    }
  }

  fs::path place_of(const std::string& path) const { return fs::weakly_canonical(directory_ / path); }

  /// The path in the work tree; empty for what is outside it.
  std::string name_of(const fs::path& path, Edited& edited) const {
    if (!repository_) {
      return {};
    }
    if (path_below(repository_->git_directory(), path)) {
      edited.inside_git = path.string();
      return {};
    }
    return repository_->is_bare() ? std::string() : path_below(repository_->work_directory(), path).value_or("");
  }

  gate::Verdict judge(const Files& before_files, const Files& after_files) {
    gate::Verdict verdict;
    verdict.of = gate::Verdict::Of::staged;
    if (!policy_->problems.empty()) {
      gate::give_up(verdict, policy_->problems);
      return verdict;
    }
    model::OverlayTree before(*base_, before_files);
    model::OverlayTree after(*base_, after_files);
    std::vector<model::FileDelta> deltas;
    for (const auto& [path, file] : after_files) {
      model::FileDelta delta{path, before.find(path), after.find(path)};
      if (delta.before != delta.after) {
        deltas.push_back(std::move(delta));
      }
    }
    if (deltas.empty()) {
      return verdict;
    }
    rule::Caches caches;
    rule::Change change(rules_, policy_->policy.view, caches, before, after, deltas, nullptr);
    gate::decide(verdict, engine_.judge(change), policy_->policy, gate::Date::today());
    return verdict;
  }

  fs::path directory_;
  std::optional<git::Repository> repository_;
  rule::RuleSet rules_ = rule::load_builtin();
  rule::Engine engine_{rules_};
  std::optional<gate::PolicySource> policies_;
  std::shared_ptr<const gate::LoadedPolicy> policy_;
  std::unique_ptr<model::Tree> base_;
};

/// The answer to a verdict; empty where there is nothing to say.
std::string answer_to(const gate::Verdict& verdict, const AgentProtocol& protocol) {
  if (verdict.status == model::Status::allowed) {
    return {};
  }
  std::string reason = report::brief_reason(verdict);
  if (!verdict.findings.empty() && !verdict.findings.front().remedy.empty()) {
    reason += "\nNext: " + report::brief_remedy(verdict);
  }
  const bool blocked = verdict.status == model::Status::blocked;
  reason += blocked ? "\nTrying again unchanged ends the same way." : "\nA person decides.";
  return protocol.answer(blocked ? Answer::deny : Answer::ask, "tollbar: " + reason);
}

std::string judge(const Call& call, const AgentProtocol& protocol, std::string_view input) {
  const std::optional<PendingAction> action = read_action(input);
  if (!action) {
    return {};
  }
  AgentJudge judge(call, action->directory);
  return answer_to(action->command ? judge.command(*action->command) : judge.edits(action->edits), protocol);
}

}  // namespace

int run_agent(Call& call, const AgentProtocol& protocol) {
  const std::string input{std::istreambuf_iterator<char>(call.in), std::istreambuf_iterator<char>()};
  std::string answer;
  try {
    answer = judge(call, protocol, input);
  } catch (const std::exception& error) {
    gate::Verdict verdict;
    gate::give_up(verdict, error.what());
    answer = answer_to(verdict, protocol);
  }
  if (!answer.empty()) {
    call.out << answer << '\n';
  }
  return gate::exit_allowed;
}

}  // namespace tollbar::hook
