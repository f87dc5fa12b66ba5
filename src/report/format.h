// The output formats: one table, one file each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gate/verdict.h"

namespace tollbar::report {

enum class Detail : std::uint8_t { quiet, normal, verbose };
enum class Colour : std::uint8_t { off, on };

/// How people want to read; formats for programs do not look at it.
struct Style {
  Colour colour = Colour::off;
  std::size_t width = 80;  ///< columns
  Detail detail = Detail::normal;
};

/// Writes one report. Verdicts arrive in order while a scan goes on; the result comes last.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void verdict(const gate::Verdict&) {}
  /// `result` holds every verdict for a format with `needs_all`, else those with findings at least.
  virtual void finish(const gate::ScanResult& result) = 0;
};

struct Format {
  std::string_view name;
  std::string_view summary;
  bool needs_all = false;  ///< the report is written from the whole result
  std::unique_ptr<Writer> (*make)(std::ostream& out, const Style& style);
};

const std::vector<Format>& formats();
/// Null for a name that is none.
const Format* find_format(std::string_view name);

std::unique_ptr<Writer> make_text(std::ostream& out, const Style& style);
std::unique_ptr<Writer> make_json(std::ostream& out, const Style& style);
std::unique_ptr<Writer> make_jsonl(std::ostream& out, const Style& style);

}  // namespace tollbar::report
