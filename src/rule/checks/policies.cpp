// Facts about tollbar's own policy: changed, loosened, taken away.
#include <algorithm>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"

namespace tollbar::rule {
namespace {

using document::Edit;
using document::EditKind;

std::string_view first(const document::NodePath& path) {
  return path.empty() ? std::string_view{} : std::string_view(path.front().text);
}

int strength(std::string_view decision) {
  if (decision == "allow") return 1;
  if (decision == "approve") return 2;
  return decision == "block" ? 3 : 0;
}

/// Less is demanded than before: a check, protected ref or approver is gone, a decision is weaker, something new is
/// waived or ignored.
bool loosens(const Edit& edit) {
  const auto section = first(edit.path);
  const auto key = edit.path.empty() ? std::string_view{} : std::string_view(edit.path.back().text);
  const auto text = [](const document::Node* node) { return node == nullptr ? std::string_view{} : node->text(); };
  if (section == "required_checks" || section == "protected" || section == "production")
    return edit.kind != EditKind::added && edit.kind != EditKind::moved;
  if (section == "waivers" || section == "ignore" || section == "trusted_owners" || section == "hosted_runners" ||
      section == "credentials")
    return edit.kind != EditKind::removed && edit.kind != EditKind::moved;
  if (section == "agents") {
    return edit.kind == EditKind::removed || strength(text(edit.after)) < strength(text(edit.before));
  }
  if (section == "rules" || section == "triggers") {
    if (key == "count") return edit.after == nullptr || text(edit.after) < text(edit.before);
    const bool weaker =
        strength(text(edit.after)) != 0 && strength(text(edit.after)) < std::max(strength(text(edit.before)), 3);
    return weaker || edit.kind == EditKind::removed || (edit.kind == EditKind::added && edit.after->is_mapping());
  }
  return section == "extends";
}

Fact policy_fact(const FileChange& file, std::string kind) {
  Fact fact;
  fact.kind = std::move(kind);
  fact.path = file.path();
  fact.subject = "policy";
  return fact;
}

}  // namespace

void policy_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("tollbar-policy");
  for (auto& file : change.files()) {
    if (!kind || !file.kinds()[*kind]) continue;
    if (file.delta().removed()) {
      facts.push_back(policy_fact(file, "policy-removed"));
      continue;
    }
    const bool broken = file.after_document().broken();
    if (broken) facts.push_back(policy_fact(file, "policy-removed"));
    if (broken || file.delta().added()) {
      facts.push_back(policy_fact(file, "policy-changed"));
      continue;
    }
    for (const auto& edit : file.edits()) {
      auto fact = policy_fact(file, loosens(edit) ? "policy-loosened" : "policy-changed");
      fact.subject = document::to_string(edit.path);
      fact.line = edit.after != nullptr ? edit.after->line : 0;
      fact.line_before = edit.before != nullptr ? edit.before->line : 0;
      fact.before = edit.before != nullptr ? shortened(edit.before->brief()) : "";
      fact.after = edit.after != nullptr ? shortened(edit.after->brief()) : "";
      fact.attributes["place"] = fact.subject;
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
