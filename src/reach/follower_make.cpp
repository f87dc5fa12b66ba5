// Targets of Makefiles and recipes of justfiles: prerequisites first, then the recipe.
#include <algorithm>

#include "reach/follower.h"
#include "reach/word_glob.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

constexpr std::size_t kMostIncludes = 100;
constexpr std::size_t kModuleDepth = 6;
constexpr std::size_t kPrerequisiteDepth = 32;

/// What lines `KEYWORD WORD 'path'` or `KEYWORD 'path'` of a justfile say; `?` behind the keyword makes it optional.
struct JustReference {
  std::string name, path;
};
std::vector<JustReference> just_references(std::string_view text, std::string_view keyword) {
  std::vector<JustReference> found;
  for (auto line : text::Lines(text)) {
    if (!line.starts_with(keyword)) continue;
    line.remove_prefix(keyword.size());
    if (line.starts_with('?')) line.remove_prefix(1);
    if (!line.starts_with(' ')) continue;
    JustReference reference;
    const auto quote = line.find_first_of("'\"");
    const auto name = line.substr(1, quote == std::string_view::npos ? quote : quote - 1);
    reference.name = std::string(name.substr(0, name.find_first_of(" \t\r")));
    if (quote != std::string_view::npos)
      reference.path = std::string(line.substr(quote + 1, line.find(line[quote], quote + 1) - quote - 1));
    found.push_back(std::move(reference));
  }
  return found;
}

/// The recipe of an included Makefile with the variables that the including one sets: reading a file knows only its
/// own.
document::Script with_variables(const document::Script& recipe, const Variables& variables) {
  document::Script filled = recipe;
  for (auto& command : filled.commands) {
    for (auto& word : command.argv) {
      const bool reference =
          word.text.size() > 3 && word.text[0] == '$' && (word.text[1] == '(' || word.text[1] == '{');
      if (!reference || word.text.find_first_of(" )}") != word.text.size() - 1) continue;
      const auto known = variables.find(word.text.substr(2, word.text.size() - 3));
      if (known == variables.end() || known->second.find(' ') != std::string::npos) continue;
      word.text = known->second;
      word.dynamic = false;
    }
  }
  return filled;
}

/// A program that a variable may name so that a recipe does nothing in its place.
bool does_nothing(std::string_view program) {
  return text::is_one_of(text::base_name(program), {"true", ":", "echo"});
}

/// Options for what a recipe runs: `--issues-exit-code 0`.
bool is_options(std::string_view value) {
  return value.starts_with('-') && value.find('$') == std::string_view::npos;
}

/// `-i`, `n`, `--dry-run`: make would go on after failures, or only show what it would do.
bool judges_nothing(std::string_view flags) {
  const auto first = flags.substr(0, flags.find(' '));
  const bool letters = first.find('=') == std::string_view::npos && !first.starts_with("--");
  if (letters && first.find_first_of("intq") != std::string_view::npos) return true;
  for (const std::string_view word : {"--ignore-errors", "--dry-run", "--just-print", "--touch", "--question"})
    if (flags.find(word) != std::string_view::npos) return true;
  return false;
}

}  // namespace

MakeRules Follower::just_rules(const std::string& path, const model::FileEntry& entry) {
  std::vector<MakeRules::Source> sources{{path, scripts_.justfile(tree_, entry), false}};
  std::vector<model::FileEntry> entries{entry};
  for (std::size_t i = 0; i < sources.size() && sources.size() < kMostIncludes; ++i) {
    const std::string folder = directory_of(sources[i].path);
    for (const auto& import : just_references(scripts_.text(tree_, entries[i]), "import")) {
      const std::string target = join_path(folder, import.path);
      const bool again =
          std::any_of(sources.begin(), sources.end(), [&](const auto& one) { return one.path == target; });
      const auto found = target.empty() || again ? std::nullopt : find(target);
      if (!found) continue;
      sources.push_back({target, scripts_.justfile(tree_, *found), false});
      entries.push_back(*found);
    }
  }
  return MakeRules(std::move(sources));
}

std::string Follower::just_module(const std::string& path, const model::FileEntry& entry, const std::string& name) {
  for (const auto& module : just_references(scripts_.text(tree_, entry), "mod")) {
    if (module.name != name) continue;
    const std::string folder = directory_of(path);
    for (const std::string& candidate :
         {module.path, name + ".just", name + "/mod.just", name + "/justfile", name + "/.justfile"}) {
      const std::string target = candidate.empty() ? std::string() : join_path(folder, candidate);
      const auto found = target.empty() ? std::nullopt : find(target);
      if (found && found->mode != model::FileMode::directory) return target;
    }
  }
  return {};
}

std::vector<std::string> Follower::included_paths(const std::string& directory, const std::string& written,
                                                  const std::string& script) {
  if (written.find('$') != std::string::npos) {
    constexpr std::string_view wildcard = "$(wildcard ";
    const bool is_wildcard = written.starts_with(wildcard) && written.ends_with(')');
    const std::string inner =
        is_wildcard ? written.substr(wildcard.size(), written.size() - wildcard.size() - 1) : written;
    const std::string known = literal({inner, true, false, 0}, {{}, script, directory});
    return known.empty() || known.find('$') != std::string::npos ? std::vector<std::string>()
                                                                 : included_paths(directory, known, script);
  }
  const std::string path = join_path(directory, written);
  if (path.empty() || path.find('$') != std::string::npos) return {};
  if (path.find_first_of("*?") == std::string::npos) return {path};
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
  const std::string pattern = path.substr(slash == std::string::npos ? 0 : slash + 1);
  if (folder.find_first_of("*?") != std::string::npos) return {};
  std::vector<std::string> paths;
  execution_.dependence.consulted.insert(folder);
  for (const auto& file : tree_.list(folder)) {
    if (word_matches(pattern, file.name)) paths.push_back(folder.empty() ? file.name : folder + "/" + file.name);
  }
  return paths;
}

document::GivenVariables Follower::given_variables(const Call& call, const model::FileEntry& makefile,
                                                   const Place& place) {
  document::GivenVariables given;
  const auto& asked = scripts_.makefile(tree_, makefile)->asked;
  for (const auto& argument : call.arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos) continue;
    auto name = argument.substr(0, equals), value = argument.substr(equals + 1);
    if (does_nothing(value) || asked.count(name) != 0) given[std::move(name)] = std::move(value);
  }
  for (const auto& [name, value] : *place.env) {
    const bool conditions = asked.count(name) != 0 && value.find('$') == std::string::npos;
    if (given.count(name) == 0 && (does_nothing(value) || is_options(value) || conditions) &&
        (call.environment_first || asks_environment(makefile, name)))
      given[name] = value;
  }
  return given;
}

bool Follower::asks_environment(const model::FileEntry& makefile, const std::string& name) {
  const auto default_of = [&name](const std::string& text) {
    const auto says = [&](const std::string& words) { return text.find(words) != std::string::npos; };
    const bool asks = says(name + " ?=") || says(name + "?=");
    const bool uses = says("$(" + name + ")") || says("${" + name + "}");
    return ScriptCache::Line{asks ? "asks" : uses ? "uses" : "", 0};
  };
  const auto said = scripts_.line(tree_, makefile, {"asked of the environment", name}, default_of).text;
  if (said == "asks") return true;
  const auto file = scripts_.makefile(tree_, makefile);
  const bool is_open = file->asked.count(name) != 0 || (said == "uses" && file->includes.empty());
  return is_open && std::none_of(file->variables.begin(), file->variables.end(),
                                 [&](const document::Assignment& variable) { return variable.name == name; });
}

const MakeRules& Follower::make_rules(const std::string& path, const model::FileEntry& entry,
                                      const std::string& directory, const document::GivenVariables& given) {
  std::string key = path + '\0' + directory;
  for (const auto& [name, value] : given) key += '\0' + name + '=' + value;
  return make_rules_.of(key, execution_.dependence, [&] { return read_make_rules(path, entry, directory, given); });
}

MakeRules Follower::read_make_rules(const std::string& path, const model::FileEntry& entry,
                                    const std::string& directory, const document::GivenVariables& given) {
  const auto read = [&](const model::FileEntry& file) {
    if (given.empty()) return scripts_.makefile(tree_, file);
    return std::shared_ptr<const document::Makefile>(std::make_shared<document::Makefile>(
        document::read_makefile(scripts_.text(tree_, file), document::Failures::judged, given)));
  };
  std::vector<MakeRules::Source> sources{{path, read(entry), false}};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto makefile = sources[i].makefile;
    for (std::size_t number = 0; number < makefile->includes.size(); ++number) {
      const bool early = number < makefile->early_includes && (i == 0 || sources[i].early);
      for (const auto& included : included_paths(directory, makefile->includes[number], sources[i].path)) {
        const bool again = std::any_of(sources.begin(), sources.end(),
                                       [&](const MakeRules::Source& source) { return source.path == included; });
        const auto found = again || sources.size() >= kMostIncludes ? std::nullopt : find(included);
        if (found) sources.push_back({included, read(*found), early});
      }
    }
  }
  return MakeRules(std::move(sources));
}

bool Follower::enter_make(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return false;
  Place here = place;
  here.directory = join_path(place.directory, call.directory.empty() ? "." : call.directory);
  if (here.directory == ".") here.directory.clear();
  const bool just = call.kind == CallKind::just;
  if (just && call.directory.empty()) here.directory = directory_of(path);
  const MakeRules recipes = just ? just_rules(path, *entry) : MakeRules();
  const auto given = just ? document::GivenVariables() : given_variables(call, *entry, place);
  const MakeRules& rules = just ? recipes : make_rules(path, *entry, here.directory, given);
  here.handed_on += handed_on(call, line);
  here.fatal = here.fatal && !call.ignores_errors && !rules.ignores_errors();
  if (const auto flags = place.env->find("MAKEFLAGS"); !just && flags != place.env->end())
    here.fatal = here.fatal && !judges_nothing(flags->second);
  auto parts = call.parts;
  if (just && !parts.empty() && !rules.find(parts.front())) {
    const auto colons = parts.front().find("::");
    const std::string module = just_module(path, *entry, parts.front().substr(0, colons));
    if (module.empty() || here.chain.size() >= kModuleDepth) return false;
    Call inner = call;
    inner.directory.clear();
    inner.parts.clear();
    if (colons != std::string::npos)
      inner.parts.push_back(parts.front().substr(colons + 2));
    else if (!call.arguments.empty())
      inner.parts.push_back(call.arguments.front());
    if (!inner.arguments.empty()) inner.arguments.erase(inner.arguments.begin());
    return enter_make(inner, line, module, here);
  }
  if (rules.hands_goals_on()) {
    std::string goals;
    for (const auto& part : parts) goals += (goals.empty() ? "" : " ") + part;
    here.variables.edit()["MAKECMDGOALS"] = goals;
    here.handed_on += "\n" + goals;  // the same target for another goal is followed again
  }
  here.entered = true;
  forget_arguments(here);
  set_make_variables(rules, here);
  if (const std::string goal = rules.default_target(); parts.empty() && !goal.empty()) parts.push_back(goal);
  const auto followed = std::count_if(parts.begin(), parts.end(),
                                      [&](const auto& part) { return enter_target(rules, part, line, here, 0); });
  return followed > 0 && static_cast<std::size_t>(followed) == parts.size();
}

void Follower::set_make_variables(const MakeRules& rules, Place& place) {
  for (const auto& source : rules.sources()) {
    for (const auto& variable : source.makefile->variables) {
      std::string value = literal(variable.value, {*place.variables, source.path, place.directory});
      if (!variable.value.dynamic || !value.empty()) place.variables.edit()[variable.name] = std::move(value);
    }
  }
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
  const auto place_of = [](const std::string& path) { return std::string(1, kTreeRoot) + "/" + path; };
  within.variables.edit()["MAKEFILE_OWN"] = place_of(*rule->path);
  within.variables.edit()["MAKEFILE_MAIN"] = place_of(rules.sources().front().path);
  within.variables.edit()["@"] = name;
  if (!rule->stem.empty()) within.variables.edit()["*"] = rule->stem;
  if (!rule->prerequisites.empty()) within.variables.edit()["<"] = rule->prerequisites.front();
  within.entered = false;  // a recipe has no directory of its own
  if (*rule->path == rules.sources().front().path) {
    follow_kept({rules.sources().front().makefile, &rule->target->recipe}, std::move(within));
  } else {
    auto recipe = with_variables(rule->target->recipe, *within.variables);
    follow_script(std::move(recipe), std::move(within));
  }
  return true;
}

}  // namespace tollbar::reach
