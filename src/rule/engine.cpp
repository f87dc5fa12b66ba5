// Runs the rules: facts by their producers, structured files by their kind, added lines behind a literal prefilter.
#include "rule/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <tuple>

#include "rule/checks.h"
#include "rule/matching.h"
#include "rule/redaction.h"
#include "rule/secret_scope.h"
#include "text/assignments.h"
#include "text/disguise.h"
#include "text/literal_set.h"
#include "util/error.h"
#include "util/sha256.h"

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
  std::vector<Use<LineMatch>> lines;
  std::vector<Use<LostMatch>> lost;
  std::vector<Use<PathMatch>> paths;
  std::vector<const Producer*> producers;            // only those some rule asks for
  std::vector<std::vector<std::size_t>> by_literal;  // literal -> indices into lines, ascending
  std::optional<LineLiterals> derived;               // where the rules bring none
  const LineLiterals* literals = nullptr;
  KindSet left_out;
  KindSet interesting;
  Redactor redactor;

  explicit Index(const RuleSet& rules) : redactor(rules) {}
};

namespace {

void note_kinds(const FileTest& test, KindSet& set) {
  for (const auto kind : test.kinds) set.set(kind);
}

void index_literals(Engine::Index& index, const RuleSet& rules);

}  // namespace

Engine::Engine(const RuleSet& rules) : rules_(rules), index_(std::make_unique<Index>(rules)) {
  for (const auto& rule : rules.rules)
    for (const auto& matcher : rule.match) {
      if (const auto* fact = std::get_if<FactMatch>(&matcher)) index_->facts.push_back({&rule, fact});
      if (const auto* edit = std::get_if<EditMatch>(&matcher)) index_->edits.push_back({&rule, edit});
      if (const auto* command = std::get_if<CommandMatch>(&matcher)) index_->commands.push_back({&rule, command});
      if (const auto* line = std::get_if<LineMatch>(&matcher)) index_->lines.push_back({&rule, line});
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
  index_literals(*index_, rules);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

namespace {

void index_literals(Engine::Index& index, const RuleSet& rules) {
  if (!rules.literals) index.derived = line_literals(rules.rules);
  index.literals = rules.literals ? &*rules.literals : &*index.derived;
  index.by_literal.resize(index.literals->set.size());
  for (std::size_t i = 0; i < index.lines.size(); ++i)
    for (const std::uint32_t literal : index.literals->of[i]) index.by_literal[literal].push_back(i);
}

/// One run over one change: collects findings, each rule guarded so that its failure is a finding and not a gap.
class Run {
 public:
  Run(const Engine::Index& index, Change& change) : index_(index), change_(change) {}

  /// A fact in a rule's words.
  static model::Finding finding_of(const Rule& rule, const Fact& fact);

  std::vector<model::Finding> findings(std::vector<model::Finding>* implied) {
    for (const auto* producer : index_.producers) judge_facts(*producer);
    for (auto& file : change_.files()) judge_file(file);
    judge_commands();
    drop_general();
    sort();
    for (auto* found : {&findings_, &implied_})
      for (auto& finding : *found) take_out_secrets(finding);
    if (implied != nullptr) *implied = std::move(implied_);
    return std::move(findings_);
  }

 private:
  void report(const Rule& rule, const Fact& fact) {
    if (!fact.secret.empty()) secrets_.insert(fact.secret);
    findings_.push_back(finding_of(rule, fact));
    general_.push_back(rule.only_if_unreported);
  }

  /// Rules about documents and commands show what they hold, be it a Secret's data. Who approves two such changes
  /// approves each: what was taken out stays told apart by its digest.
  void take_out_secrets(model::Finding& finding) const {
    const std::string shown = finding.before + '\0' + finding.after;
    std::vector<std::string*> texts{&finding.before, &finding.after, &finding.subject, &finding.message,
                                    &finding.action};
    for (auto& part : finding.parts) texts.insert(texts.end(), {&part.before, &part.after, &part.subject});
    index_.redactor.take_out_secrets(texts, secrets_);
    if (finding.before + '\0' + finding.after != shown)
      finding.context += (finding.context.empty() ? "digest: " : "; digest: ") + util::sha256_hex(shown).substr(0, 16);
  }

  void report_undecided(std::string_view rule, std::string_view path, std::string_view why) {
    model::Finding finding;
    finding.rule = rule;
    finding.decision = model::Decision::block;
    finding.risk = model::Risk::high;
    finding.path = path;
    finding.message = fmt::format("Could not be decided: {}.", why);
    finding.remedy = "What cannot be decided is refused: make it readable, or ask the owner of the gate.";
    finding.undecided = true;
    findings_.push_back(std::move(finding));
    general_.push_back(false);
  }

  /// Runs `work`; where it fails, the failure is reported in the rule's name.
  template <typename Work>
  void guarded(std::string_view rule, std::string_view path, Work work) {
    try {
      work();
    } catch (const util::Error& error) {
      report_undecided(rule, path, error.what());
    }
  }

  void judge_facts(const Producer& producer) {
    std::vector<Fact> facts;
    guarded(producer.name, "", [&] { producer.produce(change_, facts); });
    for (const auto& fact : facts)
      for (const auto& use : index_.facts)
        if (selects(*use.match, fact)) report(*use.rule, fact);
  }

  bool readable(FileChange& file) {
    const auto why = file.unreadable(index_.interesting);
    if (why.empty()) return true;
    report_undecided("input/unreadable", file.path(), why);
    return false;
  }

  /// What was added here goes away at another path that the matcher names.
  bool was_moved(const PathMatch& match, const FileChange& file) {
    const auto& now = file.delta();
    const auto& files = change_.files();
    return now.added() && std::any_of(files.begin(), files.end(), [&](const FileChange& other) {
             const auto& old = other.delta();
             return old.removed() && old.before->id == now.after->id && selects(match.files, other, index_.left_out);
           });
  }

  /// Reads a file only where some matcher wants its content.
  void judge_file(FileChange& file) {
    for (const auto& use : index_.paths)
      if (selects(use.match->files, file, index_.left_out) &&
          !(use.match->unless_moved && was_moved(*use.match, file))) {
        std::vector<Fact> facts;
        find_path(*use.match, file, facts);
        for (const auto& fact : facts) report(*use.rule, fact);
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
  }

  void judge_lost(const Use<LostMatch>& use, FileChange& file) {
    if (file.delta().added() || !selects(use.match->files, file, index_.left_out)) return;
    guarded(use.rule->id, file.path(), [&] {
      std::vector<Fact> facts;
      find_lost(*use.match, change_, file, facts);
      for (const auto& fact : facts) report(*use.rule, fact);
    });
  }

  void judge_edits(const Use<EditMatch>& use, FileChange& file) {
    if (!selects(use.match->files, file, index_.left_out)) return;
    guarded(use.rule->id, file.path(), [&] {
      std::vector<Fact> facts;
      find_edits(*use.match, file, facts);
      for (const auto& fact : facts) report(*use.rule, fact);
    });
  }

  /// Numbers of the line matchers that want this file.
  std::vector<std::size_t> uses_for(const FileChange& file) const {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < index_.lines.size(); ++i)
      if (selects(index_.lines[i].match->files, file, index_.left_out)) numbers.push_back(i);
    return numbers;
  }

  struct Candidate {
    const Use<LineMatch>* use;
    text::Line line;
  };

  /// Most files hold no line that any expression matches, and then their sides need not be compared line by line.
  void judge_lines(FileChange& file, const std::vector<std::size_t>& uses) {
    if (uses.empty() || file.binary()) return;
    for (const auto& [use, line] : candidate_lines(file, uses)) judge_line(*use, file, line);
    judge_disguised(file, uses);
  }

  /// Keys that are put together from pieces or written in base 64.
  void judge_disguised(FileChange& file, const std::vector<std::size_t>& uses) {
    std::vector<std::size_t> telling;
    std::copy_if(uses.begin(), uses.end(), std::back_inserter(telling), [&](std::size_t number) {
      const auto& match = *index_.lines[number].match;
      return match.secret && !match.value && !match.behind && !match.ahead;
    });
    if (telling.empty()) return;
    for (const auto& region : file.changed()) {
      std::size_t number = region.line_after, counted = 0;
      for (const auto begin : text::disguised_lines(region.after)) {
        const auto passed = region.after.substr(counted, begin - counted);
        number += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
        counted = begin;
        const text::Line line{number, line_at(region.after, begin)};
        for (const auto& plain : text::undisguised(region.after.substr(begin))) judge_plain(file, line, plain, telling);
      }
    }
  }

  void judge_plain(FileChange& file, const text::Line& line, const std::string& plain,
                   const std::vector<std::size_t>& uses) {
    for (const auto& [hit, numbers] : hit_lines({"", plain, 1, 1}, uses))
      for (const auto number : numbers) {
        const auto& use = index_.lines[number];
        guarded(use.rule->id, file.path(), [&, text = hit.text] {
          std::vector<Fact> facts;
          find_disguised(*use.match, change_, file, line, text, facts);
          for (const auto& fact : facts) report(*use.rule, fact);
        });
      }
  }

  /// Lines of the changed region that some expression matches, added or not.
  std::vector<Candidate> candidate_lines(FileChange& file, const std::vector<std::size_t>& uses) {
    std::vector<Candidate> candidates;
    const auto match = [&](std::size_t number, const text::Line& line) {
      const auto& use = index_.lines[number];
      guarded(use.rule->id, file.path(), [&] {
        if (may_match(*use.match, file, line)) candidates.push_back({&use, line});
      });
    };
    std::vector<std::size_t> always;
    std::copy_if(uses.begin(), uses.end(), std::back_inserter(always),
                 [&](std::size_t number) { return index_.literals->of[number].empty(); });
    for (const auto& changed : file.changed()) {
      if (changed.after.empty()) continue;
      const auto region = with_names(file.after_text(), changed);
      for (auto line : always.empty() ? std::vector<text::Line>{} : text::split_lines(region.after)) {
        line.number += region.line_after - 1;
        for (const auto number : always) match(number, line);
      }
      for (const auto& [line, numbers] : hit_lines(region, uses))
        for (const auto number : numbers) match(number, line);
    }
    return candidates;
  }

  /// With the lines before it, on which the names of its values may stand.
  static text::ChangedRegion with_names(std::string_view text, text::ChangedRegion region) {
    auto begin = static_cast<std::size_t>(region.after.data() - text.data());
    const auto end = begin + region.after.size();
    for (std::size_t more = 0; more < text::lines_to_value && begin > 0; ++more) {
      const auto newline = begin < 2 ? std::string_view::npos : text.rfind('\n', begin - 2);
      begin = newline == std::string_view::npos ? 0 : newline + 1;
      --region.line_after;
    }
    region.after = text.substr(begin, end - begin);
    return region;
  }

  struct HitLine {
    text::Line line;
    std::set<std::size_t> uses;
  };

  /// Lines that hold a literal of some of these matchers, with those.
  std::vector<HitLine> hit_lines(const text::ChangedRegion& region, const std::vector<std::size_t>& uses) const {
    std::vector<HitLine> lines;
    std::vector<std::size_t> wanted;
    std::size_t number = region.line_after, begin = 0;  // of the line looked at last
    for (const auto& [literal, literal_end] : index_.literals->set.occurrences(region.after)) {
      wanted.clear();
      std::copy_if(index_.by_literal[literal].begin(), index_.by_literal[literal].end(), std::back_inserter(wanted),
                   [&](std::size_t use) { return std::binary_search(uses.begin(), uses.end(), use); });
      if (wanted.empty()) continue;
      for (auto end = region.after.find('\n', begin); end != std::string_view::npos && end < literal_end - 1;
           end = region.after.find('\n', begin)) {
        begin = end + 1;
        ++number;
      }
      if (lines.empty() || lines.back().line.number != number)
        lines.push_back({{number, line_at(region.after, begin)}, {}});
      lines.back().uses.insert(wanted.begin(), wanted.end());
    }
    return lines;
  }

  static std::string_view line_at(std::string_view text, std::size_t begin) {
    auto line = text.substr(begin, text.find('\n', begin) - begin);
    if (line.ends_with('\r') && begin + line.size() < text.size()) line.remove_suffix(1);
    return line;
  }

  void judge_line(const Use<LineMatch>& use, FileChange& file, const text::Line& line) {
    guarded(use.rule->id, file.path(), [&] {
      std::vector<Fact> facts;
      find_line(*use.match, change_, file, line, facts);
      for (const auto& fact : facts) report(*use.rule, fact);
    });
  }

  void judge_commands() {
    if (index_.commands.empty()) return;
    guarded("input/commands", "", [&] {
      for (const auto& command : change_.new_commands()) judge_command(command, false);
      for (const auto& command : change_.lost_commands()) judge_command(command, true);
    });
  }

  void judge_command(const Change::NewCommand& command, bool removed) {
    for (const auto& use : index_.commands) {
      if (use.match->removed.value_or(false) != removed) continue;
      if (command.file != nullptr && !selects(use.match->files, *command.file, index_.left_out)) continue;
      guarded(use.rule->id, command.path, [&] {
        const bool served =
            command.job != nullptr && !command.job->services.empty() && command.job->environment.empty();
        if (selects(*use.match, command.place) && !(use.match->unserved && served) &&
            !(removed && is_rewritten(*use.match, command)) &&
            !(use.match->secrets_near && !secrets_in_reach(change_, command.path, command.place.line)))
          report(*use.rule, command_fact(command, removed));
      });
    }
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

  /// A catch-all is silent where a rule that says more has spoken, and of two catch-alls the first in name speaks. What
  /// the former would have said is implied by what the latter says.
  void drop_general() {
    std::vector<model::Finding> kept;
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      auto& finding = findings_[i];
      bool implied = false, said = false;
      for (std::size_t j = 0; general_[i] && j < findings_.size(); ++j) {
        if (i == j || findings_[j].trigger != finding.trigger || findings_[j].path != finding.path) continue;
        if (findings_[j].decision == model::Decision::allow) continue;
        implied = implied || !general_[j];
        said = said || (general_[j] && findings_[j].rule < finding.rule);
      }
      if (implied && !said) implied_.push_back(finding);
      if (!implied && !said) kept.push_back(finding);
    }
    findings_ = std::move(kept);
  }

  void sort() {
    const auto key = [](const model::Finding& f) {
      return std::tie(f.path, f.line, f.line_before, f.rule, f.subject, f.before, f.after);
    };
    std::stable_sort(findings_.begin(), findings_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    findings_.erase(
        std::unique(findings_.begin(), findings_.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
        findings_.end());
  }

  const Engine::Index& index_;
  Change& change_;
  std::vector<model::Finding> findings_;
  std::vector<bool> general_;
  std::set<std::string> secrets_;  ///< found in the change; no finding may show them
  std::vector<model::Finding> implied_;
};

model::Finding Run::finding_of(const Rule& rule, const Fact& fact) {
  model::Finding finding;
  finding.rule = rule.id;
  finding.trigger = rule.trigger;
  finding.decision = rule.decision;
  finding.risk = rule.risk;
  finding.path = fact.path;
  finding.line = fact.line;
  finding.line_before = fact.line_before;
  finding.subject = fact.subject;
  finding.before = fact.before;
  finding.after = fact.after;
  finding.action = rule.action.empty() ? fact.action : fill(rule.action, fact);
  finding.authority = fact.authority;
  finding.target = fact.target;
  const auto put = [&](std::string& member, const std::string& text) {
    if (!text.empty()) member = fill(text, fact);
  };
  put(finding.authority.credential, rule.authority.credential);
  put(finding.authority.source, rule.authority.source);
  put(finding.authority.scope, rule.authority.scope);
  put(finding.target.system, rule.target.system);
  put(finding.target.environment, rule.target.environment);
  put(finding.target.name, rule.target.name);
  finding.context = fact.context;
  finding.parts = fact.parts;
  finding.binding = rule.binding;
  finding.approvable = rule.approvable;
  finding.reach = fact.reach;
  finding.message = fill(rule.message, fact);
  finding.remedy = fill(rule.remedy, fact);
  return finding;
}

}  // namespace

std::vector<model::Finding> Engine::judge(Change& change, std::vector<model::Finding>* implied) const {
  return Run(*index_, change).findings(implied);
}

std::vector<model::Finding> Engine::judge(const RefChange& change) const {
  const Fact fact = fact_of(change);
  std::vector<model::Finding> findings;
  for (const auto& use : index_->facts)
    if (selects(*use.match, fact)) findings.push_back(Run::finding_of(*use.rule, fact));
  return findings;
}

}  // namespace tollbar::rule
