// Facts about resources that infrastructure kept as code no longer holds: what an apply would take down with its data.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "document/node.h"
#include "document/program_text.h"
#include "reach/calls.h"
#include "rule/checks/producers.h"
#include "rule/checks/terraform_folder.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Node;

struct Resource {
  std::string type, name;
  const Node* node = nullptr;  ///< null where the text is no tree
  std::string group = {};      ///< `rds.aws.upbound.io` of a manifest
  std::uint32_t line = 0;
};

/// A file that may declare resources, as it was and as it is. Manifests of a cluster stand anywhere.
class Declarations {
 public:
  Declarations(FileChange& file, bool known) : file_(&file), known_(known) {}

  FileChange& file() const { return *file_; }
  const document::Document& before() { return known_ ? file_->before_document() : read(before_, file_->before_text()); }
  const document::Document& after() { return known_ ? file_->after_document() : read(after_, file_->after_text()); }
  std::vector<Resource> resources(bool afterwards);
  bool is_bicep() const { return file_->folded_path().ends_with(".bicep"); }  // no tree for us

 private:
  static const document::Document& read(std::optional<document::Document>& kept, std::string_view text) {
    if (!kept) kept = document::read_yaml(text);
    return *kept;
  }

  FileChange* file_;
  bool known_;  ///< of a kind with a format
  std::optional<document::Document> before_, after_;
};

void add_terraform(const Node& root, std::vector<Resource>& resources) {
  const auto* blocks = root.get("resource");
  if (blocks == nullptr || !blocks->is_mapping()) return;
  for (const auto& type : blocks->members)
    for (const auto& named : type.value.members)
      if (!makes_none(named.value))
        resources.push_back({std::string(type.key.text()), std::string(named.key.text()), &named.value});
}

void add_stack(const Node& root, std::vector<Resource>& resources) {
  const auto* section = root.get("Resources");
  if (section == nullptr) section = root.get({"resources", "Resources"});  // of the Serverless framework
  if (section == nullptr || !section->is_mapping()) return;
  for (const auto& entry : section->members)
    if (const auto* type = entry.value.get("Type"); type != nullptr && type->is_scalar())
      resources.push_back({std::string(type->text()), std::string(entry.key.text()), &entry.value});
}

/// A template of Azure in JSON.
void add_template(const Node& root, std::vector<Resource>& resources) {
  const auto* section = root.get("resources");
  if (section == nullptr) return;
  for (const auto& entry : section->items) {
    const auto* type = entry.get("type");
    const auto* name = entry.get("name");
    if (type != nullptr && name != nullptr && type->is_scalar() && name->is_scalar())
      resources.push_back({std::string(type->text()), std::string(name->text()), &entry});
  }
}

/// The modules of the tree that are called: `module.NAME`, which the resources in their folder hang on.
void add_calls(const Node& root, std::vector<Resource>& resources) {
  const auto* calls = root.get("module");
  if (calls == nullptr || !calls->is_mapping()) return;
  for (const auto& call : calls->members)
    if (const auto* source = call.value.get("source");
        source != nullptr && source->text().starts_with('.') && !makes_none(call.value))
      resources.push_back({"module", std::string(call.key.text()), &call.value});
}

void add_manifest(const Node& root, std::vector<Resource>& resources) {
  const auto* kind = root.get("kind");
  const auto* name = root.get({"metadata", "name"});
  if (kind != nullptr && name != nullptr) {
    const auto* api = root.get("apiVersion");
    const auto version = api == nullptr ? std::string_view() : api->text();
    const auto slash = version.find('/');
    resources.push_back({std::string(kind->text()), std::string(name->text()), &root,
                         std::string(slash == std::string_view::npos ? std::string_view() : version.substr(0, slash))});
  }
  if (const auto* items = root.get("items"); items != nullptr)
    for (const auto& item : items->items) add_manifest(item, resources);
}

std::vector<Resource> resources_of(const document::Document& document) {
  std::vector<Resource> resources;
  for (const auto& root : document.roots) {
    add_terraform(root, resources);
    add_calls(root, resources);
    add_stack(root, resources);
    add_template(root, resources);
    add_manifest(root, resources);
  }
  return resources;
}

/// `resource pg 'Microsoft.DBforPostgreSQL/flexibleServers@2022-12-01' = {` of Bicep, which is no tree for us.
std::vector<Resource> resources_of_bicep(std::string_view text) {
  static const text::Pattern declared(R"re((?m)^[ \t]*resource\s+(\w+)\s+'([^'@]+)@)re");
  std::vector<Resource> resources;
  text::each_match(declared, text, [&](const text::Match& match) {
    resources.push_back({std::string(*match.groups[2]), std::string(*match.groups[1]), nullptr, "",
                         document::line_at(text, match.begin)});
  });
  return resources;
}

std::vector<Resource> Declarations::resources(bool afterwards) {
  if (is_bicep()) return resources_of_bicep(afterwards ? file_->after_text() : file_->before_text());
  return resources_of(afterwards ? after() : before());
}

/// The addresses that `moved` and `removed` blocks speak of: Terraform destroys nothing there.
void add_released(const Node& root, std::vector<std::string>& addresses) {
  const auto add = [&](const Node& block) {
    const auto* from = block.get("from");
    const auto* destroy = block.get({"lifecycle", "destroy"});
    if (from != nullptr && !(destroy != nullptr && destroy->truth().value_or(false)))
      addresses.emplace_back(from->text());
  };
  for (const auto name : {"moved", "removed"})
    if (const auto* blocks = root.get(name); blocks != nullptr) {
      if (blocks->is_mapping()) add(*blocks);
      for (const auto& block : blocks->items) add(block);
    }
}

struct Kept {
  std::vector<std::pair<std::string, std::string>> resources;
  std::vector<std::string> released;

  bool holds(const Resource& resource) const {
    const auto address = resource.type + "." + resource.name;  // also of a module: `module.store`
    return std::find(resources.begin(), resources.end(), std::pair(resource.type, resource.name)) != resources.end() ||
           std::any_of(released.begin(), released.end(),
                       [&](const std::string& text) { return text == address || text.starts_with(address + "["); });
  }
};

/// What the files of the change hold afterwards, in whichever of them.
Kept kept_by(std::vector<Declarations>& files) {
  Kept kept;
  for (auto& file : files) {
    if (!file.file().delta().after) continue;
    for (const auto& resource : file.resources(true)) kept.resources.emplace_back(resource.type, resource.name);
    if (file.is_bicep()) continue;
    for (const auto& root : file.after().roots) add_released(root, kept.released);
  }
  return kept;
}

bool is_manifest(FileChange& file, KindSet left_out) {
  const bool yaml = file.folded_path().ends_with(".yml") || file.folded_path().ends_with(".yaml");
  const auto& side = file.delta().before ? file.before_text() : file.after_text();
  return yaml && file.format() == document::Format::none && (file.kinds() & left_out).none() &&
         file.unreadable({}).empty() && !file.binary() && side.find("apiVersion") != std::string_view::npos;
}

std::vector<Declarations> declarations_in(Change& change) {
  const auto& kinds = change.rules().kinds;
  KindSet wanted;
  for (const auto name : {"terraform", "infrastructure-yaml", "infrastructure-json"})
    if (const auto index = kinds.index(name)) wanted.set(*index);
  auto left_out = left_out_by_default(kinds);
  if (const auto documentation = kinds.index("documentation")) left_out.set(*documentation);
  std::vector<Declarations> files;
  for (auto& file : change.files()) {
    if (file.delta().mode_only()) continue;
    const bool known = (file.kinds() & wanted).any() && file.unreadable(wanted).empty();
    const bool bicep = file.folded_path().ends_with(".bicep") && (file.kinds() & left_out).none() &&
                       file.unreadable({}).empty() && !file.binary();
    if (known || bicep || is_manifest(file, left_out)) files.emplace_back(file, known);
  }
  return files;
}

/// The text names the folder as the source of a module: `source = "../modules/store"`, `git::...//modules/store?ref=1`.
bool calls_module(std::string_view text, const std::string& name) {
  for (auto at = text.find("source"); at != std::string_view::npos; at = text.find("source", at + 1)) {
    const auto line = text.substr(at, text.find('\n', at) - at);
    const auto found = line.find('/' + name);
    if (found == std::string_view::npos) continue;
    const auto end = found + 1 + name.size();
    if (end >= line.size() || line[end] == '"' || line[end] == '?' || line[end] == '/') return true;
  }
  return false;
}

/// A module of Terraform that nothing of the tree called: whoever else does takes a version of it, when they choose to.
bool stands_uncalled(Change& change, const std::string& path) {
  constexpr std::size_t most_files = 4000;
  const auto folder = text::directory_of(path);
  const std::string name(text::base_name(folder));
  const auto above = text::directory_of(folder);
  if (!path.ends_with(".tf") || text::base_name(above) != "modules") return false;
  std::vector<std::string> folders{""};
  for (std::size_t files = 0; !folders.empty();) {
    const auto at = std::move(folders.back());
    folders.pop_back();
    for (const auto& [file, entry] : change.before().list(at)) {
      const auto whole = at.empty() ? file : at + '/' + file;
      if (entry.mode == model::FileMode::directory) {
        folders.push_back(whole);
        continue;
      }
      if (entry.mode == model::FileMode::submodule || !(file.ends_with(".tf") || file.ends_with(".hcl"))) continue;
      const auto content = change.before().read(entry);
      if (++files > most_files || content.state != model::ContentState::present) return false;
      if (calls_module(*content.bytes, name)) return false;
    }
  }
  return true;
}

void add_fact(FileChange& file, const Resource& resource, const std::string& subject, bool uncalled,
              std::vector<Fact>& facts) {
  Fact fact;
  fact.kind = "resource-removed";
  fact.path = file.path();
  fact.line_before = resource.line != 0 || resource.node == nullptr ? resource.line : resource.node->line;
  fact.subject = subject;
  put_before(fact, resource.node != nullptr ? resource.node->brief(unlimited) : subject);
  fact.target.name = resource.name;
  fact.attributes["type"] = resource.type;
  fact.attributes["group"] = resource.group;
  fact.attributes["uncalled"] = uncalled ? "true" : "false";
  facts.push_back(std::move(fact));
}

/// What stood in the folder of a module that is called no longer.
void add_resources_of_call(Change& change, FileChange& file, const Resource& call, std::vector<Fact>& facts) {
  const auto folder =
      reach::join_path(std::string(text::directory_of(file.path())), std::string(call.node->get("source")->text()));
  if (folder.empty()) return;
  for (const auto& document : terraform_in(change.before(), folder)) {
    for (const auto& resource : resources_of(document)) {
      if (resource.type == "module") continue;
      auto held = resource;
      held.line = call.node->line;
      add_fact(file, held, resource.type + " " + call.name + "." + resource.name, false, facts);
    }
  }
}

}  // namespace

void resource_facts(Change& change, std::vector<Fact>& facts) {
  auto files = declarations_in(change);
  if (std::none_of(files.begin(), files.end(),
                   [](const Declarations& one) { return one.file().delta().before.has_value(); }))
    return;
  const auto kept = kept_by(files);
  for (auto& declarations : files) {
    const auto* const file = &declarations.file();
    if (!file->delta().before || (file->delta().after && !declarations.is_bicep() && declarations.after().broken()))
      continue;
    std::optional<bool> uncalled;  // looked for once a file: it reads the tree
    for (const auto& resource : declarations.resources(false)) {
      if (kept.holds(resource)) continue;
      if (resource.type == "module") {
        add_resources_of_call(change, declarations.file(), resource, facts);
        continue;
      }
      if (!uncalled) uncalled = stands_uncalled(change, file->path());
      add_fact(declarations.file(), resource, resource.type + " " + resource.name, *uncalled, facts);
    }
  }
}

}  // namespace tollbar::rule
