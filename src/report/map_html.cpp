// The map as a picture: above all ways one line each, below them lane by lane what the stations hold. Nothing is
// loaded, nothing runs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "report/escape.h"
#include "report/map.h"
#include "report/map_words.h"

namespace tollbar::report {
namespace {

/// Stations of a way, left to right.
enum class Station : std::size_t { actor, authority, action, target, approval, evidence };
constexpr std::array<std::string_view, 6> station_names{"actor",  "authority", "action",
                                                        "target", "approval",  "evidence"};

Station station_of(gate::GapKind kind) {
  switch (kind) {
    case gate::GapKind::no_owner:
      return Station::approval;
    case gate::GapKind::unregistered_credential:
    case gate::GapKind::standing_key:
      return Station::authority;
    case gate::GapKind::no_check:
    case gate::GapKind::unprotected_environment:
      return Station::target;
    case gate::GapKind::unpinned_action:
    case gate::GapKind::unknown_edge:
      return Station::action;
  }
  return Station::action;
}

std::string safe(std::string_view text) {
  std::string result;
  for (const char c : escape(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

/// With places where a long path or name may be broken: rather there than inside a word.
std::string breakable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of("/_@=", at), text.size() - 1);
    result += safe(text.substr(at, end + 1 - at));
    if (end + 1 < text.size()) result += "<wbr>";
    at = end + 1;
  }
  return result;
}

constexpr std::string_view style_sheet = R"(
:root{color-scheme:light dark;--ink:#1c2128;--soft:#59636e;--paper:#fff;--box:#f3f5f7;--line:#9aa4af;--gap:#9a3b00;--gapbox:#fff3e6;--in:#1a6b33;--out:#a3202f}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#a3adb8;--paper:#14181d;--box:#20262d;--line:#5b6671;--gap:#ffb454;--gapbox:#33260f;--in:#7bd88f;--out:#ff8b95}}
*{box-sizing:border-box}body{margin:0 auto;padding:1.5rem;max-width:90rem;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem;overflow-wrap:anywhere}h3{font-size:.95rem;margin:1rem 0 .3rem}p{margin:.3rem 0}
a{color:inherit}small,.soft{color:var(--soft);font-weight:normal}code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.picture{overflow-x:auto;margin:1rem 0}svg{display:block}svg text{fill:var(--ink);font:13px system-ui,sans-serif}svg .soft{fill:var(--soft)}
svg line{stroke:var(--line);stroke-width:2}svg circle{fill:var(--paper);stroke:var(--ink);stroke-width:2}svg .whole{fill:var(--ink)}
svg .open{stroke:var(--gap);stroke-dasharray:3 2}svg .mark{fill:var(--gap);font-weight:bold;text-anchor:middle}
.lane{display:grid;grid-template-columns:minmax(0,1.2fr) minmax(0,1.2fr) minmax(0,1.5fr) minmax(0,1.2fr) minmax(0,1.2fr) minmax(0,.8fr);gap:1.3rem;list-style:none;margin:0 0 1rem;padding:0}
.lane>li{position:relative;background:var(--box);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .6rem;overflow-wrap:anywhere}
.lane>li+li::before{content:"\2192"/"";position:absolute;left:-1.1rem;top:.5rem;color:var(--soft)}
.lane b{display:block;font-size:.75rem;font-weight:600;color:var(--soft);text-transform:uppercase;letter-spacing:.04em}
.lane>li.open{border:2px dashed var(--gap)}.gap{display:block;margin-top:.4rem;padding:.25rem .4rem;background:var(--gapbox);color:var(--gap);border-radius:.3rem;font-size:.85rem}
.added{color:var(--in)}.removed{color:var(--out)}table{border-collapse:collapse;margin-top:.6rem}caption{text-align:left;padding-bottom:.2rem}td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}
@media(max-width:60rem){.lane{grid-template-columns:1fr;gap:.9rem}.lane>li+li::before{content:"\2193"/"";left:.6rem;top:-1.15rem}}
@media print{body{max-width:none}}
)";

class MapPage {
 public:
  MapPage(std::ostream& out, const gate::ActionMap& map) : out_(out), map_(map) {}

  void write() {
    const std::string title = (map_.difference ? "What changed in the action map, " : "Action map of ") + map_.of;
    out_ << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         << "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
         << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         << "<title>" << safe(title) << "</title>\n<style>" << style_sheet << "</style>\n</head>\n<body>\n<main>\n<h1>"
         << safe(title) << "</h1>\n<p class=\"soft\">Policy: " << safe(map_.policy) << "</p>\n";
    summary();
    if (map_.path_count() > 0) overview();
    std::size_t number = 0;
    for (const auto& pipeline : map_.pipelines) {
      if (!pipeline.paths.empty() || !pipeline.problems.empty()) workflow(pipeline, number);
    }
    without_ways();
    out_ << "</main>\n</body>\n</html>\n";
  }

 private:
  void summary() {
    out_ << "<p>" << counted(map_.pipelines.size(), "workflow") << ", " << counted(map_.path_count(), "way")
         << ".</p>\n";
    out_ << "<table>\n<caption class=\"soft\">Gaps, and what closes them</caption>\n";
    for (const auto& row : gate::gap_rows()) {
      const auto count = map_.count(row.kind);
      if (count > 0)
        out_ << "<tr><th scope=\"row\">" << row.name << "</th><td>" << count << "</td><td>" << safe(row.meaning) << "; "
             << safe(row.next) << "</td></tr>\n";
    }
    out_ << "</table>\n";
  }

  /// One line a way, one circle a station; where a gap is, the circle is open and marked.
  void overview() {
    constexpr std::size_t row = 24, top = 34, step = 70, label = step * 6, names = 520;
    const std::size_t height = top + row * map_.path_count() + 8, width = label + names;
    // In its own size, circles before names: on a narrow screen the names are cut off, not the gaps.
    out_ << fmt::format(
                "<div class=\"picture\">\n<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
                "aria-labelledby=\"picture words\">\n",
                width, height)
         << "<title id=\"picture\">All ways, one line each</title>\n<desc id=\"words\">Each line leads from actor over "
            "authority, action, target and approval to evidence. A filled circle has no gap, an open one with an "
            "exclamation mark has one, an empty one at the end says that nothing is recorded yet. The lanes below say "
            "the same in words.</desc>\n";
    for (std::size_t i = 0; i < station_names.size(); ++i)
      out_ << fmt::format("<text class=\"soft\" x=\"{}\" y=\"18\" text-anchor=\"middle\">{}</text>\n",
                          step / 2 + i * step, station_names[i]);
    std::size_t number = 0;
    for (const auto& pipeline : map_.pipelines)
      for (const auto& path : pipeline.paths) {
        line_of(pipeline, path, number, top + row * number + row / 2, label, step);
        ++number;
      }
    out_ << "</svg>\n</div>\n";
  }

  void line_of(const gate::JudgedPipeline& pipeline, const gate::JudgedPath& path, std::size_t number, std::size_t y,
               std::size_t label, std::size_t step) {
    constexpr std::size_t longest = 66;  // characters of a label
    const auto file = pipeline.path.substr(pipeline.path.rfind('/') + 1);
    std::string name = file + ": " + way_name(path.way) + ": " + action_words(path.way);
    if (map_.difference) name = std::string(gate::to_string(path.side)) + " " + name;
    const std::string shown = escape(name);
    const std::string cut = columns(shown) <= longest ? shown : shown.substr(0, offset_of_column(shown, longest)) + "…";
    out_ << fmt::format("<a href=\"#way-{}\"><text x=\"{}\" y=\"{}\">{}<title>{}</title></text></a>\n", number,
                        label + 6, y + 4, safe(cut), safe(name))
         << fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", step / 2, y, step / 2 + step * 5, y);
    for (std::size_t i = 0; i < station_names.size(); ++i) {
      std::string gaps;
      for (const auto& gap : path.gaps)
        if (station_of(gap.kind) == static_cast<Station>(i))
          gaps += fmt::format("{}{}: {}", gaps.empty() ? "" : "; ", gate::to_string(gap.kind), gap.what);
      const auto x = step / 2 + i * step;
      const bool unkept = static_cast<Station>(i) == Station::evidence && !map_.log_kept;
      const std::string_view whole = unkept ? "empty" : "whole";
      const std::string title = unkept ? "nothing is recorded yet" : std::string(station_names[i]);
      out_ << fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"7\"><title>{}</title></circle>\n",
                          gaps.empty() ? whole : "open", x, y, gaps.empty() ? title : safe(gaps));
      if (!gaps.empty())
        out_ << fmt::format("<text class=\"mark\" x=\"{}\" y=\"{}\" aria-hidden=\"true\">!</text>\n", x, y + 5);
    }
  }

  void workflow(const gate::JudgedPipeline& pipeline, std::size_t& number) {
    out_ << "<section>\n<h2>" << side(pipeline.side) << safe(pipeline.path);
    if (!pipeline.name.empty()) out_ << " <small>" << safe(pipeline.name) << "</small>";
    out_ << "</h2>\n";
    for (const auto& problem : pipeline.problems) out_ << "<p class=\"gap\">problem: " << safe(problem) << "</p>\n";
    for (const auto& path : pipeline.paths) lane(path, number++);
    out_ << "</section>\n";
  }

  void lane(const gate::JudgedPath& path, std::size_t number) {
    const auto& way = path.way;
    out_ << fmt::format("<h3 id=\"way-{}\">", number) << side(path.side) << safe(way_name(way)) << " <small>"
         << safe(place_words(way.path, way.line)) << "</small></h3>\n";
    for (const auto& difference : path.differences)
      out_ << "<p class=\"" << (difference.starts_with('+') ? "added" : "removed") << "\"><code>" << safe(difference)
           << "</code></p>\n";
    auto authority = authority_words(way);
    if (authority.empty()) authority.emplace_back("nothing that the tree shows");
    auto actors = actor_words(way.actors);
    for (const auto& condition : way.conditions) actors.push_back("if " + condition);
    std::vector<std::string> action{way.action};
    if (way.known || way.by != way.step) action.push_back(way.by);
    action.insert(action.end(), way.also.begin(), way.also.end());
    if (const auto chain = chain_words(way); !chain.empty()) action.push_back("through " + chain);
    std::vector<std::string> approval{std::string(model::to_string(path.approval.trigger)),
                                      approver_words(path.approval)};
    if (path.approval.decision == model::Decision::allow) approval = {"none needed, by policy"};
    if (path.approval.decision == model::Decision::block) approval.emplace_back("refused by policy");
    out_ << "<ol class=\"lane\">\n";
    station(path, Station::actor, actors);
    station(path, Station::authority, authority);
    station(path, Station::action, action);
    station(path, Station::target, {target_words(way)});
    station(path, Station::approval, approval);
    station(
        path, Station::evidence,
        {map_.log_kept ? std::string(gate::evidence_ref) : fmt::format("to be recorded in {}", gate::evidence_ref)});
    out_ << "</ol>\n";
  }

  void station(const gate::JudgedPath& path, Station station, const std::vector<std::string>& lines) {
    std::string gaps;
    for (const auto& gap : path.gaps)
      if (station_of(gap.kind) == station)
        gaps += fmt::format("<span class=\"gap\">gap: {}: {}</span>", gate::to_string(gap.kind), breakable(gap.what));
    out_ << "<li" << (gaps.empty() ? "" : " class=\"open\"") << "><b>"
         << station_names[static_cast<std::size_t>(station)] << "</b>";
    for (const auto& line : lines) out_ << "<p>" << breakable(line) << "</p>";
    out_ << gaps << "</li>\n";
  }

  void without_ways() {
    bool headed = false;
    for (const auto& pipeline : map_.pipelines) {
      if (!pipeline.paths.empty() || !pipeline.problems.empty()) continue;
      if (!headed)
        out_
            << "<section>\n<h2>No way to act outside is known; changes to what these run need no approval</h2>\n<ul>\n";
      headed = true;
      out_ << "<li>" << side(pipeline.side) << safe(pipeline.path) << "</li>\n";
    }
    if (headed) out_ << "</ul>\n</section>\n";
  }

  std::string side(gate::MapSide side) const {
    return map_.difference ? fmt::format("<small class=\"{0}\">{0}</small> ", gate::to_string(side)) : "";
  }

  std::ostream& out_;
  const gate::ActionMap& map_;
};

}  // namespace

void write_map_html(std::ostream& out, const gate::ActionMap& map, const Style&) {
  MapPage(out, map).write();
}

}  // namespace tollbar::report
