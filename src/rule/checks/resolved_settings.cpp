// Facts about settings whose value a variable of the same module gives by default: where the variable changes, or takes
// the place of a value, the setting says something else though no line at it does.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "document/node.h"
#include "rule/checks/producers.h"
#include "rule/checks/terraform_folder.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Node;

struct Setting {
  std::string value;  ///< as written: `true`, `var.guard`
  std::uint32_t line = 0;
};

/// Settings of resources by `TYPE.NAME.KEY`, and defaults of variables by their names, of one module.
struct Module {
  std::map<std::string, Setting> settings;
  std::map<std::string, std::string> defaults;

  void add(const Node& root);
  std::string resolved(const std::string& value) const;
};

void Module::add(const Node& root) {
  if (const auto* variables = root.get("variable"); variables != nullptr)
    for (const auto& variable : variables->members)
      if (const auto* value = variable.value.get("default"); value != nullptr && value->is_scalar())
        defaults[std::string(variable.key.text())] = value->text();
  const auto* resources = root.get("resource");
  if (resources == nullptr || !resources->is_mapping()) return;
  for (const auto& type : resources->members)
    for (const auto& named : type.value.members)
      for (const auto& setting : named.value.members) {
        if (!setting.value.is_scalar()) continue;
        const auto place =
            std::string(type.key.text()) + "." + std::string(named.key.text()) + "." + std::string(setting.key.text());
        settings[place] = {std::string(setting.value.text()), setting.value.line};
      }
}

std::string Module::resolved(const std::string& value) const {
  static const text::Pattern variable(R"(^\s*var\.([\w-]+)\s*$)");
  const auto match = variable.find(value);
  if (!match) return value;
  const auto known = defaults.find(std::string(*match->groups[1]));
  return known == defaults.end() ? value : known->second;
}

Module module_in(model::Tree& tree, const std::string& folder) {
  Module module;
  for (const auto& document : terraform_in(tree, folder))
    for (const auto& root : document.roots) module.add(root);
  return module;
}

}  // namespace

void resolved_setting_facts(Change& change, std::vector<Fact>& facts) {
  std::map<std::string, FileChange*> folders;
  for (auto& file : change.files())
    if (file.format() == document::Format::hcl && file.folded_path().ends_with(".tf") && file.delta().before &&
        file.delta().after && !file.delta().mode_only())
      folders.emplace(text::directory_of(file.path()), &file);
  for (const auto& [folder, file] : folders) {
    const auto text = std::string(file->before_text()) + std::string(file->after_text());
    if (text.find("var.") == std::string::npos && text.find("variable") == std::string::npos) continue;
    const auto before = module_in(change.before(), folder), after = module_in(change.after(), folder);
    for (const auto& [place, setting] : after.settings) {
      const auto was = before.settings.find(place);
      if (was == before.settings.end()) continue;
      // What changes where it stands is an edit like any other.
      const bool by_variable = setting.value.starts_with("var.") || was->second.value.starts_with("var.");
      const auto old_value = before.resolved(was->second.value), value = after.resolved(setting.value);
      if (!by_variable || old_value == value) continue;
      Fact fact;
      fact.kind = "resolved-setting-changed";
      fact.path = file->path();
      fact.line = setting.line;
      fact.subject = place;
      fact.before = old_value;
      fact.after = value;
      fact.attributes["place"] = place;
      fact.attributes["setting"] = place.substr(place.rfind('.') + 1);
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
