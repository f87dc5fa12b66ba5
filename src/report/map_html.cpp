// placeholder until written below
#include <ostream>

#include "report/map.h"

namespace tollbar::report {
void write_map_html(std::ostream& out, const gate::ActionMap& map, const Style&) {
  out << map.of;
}
}  // namespace tollbar::report
