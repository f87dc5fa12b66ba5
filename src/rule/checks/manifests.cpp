// Facts about manifests of a cluster and playbooks that stand where nobody would look for them: told by what they say
// they are.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/edit.h"
#include "document/formats.h"
#include "reach/calls.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

bool may_hold_manifest(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return (has("apiVersion") && has("kind")) || (has("hosts:") && (has("tasks:") || has("roles:")));
}

/// A list of plays: each says on which hosts it does what.
bool is_playbook(const document::Document& document) {
  const auto& plays = document.root().items;
  return !plays.empty() && std::all_of(plays.begin(), plays.end(), [](const document::Node& play) {
    const bool imported =
        play.get("import_playbook") != nullptr || play.get("ansible.builtin.import_playbook") != nullptr;
    return imported || (play.get("hosts") != nullptr && (play.get("tasks") != nullptr || play.get("roles") != nullptr));
  });
}

struct Manifest {
  std::string kind, group;  ///< `Deployment` of `apps`; `Playbook` for Ansible's; empty for any other document
};

Manifest manifest_of(const document::Document& document) {
  if (is_playbook(document)) return {"Playbook", ""};
  static const text::Pattern version(R"(^(?:[a-z0-9.-]+/)?v\d+(?:(?:alpha|beta)\d+)?$)");
  for (const auto& root : document.roots) {
    const auto* api = root.get("apiVersion");
    const auto* kind = root.get("kind");
    if (api != nullptr && kind != nullptr && api->is_scalar() && kind->is_scalar() && version.matches(api->text()))
      return {std::string(kind->text()), std::string(api->text().substr(0, api->text().find('/')))};
  }
  return {};
}

/// `config/${{ matrix.cluster }}.yaml` as a pattern of paths; nothing where no folder or name is said in it.
std::optional<text::Glob> path_pattern(const std::string& folder, std::string_view word) {
  static const text::Pattern computed(R"(\$\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+|<<.*?>>)");
  std::string pattern;
  std::size_t from = 0;
  text::each_match(computed, word, [&](const text::Match& match) {
    pattern += std::string(word.substr(from, match.begin - from)) + "*";
    from = match.end;
  });
  pattern += word.substr(from);
  const auto named =
      std::count_if(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(pattern.rfind('.') + 1),
                    [](char c) { return c != '*' && c != '/' && c != '.'; });
  if (named < 2 || pattern.find("://") != std::string::npos || pattern.find_first_of("{}[]") != std::string::npos)
    return std::nullopt;
  return text::Glob("/" + reach::join_path(folder, pattern));
}

/// The files that pipelines hand to Helm as values: what they say will stand as a chart's own values do.
class HandedValues {
 public:
  explicit HandedValues(Change& change) : change_(change) {}

  bool hold(const FileChange& file) {
    if (!patterns_) collect();
    return std::any_of(patterns_->begin(), patterns_->end(),
                       [&](const auto& one) { return one.matches(file.folded_path()); });
  }

 private:
  void collect() {
    patterns_.emplace();
    for (const auto* execution : {&change_.before_execution(), &change_.after_execution()})
      for (const auto& pipeline : execution->pipelines)
        for (const auto& step : pipeline->steps)
          for (const auto& executed : step.commands) add(executed);
  }

  void add(const reach::ExecutedCommand& executed) {
    constexpr std::string_view joined = "--values=";
    if (executed.command->program() != "helm") return;
    const auto& argv = executed.command->argv;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      const std::string_view word = argv[i].text;
      const bool next = (word == "-f" || word == "--values") && i + 1 < argv.size();
      if (!next && !word.starts_with(joined)) continue;
      const auto value = next ? std::string_view(argv[i + 1].text) : word.substr(joined.size());
      if (auto pattern = path_pattern(executed.working_directory, value)) patterns_->push_back(std::move(*pattern));
    }
  }

  Change& change_;
  std::optional<std::vector<text::Glob>> patterns_;
};

void add_fact(FileChange& file, HandedValues& values, std::vector<Fact>& facts) {
  const auto before = document::read_yaml(file.before_text());
  const auto after = document::read_yaml(file.after_text());
  auto manifest = manifest_of(after);
  if (manifest.kind.empty()) manifest = manifest_of(before);
  if (manifest.kind.empty() && values.hold(file)) manifest.kind = "Values";
  const auto edits = manifest.kind.empty() ? std::vector<document::Edit>() : document::compare(before, after);
  if (edits.empty()) return;
  const auto& edit = edits.front();
  Fact fact;
  fact.kind = "manifest-changed";
  fact.path = file.path();
  fact.line = edit.after != nullptr ? edit.after->line : 0;
  fact.line_before = edit.before != nullptr ? edit.before->line : 0;
  fact.subject = manifest.kind;
  if (edit.before != nullptr) fact.before = shortened(edit.before->brief(400));
  if (edit.after != nullptr) fact.after = shortened(edit.after->brief(400));
  fact.attributes["place"] = edit.path.empty() ? "the whole file" : document::to_string(edit.path);
  fact.attributes["manifest_kind"] = manifest.kind;
  fact.attributes["manifest_group"] = manifest.group;
  facts.push_back(std::move(fact));
}

}  // namespace

void manifest_facts(Change& change, std::vector<Fact>& facts) {
  const auto left_out = left_out_by_default(change.rules().kinds);
  const auto documentation = change.rules().kinds.index("documentation");
  HandedValues values(change);
  for (auto& file : change.files()) {
    const bool yaml = file.folded_path().ends_with(".yml") || file.folded_path().ends_with(".yaml");
    const bool elsewhere = file.format() != document::Format::none || (file.kinds() & left_out).any() ||
                           (documentation && file.kinds()[*documentation]);
    if (!yaml || elsewhere || file.delta().mode_only() || !file.unreadable({}).empty() || file.binary()) continue;
    if (may_hold_manifest(file.before_text()) || may_hold_manifest(file.after_text()) || values.hold(file))
      add_fact(file, values, facts);
  }
}

}  // namespace tollbar::rule
