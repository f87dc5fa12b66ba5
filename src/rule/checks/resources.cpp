// Facts about resources that infrastructure kept as code no longer holds: what an apply would take down with its data.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "document/node.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Node;

struct Resource {
  std::string type, name;
  const Node* node = nullptr;
};

/// A file that may declare resources, as it was and as it is. Manifests of a cluster stand anywhere.
class Declarations {
 public:
  Declarations(FileChange& file, bool known) : file_(&file), known_(known) {}

  FileChange& file() const { return *file_; }
  const document::Document& before() { return known_ ? file_->before_document() : read(before_, file_->before_text()); }
  const document::Document& after() { return known_ ? file_->after_document() : read(after_, file_->after_text()); }

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

void add_manifest(const Node& root, std::vector<Resource>& resources) {
  const auto* kind = root.get("kind");
  const auto* name = root.get({"metadata", "name"});
  if (kind != nullptr && name != nullptr)
    resources.push_back({std::string(kind->text()), std::string(name->text()), &root});
  if (const auto* items = root.get("items"); items != nullptr)
    for (const auto& item : items->items) add_manifest(item, resources);
}

std::vector<Resource> resources_of(const document::Document& document) {
  std::vector<Resource> resources;
  for (const auto& root : document.roots) {
    add_terraform(root, resources);
    add_stack(root, resources);
    add_manifest(root, resources);
  }
  return resources;
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
    const auto address = resource.type + "." + resource.name;
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
    const auto& document = file.after();
    for (const auto& resource : resources_of(document)) kept.resources.emplace_back(resource.type, resource.name);
    for (const auto& root : document.roots) add_released(root, kept.released);
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
    if (known || is_manifest(file, left_out)) files.emplace_back(file, known);
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

}  // namespace

void resource_facts(Change& change, std::vector<Fact>& facts) {
  auto files = declarations_in(change);
  if (std::none_of(files.begin(), files.end(),
                   [](const Declarations& one) { return one.file().delta().before.has_value(); }))
    return;
  const auto kept = kept_by(files);
  for (auto& declarations : files) {
    const auto* const file = &declarations.file();
    if (!file->delta().before || (file->delta().after && declarations.after().broken())) continue;
    std::optional<bool> uncalled;  // looked for once a file: it reads the tree
    for (const auto& resource : resources_of(declarations.before())) {
      if (kept.holds(resource)) continue;
      Fact fact;
      fact.kind = "resource-removed";
      fact.path = file->path();
      fact.line_before = resource.node->line;
      fact.subject = resource.type + " " + resource.name;
      put_before(fact, resource.node->brief(unlimited));
      fact.target.name = resource.name;
      fact.attributes["type"] = resource.type;
      if (!uncalled) uncalled = stands_uncalled(change, file->path());
      fact.attributes["uncalled"] = *uncalled ? "true" : "false";
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
