// Targets of Makefiles and recipes of justfiles: prerequisites first, then the recipe.
#include <algorithm>

#include "reach/follower.h"
#include "reach/word_glob.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostIncludes = 100;
constexpr std::size_t kPrerequisiteDepth = 32;

}  // namespace

std::vector<std::string> Follower::included_paths(const std::string& directory, const std::string& written) {
  const std::string path = join_path(directory, written);
  if (path.empty() || path.find('$') != std::string::npos) return {};
  if (path.find_first_of("*?") == std::string::npos) return {path};
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
  const std::string pattern = path.substr(slash == std::string::npos ? 0 : slash + 1);
  if (folder.find_first_of("*?") != std::string::npos) return {};
  std::vector<std::string> paths;
  execution_.consulted.insert(folder);
  for (const auto& file : tree_.list(folder)) {
    if (word_matches(pattern, file.name)) paths.push_back(folder.empty() ? file.name : folder + "/" + file.name);
  }
  return paths;
}

const MakeRules& Follower::make_rules(const std::string& path, const model::FileEntry& entry,
                                      const std::string& directory) {
  const auto [known, is_new] = make_rules_.try_emplace(path + '\0' + directory);
  if (!is_new) return known->second;
  std::vector<MakeRules::Source> sources{{path, scripts_.makefile(tree_, entry), false}};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto makefile = sources[i].makefile;
    for (std::size_t number = 0; number < makefile->includes.size(); ++number) {
      const bool early = number < makefile->early_includes && (i == 0 || sources[i].early);
      for (const auto& included : included_paths(directory, makefile->includes[number])) {
        const bool again = std::any_of(sources.begin(), sources.end(),
                                       [&](const MakeRules::Source& source) { return source.path == included; });
        const auto found = again || sources.size() >= kMostIncludes ? std::nullopt : find(included);
        if (found) sources.push_back({included, scripts_.makefile(tree_, *found), early});
      }
    }
  }
  known->second = MakeRules(std::move(sources));
  return known->second;
}

bool Follower::enter_make(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return false;
  Place here = place;
  here.directory = join_path(place.directory, call.directory.empty() ? "." : call.directory);
  if (here.directory == ".") here.directory.clear();
  const bool just = call.kind == CallKind::just;
  const MakeRules recipes = just ? MakeRules({{path, scripts_.justfile(tree_, *entry), false}}) : MakeRules();
  const MakeRules& rules = just ? recipes : make_rules(path, *entry, here.directory);
  here.handed_on += handed_on(call, line);
  here.fatal = here.fatal && !call.ignores_errors && !rules.ignores_errors();
  auto parts = call.parts;
  if (const std::string goal = rules.default_target(); parts.empty() && !goal.empty()) parts.push_back(goal);
  const auto followed = std::count_if(parts.begin(), parts.end(),
                                      [&](const auto& part) { return enter_target(rules, part, line, here, 0); });
  return followed > 0 && static_cast<std::size_t>(followed) == parts.size();
}

bool Follower::enter_target(const MakeRules& rules, const std::string& name, std::uint32_t line, const Place& place,
                            std::size_t depth) {
  const auto rule = rules.find(name);
  if (!rule) return false;
  Place within = place;
  if (!descend(within, *rule->path, name, line, place.directory)) return true;
  if (depth > kPrerequisiteDepth) {
    note("depth limit");
    return true;
  }
  for (const auto& prerequisite : rule->prerequisites) {
    enter_target(rules, prerequisite, rule->target->line, within, depth + 1);
  }
  for (const auto& source : rules.sources()) {
    for (const auto& variable : source.makefile->variables) {
      if (!variable.value.dynamic) within.variables.edit()[variable.name] = variable.value.text;
    }
  }
  within.variables.edit()["@"] = name;
  if (!rule->stem.empty()) within.variables.edit()["*"] = rule->stem;
  if (!rule->prerequisites.empty()) within.variables.edit()["<"] = rule->prerequisites.front();
  within.entered = false;  // a recipe has no directory of its own
  follow_script(rule->target->recipe, std::move(within));
  return true;
}

}  // namespace tollbar::reach
