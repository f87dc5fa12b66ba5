// The formats of the action map: one table, one file each.
#pragma once

#include <iosfwd>
#include <string_view>
#include <vector>

#include "gate/action_map.h"
#include "report/format.h"

namespace tollbar::report {

struct MapFormat {
  std::string_view name;
  void (*write)(std::ostream& out, const gate::ActionMap& map, const Style& style);
};

const std::vector<MapFormat>& map_formats();
/// Null for a name that is none.
const MapFormat* find_map_format(std::string_view name);

void write_map_text(std::ostream& out, const gate::ActionMap& map, const Style& style);
/// One document, its shape a contract that may only grow; README.md describes it.
void write_map_json(std::ostream& out, const gate::ActionMap& map, const Style& style);
/// A digraph for Graphviz.
void write_map_dot(std::ostream& out, const gate::ActionMap& map, const Style& style);
/// A flowchart as GitHub and GitLab show it in Markdown.
void write_map_mermaid(std::ostream& out, const gate::ActionMap& map, const Style& style);
/// One self-contained page: no scripts, nothing loaded.
void write_map_html(std::ostream& out, const gate::ActionMap& map, const Style& style);

}  // namespace tollbar::report
