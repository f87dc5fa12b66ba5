// Terraform takes all files of a folder for one text.
#include "rule/checks/terraform_folder.h"

#include "document/formats.h"
#include "text/words.h"

namespace tollbar::rule {

namespace {

template <typename Wanted>
std::vector<document::Document> files_in(model::Tree& tree, const std::string& folder, Wanted wanted) {
  std::vector<document::Document> documents;
  for (const auto& [name, entry] : tree.list(folder)) {
    if (!wanted(name) || entry.mode == model::FileMode::directory) continue;
    const auto content = tree.read(entry);
    if (content.state == model::ContentState::present) documents.push_back(document::read_hcl(*content.bytes));
  }
  return documents;
}

}  // namespace

std::vector<document::Document> terraform_in(model::Tree& tree, const std::string& folder) {
  return files_in(tree, folder, [](std::string_view name) { return name.ends_with(".tf"); });
}

NamedValues names_in(model::Tree& tree, const std::string& folder) {
  NamedValues names;
  for (const auto& document : terraform_in(tree, folder))
    for (const auto& root : document.roots) names.add(root);
  for (const auto& document : files_in(tree, folder, gives_values))
    for (const auto& root : document.roots) names.add_given(root);
  return names;
}

bool gives_values(std::string_view path) {
  return text::base_name(path) == "terraform.tfvars" || path.ends_with(".auto.tfvars");
}

void NamedValues::add(const document::Node& root) {
  if (const auto* variables = root.get("variable"); variables != nullptr)
    for (const auto& variable : variables->members)
      if (const auto* value = variable.value.get("default"); value != nullptr)
        values_["var." + std::string(variable.key.text())] = *value;
  if (const auto* locals = root.get("locals"); locals != nullptr)
    for (const auto& local : locals->members) values_["local." + std::string(local.key.text())] = local.value;
}

void NamedValues::add_given(const document::Node& root) {
  for (const auto& given : root.members) values_["var." + std::string(given.key.text())] = given.value;
}

const document::Node* NamedValues::find(std::string_view expression) const {
  constexpr int deepest = 8;  // a local may stand for a variable
  const document::Node* found = nullptr;
  for (int depth = 0; depth < deepest; ++depth) {
    const auto known = values_.find(text::trimmed(expression));
    if (known == values_.end()) return found;
    found = &known->second;
    if (found->tag != document::expression_tag) return found;
    expression = found->scalar;
  }
  return nullptr;
}

document::Document NamedValues::filled(document::Document document) const {
  for (auto& root : document.roots) fill(root);
  return document;
}

void NamedValues::fill(document::Node& node) const {
  if (node.is_scalar() && node.tag == document::expression_tag) {
    const auto* value = find(node.scalar);
    if (value == nullptr || value->tag == document::expression_tag) return;
    const auto line = node.line;
    node = *value;
    node.line = line;
    return;
  }
  node.hash = 0;
  for (auto& item : node.items) fill(item);
  for (auto& member : node.members) fill(member.value);
}

bool makes_none(const document::Node& block) {
  if (const auto* count = block.get("count"); count != nullptr && count->is_scalar() && count->text() == "0")
    return true;
  const auto* each = block.get("for_each");
  if (each == nullptr) return false;
  if (each->is_scalar()) return text::is_one_of(each->text(), {"{}", "toset([])", "[]", "tomap({})"});
  return each->items.empty() && each->members.empty();
}

}  // namespace tollbar::rule
