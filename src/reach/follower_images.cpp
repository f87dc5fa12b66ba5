// Images built through another file: compose files and the definitions of bake.
#include <algorithm>
#include <string_view>

#include "reach/follower.h"

#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::directory_of;

using document::Node;

std::string text_of(const Node& node, std::string_view key, std::string_view fallback) {
  const Node* found = node.get(key);
  return std::string(found != nullptr ? found->text(fallback) : fallback);
}

/// A literal of HCL is kept with its quotes.
std::string unquoted(std::string text) {
  const bool quoted = text.size() > 1 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

void Follower::enter_images(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return;
  const bool hcl = path.ends_with(".hcl"), json = path.ends_with(".json");
  const auto format = hcl ? document::Format::hcl : json ? document::Format::json : document::Format::yaml;
  const auto document = documents_.read(format, tree_, *entry);
  const Node* all = document->root().get(call.kind == CallKind::bake && (hcl || json) ? "target" : "services");
  if (all == nullptr || !all->is_mapping()) return;
  // A group of bake names targets; the names that are none of ours may be groups, so that all are built.
  const bool chosen = std::any_of(call.parts.begin(), call.parts.end(),
                                  [&](const std::string& part) { return all->get(part) != nullptr; });
  for (const auto& member : all->members) {
    const std::string name(member.key.text());
    if (chosen && std::find(call.parts.begin(), call.parts.end(), name) == call.parts.end()) continue;
    const Node* build = hcl || json ? &member.value : member.value.get("build");
    if (build == nullptr) continue;
    Place within = place;
    if (descend(within, path, name, line, directory_of(path))) enter_build(*build, directory_of(path), within);
  }
}

void Follower::enter_build(const Node& build, const std::string& directory, const Place& place) {
  const std::string context = unquoted(build.is_scalar() ? build.scalar : text_of(build, "context", "."));
  const std::string file = unquoted(text_of(build, "dockerfile", "Dockerfile"));
  const std::string folder = join_path(directory, context);
  const std::string path = folder.empty() ? folder : join_path(folder == "." ? "" : folder, file);
  if (!path.empty() && find(path)) enter_image(path, build.line, place);
}

}  // namespace tollbar::reach
