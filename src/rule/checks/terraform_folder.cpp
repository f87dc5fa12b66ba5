// Terraform takes all files of a folder for one text.
#include "rule/checks/terraform_folder.h"

#include "document/formats.h"

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

}  // namespace tollbar::rule
