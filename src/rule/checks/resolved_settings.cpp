// Facts about settings whose value a local, or a variable by its default, of the same module gives: where that changes,
// or takes the place of a value, the setting says something else though no line at it does.
#include <map>
#include <optional>
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
  std::string value;  ///< as written: `true`, `var.guard`
  std::uint32_t line = 0;
};

/// Settings of resources by `TYPE.NAME.KEY`, and what names stand for, of one module.
struct Module {
  std::map<std::string, Setting> settings;
  NamedValues names;

  void add(const Node& root);
  std::string resolved(const std::string& value) const;
};

void Module::add(const Node& root) {
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
  const auto* known = names.find(value);
  return known == nullptr || !known->is_scalar() ? value : std::string(known->text());
}

Module module_in(model::Tree& tree, const std::string& folder) {
  Module module;
  module.names = names_in(tree, folder);
  for (const auto& document : terraform_in(tree, folder))
    for (const auto& root : document.roots) module.add(root);
  return module;
}

}  // namespace

void resolved_setting_facts(Change& change, std::vector<Fact>& facts) {
  std::map<std::string, FileChange*> folders;
  for (auto& file : change.files())
    if ((file.folded_path().ends_with(".tf") || gives_values(file.folded_path())) && file.delta().before &&
        file.delta().after && !file.delta().mode_only())
      folders.emplace(text::directory_of(file.path()), &file);
  for (const auto& [folder, file] : folders) {
    const auto text = std::string(file->before_text()) + std::string(file->after_text());
    const auto says = [&](const char* word) { return text.find(word) != std::string::npos; };
    if (!says("var.") && !says("variable") && !says("local") && !gives_values(file->folded_path())) continue;
    const auto before = module_in(change.before(), folder), after = module_in(change.after(), folder);
    for (const auto& [place, setting] : after.settings) {
      const auto was = before.settings.find(place);
      if (was == before.settings.end()) continue;
      // What changes where it stands is an edit like any other.
      const auto named = [](const std::string& written) {
        return written.starts_with("var.") || written.starts_with("local.");
      };
      const auto old_value = before.resolved(was->second.value), value = after.resolved(setting.value);
      if ((!named(setting.value) && !named(was->second.value)) || old_value == value) continue;
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
