// Terraform takes all files of a folder for one text.
#include "rule/checks/terraform_folder.h"

#include "document/formats.h"
#include "text/words.h"

namespace tollbar::rule {

std::vector<document::Document> terraform_in(model::Tree& tree, const std::string& folder) {
  std::vector<document::Document> documents;
  for (const auto& [name, entry] : tree.list(folder)) {
    if (!name.ends_with(".tf") || entry.mode == model::FileMode::directory) continue;
    const auto content = tree.read(entry);
    if (content.state == model::ContentState::present) documents.push_back(document::read_hcl(*content.bytes));
  }
  return documents;
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
