// One change as rules see it: its files with everything about them derived on demand and once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/edit.h"
#include "document/formats.h"
#include "document/scripts.h"
#include "model/commit.h"
#include "model/tree.h"
#include "pipeline/model.h"
#include "pipeline/readers.h"
#include "reach/execution.h"
#include "reach/execution_cache.h"
#include "reach/inventory.h"
#include "reach/script_cache.h"
#include "rule/rule_set.h"
#include "text/decode.h"
#include "text/line_diff.h"
#include "util/profile.h"

namespace tollbar::rule {

/// What the policy says about credentials and checks, as far as facts depend on it. Immutable once judging begins.
struct PolicyView {
  struct Credential {
    std::string name, owner, purpose;
  };
  std::vector<Credential> credentials;
  std::vector<std::string> required_checks;
  std::vector<std::string> production;  ///< globs over environments that are production
  std::vector<std::string> protected_refs;
  std::vector<std::string> trusted_owners;  ///< action owners whose version bumps are low risk
  std::vector<std::string> hosted_runners;  ///< further globs
  std::vector<std::string> admin_tools;     ///< further programs that write to shared systems
  std::vector<std::string> executed;  ///< globs over files that jobs only build, import or test and that count as run

  /// The rules' knowledge with the policy's additions; null: nothing to add.
  std::shared_ptr<const reach::Knowledge> knowledge;

  /// Registered with owner and purpose.
  bool registered(std::string_view credential) const;
  bool is_production(std::string_view environment) const;
};

/// `rules.knowledge` with what a policy adds to it, for PolicyView::knowledge.
std::shared_ptr<const reach::Knowledge> knowledge_under(const RuleSet& rules, const PolicyView& policy);

/// A command in a file that runs, with the place it stands at.
struct CommandPlace {
  document::Command command;
  std::string identity;  ///< document::identity(command)
  std::string subject;   ///< `scripts.test`, `target deploy`, `job x / step y`, `RUN`
  std::uint32_t line = 0;
};

/// The commands of files by blob: one side of a change is a side of its neighbour's.
class CommandCache {
 public:
  using Commands = std::shared_ptr<const std::vector<CommandPlace>>;
  Commands of(document::Format format, const model::ObjectId& blob,
              const std::function<std::vector<CommandPlace>()>& read);

 private:
  static constexpr std::size_t kept = 2048;  ///< files
  std::map<std::pair<document::Format, model::ObjectId>, Commands> known_;
};

/// Per-thread caches that outlive a change.
struct Caches {
  pipeline::DocumentCache documents;
  CommandCache commands;
  reach::ScriptCache scripts;
  reach::ExecutionCache executions;
  util::Profile profile;  ///< of what the thread does with a change
};

class FileChange {
 public:
  FileChange(const model::FileDelta& delta, KindSet kinds, const Kinds& table, model::Tree& before, model::Tree& after,
             Caches& caches);

  const model::FileDelta& delta() const { return delta_; }
  const std::string& path() const { return delta_.path; }
  const std::string& folded_path() const { return folded_path_; }  ///< text::fold_path
  KindSet kinds() const { return kinds_; }
  document::Format format() const;

  /// Decoded text; empty where absent, binary, too large or missing (see unreadable()).
  std::string_view before_text();
  std::string_view after_text();
  /// Why a side that judging needs cannot be read: `too large: 1073741824 bytes`, `missing from the object database`;
  /// else empty. The side before is needed only for files of the given kinds.
  std::string unreadable(KindSet compared);
  bool binary();
  /// One of its sides cannot be read as text.
  bool sealed();
  /// Removed, and nothing is left in its folder.
  bool went_with_folder() const;
  /// Files of the change that are one module together with this one (the `.tf` files of a folder): a block that went to
  /// one of them is no edit.
  void belongs_with(std::vector<FileChange*> others) { companions_ = std::move(others); }
  text::Encoding before_encoding();
  text::Encoding after_encoding();
  const document::Document& before_document();
  const document::Document& after_document();
  const std::vector<document::Edit>& edits();
  /// Where the texts differ: cheaper than lines().
  const std::vector<text::ChangedRegion>& changed();
  /// Added and removed lines of the text.
  const text::LineDiff& lines();
  /// The file for those who read its settings line by line: itself, or where some of its lines hold several settings a
  /// file that says the same with one a line (document/spread.h).
  FileChange& by_line();
  /// The lines of the file on which those of before_text() and after_text() were written.
  std::uint32_t source_line_before(std::size_t number);
  std::uint32_t source_line(std::size_t number);
  /// Commands of scripts, recipes, package scripts and image builds (CI steps are reached through the pipelines).
  const std::vector<CommandPlace>& before_commands();
  const std::vector<CommandPlace>& after_commands();

 private:
  struct Side;
  Side& load(bool after);
  void spread_out(Side& side) const;
  std::uint32_t source_line(Side& side, std::size_t number) const;
  const document::Document& document(bool after);
  const std::vector<CommandPlace>& commands(bool after);
  bool went_elsewhere(const document::NodePath& path, const document::Node& node, bool gone);
  const model::FileDelta& delta_;
  std::string folded_path_;
  KindSet kinds_;
  const Kinds* table_;
  model::Tree* trees_[2];
  Caches* caches_;
  std::shared_ptr<Side> sides_[2];
  std::vector<FileChange*> companions_;
  std::optional<std::vector<document::Edit>> edits_;
  std::optional<std::vector<text::ChangedRegion>> changed_;
  std::optional<text::LineDiff> lines_;
  document::Format spread_as_ = document::Format::none;  ///< of a file with a setting a line
  std::optional<std::shared_ptr<FileChange>> by_line_;   ///< null: the file itself
};

struct CommandChanges;

/// Whether the deltas of a change are all that differs between its trees, or (of a merge) only what differs from every
/// parent.
enum class Deltas : std::uint8_t { all, some };

class Powers;

class Change {
 public:
  Change(const RuleSet& rules, const PolicyView& policy, Caches& caches, model::Tree& before, model::Tree& after,
         const std::vector<model::FileDelta>& deltas, const model::Commit* commit, Deltas extent = Deltas::all);
  ~Change();

  const RuleSet& rules() const { return rules_; }
  const PolicyView& policy() const { return policy_; }
  std::vector<FileChange>& files() { return files_; }
  FileChange* file(std::string_view path);
  model::Tree& before() { return before_; }
  model::Tree& after() { return after_; }
  const model::Commit* commit() const { return commit_; }  ///< null for staged and net changes

  /// True where a file of the change is a CI file or one that some pipeline runs or looks at: only then are pipelines
  /// worth reading.
  bool touches_execution();
  const reach::Execution& before_execution();
  const reach::Execution& after_execution();
  const reach::Knowledge& knowledge() const;
  /// What steps of both executions can act with, found once for all who ask.
  Powers& powers();
  util::Profile& profile() { return caches_.profile; }
  /// The pipelines among them that this change touches: their own file or one they were read from.
  std::vector<const pipeline::Pipeline*> touched_pipelines(const reach::Execution& execution);
  const std::vector<reach::CheckChange>& check_changes();
  /// Commands that the change newly brings in (or took away) anywhere, net over all its files and pipelines.
  struct NewCommand {
    CommandPlace place;
    FileChange* file = nullptr;                    ///< null for a pipeline step that changed through another file
    const pipeline::Pipeline* pipeline = nullptr;  ///< where it stands in one
    const pipeline::Job* job = nullptr;
    const pipeline::Step* step = nullptr;
    std::string path;
  };
  const std::vector<NewCommand>& new_commands();
  const std::vector<NewCommand>& lost_commands();
  /// Commands that stand on both sides and are given more to read now (a here-document): with what of it is new.
  const std::vector<NewCommand>& fed_commands();
  /// The files of the change that go away with just the content that this one newly comes with.
  std::vector<const FileChange*> moved_from(const FileChange& file);
  /// The file or folder was there, and the change leaves nothing of it. Of tests, what they test counts.
  /// What surely `is_path` may have gone before as well, out of a folder that is there.
  bool went_away(const std::string& path, bool is_path);
  /// The text (a secret) stood in a line that this change takes away: it only moved.
  bool took_away(std::string_view text);

  /// The text (a secret) stands in a file of the tree before that runs or is delivered: history keeps it already. False
  /// where it is not found within a bounded search.
  bool held_before(std::string_view text);

 private:
  /// Tells the files of each Terraform module of each other.
  void join_modules();
  const CommandChanges& commands();
  /// What stood in the folder stands elsewhere now.
  bool moved_away(const std::string& folder) const;
  /// The execution of one of the two trees.
  std::shared_ptr<const reach::Execution> execution_of(model::Tree& tree, const model::Tree& other);

  const RuleSet& rules_;
  const PolicyView& policy_;
  Caches& caches_;
  model::Tree& before_;
  model::Tree& after_;
  const std::vector<model::FileDelta>& deltas_;
  const model::Commit* commit_;
  Deltas extent_;
  std::vector<FileChange> files_;
  struct Derived;
  std::unique_ptr<Derived> derived_;
};

}  // namespace tollbar::rule
