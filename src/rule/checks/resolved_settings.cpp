// Facts about settings whose value a name of the same module gives (a local, a variable or a parameter by its default):
// where that changes, or takes the place of a value, the setting says something else though no line at it does.
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "document/node.h"
#include "rule/checks/producers.h"
#include "rule/checks/terraform_folder.h"
#include "rule/matching.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Node;

struct Setting {
  std::string value;  ///< what it comes to, as far as that stands in the module
  bool named = false;
  std::uint32_t line = 0;
};
/// By place: `aws_db_instance.main.deletion_protection`, `Db.DeletionProtection`.
using Settings = std::map<std::string, Setting>;

std::string place_of(const document::Member& first, const document::Member& second) {
  return std::string(first.key.text()) + "." + std::string(second.key.text());
}

/// What the resources of a module of Terraform are set to.
void add_resources(const Node& root, const NamedValues& names, Settings& settings) {
  const auto* resources = root.get("resource");
  if (resources == nullptr) return;
  for (const auto& type : resources->members)
    for (const auto& resource : type.value.members)
      for (const auto& setting : resource.value.members) {
        if (!setting.value.is_scalar()) continue;
        const auto written = setting.value.text();
        const auto* known = names.find(written);
        settings[place_of(type, resource) + "." + std::string(setting.key.text())] = {
            std::string(known == nullptr || !known->is_scalar() ? written : known->text()),
            written.starts_with("var.") || written.starts_with("local."), setting.value.line};
      }
}

Settings settings_of_folder(model::Tree& tree, const std::string& folder) {
  const auto names = names_in(tree, folder);
  Settings settings;
  for (const auto& document : terraform_in(tree, folder))
    for (const auto& root : document.roots) add_resources(root, names, settings);
  return settings;
}

/// The parameter that `!Ref Guard` or `{Ref: Guard}` asks for; empty for any other value.
std::string_view parameter_of(const Node& value) {
  if (value.is_scalar()) return value.tag == "!Ref" ? value.text() : std::string_view{};
  const auto* name = value.members.size() == 1 ? value.get("Ref") : nullptr;
  return name == nullptr ? std::string_view{} : name->text();
}

/// What the resources of a template of CloudFormation are set to.
Settings settings_of_stack(const document::Document& document) {
  Settings settings;
  for (const auto& root : document.roots) {
    const auto* resources = root.get("Resources");
    const auto* parameters = root.get("Parameters");
    if (resources == nullptr || parameters == nullptr) continue;
    for (const auto& resource : resources->members) {
      const auto* properties = resource.value.get("Properties");
      if (properties == nullptr) continue;
      for (const auto& setting : properties->members) {
        const auto parameter = parameter_of(setting.value);
        const auto* given = parameter.empty() ? nullptr : parameters->get({parameter, "Default"});
        const Node& value = given == nullptr ? setting.value : *given;
        if (value.is_scalar())
          settings[place_of(resource, setting)] = {std::string(value.text()), given != nullptr, setting.value.line};
      }
    }
  }
  return settings;
}

/// What changes where it stands is an edit like any other; told is what a name made another value.
void compare_settings(const Settings& before, const Settings& after, const FileChange& file, std::vector<Fact>& facts) {
  for (const auto& [place, setting] : after) {
    const auto was = before.find(place);
    if (was == before.end() || was->second.value == setting.value) continue;
    if (!setting.named && !was->second.named) continue;
    Fact fact;
    fact.kind = "resolved-setting-changed";
    fact.path = file.path();
    fact.line = setting.line;
    fact.subject = place;
    fact.before = was->second.value;
    fact.after = setting.value;
    fact.attributes["place"] = place;
    fact.attributes["setting"] = place.substr(place.rfind('.') + 1);
    facts.push_back(std::move(fact));
  }
}

bool says(FileChange& file, std::string_view word) {
  return file.before_text().find(word) != std::string_view::npos ||
         file.after_text().find(word) != std::string_view::npos;
}

bool belongs_to_module(FileChange& file) {
  if (gives_values(file.folded_path())) return true;
  return file.folded_path().ends_with(".tf") && (says(file, "var.") || says(file, "variable") || says(file, "local"));
}

}  // namespace

void resolved_setting_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  KindSet stacks;
  for (const auto* name : {"infrastructure-yaml", "infrastructure-json"})
    if (const auto kind = kinds.index(name)) stacks.set(*kind);
  std::set<std::string> folders;
  for (auto& file : change.files()) {
    if (!file.delta().before || !file.delta().after || file.delta().mode_only()) continue;
    if (belongs_to_module(file)) {
      const auto folder = text::directory_of(file.path());
      if (folders.insert(folder).second)
        compare_settings(settings_of_folder(change.before(), folder), settings_of_folder(change.after(), folder), file,
                         facts);
    } else if ((file.kinds() & stacks).any() && says(file, "Parameters") && file.unreadable(stacks).empty()) {
      compare_settings(settings_of_stack(file.before_document()), settings_of_stack(file.after_document()), file,
                       facts);
    }
  }
}

}  // namespace tollbar::rule
