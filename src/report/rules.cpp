// Lists and explains rules.
#include "report/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "report/frame.h"
#include "text/line_diff.h"

namespace tollbar::report {

void write_rules_text(std::ostream& out, const std::vector<rule::Rule>& rules) {
  std::size_t width = 0;
  for (const rule::Rule& rule : rules) {
    width = std::max(width, rule.id.size());
  }
  for (const rule::Rule& rule : rules) {
    out << fmt::format("{:<{}}  {:<7}  {:<8}  {:<22}  {}\n", rule.id, width, model::to_string(rule.decision),
                       model::to_string(rule.risk), model::to_string(rule.trigger), rule.title);
  }
}

void write_rules_json(std::ostream& out, const std::vector<rule::Rule>& rules) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const rule::Rule& rule : rules) {
    list.push_back({{"id", rule.id},
                    {"title", rule.title},
                    {"trigger", model::to_string(rule.trigger)},
                    {"decision", model::to_string(rule.decision)},
                    {"risk", model::to_string(rule.risk)},
                    {"message", rule.message},
                    {"remedy", rule.remedy},
                    {"catalogue", rule.catalogue}});
  }
  const Json document{{"version", 1}, {"rules", std::move(list)}};
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

namespace {

/// Paragraphs wrapped to the width; indented lines, lists, tables and headings stay as they are.
void write_documentation(std::ostream& out, std::string_view text, std::size_t width) {
  std::string paragraph;
  const auto end_paragraph = [&] {
    for (const std::string& line : wrap(paragraph, width)) {
      out << line << '\n';
    }
    paragraph.clear();
  };
  for (const text::Line& line : text::split_lines(text)) {
    if (!line.text.empty() && std::string_view(" \t-*|#`>").find(line.text.front()) == std::string_view::npos) {
      paragraph.append(line.text).append(1, ' ');
      continue;
    }
    end_paragraph();
    out << line.text << '\n';
  }
  end_paragraph();
}

}  // namespace

void write_rule(std::ostream& out, const rule::Rule& rule, const Style& style) {
  out << fmt::format("{}: {}\n", rule.id, rule.title)
      << fmt::format("{} ({}), {} risk\n\n", model::to_string(rule.decision), model::to_string(rule.trigger),
                     model::to_string(rule.risk));
  write_documentation(out, rule.documentation, style.width);
  out << '\n';
  for (const std::string& line : wrap("What to do: " + rule.remedy, style.width)) {
    out << line << '\n';
  }
  const auto names = [&](bool hit) {
    std::string text;
    for (const rule::Example& example : rule.examples) {
      if (example.hit == hit) {
        text += "  " + example.name + '\n';
      }
    }
    return text;
  };
  out << "\nFound in:\n" << names(true) << "Not found in:\n" << names(false);
}

}  // namespace tollbar::report
