// Templates are no YAML before they are filled in, so each resource is read as the text between two `---`.
#include "rule/checks/chart_protections.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "text/lines.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

struct Templated {
  std::string kind, name;
  std::uint32_t line = 0;  ///< where it begins
  std::uint32_t kept = 0;  ///< the line that says so; 0: none does
  int included = 0;        ///< parts that stand elsewhere: `{{ include "x" . }}`, `{{ toYaml .Values.x }}`
};

bool is_template(const FileChange& file) {
  const auto& path = file.folded_path();
  const bool below = path.find("/templates/") != std::string::npos || path.starts_with("templates/");
  return below && (path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".tpl"));
}

/// Another install makes it again as it was: nothing is lost with it.
bool is_made_again(std::string_view kind) {
  return text::is_one_of(kind, {"", "ConfigMap", "Service", "Ingress", "ServiceAccount", "Role", "RoleBinding",
                                "ClusterRole", "ClusterRoleBinding", "Deployment", "DaemonSet", "Job", "CronJob",
                                "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor"});
}

/// By kind and name.
std::map<std::string, Templated> resources_in(std::string_view text) {
  static const text::Pattern kind(R"(^kind:\s*["']?(\w+))"), name(R"(^ {2}name:\s*(\S.*)$)");
  static const text::Pattern kept(R"(^[^#]*helm\.sh/resource-policy["']?\s*:\s*["']?keep\b)");
  static const text::Pattern included(R"(\{\{-?\s*(?:include|template|toYaml|tpl)\b)");
  std::map<std::string, Templated> found;
  Templated current;
  std::uint32_t number = 0;
  const auto finish = [&] {
    if (!current.kind.empty()) found.emplace(current.kind + " " + current.name, current);
    current = {};
  };
  for (const auto line : text::Lines(text)) {
    ++number;
    if (line.starts_with("---")) {
      finish();
      continue;
    }
    if (current.line == 0) current.line = number;
    if (const auto match = kind.find(line); match && current.kind.empty()) current.kind = *match->groups[1];
    if (const auto match = name.find(line); match && current.name.empty())
      current.name = text::trimmed(*match->groups[1], " \t\r");
    if (kept.matches(line)) current.kept = number;
    if (included.matches(line)) ++current.included;
  }
  finish();
  return found;
}

}  // namespace

void add_chart_protections(FileChange& file, std::vector<Fact>& facts) {
  if (!is_template(file) || file.before_text().find("resource-policy") == std::string_view::npos) return;
  const auto before = resources_in(file.before_text()), after = resources_in(file.after_text());
  for (const auto& [key, was] : before) {
    const auto now = after.find(key);
    if (was.kept == 0 || is_made_again(was.kind) || now == after.end() || now->second.kept != 0) continue;
    if (now->second.included > was.included) continue;  // what is said of it may have moved into a part
    Fact fact;
    fact.kind = "program-protection-lost";
    fact.path = file.path();
    fact.line = now->second.line;
    fact.line_before = was.kept;
    fact.subject = key;
    fact.before = "helm.sh/resource-policy: keep";
    fact.attributes["place"] = key;
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
