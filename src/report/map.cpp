// The table of formats of the action map.
#include "report/map.h"

namespace tollbar::report {

const std::vector<MapFormat>& map_formats() {
  static const std::vector<MapFormat> table{
      {"text", write_map_text},       {"json", write_map_json}, {"dot", write_map_dot},
      {"mermaid", write_map_mermaid}, {"html", write_map_html},
  };
  return table;
}

const MapFormat* find_map_format(std::string_view name) {
  for (const MapFormat& format : map_formats()) {
    if (format.name == name) {
      return &format;
    }
  }
  return nullptr;
}

}  // namespace tollbar::report
