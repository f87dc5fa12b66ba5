// Examples of a rule file: two trees, the second laid over the first.
#include <fmt/format.h>

#include "rule/placeholders.h"
#include "rule/rule_reader.h"

namespace tollbar::rule {

using document::Node;

namespace {

using Files = std::map<std::string, model::MemoryTree::File>;

void lay(const RuleFile& file, const Node& node, std::string_view seed, Files& files) {
  if (!node.is_mapping()) file.fail(node, "a mapping from path to content is wanted here");
  for (const auto& [key, value] : node.members) {
    const std::string path(key.text());
    if (value.is_null())
      files.erase(path);
    else if (value.is_scalar())
      files[path].bytes = expand_placeholders(value.text(), seed);
    else
      file.fail(value, "the content of a file is a text");
  }
}

void set_modes(const RuleFile& file, const Node& node, Files& files) {
  for (const auto& [key, value] : node.members) {
    const auto found = files.find(std::string(key.text()));
    if (found == files.end()) continue;
    if (value.text() == "100755")
      found->second.mode = model::FileMode::executable;
    else if (value.text() == "120000")
      found->second.mode = model::FileMode::symlink;
    else
      file.fail(value, "the mode is 100755 or 120000");
  }
}

}  // namespace

RefChange RuleFile::ref_change(const Node& node) const {
  RefChange change;
  const auto into = [this](std::string& member) { return [&](const Node& value) { member = text(value); }; };
  const auto flag = [](bool& member) { return [&](const Node& value) { member = value.truth().value_or(false); }; };
  read_keys(node, {{"ref", into(change.ref)},
                   {"action",
                    [&](const Node& value) {
                      const auto action = parse_ref_action(value.text());
                      if (!action) fail(value, fmt::format("unknown action `{}`", value.text()));
                      change.action = *action;
                    }},
                   {"object", into(change.object)},
                   {"tags", [&](const Node& value) { change.tags = static_cast<unsigned>(std::stoul(text(value))); }},
                   {"protected", flag(change.is_protected)},
                   {"on_branch", flag(change.on_branch)},
                   {"problem", into(change.problem)}});
  if (change.ref.empty()) fail(node, "`push` needs `ref`");
  return change;
}

Example RuleFile::example(const Node& node, std::string_view seed) const {
  Example result;
  Files before, after;
  const Node* modes = nullptr;
  const auto named = [&](bool hit) {
    return [this, hit, &result](const Node& value) {
      result.name = text(value);
      result.hit = hit;
    };
  };
  const Node* after_node = nullptr;
  read_keys(node,
            {{"hit", named(true)},
             {"miss", named(false)},
             {"before", [&](const Node& value) { lay(*this, value, seed, before); }},
             {"after", [&](const Node& value) { after_node = &value; }},
             {"push", [&](const Node& value) { result.push = ref_change(value); }},
             {"mode", [&](const Node& value) { modes = &value; }},
             {"message", [&](const Node& value) { result.message = text(value); }},
             {"policy", [&](const Node& value) { result.policy = value; }},
             {"line", [&](const Node& value) { result.line = static_cast<std::uint32_t>(std::stoul(text(value))); }}});
  if (result.name.empty()) fail(node, "an example is named by `hit` or `miss`");
  if (result.push) return result;
  if (after_node == nullptr) fail(node, "an example needs `after` or `push`");
  after = before;
  lay(*this, *after_node, seed, after);
  if (modes != nullptr) {
    set_modes(*this, *modes, before);
    set_modes(*this, *modes, after);
  }
  result.before = model::MemoryTree(std::move(before));
  result.after = model::MemoryTree(std::move(after));
  return result;
}

}  // namespace tollbar::rule
