// Groups are opened and inherited attributes looked up the way buildx does: the last parent wins, the target itself
// above all.
#include "reach/bake.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

namespace tollbar::reach {
namespace {

using document::Node;

constexpr std::size_t kMostParents = 32;

class Baking {
 public:
  explicit Baking(const Node& root) : root_(root) {}

  void add(const std::string& name) {
    if (!visited_.insert(name).second) return;
    if (const Node* group = root_.get({"group", name})) {
      if (const Node* targets = group->get("targets")) {
        for (const auto& target : targets->texts()) add(target);
      }
    } else if (const Node* target = root_.get({"target", name})) {
      add_target(name, *target);
    }
  }

  std::vector<BakeTarget> take() { return std::move(targets_); }

 private:
  void add_target(const std::string& name, const Node& target) {
    if (const Node* contexts = attribute(target, "contexts", 0)) {
      constexpr std::string_view prefix = "target:";
      for (const auto& context : contexts->members) {
        if (context.value.text().starts_with(prefix)) add(std::string(context.value.text().substr(prefix.size())));
      }
    }
    if (attribute(target, "dockerfile-inline", 0)) return;
    targets_.push_back(
        {name, text(target, "context", "."), text(target, "dockerfile", "Dockerfile"), text(target, "target", "")});
  }

  const Node* attribute(const Node& target, std::string_view name, std::size_t depth) const {
    if (const Node* own = target.get(name)) return own;
    const Node* inherits = target.get("inherits");
    if (!inherits || depth > kMostParents) return nullptr;
    const auto parents = inherits->texts();
    for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent) {
      const Node* above = root_.get({"target", *parent});
      const Node* found = above ? attribute(*above, name, depth + 1) : nullptr;
      if (found) return found;
    }
    return nullptr;
  }

  std::string text(const Node& target, std::string_view name, std::string_view fallback) const {
    const Node* value = attribute(target, name, 0);
    if (!value) return std::string(fallback);
    const bool computed = value->tag == document::expression_tag || value->text().find("${") != std::string_view::npos;
    return computed ? std::string() : std::string(value->text());
  }

  const Node& root_;
  std::set<std::string> visited_;
  std::vector<BakeTarget> targets_;
};

}  // namespace

std::vector<BakeTarget> bake_targets(const Node& root, const std::string& name) {
  Baking baking(root);
  baking.add(name);
  return baking.take();
}

std::vector<BakeTarget> all_bake_targets(const Node& root) {
  Baking baking(root);
  if (const Node* targets = root.get("target"))
    for (const auto& target : targets->members) baking.add(std::string(target.key.text()));
  return baking.take();
}

}  // namespace tollbar::reach
