// Explicit rules of one name add up over all files; a pattern serves a name that no rule gives a recipe.
#include "reach/make_rules.h"

#include <algorithm>
#include <utility>

namespace tollbar::reach {
namespace {

/// What `%` stands for in `pattern` where it matches `name`.
std::optional<std::string> stem_of(std::string_view pattern, std::string_view name) {
  const auto percent = pattern.find('%');
  const std::string_view head = pattern.substr(0, percent), tail = pattern.substr(percent + 1);
  if (name.size() <= head.size() + tail.size() || !name.starts_with(head) || !name.ends_with(tail)) return std::nullopt;
  return std::string(name.substr(head.size(), name.size() - head.size() - tail.size()));
}

std::string with_stem(std::string text, const std::string& stem) {
  if (const auto percent = text.find('%'); percent != std::string::npos) text.replace(percent, 1, stem);
  return text;
}

bool names_goals(const document::Script& recipe) {
  return std::any_of(recipe.commands.begin(), recipe.commands.end(), [](const document::Command& command) {
    return std::any_of(command.argv.begin(), command.argv.end(), [](const document::Word& word) {
      return word.dynamic && word.text.find("MAKECMDGOALS") != std::string::npos;
    });
  });
}

}  // namespace

MakeRules::MakeRules(std::vector<Source> sources) : sources_(std::move(sources)) {
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    const auto& targets = sources_[source].makefile->targets;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      hands_goals_on_ = hands_goals_on_ || names_goals(targets[i].recipe);
      if (targets[i].name.find('%') != std::string::npos) {
        patterns_.push_back({source, i});
      } else {
        named_[targets[i].name].push_back({source, i});
      }
    }
  }
}

const document::MakeTarget& MakeRules::target(const Place& place) const {
  return sources_[place.source].makefile->targets[place.target];
}

std::optional<MakeRules::Rule> MakeRules::explicit_rule(std::string_view name) const {
  const auto found = named_.find(name);
  if (found == named_.end()) return std::nullopt;
  Rule rule;
  for (const Place& place : found->second) {
    const document::MakeTarget& one = target(place);
    rule.prerequisites.insert(rule.prerequisites.end(), one.prerequisites.begin(), one.prerequisites.end());
    if (rule.target && one.recipe.commands.empty()) continue;
    rule.target = &one;
    rule.path = &sources_[place.source].path;
  }
  return rule;
}

std::optional<MakeRules::Rule> MakeRules::pattern_rule(std::string_view name) const {
  std::optional<Rule> best;
  for (const Place& place : patterns_) {
    const document::MakeTarget& one = target(place);
    auto stem = stem_of(one.name, name);
    if (!stem || (best && best->stem.size() <= stem->size())) continue;
    Rule rule{&sources_[place.source].path, &one, one.prerequisites, *stem};
    for (auto& prerequisite : rule.prerequisites) prerequisite = with_stem(std::move(prerequisite), *stem);
    // A rule for any name at all serves only where its prerequisites have rules of their own.
    const bool makeable = one.name != "%" || std::all_of(rule.prerequisites.begin(), rule.prerequisites.end(),
                                                         [&](const auto& word) { return named_.count(word) != 0; });
    if (makeable) best = std::move(rule);
  }
  return best;
}

std::optional<MakeRules::Rule> MakeRules::find(std::string_view name) const {
  auto rule = explicit_rule(name);
  if (!rule) return pattern_rule(name);
  if (!rule->target->recipe.commands.empty() || rule->target->phony) return rule;
  auto pattern = pattern_rule(name);
  if (!pattern) return rule;
  pattern->prerequisites.insert(pattern->prerequisites.begin(), rule->prerequisites.begin(), rule->prerequisites.end());
  return pattern;
}

std::string MakeRules::default_target() const {
  for (const bool early : {true, false}) {
    for (const Source& source : sources_) {
      const std::string& goal = source.makefile->default_target;
      if (!goal.empty() && source.early == early) return goal;
    }
  }
  return {};
}

bool MakeRules::ignores_errors() const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.makefile->ignores_errors; });
}

}  // namespace tollbar::reach
