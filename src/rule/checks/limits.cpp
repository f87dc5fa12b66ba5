// Facts about numbers and switches in the settings of tools that are programs or markup: a limit that moved.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/program_statements.h"
#include "document/xml.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Language;
using document::Statement;
using text::Pattern;

/// `test.coverage.thresholds.lines` and what it says.
struct Setting {
  std::string place, value;
  std::uint32_t line = 0;
};
using Settings = std::vector<Setting>;

/// The last name in what opens a block: `thresholds` of `provider: 'v8', thresholds:`.
std::string name_of(std::string_view header) {
  static const Pattern last(R"(([\w$-]+)["']?\s*(?:[:=]\s*|\(\s*|\s*)$)");
  const auto found = last.find(header);
  return found ? std::string(*found->groups[1]) : std::string();
}

/// `lines: 90, 'branches': 80`, `minimum = "0.8".toBigDecimal()`, `minimum_coverage 90`.
void take_pairs(const std::string& text, const std::string& place, std::uint32_t line, Settings& settings) {
  static const Pattern pair(
      R"(([A-Za-z_][\w-]*)["']?(?:\s*[:=]\s*|\.set\s*\(\s*|\s*\(\s*|\s+)["']?(-?\d+(?:\.\d+)?|true|false)(?![\w.]*\w*[(\[/'"]{2}))");
  text::each_match(pair, text, [&](const text::Match& match) {
    settings.push_back({place + std::string(*match.groups[1]), std::string(*match.groups[2]), line});
  });
}

Settings of_program(std::string_view text, Language language) {
  Settings settings;
  const auto statements = document::statements_of(text, language);
  for (const auto& statement : statements) {
    std::string place;
    unsigned depth = 0;
    for (auto at = statement.header; at != Statement::none && depth < 50; at = statements[at].header, ++depth)
      if (const auto name = name_of(statements[at].text); !name.empty()) place.insert(0, name + ".");
    take_pairs(statement.text, place, statement.line, settings);
  }
  return settings;
}

/// Texts of elements, each by the names of those it stands in and its own.
void take_elements(const document::XmlElement& element, std::string place, Settings& settings) {
  place += (place.empty() ? "" : ".") + element.name;
  if (element.children.empty() && !element.text.empty()) settings.push_back({place, element.text, element.line});
  for (const auto& child : element.children) take_elements(child, place, settings);
}

Settings of_markup(std::string_view text) {
  Settings settings;
  if (const auto root = document::read_xml(text)) take_elements(*root, {}, settings);
  return settings;
}

Settings read(std::string_view path, std::string_view text) {
  if (path.ends_with(".xml") || path.ends_with(".csproj") || path.ends_with(".props")) return of_markup(text);
  for (const std::string_view ending :
       {".neon", ".neon.dist", ".dist.neon", ".yml", ".yaml", ".cfg", ".ini", "pylintrc"})
    if (path.ends_with(ending)) return of_program(text, Language::python);
  for (const std::string_view ending : {".rb", ".simplecov", ".exs"})
    if (path.ends_with(ending)) return of_program(text, Language::ruby);
  return of_program(text, Language::javascript);
}

using ByPlace = std::map<std::string, Settings>;
ByPlace by_place(const Settings& settings) {
  ByPlace result;
  for (const auto& setting : settings) result[setting.place].push_back(setting);
  return result;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos;
}
double number(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

std::string_view moved(const std::string& before, const std::string& after) {
  if (!is_number(before) || !is_number(after)) return "changed";
  return number(after) < number(before) ? "down" : "up";
}

Fact fact_of(const FileChange& file, const std::string& place, const Setting* before, const Setting* after) {
  Fact fact;
  fact.kind = "limit-moved";
  fact.path = file.path();
  fact.line = after != nullptr ? after->line : 0;
  fact.line_before = before != nullptr ? before->line : 0;
  fact.subject = shortened(place);
  fact.before = before != nullptr ? shortened(before->value) : "";
  fact.after = after != nullptr ? shortened(after->value) : "";
  fact.attributes["place"] = place;
  fact.attributes["moved"] = before == nullptr  ? "added"
                             : after == nullptr ? "removed"
                                                : std::string(moved(before->value, after->value));
  return fact;
}

/// The same limit under another name in the file, and no lower: `coverage.lines` became `coverage.thresholds.lines`.
bool stands_elsewhere(const Setting& setting, const Settings& after) {
  const auto name = setting.place.substr(setting.place.rfind('.') + 1);
  return std::any_of(after.begin(), after.end(), [&](const Setting& other) {
    return other.place.substr(other.place.rfind('.') + 1) == name && is_number(setting.value) &&
           is_number(other.value) && number(other.value) >= number(setting.value);
  });
}

void compare(const FileChange& file, const Settings& before, const Settings& after, std::vector<Fact>& facts) {
  const auto then = by_place(before), now = by_place(after);
  for (const auto& [place, settings] : then) {
    const auto found = now.find(place);
    for (std::size_t i = 0; i < settings.size(); ++i) {
      const bool stays = found != now.end() && i < found->second.size();
      if (stays && found->second[i].value == settings[i].value) continue;
      if (!stays && stands_elsewhere(settings[i], after)) continue;
      facts.push_back(fact_of(file, place, &settings[i], stays ? &found->second[i] : nullptr));
    }
  }
  for (const auto& [place, settings] : now) {
    const auto found = then.find(place);
    for (auto i = found == then.end() ? 0 : found->second.size(); i < settings.size(); ++i)
      facts.push_back(fact_of(file, place, nullptr, &settings[i]));
  }
}

}  // namespace

void limit_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("limit-settings");
  if (!kind) return;
  for (auto& file : change.files()) {
    if (!file.kinds()[*kind] || !file.delta().before || !file.delta().after || file.binary()) continue;
    auto& settings = file.by_line();
    compare(settings, read(file.path(), settings.before_text()), read(file.path(), settings.after_text()), facts);
  }
}

}  // namespace tollbar::rule
