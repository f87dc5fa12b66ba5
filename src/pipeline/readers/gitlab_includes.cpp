// `include`: local files are merged in, everything else is kept by name.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "pipeline/readers/gitlab.h"
#include "text/ascii.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::pipeline::gitlab {
namespace {

using document::Node;

constexpr std::size_t kMaxFiles = 150;  // GitLab's own limit
constexpr int kMaxDepth = 32;

/// GitLab supports merge keys and its own `!reference`.
bool is_foreign(const document::Problem& problem) {
  using Kind = document::Problem::Kind;
  if (problem.kind == Kind::merge_key) return false;
  return problem.kind != Kind::custom_tag || problem.message.find("!reference") == std::string::npos;
}

/// A file with `spec: inputs` has its content in a second document.
const Node& content_of(const document::Document& document) {
  const bool header = document.roots.size() > 1 && document.root().get("spec");
  return header ? document.roots[1] : document.root();
}

using Inputs = std::map<std::string, std::string>;

/// What the inputs of a file are worth: as whoever includes it says, else by default.
Inputs inputs_of(const document::Document& document, const Node* given) {
  Inputs values;
  for_each_member(document.root().get({"spec", "inputs"}), [&](std::string_view name, const Node& input) {
    if (const auto* value = input.is_mapping() ? input.get("default") : nullptr; value && value->is_scalar())
      values[std::string(name)] = value->scalar;
  });
  for_each_member(given, [&](std::string_view name, const Node& value) {
    if (value.is_scalar()) values[std::string(name)] = value.scalar;
  });
  return values;
}

/// `$[[ inputs.NAME | expand_vars ]]` replaced where the value is known.
void fill(std::string& text, const Inputs& values) {
  constexpr std::string_view open = "$[[", close = "]]", scope = "inputs.";
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    const auto end = text.find(close, at);
    if (end == std::string::npos) return;
    auto name = text::trimmed(std::string_view(text).substr(at + open.size(), end - at - open.size()));
    name = text::trimmed(name.substr(0, name.find('|')));
    const auto value = name.starts_with(scope) ? values.find(std::string(name.substr(scope.size()))) : values.end();
    if (value == values.end()) {
      at = end;
      continue;
    }
    text.replace(at, end + close.size() - at, value->second);
    at += value->second.size();
  }
}

void fill(Node& node, const Inputs& values) {
  fill(node.scalar, values);
  for (auto& item : node.items) fill(item, values);
  for (auto& member : node.members) {
    fill(member.key, values);
    fill(member.value, values);
  }
}

/// The first rule that holds says `never`, or none holds, whatever kind of pipeline runs.
bool is_left_out(const Node& include) {
  const auto* rules = include.get("rules");
  if (!rules || !rules->is_sequence() || rules->items.empty()) return false;
  return std::all_of(scenarios().begin(), scenarios().end(), [&](const Scenario& scenario) {
    for (const auto& rule : rules->items) {
      const auto* condition = rule.get("if");
      const auto grade = condition ? evaluate(text_of(condition), scenario, {}) : Grade::yes;
      if (grade == Grade::no) continue;
      if (text_of(rule.get("when")) != "never") return false;
      if (grade == Grade::yes && !rule.get("exists") && !rule.get("changes")) return true;
    }
    return true;
  });
}

class Loader {
 public:
  Loader(Pipeline& pipeline, model::Tree& tree, DocumentCache& documents)
      : pipeline_(pipeline), tree_(tree), documents_(documents) {
    configuration_.root.kind = document::NodeKind::mapping;
  }

  Configuration load() {
    file(pipeline_.path, 0, 0);
    return std::move(configuration_);
  }

 private:
  void problem(document::Problem::Kind kind, std::uint32_t line, std::string message) {
    pipeline_.problems.push_back({kind, line, std::move(message)});
  }

  void file(const std::string& path, std::uint32_t line, int depth, const Node* inputs = nullptr) {
    auto& files = pipeline_.files;
    if (std::find(files.begin(), files.end(), path) != files.end()) return;
    if (files.size() >= kMaxFiles || depth > kMaxDepth) {
      problem(document::Problem::Kind::limit, line, "too many included files");
      pipeline_.broken = true;
      return;
    }
    const auto entry = tree_.find(path);
    if (!entry) {
      problem(document::Problem::Kind::syntax_error, line, "no such file: " + path);
      pipeline_.broken = pipeline_.broken || depth == 0;
      return;
    }
    files.push_back(path);
    const auto document = documents_.yaml(tree_, *entry);
    std::copy_if(document->problems.begin(), document->problems.end(), std::back_inserter(pipeline_.problems),
                 is_foreign);
    const Inputs values = inputs_of(*document, inputs);
    std::optional<Node> filled;
    if (!values.empty()) fill(filled.emplace(content_of(*document)), values);
    const Node& content = filled ? *filled : content_of(*document);
    if (document->broken() || (!content.is_mapping() && !content.is_null())) {
      pipeline_.broken = true;
      return;
    }
    if (const auto* include = content.get("include")) includes(*include, depth);
    for_each_member(&content,
                    [&](std::string_view key, const Node&) { configuration_.path_of[std::string(key)] = path; });
    configuration_.root = deep_merge(configuration_.root, content);
  }

  void includes(const Node& node, int depth) {
    if (node.is_sequence()) {
      for (const auto& item : node.items) include(item, depth);
    } else {
      include(node, depth);
    }
  }

  void include(const Node& node, int depth) {
    if (node.is_scalar()) {
      const bool remote = node.scalar.starts_with("http://") || node.scalar.starts_with("https://");
      remote ? keep("remote:" + node.scalar) : local(node.scalar, node.line, depth);
      return;
    }
    if (is_left_out(node)) return;
    if (const auto* path = node.get("local")) local(text_of(path), path->line, depth, node.get("inputs"));
    for (const auto* kind : {"template", "remote", "component"}) {
      if (const auto* value = node.get(kind)) keep(std::string(kind) + ":" + text_of(value));
    }
    if (const auto* project = node.get("project")) {
      const auto ref = text_of(node.get("ref"));
      for (const auto& path : texts_of(node.get("file"))) {
        keep("project:" + text_of(project) + (ref.empty() ? "" : "@" + ref) + ":" + path);
      }
    }
  }

  void keep(std::string include) { pipeline_.includes.push_back(std::move(include)); }

  void local(const std::string& written, std::uint32_t line, int depth, const Node* inputs = nullptr) {
    keep("local:" + written);
    if (written.find('$') != std::string::npos) return;  // computed: cannot be told
    const auto path = written.starts_with('/') ? normalise_directory(written.substr(1)) : normalise_directory(written);
    if (path.find('*') == std::string::npos) {
      file(path, line, depth + 1, inputs);
      return;
    }
    std::vector<std::string> found;
    const auto fixed = path.substr(0, path.find('*'));
    const auto slash = fixed.rfind('/');
    collect(slash == std::string::npos ? "" : fixed.substr(0, slash), text::Glob("/" + path), text::Glob(path), found,
            0);
    for (const auto& each : found) file(each, line, depth + 1, inputs);
  }

  /// Files below a directory that match; only directories that a wildcard can reach are listed.
  void collect(const std::string& directory, const text::Glob& anchored, const text::Glob& glob,
               std::vector<std::string>& found, int depth) {
    if (depth > 8 || found.size() > kMaxFiles) return;
    for (const auto& [name, entry] : tree_.list(directory)) {
      const auto path = directory.empty() ? name : directory + "/" + name;
      if (entry.mode == model::FileMode::directory) {
        collect(path, anchored, glob, found, depth + 1);
      } else if (glob.matches(text::fold_path(path)) || anchored.matches(text::fold_path(path))) {
        found.push_back(path);
      }
    }
  }

  Pipeline& pipeline_;
  model::Tree& tree_;
  DocumentCache& documents_;
  Configuration configuration_;
};

struct KnownTemplate {
  std::string_view word;  ///< file or component name, lower case
  std::string_view job;
};
constexpr std::array kTemplates{
    KnownTemplate{"sast", "sast"},
    KnownTemplate{"sast-iac", "kics-iac-sast"},
    KnownTemplate{"secret-detection", "secret_detection"},
    KnownTemplate{"dependency-scanning", "dependency_scanning"},
    KnownTemplate{"container-scanning", "container_scanning"},
    KnownTemplate{"license-scanning", "license_scanning"},
    KnownTemplate{"code-quality", "code_quality"},
    KnownTemplate{"dast", "dast"},
    KnownTemplate{"dast-api", "dast_api"},
    KnownTemplate{"api-security", "api_security"},
    KnownTemplate{"api-fuzzing", "apifuzzer_fuzz"},
    KnownTemplate{"coverage-fuzzing", "coverage_fuzzing"},
};

}  // namespace

Node deep_merge(const Node& base, const Node& over) {
  if (!base.is_mapping() || !over.is_mapping()) return over;
  Node result = base;
  result.line = over.line;
  result.column = over.column;
  result.end_line = over.end_line;
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < result.members.size(); ++i) at[result.members[i].key.scalar] = i;
  for (const auto& member : over.members) {
    const auto [place, added] = at.try_emplace(member.key.scalar, result.members.size());
    if (added) {
      result.members.push_back(member);
    } else {
      auto& there = result.members[place->second];
      there = {member.key, deep_merge(there.value, member.value)};
    }
  }
  return result;
}

Configuration load(Pipeline& pipeline, model::Tree& tree, DocumentCache& documents) {
  return Loader(pipeline, tree, documents).load();
}

std::optional<Job> template_job(std::string_view include) {
  const bool component = include.starts_with("component:");
  if (!component && !include.starts_with("template:")) return std::nullopt;
  std::string_view name = include.substr(include.find(':') + 1);
  std::string_view version;
  if (const auto at = name.rfind('@'); component && at != std::string_view::npos) {
    version = name.substr(at + 1);
    name = name.substr(0, at);
  }
  for (const std::string_view ending : {".gitlab-ci.yml", ".latest"}) {
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  }
  const auto word = text::ascii_lower(name.substr(name.rfind('/') + 1));
  for (const auto& known : kTemplates) {
    if (known.word != word) continue;
    Job job;
    job.id = known.job;
    job.stage = "test";
    Step step;
    step.uses = std::string(component ? "component:" : "template:") + std::string(name);
    step.uses_version = version;
    job.steps.push_back(std::move(step));
    return job;
  }
  return std::nullopt;
}

}  // namespace tollbar::pipeline::gitlab
