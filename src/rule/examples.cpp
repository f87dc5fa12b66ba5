// Runs the examples of rule files through the engine.
#include <fmt/format.h>

#include <algorithm>

#include "rule/engine.h"
#include "rule/policy_view.h"
#include "util/error.h"

namespace tollbar::rule {
namespace {

std::string complaint(const Example& example, const std::vector<model::Finding>& all,
                      const std::vector<model::Finding>& own) {
  if (!example.hit)
    return own.empty() ? "" : fmt::format("reported {}:{}, though it is a miss", own[0].path, own[0].line);
  if (own.empty()) {
    std::string others;
    for (const auto& finding : all) others += fmt::format(" {} ({}:{})", finding.rule, finding.path, finding.line);
    return others.empty() ? "nothing was reported" : "not reported; others were:" + others;
  }
  if (example.line == 0) return "";
  const bool there = std::any_of(
      own.begin(), own.end(), [&](const auto& f) { return f.line == example.line || f.line_before == example.line; });
  return there ? "" : fmt::format("reported at line {}, not at line {}", own[0].line, example.line);
}

std::vector<model::Finding> judge(const Engine& engine, const Example& example) {
  if (example.push) return engine.judge(*example.push);
  auto before = example.before, after = example.after;
  const auto deltas = model::diff(before, after);
  auto view = read_policy_view(example.policy, engine.rules().default_policy);
  view.knowledge = knowledge_under(engine.rules(), view);
  model::Commit commit;
  commit.message = example.message;
  Caches caches;
  Change change(engine.rules(), view, caches, before, after, deltas, &commit);
  return engine.judge(change);
}

ExampleResult run(const Engine& engine, const Rule& rule, const Example& example) {
  ExampleResult result{rule.id, example.name, false, ""};
  try {
    const auto all = judge(engine, example);
    std::vector<model::Finding> own;
    std::copy_if(all.begin(), all.end(), std::back_inserter(own),
                 [&](const auto& finding) { return finding.rule == rule.id; });
    result.why = complaint(example, all, own);
  } catch (const util::Error& error) {
    result.why = error.what();
  }
  result.passed = result.why.empty();
  return result;
}

}  // namespace

std::vector<ExampleResult> run_examples(const Engine& engine, const std::vector<const Rule*>& rules) {
  std::vector<ExampleResult> results;
  for (const auto* rule : rules)
    for (const auto& example : rule->examples) results.push_back(run(engine, *rule, example));
  return results;
}

}  // namespace tollbar::rule
