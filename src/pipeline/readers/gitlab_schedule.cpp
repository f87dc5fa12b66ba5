// When a GitLab job runs: `rules`, `only`, `except`, `when` and `allow_failure` tried out on every kind of pipeline
// run.
#include <algorithm>
#include <array>

#include "pipeline/everything.h"
#include "pipeline/readers/gitlab.h"

namespace tollbar::pipeline::gitlab {
namespace {

using document::Node;

/// What one scenario makes of a job.
struct Run {
  Grade grade = Grade::no;
  bool manual = false, automatic = false;    ///< in at least one way that is possible
  bool may_fail = false, must_pass = false;  ///< likewise
  bool voluntary() const { return manual && !automatic && may_fail && !must_pass; }
  std::vector<std::string> paths;  ///< `changes` without which it does not run
  bool without_paths = false;      ///< it can also run regardless of paths
};

Grade both(Grade a, Grade b) {
  return std::min(a, b);
}

std::string_view when_of(const Node& node, std::string_view fallback) {
  const auto* when = node.get("when");
  return when ? when->text(fallback) : fallback;
}

/// `allow_failure` as written: true, false, or neither where only some exit codes are allowed. With the one that nearly
/// every failing check ends with, all are.
struct AllowFailure {
  bool written = false, yes = false, sometimes = false;
};
AllowFailure allow_failure(const Node& node) {
  const auto* value = node.get("allow_failure");
  if (!value) return {};
  const auto* codes = value->get("exit_codes");
  const auto allowed = codes ? codes->texts() : std::vector<std::string>{};
  const bool any = std::find(allowed.begin(), allowed.end(), "1") != allowed.end();
  return {true, any || value->truth().value_or(false), value->is_mapping() && !any};
}

std::vector<std::string> paths_of(const Node* changes) {
  if (!changes) return {};
  return texts_of(changes->is_mapping() ? changes->get("paths") : changes);
}

class ScheduleReader {
 public:
  ScheduleReader(const Node& job, const Node* workflow, const StringMap& variables)
      : job_(job),
        workflow_(workflow),
        variables_(variables),
        when_(when_of(job, "on_success")),
        allowed_(allow_failure(job)) {}

  Schedule read() {
    bool all_sure = true;
    for (const auto& scenario : scenarios()) {
      const Grade pipeline = workflow_ ? rules(*workflow_, scenario).grade : Grade::yes;
      if (pipeline == Grade::no) continue;
      Run run = run_in(scenario);
      run.grade = both(run.grade, pipeline);
      all_sure = all_sure && run.grade == Grade::yes;
      note(scenario, run);
    }
    finish(all_sure);
    return std::move(schedule_);
  }

 private:
  Run run_in(const Scenario& scenario) const {
    if (const auto* list = job_.get("rules")) return rules(*list, scenario);
    Run run;
    run.grade = both(only(scenario), except(scenario));
    run.without_paths = true;
    count(run, when_, allowed_.yes || (when_ == "manual" && !allowed_.written));
    return run;
  }

  static void count(Run& run, std::string_view when, bool may_fail) {
    if (when == "never") {
      run.grade = Grade::no;
      return;
    }
    (when == "manual" ? run.manual : run.automatic) = true;
    (may_fail ? run.may_fail : run.must_pass) = true;
  }

  /// First match wins; one that is not sure leaves the later ones possible. An empty list matches nothing.
  Run rules(const Node& list, const Scenario& scenario) const {
    Run run;
    Grade open = Grade::yes;
    for (const auto& rule : list.items) {
      if (open == Grade::no) break;
      const Grade grade = rule_grade(rule, scenario);
      const Grade matched = both(open, grade);
      if (grade == Grade::yes) {
        open = Grade::no;
      } else if (grade == Grade::maybe) {
        open = both(open, Grade::maybe);
      }
      const auto when = when_of(rule, when_);
      if (matched == Grade::no || when == "never") continue;
      run.grade = std::max(run.grade, matched);
      const auto allowed = allow_failure(rule);
      count(run, when, allowed.written ? allowed.yes : allowed_.yes);
      const auto paths = paths_of(rule.get("changes"));
      run.paths.insert(run.paths.end(), paths.begin(), paths.end());
      run.without_paths = run.without_paths || paths.empty();
    }
    return run;
  }

  Grade rule_grade(const Node& rule, const Scenario& scenario) const {
    if (!rule.is_mapping()) return Grade::maybe;
    Grade grade = Grade::yes;
    if (const auto* condition = rule.get("if")) grade = evaluate(text_of(condition), scenario, variables_);
    if (const auto* changes = rule.get("changes")) grade = both(grade, changes_grade(*changes, scenario));
    if (rule.get("exists")) grade = both(grade, Grade::maybe);
    return grade;
  }

  /// Where there is nothing to compare with (tags, schedules, manual runs), `changes` counts as true.
  static Grade changes_grade(const Node& changes, const Scenario& scenario) {
    if (changes.is_sequence() && changes.items.empty()) return Grade::no;
    const bool compares = scenario.ref == Scenario::Ref::merge_request ||
                          (scenario.source == "push" && scenario.ref != Scenario::Ref::tag);
    return compares ? Grade::maybe : Grade::yes;
  }

  Grade only(const Scenario& scenario) const {
    const auto* node = job_.get("only");
    if (!node && job_.get("except") == nullptr && workflow_) return Grade::yes;
    static const std::vector<std::string> kByDefault{"branches", "tags"};
    if (!node) return refs(kByDefault, scenario);
    if (!node->is_mapping()) return refs(node->texts(), scenario);
    Grade grade = refs(node->get("refs") ? texts_of(node->get("refs")) : kByDefault, scenario);
    if (const auto* conditions = node->get("variables")) grade = both(grade, any_of(*conditions, scenario));
    if (node->get("changes") || node->get("kubernetes")) grade = both(grade, Grade::maybe);
    return grade;
  }

  Grade except(const Scenario& scenario) const {
    const auto* node = job_.get("except");
    if (!node) return Grade::yes;
    Grade excluded = Grade::no;
    if (!node->is_mapping()) {
      excluded = refs(node->texts(), scenario);
    } else {
      excluded = refs(texts_of(node->get("refs")), scenario);
      if (const auto* conditions = node->get("variables")) excluded = std::max(excluded, any_of(*conditions, scenario));
      if (node->get("changes") || node->get("kubernetes")) excluded = std::max(excluded, Grade::maybe);
    }
    if (excluded == Grade::yes) return Grade::no;
    return excluded == Grade::no ? Grade::yes : Grade::maybe;
  }

  Grade any_of(const Node& conditions, const Scenario& scenario) const {
    Grade grade = Grade::no;
    for (const auto& text : conditions.texts()) grade = std::max(grade, evaluate(text, scenario, variables_));
    return grade;
  }

  Grade refs(const std::vector<std::string>& names, const Scenario& scenario) const {
    Grade grade = Grade::no;
    for (const auto& name : names) grade = std::max(grade, ref(name, scenario));
    return grade;
  }

  static Grade ref(std::string_view name, const Scenario& scenario) {
    struct Keyword {
      std::string_view name, source;
    };
    static constexpr std::array kSources{
        Keyword{"pushes", "push"},
        Keyword{"merge_requests", "merge_request_event"},
        Keyword{"schedules", "schedule"},
        Keyword{"web", "web"},
        Keyword{"api", "api"},
        Keyword{"triggers", "trigger"},
        Keyword{"pipelines", "pipeline"},
        Keyword{"external", "external"},
        Keyword{"chat", "chat"},
        Keyword{"external_pull_requests", "external_pull_request_event"},
    };
    const bool branch = scenario.ref == Scenario::Ref::default_branch || scenario.ref == Scenario::Ref::other_branch;
    if (name == "branches") return branch ? Grade::yes : Grade::no;
    if (name == "tags") return scenario.ref == Scenario::Ref::tag ? Grade::yes : Grade::no;
    for (const auto& keyword : kSources) {
      if (keyword.name == name) return keyword.source == scenario.source ? Grade::yes : Grade::no;
    }
    if (scenario.ref == Scenario::Ref::merge_request) return Grade::no;
    if (name.starts_with('/') && meets_every_name(name)) return Grade::yes;
    if (scenario.ref == Scenario::Ref::tag || name.starts_with('/')) return Grade::maybe;
    return evaluate("$CI_COMMIT_BRANCH == \"" + std::string(name) + "\"", scenario, {});
  }

  void note(const Scenario& scenario, const Run& run) {
    best_ = std::max(best_, run.grade);
    if (run.grade == Grade::no) return;
    total_.manual = total_.manual || run.manual;
    total_.automatic = total_.automatic || run.automatic;
    total_.may_fail = total_.may_fail || run.may_fail;
    total_.must_pass = total_.must_pass || run.must_pass;
    if (run.grade == Grade::unlikely) return;
    auto& events = schedule_.events;
    const auto known =
        std::find_if(events.begin(), events.end(), [&](const Event& event) { return event.name == scenario.event; });
    if (known == events.end()) {
      Event event;
      event.name = scenario.event;
      event.line = job_.line;
      event.voluntary = run.voluntary();
      if (!run.without_paths) event.filters["paths"] = run.paths;
      if (scenario.event == "push") event.filters["branches"] = {"$CI_DEFAULT_BRANCH"};
      if (scenario.ref == Scenario::Ref::other_branch) event.filters.erase("branches");
      events.push_back(std::move(event));
      return;
    }
    known->voluntary = known->voluntary && run.voluntary();
    if (scenario.ref == Scenario::Ref::other_branch) known->filters.erase("branches");
    if (run.without_paths) known->filters.erase("paths");
  }

  void finish(bool all_sure) {
    auto& condition = schedule_.condition;
    for (const auto* key : {"rules", "only", "except", "when"}) {
      const auto* node = job_.get(key);
      if (!node || (node == job_.get("when") && when_ == "always")) continue;  // `always` leaves nothing out
      if (condition.line == 0) condition.line = node->line;
      condition.text += (condition.text.empty() ? "" : "; ") + std::string(key) + ": " + node->brief(kWholeText);
    }
    const bool plain = condition.text.empty() || when_ == "on_failure";
    if (best_ == Grade::no) {
      condition.truth = Truth::never;
    } else if (best_ == Grade::unlikely) {
      condition.truth = Truth::unlikely;
    } else {
      condition.truth = (plain || all_sure) && when_ != "on_failure" ? Truth::always : Truth::depends;
    }
    schedule_.gated = total_.manual && !total_.automatic;
    if (schedule_.gated)  // said of the whole job
      for (auto& event : schedule_.events) event.voluntary = false;
    schedule_.may_fail = total_.may_fail && !total_.must_pass;
    schedule_.may_fail_sometimes = (total_.may_fail && total_.must_pass) || allowed_.sometimes;
  }

  const Node& job_;
  const Node* workflow_;
  const StringMap& variables_;
  std::string_view when_;
  AllowFailure allowed_;
  Schedule schedule_;
  Run total_;
  Grade best_ = Grade::no;
};

}  // namespace

Schedule read_schedule(const Node& job, const Node* workflow, const StringMap& variables) {
  return ScheduleReader(job, workflow, variables).read();
}

}  // namespace tollbar::pipeline::gitlab
