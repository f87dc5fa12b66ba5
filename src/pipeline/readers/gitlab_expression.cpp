// The expressions of GitLab's `rules: if`, tried out on one kind of pipeline run.
#include <algorithm>
#include <array>

#include "pipeline/readers/gitlab.h"
#include "text/pattern.h"
#include "util/error.h"

namespace tollbar::pipeline::gitlab {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::array<std::string_view, 6> kDefaultBranches{"main", "master", "trunk", "develop", "devel", "default"};

/// What an operand is in a scenario.
struct Operand {
  enum class Kind : std::uint8_t {
    text,            ///< a literal, or a variable the run sets to a known value
    written,         ///< a variable with the value that the file gives it; settings can override it
    null,            ///< unset in this kind of run
    unset,           ///< nothing here sets it
    default_branch,  ///< the default branch's name
    other_branch,    ///< the name of some other branch
    unknown,         ///< set, to something a run decides
    regex,
  };
  Kind kind = Kind::unknown;
  std::string text;
};
using Kind = Operand::Kind;

Operand ref_operand(const Scenario& scenario, bool branches, bool tags) {
  switch (scenario.ref) {
    case Scenario::Ref::default_branch:
      return {branches ? Kind::default_branch : Kind::null, {}};
    case Scenario::Ref::other_branch:
      return {branches ? Kind::other_branch : Kind::null, {}};
    case Scenario::Ref::tag:
      return {tags ? Kind::unknown : Kind::null, {}};
    case Scenario::Ref::merge_request:
      break;
  }
  return {branches && tags ? Kind::other_branch : Kind::null, {}};
}

Operand variable(const std::string& name, const Scenario& scenario, const StringMap& variables) {
  if (name == "CI_PIPELINE_SOURCE") return {Kind::text, std::string(scenario.source)};
  if (name == "CI_DEFAULT_BRANCH") return {Kind::default_branch, {}};
  if (name == "CI_COMMIT_BRANCH") return ref_operand(scenario, true, false);
  if (name == "CI_COMMIT_TAG") return ref_operand(scenario, false, true);
  if (name == "CI_COMMIT_REF_NAME" || name == "CI_COMMIT_REF_SLUG") return ref_operand(scenario, true, true);
  if (name.starts_with("CI_MERGE_REQUEST_")) {
    return {scenario.ref == Scenario::Ref::merge_request ? Kind::unknown : Kind::null, {}};
  }
  if (name == "CI") return {Kind::text, "true"};
  if (name.starts_with("CI_") || name.starts_with("GITLAB_")) return {Kind::unknown, {}};
  const auto written = variables.find(name);
  if (written == variables.end()) return {Kind::unset, {}};
  if (written->second.find('$') != std::string::npos) return {Kind::unknown, {}};
  return {Kind::written, written->second};
}

Grade negated(Grade grade) {
  if (grade == Grade::yes) return Grade::no;
  return grade == Grade::no ? Grade::yes : Grade::maybe;
}

Grade truthy(const Operand& operand) {
  if (operand.kind == Kind::null) return Grade::no;
  if (operand.kind == Kind::unset) return Grade::unlikely;
  if (operand.kind == Kind::text) return operand.text.empty() ? Grade::no : Grade::yes;
  if (operand.kind == Kind::written) return operand.text.empty() ? Grade::unlikely : Grade::yes;
  return Grade::yes;
}

bool is_default_branch(std::string_view name) {
  return std::find(kDefaultBranches.begin(), kDefaultBranches.end(), name) != kDefaultBranches.end();
}

/// `left == right`; the one of the lesser kind first.
Grade equal(Operand left, Operand right) {
  if (left.kind > right.kind) std::swap(left, right);
  if (right.kind == Kind::unknown) return left.kind == Kind::null ? Grade::no : Grade::maybe;
  if (left.kind == right.kind) {
    return left.text == right.text ? Grade::yes : left.kind == Kind::written ? Grade::unlikely : Grade::no;
  }
  if (right.kind == Kind::unset) return left.kind == Kind::null ? Grade::maybe : Grade::unlikely;
  if (right.kind == Kind::null) return Grade::no;
  if (right.kind == Kind::written) return left.text == right.text ? Grade::yes : Grade::unlikely;
  if (left.kind == Kind::default_branch || left.kind == Kind::null || left.kind == Kind::unset) return Grade::no;
  const bool likely_default = is_default_branch(left.text);
  if (right.kind == Kind::default_branch) return likely_default ? Grade::yes : Grade::no;
  return likely_default ? Grade::no : Grade::maybe;
}

Grade matches(const Operand& subject, const Operand& pattern) {
  if (subject.kind == Kind::null) return Grade::no;
  if (subject.kind == Kind::unset) return Grade::unlikely;
  const bool known = subject.kind == Kind::text || subject.kind == Kind::written;
  if (pattern.kind != Kind::regex || (!known && subject.kind != Kind::default_branch)) return Grade::maybe;
  try {
    const text::Pattern expression(pattern.text);
    if (known)
      return expression.matches(subject.text) ? Grade::yes
             : subject.kind == Kind::written  ? Grade::unlikely
                                              : Grade::no;
    return expression.matches("main") || expression.matches("master") ? Grade::yes : Grade::maybe;
  } catch (const util::Error&) {
    return Grade::maybe;  // no expression, or too costly to try
  }
}

/// Recursive descent over `||`, `&&`, comparisons and operands; anything it cannot read is `maybe`.
class Evaluator {
 public:
  Evaluator(std::string_view text, const Scenario& scenario, const StringMap& variables)
      : rest_(text), scenario_(scenario), variables_(variables) {}

  Grade evaluate() {
    const auto grade = disjunction();
    skip_space();
    return failed_ || !rest_.empty() ? Grade::maybe : grade;
  }

 private:
  void skip_space() {
    const auto at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(at, rest_.size()));
  }
  bool accept(std::string_view symbol) {
    skip_space();
    if (!rest_.starts_with(symbol)) return false;
    rest_.remove_prefix(symbol.size());
    return true;
  }

  Grade disjunction() {
    auto grade = conjunction();
    while (!failed_ && accept("||")) grade = std::max(grade, conjunction());
    return grade;
  }
  Grade conjunction() {
    auto grade = term();
    while (!failed_ && accept("&&")) grade = std::min(grade, term());
    return grade;
  }

  Grade term() {
    if (++depth_ > kMaxDepth) failed_ = true;
    if (failed_) return Grade::maybe;
    Grade grade;
    if (accept("(")) {
      grade = disjunction();
      failed_ = failed_ || !accept(")");
    } else {
      grade = comparison();
    }
    --depth_;
    return grade;
  }

  Grade comparison() {
    const auto left = operand();
    if (accept("==")) return equal(left, operand());
    if (accept("!=")) return negated(equal(left, operand()));
    if (accept("=~")) return matches(left, operand());
    if (accept("!~")) return negated(matches(left, operand()));
    if (accept("!")) failed_ = true;
    return truthy(left);
  }

  Operand operand() {
    skip_space();
    if (rest_.empty()) {
      failed_ = true;
      return {};
    }
    if (accept("null")) return {Kind::null, {}};
    const char first = rest_.front();
    if (first == '"' || first == '\'') return quoted(first);
    if (first == '/') return regex();
    if (first == '$') return variable_operand();
    failed_ = true;
    return {};
  }

  Operand quoted(char quote) {
    const auto end = rest_.find(quote, 1);
    if (end == std::string_view::npos) {
      failed_ = true;
      return {};
    }
    const auto text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return {text.find('$') == std::string_view::npos ? Kind::text : Kind::unknown, std::string(text)};
  }

  Operand regex() {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '/') end += rest_[end] == '\\' ? 2U : 1U;
    if (end >= rest_.size()) {
      failed_ = true;
      return {};
    }
    Operand result{Kind::regex, std::string(rest_.substr(1, end - 1))};
    rest_.remove_prefix(end + 1);
    while (!rest_.empty() && std::isalpha(static_cast<unsigned char>(rest_.front())) != 0) {
      if (rest_.front() == 'i') result.text.insert(0, "(?i)");
      rest_.remove_prefix(1);
    }
    return result;
  }

  Operand variable_operand() {
    rest_.remove_prefix(1);
    const bool braces = !rest_.empty() && rest_.front() == '{';
    if (braces) rest_.remove_prefix(1);
    const auto end =
        std::find_if_not(rest_.begin(), rest_.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    const std::string name(rest_.begin(), end);
    rest_.remove_prefix(name.size());
    if (name.empty() || (braces && !accept("}"))) failed_ = true;
    return variable(name, scenario_, variables_);
  }

  std::string_view rest_;
  const Scenario& scenario_;
  const StringMap& variables_;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> table{
      {"push", "push", Scenario::Ref::default_branch},
      {"push", "push", Scenario::Ref::other_branch},
      {"pull_request", "merge_request_event", Scenario::Ref::merge_request},
      {"tag", "push", Scenario::Ref::tag},
      {"schedule", "schedule", Scenario::Ref::default_branch},
      {"manual", "web", Scenario::Ref::default_branch},
      {"api", "api", Scenario::Ref::default_branch},
      {"api", "trigger", Scenario::Ref::default_branch},
      {"pipeline", "pipeline", Scenario::Ref::default_branch},
      {"parent_pipeline", "parent_pipeline", Scenario::Ref::default_branch},
  };
  return table;
}

Grade evaluate(std::string_view expression, const Scenario& scenario, const StringMap& variables) {
  return Evaluator(expression, scenario, variables).evaluate();
}

}  // namespace tollbar::pipeline::gitlab
