// The map as a graph for Graphviz: actors on the left, what is acted on at the right.
#include <fmt/format.h>

#include <map>
#include <ostream>

#include "report/escape.h"
#include "report/map.h"
#include "report/map_words.h"

namespace tollbar::report {
namespace {

/// A quoted label; lines are set apart by `\n`.
std::string quoted(const std::vector<std::string>& lines) {
  std::string text = "\"";
  for (const auto& line : lines) {
    if (text.size() > 1) text += "\\n";
    for (const char c : escape(line)) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text + '"';
}

class Dot {
 public:
  Dot(std::ostream& out, const gate::ActionMap& map) : out_(out), map_(map) {}

  void write() {
    out_ << "digraph \"action map\" {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n"
         << "  edge [fontname=\"sans-serif\", fontsize=10];\n  label=" << quoted({"action map of " + map_.of}) << ";\n";
    std::size_t cluster = 0;
    for (const auto& pipeline : map_.pipelines) {
      if (pipeline.paths.empty()) continue;
      out_ << fmt::format("  subgraph cluster_{} {{\n    label={};\n", cluster++, quoted({pipeline.path}));
      for (std::size_t i = 0; i < pipeline.paths.size(); ++i) way(pipeline.paths[i], first_ + i);
      out_ << "  }\n";
      for (std::size_t i = 0; i < pipeline.paths.size(); ++i) ends(pipeline.paths[i], first_ + i);
      first_ += pipeline.paths.size();
    }
    out_ << "}\n";
  }

 private:
  void way(const gate::JudgedPath& path, std::size_t number) {
    std::vector<std::string> lines{way_name(path.way), path.way.action};
    if (path.side != gate::MapSide::same) lines.insert(lines.begin(), std::string(gate::to_string(path.side)));
    for (const auto& gap : path.gaps) lines.push_back(fmt::format("gap: {}", gate::to_string(gap.kind)));
    const std::string_view style = path.gaps.empty() ? "solid" : "dashed";
    out_ << fmt::format("    way{} [label={}, style={}];\n", number, quoted(lines), style);
    std::string from = fmt::format("way{}", number);
    for (std::size_t i = 0; i < path.way.chain.size(); ++i) {
      const auto& link = path.way.chain[i];
      const auto node = fmt::format("way{}_{}", number, i);
      out_ << fmt::format("    {} [label={}, shape=note];\n    {} -> {} [label={}];\n", node,
                          quoted({link.part.empty() ? link.path : link.path + ": " + link.part}), from, node,
                          quoted({std::string(reach::to_string(link.certainty))}));
      from = node;
    }
    ends_[number] = from;
  }

  void ends(const gate::JudgedPath& path, std::size_t number) {
    for (const auto& actor : path.way.actors)
      out_ << fmt::format("  {} -> way{} [label={}];\n", node(actor.who, "ellipse"), number, quoted({actor.event}));
    for (const auto& authority : authority_words(path.way))
      out_ << fmt::format("  {} -> way{} [style=dotted];\n", node(authority, "hexagon"), number);
    out_ << fmt::format("  {} -> {} [label={}];\n", ends_[number], node(target_words(path.way), "cylinder"),
                        quoted({approver_words(path.approval)}));
  }

  /// A node that ways share, written when first named.
  std::string node(const std::string& text, std::string_view shape) {
    const auto [known, fresh] = nodes_.try_emplace(std::string(shape) + text, fmt::format("n{}", nodes_.size()));
    if (fresh) out_ << fmt::format("  {} [label={}, shape={}];\n", known->second, quoted({text}), shape);
    return known->second;
  }

  std::ostream& out_;
  const gate::ActionMap& map_;
  std::map<std::string, std::string> nodes_;
  std::map<std::size_t, std::string> ends_;
  std::size_t first_ = 0;
};

}  // namespace

void write_map_dot(std::ostream& out, const gate::ActionMap& map, const Style&) {
  Dot(out, map).write();
}

}  // namespace tollbar::report
