// The map for people in a terminal: workflow by workflow what it can do, with whose approval, and what cannot be
// proven.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "report/escape.h"
#include "report/frame.h"
#include "report/map.h"
#include "report/map_words.h"

namespace tollbar::report {
namespace {

constexpr std::size_t least_width = 60;  // columns
constexpr std::size_t longest_command = 100, longest_condition = 240;
constexpr std::size_t label_width = 10, job_indent = 4, way_indent = 6;
constexpr std::string_view gap_colour = "33", quiet_colour = "2", bold = "1", added_colour = "32",
                           removed_colour = "31";

class MapText {
 public:
  MapText(std::ostream& out, const gate::ActionMap& map, const Style& style) : out_(out), map_(map), style_(style) {
    style_.width = std::max(style_.width, least_width);
  }

  void write() {
    if (style_.detail != Detail::quiet) heading();
    std::vector<const gate::JudgedPipeline*> allowed;
    for (const auto& pipeline : map_.pipelines) {
      if (pipeline.paths.empty() && pipeline.problems.empty()) {
        allowed.push_back(&pipeline);
      } else if (style_.detail == Detail::quiet) {
        for (const auto& path : pipeline.paths) one_line(pipeline, path);
      } else {
        write(pipeline);
      }
    }
    if (style_.detail == Detail::quiet) return;
    write_allowed(allowed);
    summary(allowed.size());
  }

 private:
  void heading() {
    const std::string what = map_.difference ? "What changed in the action map, " : "Action map of ";
    out_ << what << escape(map_.of) << " (policy: " << escape(map_.policy) << ")\n";
  }

  void write(const gate::JudgedPipeline& pipeline) {
    std::string title = escape(pipeline.path);
    if (!pipeline.name.empty() && pipeline.name != pipeline.path) title += "  " + escape(pipeline.name);
    out_ << '\n' << marker(pipeline.side) << painted(title, bold) << '\n';
    for (const auto& problem : pipeline.problems) labelled(job_indent, "problem", problem, gap_colour);
    const auto& paths = pipeline.paths;
    for (std::size_t begin = 0, end = 0; begin < paths.size(); begin = end) {
      while (end < paths.size() && paths[end].way.job == paths[begin].way.job) ++end;
      write_job(pipeline,
                {paths.begin() + static_cast<std::ptrdiff_t>(begin), paths.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

  /// What all ways of a job have in common stands once, above them.
  void write_job(const gate::JudgedPipeline& pipeline, const std::vector<gate::JudgedPath>& paths) {
    const auto& first = paths.front();
    Facts common = facts(first);
    for (const auto& path : paths) common.keep(map_.difference ? Facts{} : facts(path));
    const auto shared = shared_differences(paths);
    out_ << "\n  " << painted("job " + escape(first.way.job), bold) << '\n';
    write(job_indent, common);
    for (const auto& difference : shared) changed(job_indent, difference);
    for (const auto& path : paths) {
      out_ << '\n' << std::string(job_indent, ' ') << marker(path.side) << painted(escape(headline(path.way)), bold);
      out_ << "  "
           << painted(escape(fmt::format("{}, {}", place(pipeline, path.way.path, path.way.line),
                                         model::to_string(path.approval.trigger))),
                      quiet_colour)
           << '\n';
      if (path.side == gate::MapSide::changed) {
        for (const auto& difference : path.differences)
          if (!contains(shared, difference)) changed(way_indent, difference);
        continue;
      }
      if (!path.way.step.empty()) labelled(way_indent, "step", path.way.step, "");
      if (path.way.known || path.way.by != path.way.step) labelled(way_indent, "does", done(pipeline, path.way), "");
      for (const auto& more : path.way.also) labelled(way_indent, "", clip(more, longest_command, 0, 0), "");
      if (const auto chain = chain_words(path.way); !chain.empty()) labelled(way_indent, "through", chain, "");
      if (style_.detail == Detail::verbose) verbose(path.way);
      Facts own = facts(path);
      own.drop(common);
      write(way_indent, own);
    }
  }

  /// What became of all changed ways of a job in the same way; empty where only one changed.
  static std::vector<std::string> shared_differences(const std::vector<gate::JudgedPath>& paths) {
    std::vector<std::string> shared;
    std::size_t number = 0;
    for (const auto& path : paths) {
      if (path.side != gate::MapSide::changed) continue;
      if (number++ == 0) shared = path.differences;
      std::erase_if(shared, [&](const std::string& one) { return !contains(path.differences, one); });
    }
    return number > 1 ? shared : std::vector<std::string>();
  }

  static bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  void changed(std::size_t indent, const std::string& difference) {
    labelled(indent, "", difference, difference.starts_with('+') ? added_colour : removed_colour);
  }

  /// What is said of a way in words that other ways may share.
  struct Facts {
    std::vector<std::string> who, conditions, with, approval, gaps;

    void keep(const Facts& other) { each(other, true); }
    void drop(const Facts& other) { each(other, false); }

   private:
    void each(const Facts& other, bool kept) {
      filter(who, other.who, kept);
      filter(conditions, other.conditions, kept);
      filter(with, other.with, kept);
      filter(approval, other.approval, kept);
      filter(gaps, other.gaps, kept);
    }
    static void filter(std::vector<std::string>& words, const std::vector<std::string>& others, bool kept) {
      const auto goes = [&](const std::string& word) {
        return (std::find(others.begin(), others.end(), word) != others.end()) != kept;
      };
      words.erase(std::remove_if(words.begin(), words.end(), goes), words.end());
    }
  };

  Facts facts(const gate::JudgedPath& path) const {
    Facts facts{actor_words(path.way.actors), {}, authority_words(path.way), {approval(path.approval)}, {}};
    for (const auto& condition : path.way.conditions)
      facts.conditions.push_back(style_.detail == Detail::verbose ? condition
                                                                  : clip(condition, longest_condition, 0, 0));
    for (const auto& gap : path.gaps) facts.gaps.push_back(fmt::format("{}: {}", gate::to_string(gap.kind), gap.what));
    return facts;
  }

  void write(std::size_t indent, const Facts& facts) {
    const auto list = [&](std::string_view label, const std::vector<std::string>& words, std::string_view separator) {
      if (!words.empty()) labelled(indent, label, fmt::format("{}", fmt::join(words, separator)), "");
    };
    list("who", facts.who, "; ");
    list("if", facts.conditions, " and ");
    list("with", facts.with, ", ");
    list("approval", facts.approval, "");
    for (const auto& gap : facts.gaps) labelled(indent, "gap", gap, gap_colour);
  }

  static std::string headline(const reach::MapPath& way) {
    return way.known || way.release ? action_words(way) : way.action;
  }

  /// The command with the place where it stands, unless that is the step itself.
  static std::string done(const gate::JudgedPipeline& pipeline, const reach::MapPath& way) {
    const auto by = clip(way.by, longest_command, 0, 0);
    return way.chain.empty() ? by : by + " (" + place(pipeline, way.by_path, way.by_line) + ")";
  }

  /// Without the path where it is the workflow's, which stands above.
  static std::string place(const gate::JudgedPipeline& pipeline, const std::string& path, std::uint32_t line) {
    return path == pipeline.path ? fmt::format("line {}", line) : place_words(path, line);
  }

  void verbose(const reach::MapPath& way) {
    if (!way.authority.runner.empty())
      labelled(way_indent, "on", fmt::format("{}", fmt::join(way.authority.runner, ", ")), "");
    for (const auto& file : way.files) {
      const auto what = file.part.empty() ? file.path : file.path + ": " + file.part;
      labelled(way_indent, "runs", file.step.empty() ? what : fmt::format("{} (step {})", what, file.step), "");
    }
    for (const auto& action : way.foreign)
      labelled(way_indent, "uses", action.uses + (action.version.empty() ? "" : "@" + action.version), "");
  }

  std::string approval(const gate::WayApproval& approval) const {
    if (approval.decision == model::Decision::allow) return "none needed, by policy";
    const std::string refused = approval.decision == model::Decision::block ? "refused by policy; " : "";
    return fmt::format("{}{}; {} in {}", refused, approver_words(approval),
                       map_.log_kept ? "recorded" : "to be recorded", gate::evidence_ref);
  }

  void one_line(const gate::JudgedPipeline& pipeline, const gate::JudgedPath& path) {
    const std::string gaps = path.gaps.empty() ? "" : "  " + counted(path.gaps.size(), "gap");
    out_ << marker(path.side) << escape(pipeline.path) << "  " << escape(way_name(path.way)) << "  "
         << escape(headline(path.way)) << gaps << '\n';
  }

  void write_allowed(const std::vector<const gate::JudgedPipeline*>& allowed) {
    if (allowed.empty()) return;
    out_ << '\n'
         << painted("No way to act outside is known; changes to what these run need no approval:", bold) << '\n';
    for (const auto* pipeline : allowed) out_ << "  " << marker(pipeline->side) << escape(pipeline->path) << '\n';
  }

  void summary(std::size_t without_ways) {
    out_ << '\n';
    if (map_.pipelines.empty()) {
      out_ << (map_.difference ? "Nothing changed in what can be done.\n" : "There are no pipelines here.\n");
      return;
    }
    const auto needing = static_cast<std::size_t>(std::count_if(map_.pipelines.begin(), map_.pipelines.end(),
                                                                [](const auto& one) { return one.needs_approval(); }));
    out_ << counted(map_.pipelines.size(), "workflow") << ": " << needing << (needing == 1 ? " needs" : " need")
         << " approval, " << without_ways << (without_ways == 1 ? " acts" : " act") << " on nothing outside; "
         << counted(map_.path_count(), "way") << ".\n";
    gaps();
  }

  void gaps() {
    std::size_t widest = 0;
    for (const auto& row : gate::gap_rows())
      if (map_.count(row.kind) > 0) widest = std::max(widest, row.name.size());
    if (widest == 0) {
      out_ << (map_.difference ? "No new gaps.\n" : "No gaps.\n");
    } else {
      out_ << (map_.difference ? "New gaps:\n" : "Gaps, and what closes them:\n");
      for (const auto& row : gate::gap_rows()) {
        const auto count = map_.count(row.kind);
        if (count > 0) out_ << fmt::format("  {:>4}  {:<{}}  {}\n", count, row.name, widest, row.next);
      }
    }
    std::vector<std::string> closed;
    for (const auto& row : gate::gap_rows())
      if (const auto count = map_.closed(row.kind); count > 0) closed.push_back(fmt::format("{} {}", count, row.name));
    if (!closed.empty()) out_ << fmt::format("Gaps that are gone: {}.\n", fmt::join(closed, ", "));
  }

  std::string marker(gate::MapSide side) const {
    if (!map_.difference) return {};
    if (side == gate::MapSide::added) return painted("+ ", added_colour);
    if (side == gate::MapSide::removed) return painted("- ", removed_colour);
    return "~ ";
  }

  void labelled(std::size_t indent, std::string_view label, const std::string& text, std::string_view colour) {
    std::string_view before = label;
    for (const auto& line : wrap(escape(text), style_.width - indent - label_width)) {
      out_ << std::string(indent, ' ') << painted(fmt::format("{:<{}}", before, label_width), quiet_colour)
           << painted(line, colour) << '\n';
      before = {};
    }
  }

  std::string painted(std::string_view text, std::string_view colour) const {
    return style_.colour == Colour::on && !colour.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text)
                                                          : std::string(text);
  }

  std::ostream& out_;
  const gate::ActionMap& map_;
  Style style_;
};

}  // namespace

void write_map_text(std::ostream& out, const gate::ActionMap& map, const Style& style) {
  MapText(out, map, style).write();
}

}  // namespace tollbar::report
