// The map as a Mermaid flowchart, one lane a way.
#include <fmt/format.h>

#include <ostream>

#include "report/escape.h"
#include "report/map.h"
#include "report/map_words.h"

namespace tollbar::report {
namespace {

/// A quoted label. Whatever Mermaid or HTML could read as syntax becomes a character reference in Mermaid's spelling.
std::string quoted(const std::vector<std::string>& lines) {
  std::string text = "\"";
  for (const auto& line : lines) {
    if (text.size() > 1) text += "<br/>";
    for (const char c : escape(line)) {
      constexpr std::string_view syntax = "\"#<>&`\\[]{}()|;";
      if (syntax.find(c) != std::string_view::npos)
        text += fmt::format("#{};", static_cast<unsigned>(static_cast<unsigned char>(c)));
      else
        text += c;
    }
  }
  return text + '"';
}

void write_way(std::ostream& out, const gate::JudgedPath& path, std::size_t number) {
  const auto& way = path.way;
  std::vector<std::string> does{way_name(way), way.action};
  if (path.side != gate::MapSide::same) does.insert(does.begin(), std::string(gate::to_string(path.side)));
  std::vector<std::string> who, with = authority_words(way), gaps;
  for (const auto& actor : way.actors) who.push_back(actor.event);
  if (with.empty()) with.emplace_back("no credential shown");
  for (const auto& gap : path.gaps) gaps.push_back(fmt::format("gap: {}", gate::to_string(gap.kind)));
  out << fmt::format("    w{0}a([{1}]) --> w{0}b{{{{{2}}}}} --> w{0}c[{3}]\n", number, quoted(who), quoted(with),
                     quoted(does));
  std::string from = fmt::format("w{}c", number);
  for (std::size_t i = 0; i < way.chain.size(); ++i) {
    const auto& link = way.chain[i];
    const auto node = fmt::format("w{}l{}", number, i);
    out << fmt::format("    {} -- {} --> {}[{}]\n", from, reach::to_string(link.certainty), node,
                       quoted({link.part.empty() ? link.path : link.path + ": " + link.part}));
    from = node;
  }
  out << fmt::format("    {} -- {} --> w{}d[({})]\n", from, quoted({approver_words(path.approval)}), number,
                     quoted({target_words(way)}));
  if (!gaps.empty()) out << fmt::format("    w{0}c -.- w{0}g>{1}]\n    class w{0}g gap\n", number, quoted(gaps));
}

}  // namespace

void write_map_mermaid(std::ostream& out, const gate::ActionMap& map, const Style&) {
  out << "flowchart LR\n  classDef gap stroke-dasharray: 4\n";
  std::size_t number = 0, lane = 0;
  for (const auto& pipeline : map.pipelines) {
    if (pipeline.paths.empty()) continue;
    out << fmt::format("  subgraph p{}[{}]\n", lane++, quoted({pipeline.path}));
    for (const auto& path : pipeline.paths) write_way(out, path, number++);
    out << "  end\n";
  }
}

}  // namespace tollbar::report
