// The table of formats.
#include "report/format.h"

namespace tollbar::report {

const std::vector<Format>& formats() {
  static const std::vector<Format> table{
      {"text", "for people", false, make_text},
      {"json", "one document for the whole scan", true, make_json},
      {"jsonl", "one object a commit, as they are judged", false, make_jsonl},
  };
  return table;
}

const Format* find_format(std::string_view name) {
  for (const Format& format : formats()) {
    if (format.name == name) {
      return &format;
    }
  }
  return nullptr;
}

}  // namespace tollbar::report
