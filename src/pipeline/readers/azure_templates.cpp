// Local templates and compile-time expressions of Azure Pipelines, expanded into one tree.
#include <algorithm>
#include <array>

#include "pipeline/readers/azure.h"
#include "text/ascii.h"
#include "text/words.h"

namespace tollbar::pipeline::azure {
namespace {

using document::Node;
using document::NodeKind;
using text::ascii_lower;
using text::trimmed;

constexpr int kMaxDepth = 40;
constexpr std::size_t kMaxFiles = 100;
constexpr std::size_t kMaxNodes = 200'000;
constexpr std::array<std::string_view, 4> kLists{"stages", "jobs", "steps", "variables"};

/// `${{ if x }}` as a key: its word and what follows.
struct Directive {
  std::string_view word, rest;
};
std::optional<Directive> directive_of(std::string_view key) {
  if (!key.starts_with("${{") || !key.ends_with("}}")) return std::nullopt;
  const auto body = trimmed(key.substr(3, key.size() - 5));
  const auto end = std::min(body.find_first_of(" ("), body.size());
  const auto word = body.substr(0, end);
  for (const std::string_view known : {"if", "elseif", "else", "each", "insert"}) {
    if (word == known) return Directive{known, trimmed(body.substr(end))};
  }
  return std::nullopt;
}

void add_member(Node& node, std::string_view key, std::string text) {
  Node name, value;
  name.kind = value.kind = NodeKind::scalar;
  name.scalar = key;
  value.scalar = std::move(text);
  node.hash = 0;
  node.members.push_back({std::move(name), std::move(value)});
}

/// Items of a template belong to the place that refers to it, where they have no path of their own.
void set_line(Node& node, std::uint32_t line) {
  node.line = node.content_line = node.end_line = line;
  node.hash = 0;
  for (auto& item : node.items) set_line(item, line);
  for (auto& member : node.members) {
    set_line(member.key, line);
    set_line(member.value, line);
  }
}

/// Which branch of an `if` chain has been taken.
enum class Chain : std::uint8_t { none, undecided, taken };

/// Whether the branch of a chain is expanded, and under which guard.
struct Branch {
  bool expanded = false;
  std::string guard;
};
Branch next_branch(const Directive& directive, const Scope& scope, Chain& chain) {
  if (directive.word == "if") chain = Chain::none;
  if (chain == Chain::taken) return {};
  const auto truth = directive.word == "else" ? Truth::always : truth_of(directive.rest, scope);
  if (truth == Truth::never) return {};
  const bool guarded = chain == Chain::undecided || truth != Truth::always;
  chain = truth == Truth::always ? Chain::taken : Chain::undecided;
  return {true, guarded ? std::string(directive.word) + " " + std::string(directive.rest) : std::string()};
}

class Expander {
 public:
  Expander(Pipeline& pipeline, model::Tree& tree, DocumentCache& documents)
      : pipeline_(pipeline), tree_(tree), documents_(documents) {}

  Node expand(const Node& node, const Scope& scope, const std::string& path, int depth) {
    if (depth > kMaxDepth || budget_ == 0) return {};
    --budget_;
    if (node.is_scalar()) return substituted(node, scope);
    Node result = node;
    result.hash = 0;
    result.items.clear();
    result.members.clear();
    if (node.is_sequence()) expand_items(node, scope, path, depth, {}, result.items);
    if (node.is_mapping()) expand_members(node, scope, path, depth, result);
    return result;
  }

  /// The root of a pipeline: the template that it extends, with what it says itself laid over.
  Node expand_root(const Node& root, const Scope& scope) {
    return extended(expand(root, scope, pipeline_.path, 0), scope, 0);
  }

  bool exhausted() const { return budget_ == 0; }

  /// A template may extend another one in its turn.
  Node extended(Node root, const Scope& scope, int depth) {
    const auto* extends = root.get("extends");
    const auto* name = extends ? extends->get("template") : nullptr;
    if (!name || depth > kMaxDepth) return root;
    auto included = load(*name, extends->get("parameters"), scope, pipeline_.path, depth);
    if (!included) return with_handed(std::move(root));
    const auto whole = extended(std::move(*included), scope, depth + 1);
    for (const auto& member : whole.members) {
      if (!root.get(member.key.text())) root.members.push_back(member);
    }
    return root;
  }

  /// A template of another repository is handed what to run: `extends: {template: x@y, parameters: {stages: [...]}}`.
  static Node with_handed(Node root) {
    const auto* handed = root.get({"extends", "parameters"});
    if (!handed || !handed->is_mapping()) return root;
    std::vector<document::Member> lists;
    for (const auto& member : handed->members) {
      const auto key = member.key.text();
      const bool runs = key == "stages" || key == "jobs" || key == "steps" || key == "pool";
      if (runs && !root.get(key)) lists.push_back(member);
    }
    root.members.insert(root.members.end(), lists.begin(), lists.end());
    return root;
  }

 private:
  void expand_items(const Node& node, const Scope& scope, const std::string& path, int depth, const std::string& guard,
                    std::vector<Node>& items) {
    Chain chain = Chain::none;
    if (depth > kMaxDepth) return;
    for (const auto& item : node.items) {
      const auto directive =
          item.is_mapping() && item.members.size() == 1 ? directive_of(item.members[0].key.text()) : std::nullopt;
      if (!directive) {
        add_item(item, scope, path, depth, guard, items);
        continue;
      }
      const Node& body = item.members[0].value;
      if (directive->word == "each") {
        each(*directive, scope, [&](const Scope& inner) { splice(body, inner, path, depth + 1, guard, items); });
      } else if (directive->word == "insert") {
        splice(body, scope, path, depth + 1, guard, items);
      } else if (const auto branch = next_branch(*directive, scope, chain); branch.expanded) {
        splice(body, scope, path, depth + 1, guard.empty() ? branch.guard : guard, items);
      }
    }
  }

  /// What stands below a directive, in place of it.
  void splice(const Node& body, const Scope& scope, const std::string& path, int depth, const std::string& guard,
              std::vector<Node>& items) {
    if (body.is_sequence()) return expand_items(body, scope, path, depth, guard, items);
    add_item(body, scope, path, depth, guard, items);
  }

  void add_item(const Node& item, const Scope& scope, const std::string& path, int depth, const std::string& guard,
                std::vector<Node>& items) {
    if (const auto* name = item.get("template"); name && name->is_scalar()) {
      if (include(item, *name, scope, path, depth, guard, items)) return;
    }
    Node expanded = expand(item, scope, path, depth + 1);
    if (item.is_scalar() && expanded.is_sequence()) {  // `- ${{ parameters.steps }}`
      for (auto& inner : expanded.items) add_guarded(std::move(inner), guard, items);
      return;
    }
    add_guarded(std::move(expanded), guard, items);
  }

  static void add_guarded(Node item, const std::string& guard, std::vector<Node>& items) {
    if (!guard.empty() && item.is_mapping()) add_member(item, kGuard, guard);
    items.push_back(std::move(item));
  }

  bool include(const Node& item, const Node& name, const Scope& scope, const std::string& path, int depth,
               const std::string& guard, std::vector<Node>& items) {
    auto included = load(name, item.get("parameters"), scope, path, depth);
    if (!included) return false;
    for (const auto list : kLists) {
      const auto* found = included->get(list);
      if (!found) continue;
      for (auto inner : found->items) {
        if (list == "steps") set_line(inner, item.line);
        add_guarded(std::move(inner), guard, items);
      }
      if (list == "variables" && found->is_mapping()) {
        for (const auto& member : found->members) {
          Node variable;
          variable.kind = NodeKind::mapping;
          add_member(variable, "name", std::string(member.key.text()));
          add_member(variable, "value", text_of(&member.value));
          items.push_back(std::move(variable));
        }
      }
      return true;
    }
    return true;
  }

  /// A local template, expanded; empty for a foreign one and where there is no such file.
  std::optional<Node> load(const Node& name, const Node* arguments, const Scope& scope, const std::string& from,
                           int depth) {
    auto written = text_of(&name);
    if (const auto resolved = substituted(name, scope); resolved.is_scalar()) written = resolved.scalar;
    const auto note = [&]() -> std::optional<Node> {
      if (std::find(pipeline_.includes.begin(), pipeline_.includes.end(), written) == pipeline_.includes.end())
        pipeline_.includes.push_back(written);
      return std::nullopt;
    };
    if (written.ends_with("@self")) written.resize(written.size() - 5);
    if (written.find('@') != std::string::npos || written.find("${{") != std::string::npos) return note();
    const auto slash = from.rfind('/');
    const auto base = slash == std::string::npos || written.starts_with('/') ? std::string() : from.substr(0, slash);
    written.erase(0, std::min(written.find_first_not_of('/'), written.size()));
    const auto path = join_path(base, written);
    const auto entry = path.empty() || depth > kMaxDepth || loads_ >= kMaxFiles ? std::nullopt : tree_.find(path);
    const bool is_new = std::find(pipeline_.files.begin(), pipeline_.files.end(), path) == pipeline_.files.end();
    if (is_new && !path.empty()) pipeline_.files.push_back(path);
    if (!entry) return note();
    ++loads_;
    const auto document = documents_.yaml(tree_, *entry);
    if (is_new) {
      pipeline_.problems.insert(pipeline_.problems.end(), document->problems.begin(), document->problems.end());
    }
    if (document->broken()) pipeline_.broken = true;
    const Node& root = document->root();
    if (document->broken() || !root.is_mapping()) return std::nullopt;
    Node expanded = expand(root, template_scope(root, arguments, scope, from, depth), path, depth + 1);
    for (auto& member : expanded.members) {
      if (member.key.text() != "stages" && member.key.text() != "jobs") continue;
      for (auto& item : member.value.items) {
        if (item.is_mapping() && !item.get(kOrigin)) add_member(item, kOrigin, path);
      }
    }
    return expanded;
  }

  Scope template_scope(const Node& root, const Node* arguments, const Scope& scope, const std::string& from,
                       int depth) {
    Scope inner;
    inner.variables = scope.variables;
    inner.computed = scope.computed;
    inner.open = scope.open;
    inner.parameters = declared(root.get("parameters"));
    if (arguments) {
      const Node given = expand(*arguments, scope, from, depth + 1);
      for (const auto& member : given.members) inner.parameters[ascii_lower(member.key.text())] = member.value;
    }
    return inner;
  }

 public:
  /// Parameters with their defaults: a list of declarations, or in old templates a mapping.
  static std::map<std::string, Node> declared(const Node* parameters) {
    std::map<std::string, Node> result;
    if (!parameters) return result;
    for (const auto& member : parameters->members) result[ascii_lower(member.key.text())] = member.value;
    for (const auto& item : parameters->items) {
      const auto* value = item.get("default");
      if (value) result[ascii_lower(text_of(item.get("name")))] = *value;
    }
    return result;
  }

 private:
  void expand_members(const Node& node, const Scope& scope, const std::string& path, int depth, Node& result) {
    Chain chain = Chain::none;
    const auto merge = [&](const Node& body, const Scope& inner, const std::string& guard) {
      const Node expanded = expand(body, inner, path, depth + 1);
      result.members.insert(result.members.end(), expanded.members.begin(), expanded.members.end());
      if (!guard.empty() && !result.get(kGuard) && expanded.get("condition")) add_member(result, kGuard, guard);
    };
    for (const auto& member : node.members) {
      const auto directive = directive_of(member.key.text());
      if (!directive) {
        Node key = substituted(member.key, scope);
        result.members.push_back({std::move(key), expand(member.value, scope, path, depth + 1)});
      } else if (directive->word == "each") {
        each(*directive, scope, [&](const Scope& inner) { merge(member.value, inner, {}); });
      } else if (directive->word == "insert") {
        merge(member.value, scope, {});
      } else if (const auto branch = next_branch(*directive, scope, chain); branch.expanded) {
        merge(member.value, scope, branch.guard);
      }
    }
  }

  /// `each NAME in EXPRESSION`: every item of a list, every pair of a mapping.
  template <typename Visit>
  void each(const Directive& directive, const Scope& scope, const Visit& visit) {
    const auto in = directive.rest.find(" in ");
    if (in == std::string_view::npos) return;
    const auto name = ascii_lower(trimmed(directive.rest.substr(0, in)));
    const auto list = evaluate(trimmed(directive.rest.substr(in + 4)), scope);
    if (!list.value) return;
    Scope inner = scope;
    for (const auto& item : list.value->items) {
      if (budget_ == 0) return;
      inner.locals[name] = item;
      visit(inner);
    }
    for (const auto& member : list.value->members) {
      if (budget_ == 0) return;
      Node pair;
      pair.kind = NodeKind::mapping;
      add_member(pair, "key", std::string(member.key.text()));
      add_member(pair, "value", {});
      pair.members.back().value = member.value;
      inner.locals[name] = std::move(pair);
      visit(inner);
    }
  }

  Pipeline& pipeline_;
  model::Tree& tree_;
  DocumentCache& documents_;
  std::size_t budget_ = kMaxNodes, loads_ = 0;
};

/// Names that scripts set with a logging command: `##vso[task.setvariable variable=NAME`.
void collect_computed(const Node& node, std::set<std::string>& names) {
  if (node.is_scalar()) {
    constexpr std::string_view kCommand = "setvariable variable=";
    const auto lower = ascii_lower(std::string_view(node.scalar));
    for (auto at = lower.find(kCommand); at != std::string::npos; at = lower.find(kCommand, at + 1)) {
      const auto begin = at + kCommand.size();
      names.insert(lower.substr(begin, lower.find_first_of(";]", begin) - begin));
    }
  }
  for (const auto& item : node.items) collect_computed(item, names);
  for (const auto& member : node.members) collect_computed(member.value, names);
}

}  // namespace

void read_variables(const Node* node, Scope& scope, StringMap& env, std::vector<CredentialUse>& groups) {
  if (!node) return;
  const auto define = [&](std::string_view name, const std::string& value) {
    scope.variables[ascii_lower(name)] = value;
    env[std::string(name)] = value;
  };
  if (node->is_mapping()) {
    for (const auto& [name, value] : text_map(node)) {
      if (name != kGuard && name != kOrigin) define(name, value);
    }
  }
  for (const auto& item : node->items) {
    if (const auto* name = item.get("name")) define(text_of(name), text_of(item.get("value")));
    if (item.get("group") || item.get("template")) scope.open = true;
    const auto* group = item.get("group");
    if (!group) continue;
    CredentialUse use;
    use.kind = CredentialUse::Kind::service;
    use.name = text_of(group);
    use.source = "azure-variable-group";
    use.line = group->line;
    groups.push_back(std::move(use));
  }
}

Expanded expand(const Node& root, Pipeline& pipeline, model::Tree& tree, DocumentCache& documents) {
  Expanded result;
  Expander expander(pipeline, tree, documents);
  result.scope.parameters = Expander::declared(root.get("parameters"));
  collect_computed(root, result.scope.computed);
  if (const auto* variables = root.get("variables")) {
    StringMap env;
    std::vector<CredentialUse> groups;
    const Node expanded = expander.expand(*variables, result.scope, pipeline.path, 0);
    read_variables(&expanded, result.scope, env, groups);
  }
  result.root = expander.expand_root(root, result.scope);
  if (expander.exhausted()) {
    pipeline.broken = true;
    pipeline.problems.push_back({document::Problem::Kind::limit, 0, "templates expand to too much"});
  }
  collect_computed(result.root, result.scope.computed);
  return result;
}

}  // namespace tollbar::pipeline::azure
