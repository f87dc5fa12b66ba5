// A list of checks that a local holds can shrink in a file that protects nothing.
#include "rule/checks/terraform_protection.h"

#include <string_view>
#include <utility>

#include "document/formats.h"
#include "rule/checks/terraform_folder.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

bool names_values(FileChange& file) {
  if (!file.delta().before || !file.delta().after) return false;
  if (gives_values(file.folded_path())) return true;
  const auto says = [&](std::string_view word) { return file.after_text().find(word) != std::string_view::npos; };
  return file.folded_path().ends_with(".tf") && (says("locals") || says("variable"));
}

}  // namespace

std::string folder_of(const FileChange& file) {
  return std::string(text::directory_of(file.path()));
}

bool asks_by_names(FileChange& file) {
  if (!file.folded_path().ends_with(".tf")) return false;
  const auto names = [](std::string_view text) {
    return text.find("local.") != std::string_view::npos || text.find("var.") != std::string_view::npos;
  };
  return names(file.before_text()) || names(file.after_text());
}

std::vector<NamedProtection> protection_by_names(Change& change, FileChange& file) {
  std::vector<NamedProtection> found;
  if (!names_values(file)) return found;
  const auto folder = folder_of(file);
  const auto before = names_in(change.before(), folder), after = names_in(change.after(), folder);
  for (const auto& [name, entry] : change.after().list(folder)) {
    const auto path = folder.empty() ? name : folder + "/" + name;
    const auto old = change.before().find(path);
    if (!name.ends_with(".tf") || entry.mode == model::FileMode::directory || !old || old->id != entry.id) continue;
    const auto content = change.after().read(entry);
    if (content.state != model::ContentState::present || without_protection(*content.bytes)) continue;
    auto document = document::read_hcl(*content.bytes);
    auto then = read_protection(before.filled(document)), now = read_protection(after.filled(document));
    if (!then.empty() || !now.empty()) found.push_back({std::move(document), std::move(then), std::move(now)});
  }
  return found;
}

}  // namespace tollbar::rule
