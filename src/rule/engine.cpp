// Runs the rules: facts by their producers, structured files by their kind, added lines behind a literal prefilter.
#include "rule/engine.h"

#include <algorithm>

#include "document/spread.h"
#include "rule/checks.h"
#include "rule/findings.h"
#include "rule/line_search.h"
#include "rule/made_here.h"
#include "rule/matching.h"
#include "rule/own_services.h"
#include "rule/redaction.h"
#include "rule/secret_scope.h"
#include "text/disguise.h"

namespace tollbar::rule {
namespace {

template <typename M>
struct Use {
  const Rule* rule;
  const M* match;
};

}  // namespace

struct Engine::Index {
  std::vector<Use<FactMatch>> facts;
  std::vector<Use<EditMatch>> edits;
  std::vector<Use<CommandMatch>> commands;
  std::vector<Use<LostMatch>> lost;
  std::vector<Use<PathMatch>> paths;
  std::vector<const Producer*> producers;  // only those some rule asks for
  LineSearch lines;
  KindSet left_out;
  KindSet interesting;
  Redactor redactor;

  explicit Index(const RuleSet& rules) : lines(rules), redactor(rules) {}
};

namespace {

void note_kinds(const FileTest& test, KindSet& set) {
  for (const auto kind : test.kinds) set.set(kind);
}

}  // namespace

Engine::Engine(const RuleSet& rules) : rules_(rules), index_(std::make_unique<Index>(rules)) {
  for (const auto& rule : rules.rules)
    for (const auto& matcher : rule.match) {
      if (const auto* fact = std::get_if<FactMatch>(&matcher)) index_->facts.push_back({&rule, fact});
      if (const auto* edit = std::get_if<EditMatch>(&matcher)) index_->edits.push_back({&rule, edit});
      if (const auto* command = std::get_if<CommandMatch>(&matcher)) index_->commands.push_back({&rule, command});
      if (const auto* lost = std::get_if<LostMatch>(&matcher)) index_->lost.push_back({&rule, lost});
      if (const auto* path = std::get_if<PathMatch>(&matcher)) index_->paths.push_back({&rule, path});
    }
  for (const auto& producer : producers()) {
    const bool wanted = std::any_of(index_->facts.begin(), index_->facts.end(), [&](const Use<FactMatch>& use) {
      return std::any_of(use.match->facts.begin(), use.match->facts.end(), [&](const std::string& fact) {
        return std::find(producer.facts.begin(), producer.facts.end(), fact) != producer.facts.end();
      });
    });
    if (wanted) index_->producers.push_back(&producer);
  }
  for (const auto& use : index_->edits) note_kinds(use.match->files, index_->interesting);
  for (std::size_t i = 0; i < rules.kinds.size(); ++i)
    if (rules.kinds[i].commands) index_->interesting.set(i);
  index_->left_out = left_out_by_default(rules.kinds);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

namespace {

/// One run over one change.
class Run {
 public:
  Run(const Engine::Index& index, Change& change) : index_(index), change_(change) {}

  std::vector<model::Finding> findings(std::vector<model::Finding>* implied) {
    for (const auto* producer : index_.producers) judge_facts(*producer);
    for (auto& file : change_.files()) {
      const util::Profile::Part part(change_.profile(), "files");
      judge_file(file);
    }
    judge_commands();
    return findings_.settle(index_.redactor, implied);
  }

 private:
  void judge_facts(const Producer& producer) {
    const util::Profile::Part part(change_.profile(), producer.name);
    std::vector<Fact> facts;
    findings_.guarded(producer.name, "", [&] { producer.produce(change_, facts); });
    for (const auto& fact : facts)
      for (const auto& use : index_.facts)
        if (selects(*use.match, fact)) findings_.report(*use.rule, fact);
  }

  bool readable(FileChange& file) {
    const auto why = file.unreadable(index_.interesting);
    if (why.empty()) return true;
    findings_.report_undecided("input/unreadable", file.path(), why);
    return false;
  }

  /// What was added here goes away at another path that the matcher names.
  bool was_moved(const FileTest& files, const FileChange& file) {
    const auto from = change_.moved_from(file);
    return std::any_of(from.begin(), from.end(),
                       [&](const FileChange* other) { return selects(files, *other, index_.left_out); });
  }

  /// Reads a file only where some matcher wants its content.
  void judge_file(FileChange& file) {
    for (const auto& use : index_.paths)
      if (selects(use.match->files, file, index_.left_out) &&
          !(use.match->unless_moved && was_moved(use.match->files, file)) && (!use.match->sealed || file.sealed())) {
        std::vector<Fact> facts;
        find_path(*use.match, file, facts);
        for (const auto& fact : facts) findings_.report(*use.rule, fact);
      }
    const auto& delta = file.delta();
    if (delta.mode_only()) return;
    for (const auto& use : index_.lost) judge_lost(use, file);
    const bool interesting = (file.kinds() & index_.interesting).any();
    const bool has_lines = delta.after && delta.after->mode != model::FileMode::submodule;
    const auto lines = has_lines ? uses_for(file) : std::vector<std::size_t>{};
    if ((!interesting && lines.empty()) || !readable(file)) return;
    if (interesting)
      for (const auto& use : index_.edits) judge_edits(use, file);
    judge_lines(file, lines);
    judge_settings(file, lines);
  }

  /// The matcher names files in which a line is a setting.
  static bool speaks_of_settings(const FileTest& files) { return !files.paths.empty(); }

  /// Settings that share a line are looked at one by one as well; so are keys of services that are written in escapes.
  void judge_settings(FileChange& file, std::vector<std::size_t> uses) {
    if (uses.empty() || document::settings_format(file.path()) == document::Format::none || file.binary()) return;
    const bool escaped = document::has_escaped_letters(file.after_text());
    std::erase_if(uses, [&](std::size_t number) {
      const auto& use = index_.lines.use(number);
      const bool wanted = use.match->secret ? escaped : speaks_of_settings(use.match->files);
      return !wanted || findings_.tells(*use.rule, file.path());
    });
    if (!uses.empty() && &file.by_line() != &file) judge_lines(file.by_line(), uses);
  }

  void judge_lost(const Use<LostMatch>& use, FileChange& file) {
    if (file.delta().added() || !selects(use.match->files, file, index_.left_out)) return;
    findings_.guarded(use.rule->id, file.path(), [&] {
      std::vector<Fact> facts;
      find_lost(*use.match, change_, file, facts);
      if (facts.empty() && speaks_of_settings(use.match->files) && &file.by_line() != &file)
        find_lost(*use.match, change_, file.by_line(), facts);
      for (const auto& fact : facts) findings_.report(*use.rule, fact);
    });
  }

  void judge_edits(const Use<EditMatch>& use, FileChange& file) {
    if (!selects(use.match->files, file, index_.left_out)) return;
    findings_.guarded(use.rule->id, file.path(), [&] {
      std::vector<Fact> facts;
      find_edits(*use.match, file, facts);
      for (const auto& fact : facts) findings_.report(*use.rule, fact);
    });
  }

  /// Numbers of the line matchers that want this file. Lines of a file that only moved are none that are added, but for
  /// secrets: where those stood before is looked at one by one.
  std::vector<std::size_t> uses_for(const FileChange& file) {
    auto numbers = index_.lines.wanting(file, index_.left_out);
    std::erase_if(numbers, [&](std::size_t number) {
      const auto& match = *index_.lines.use(number).match;
      return !match.secret && was_moved(match.files, file);
    });
    return numbers;
  }

  /// Most files hold no line that any expression matches, and then their sides need not be compared line by line.
  void judge_lines(FileChange& file, const std::vector<std::size_t>& uses) {
    if (uses.empty() || file.binary()) return;
    for (const Candidate& candidate : candidate_lines(file, uses))
      findings_.guarded(candidate.use->rule->id, file.path(), [&] {
        std::vector<Fact> facts;
        find_line(*candidate.use->match, change_, file, candidate.line, facts);
        for (const auto& fact : facts) findings_.report(*candidate.use->rule, fact);
      });
    judge_disguised(file, index_.lines.telling_by_text(uses));
  }

  struct Candidate {
    const LineUse* use;
    text::Line line;
  };

  /// Lines round the changed regions that some expression matches, added or not.
  std::vector<Candidate> candidate_lines(FileChange& file, const std::vector<std::size_t>& uses) {
    std::vector<Candidate> candidates;
    const auto keep = [&](const LineUse& use, const text::Line& line) {
      findings_.guarded(use.rule->id, file.path(), [&] {
        if (may_match(*use.match, file, line)) candidates.push_back({&use, line});
      });
    };
    for (const auto& region : file.changed())
      if (!region.after.empty()) index_.lines.visit(file.after_text(), region, uses, keep);
    return candidates;
  }

  /// Keys that are put together from pieces or written in base 64.
  void judge_disguised(FileChange& file, const std::vector<std::size_t>& uses) {
    if (uses.empty()) return;
    for (const auto& region : file.changed()) {
      std::size_t number = region.line_after, counted = 0;
      for (const auto begin : text::disguised_lines(region.after)) {
        const auto passed = region.after.substr(counted, begin - counted);
        number += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
        counted = begin;
        const text::Line line{number, line_at(region.after, begin)};
        for (const auto& plain : text::undisguised(region.after.substr(begin))) judge_plain(file, line, plain, uses);
      }
    }
  }

  void judge_plain(FileChange& file, const text::Line& line, const std::string& plain,
                   const std::vector<std::size_t>& uses) {
    for (const auto& hit : index_.lines.lines_with_literals({"", plain, 1, 1}, uses))
      for (const auto number : hit.uses) {
        const auto& use = index_.lines.use(number);
        findings_.guarded(use.rule->id, file.path(), [&] {
          std::vector<Fact> facts;
          find_disguised(*use.match, change_, file, line, hit.line.text, facts);
          for (const auto& fact : facts) findings_.report(*use.rule, fact);
        });
      }
  }

  void judge_commands() {
    const util::Profile::Part part(change_.profile(), "commands");
    if (index_.commands.empty()) return;
    findings_.guarded("input/commands", "", [&] {
      for (const auto& command : change_.new_commands()) judge_command(command, false);
      for (const auto& command : change_.lost_commands()) judge_command(command, true);
      for (const auto& command : change_.fed_commands()) judge_input(command);
    });
  }

  void judge_command(const Change::NewCommand& command, bool removed) {
    for (const auto& use : index_.commands) {
      if (use.match->removed.value_or(false) != removed) continue;
      if (command.file != nullptr && !selects(use.match->files, *command.file, index_.left_out)) continue;
      findings_.guarded(use.rule->id, command.path, [&] {
        if (applies(*use.match, command) &&
            (removed ? !is_rewritten(*use.match, command) : rewords_as_wanted(*use.match, command)))
          findings_.report(*use.rule, command_fact(command, removed));
      });
    }
  }

  /// The command is meant, where it stands.
  bool applies(const CommandMatch& match, const Change::NewCommand& command) {
    return selects(match, command.place) && !is_served(match, command) &&
           !(match.unless_made && made_by_own_job(command, change_.new_commands())) &&
           has_secrets_near(match.secrets_near, command);
  }

  bool has_secrets_near(SecretsNear wanted, const Change::NewCommand& command) {
    if (wanted == SecretsNear::served) return credentials_in_reach(change_, command.path, command.place.line);
    return wanted == SecretsNear::no || secrets_in_reach(change_, command.path, command.place.line);
  }

  /// A command that was there and reads something else: what it is, nobody asks again.
  void judge_input(const Change::NewCommand& command) {
    auto unfed = command.place;
    unfed.command.piped.clear();
    for (auto& redirection : unfed.command.redirections) redirection.heredoc.clear();
    for (const auto& use : index_.commands) {
      if (!use.match->input || use.match->removed.value_or(false)) continue;
      if (command.file != nullptr && !selects(use.match->files, *command.file, index_.left_out)) continue;
      findings_.guarded(use.rule->id, command.path, [&] {
        if (applies(*use.match, command) && !selects(*use.match, unfed))
          findings_.report(*use.rule, command_fact(command, false));
      });
    }
  }

  static bool is_served(const CommandMatch& match, const Change::NewCommand& command) {
    if (match.unserved == Unserved::no) return false;
    return match.unserved == Unserved::job ? has_own_services(command.job)
                                           : acts_on_own_service(command.job, command.place.command.text());
  }

  bool rewords_as_wanted(const CommandMatch& match, const Change::NewCommand& command) {
    return !match.rewritten || *match.rewritten == rewords_another(match, command);
  }

  /// A new command takes the place of one that matched there as well and was no milder; each old one counts once.
  bool rewords_another(const CommandMatch& match, const Change::NewCommand& command) {
    const auto stands_there = [&](const Change::NewCommand& other) {
      return other.path == command.path && other.place.subject == command.place.subject && selects(match, other.place);
    };
    const auto& lost = change_.lost_commands();
    const auto reworded = std::count_if(lost.begin(), lost.end(), [&](const Change::NewCommand& old) {
      return stands_there(old) && says_no_more(match.gains, command.place.command, old.place.command);
    });
    return reworded > std::count_if(change_.new_commands().data(), &command, stands_there);
  }

  /// A command taken away is but rewritten where a new one matches just as it did: one new one speaks for one old one.
  bool is_rewritten(const CommandMatch& match, const Change::NewCommand& command) {
    const auto alike = [&](const Change::NewCommand& other) {
      return other.place.command.program() == command.place.command.program() && selects(match, other.place);
    };
    const auto& lost = change_.lost_commands();
    const auto earlier = std::count_if(lost.data(), &command, alike);
    const auto& gained = change_.new_commands();
    return std::count_if(gained.begin(), gained.end(), alike) > earlier;
  }

  const Engine::Index& index_;
  Change& change_;
  Findings findings_;
};

}  // namespace

std::vector<model::Finding> Engine::judge(Change& change, std::vector<model::Finding>* implied) const {
  return Run(*index_, change).findings(implied);
}

std::vector<model::Finding> Engine::judge(const RefChange& change) const {
  const Fact fact = fact_of(change);
  std::vector<model::Finding> findings;
  for (const auto& use : index_->facts)
    if (selects(*use.match, fact)) findings.push_back(finding_of(*use.rule, fact));
  return findings;
}

}  // namespace tollbar::rule
