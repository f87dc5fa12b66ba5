// `tollbar map`: what a tree can do after it is merged, or how a range changes that.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <ostream>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "gate/action_map.h"
#include "gate/policy_source.h"
#include "git/repository.h"
#include "report/map.h"
#include "rule/rule_set.h"
#include "util/error.h"
#include "util/spelling.h"

namespace tollbar::cli {
namespace {

model::ObjectId commit_named(const git::Repository& repository, const std::string& revision) {
  const auto commit = repository.resolve_commit(revision);
  if (!commit) {
    throw util::UsageError("unknown revision: " + revision);
  }
  return *commit;
}

/// Maps trees of one repository, each under the policy that judges what starts from it.
class Maps {
 public:
  Maps(const git::Repository& repository, const std::optional<std::string>& policy)
      : repository_(repository), rules_(rule::load_builtin()), policies_(repository, rules_, policy) {}

  gate::ActionMap of(const model::ObjectId& id) {
    const model::ObjectId tree_id = repository_.commit(id).tree;
    git::RepositoryTree tree(repository_, tree_id);
    const auto loaded = policies_.named() ? policies_.named() : policies_.of_tree(tree);
    if (!loaded->problems.empty()) {
      throw util::UsageError(loaded->problems);
    }
    gate::ActionMap map = gate::map_tree(tree, rules_, loaded->policy);
    map.of = id.short_hex();
    map.log_kept = repository_.reference(gate::evidence_ref).has_value();
    map.policy = policies_.title(loaded, {id, tree_id});
    return map;
  }

 private:
  const git::Repository& repository_;
  rule::RuleSet rules_;
  gate::PolicySource policies_;
};

gate::ActionMap map_asked_for(const Arguments& arguments, Console& console) {
  const git::Repository repository = git::Repository::open(".", {.from_environment = true});
  const auto range = arguments.value("--diff");
  if (!range) {
    const auto commit = commit_named(repository, arguments.value("--rev").value_or("HEAD"));
    return Maps(repository, policy_file(arguments, console)).of(commit);
  }
  if (arguments.has("--rev")) {
    throw util::UsageError("--rev and --diff name different things to map; give one");
  }
  const std::size_t dots = range->find("..");
  if (dots == std::string::npos || range->find("...", dots) == dots) {
    throw util::UsageError("--diff takes two revisions: A..B");
  }
  const auto side = [&](std::string text) { return commit_named(repository, text.empty() ? "HEAD" : text); };
  const auto before = side(range->substr(0, dots));
  const auto after = side(range->substr(dots + 2));
  Maps maps(repository, policy_file(arguments, console));
  return gate::map_difference(maps.of(before), maps.of(after));
}

/// What people may call a workflow: its path, the file's name with or without its ending, its title.
bool is_called(const gate::JudgedPipeline& pipeline, std::string_view name) {
  const std::string_view path = pipeline.path;
  const auto file = path.substr(path.rfind('/') + 1);
  return path == name || file == name || file.substr(0, file.rfind('.')) == name || pipeline.name == name;
}

void keep_only(gate::ActionMap& map, const std::string& name) {
  std::vector<std::string> paths;
  for (const auto& pipeline : map.pipelines) {
    paths.push_back(pipeline.path);
  }
  auto& all = map.pipelines;
  all.erase(std::remove_if(all.begin(), all.end(), [&](const auto& one) { return !is_called(one, name); }), all.end());
  if (all.empty() && !map.difference) {
    throw util::UsageError(fmt::format("there is no workflow `{}`{}", name, util::did_you_mean(name, paths)));
  }
}

const report::MapFormat& format_named(const std::string& name) {
  const auto* format = report::find_map_format(name);
  if (format != nullptr) {
    return *format;
  }
  std::vector<std::string> names;
  for (const auto& one : report::map_formats()) {
    names.emplace_back(one.name);
  }
  throw util::UsageError(fmt::format("there is no format `{}` for a map; there are {}{}", name, fmt::join(names, ", "),
                                     util::did_you_mean(name, names)));
}

}  // namespace

int run_map(const Arguments& arguments, Console& console) {
  const std::string output = arguments.value("--output").value_or("text");
  const std::size_t equals = output.find('=');
  const auto& format = format_named(output.substr(0, equals));
  report::Style style = style_of(arguments, console);
  gate::ActionMap map = map_asked_for(arguments, console);
  if (!arguments.words.empty()) {
    keep_only(map, arguments.words.front());
  }
  if (equals == std::string::npos) {
    format.write(console.out, map, style);
    return exit_allowed;
  }
  const std::string path = output.substr(equals + 1);
  std::ofstream file(path, std::ios::binary);
  style.colour = report::Colour::off;
  format.write(file, map, style);
  if (!file.flush()) {
    throw util::UsageError("cannot write " + path);
  }
  return exit_allowed;
}

}  // namespace tollbar::cli
