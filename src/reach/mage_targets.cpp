// Go as gofmt leaves it: a function begins and ends at the beginning of a line.
#include "reach/mage_targets.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <set>
#include <utility>

#include "reach/leading_words.h"
#include "reach/program_calls.h"
#include "text/ascii.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// `Release` of `func Release() error {`, `Docker.Push` of `func (d Docker) Push(tag string) {`.
std::string declared_in(std::string_view line) {
  constexpr std::string_view keyword = "func ";
  if (!line.starts_with(keyword)) return {};
  line.remove_prefix(keyword.size());
  std::string receiver;
  if (line.starts_with('(')) {
    const auto end = line.find(')');
    if (end == std::string_view::npos) return {};
    const auto type = line.substr(1, end - 1);
    receiver = std::string(type.substr(type.find_last_of(" *") + 1)) + ".";
    line = text::trimmed(line.substr(end + 1));
  }
  const auto end = std::find_if_not(line.begin(), line.end(), is_name);
  return end == line.begin() ? std::string() : receiver + std::string(line.begin(), end);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (const auto line : text::Lines(text)) lines.push_back(line);
  return lines;
}

/// Adds what a function whose text begins on the line `first` starts.
void add_commands(const std::string& body, std::uint32_t first, std::string& lines) {
  const auto calls = called_texts(body).text;
  const auto written = lines_of(body), started = lines_of(calls);
  for (std::size_t i = 0; i < std::min(written.size(), started.size()); ++i) {
    const auto source = text::trimmed(written[i]);
    const bool forgotten = source.starts_with("sh.") || source.starts_with("exec.") || source.starts_with("_ = ");
    if (started[i].empty() || source.starts_with("//")) continue;
    lines.append(forgotten ? "g" : "c").append(std::to_string(first + i)).append("\t").append(started[i]).append("\n");
  }
}

/// Adds the names that the text holds outside of other names' members: `prepare`, `Docker.Push`, `Docker{}.Push`.
void add_names(std::string_view text, std::string& lines) {
  std::set<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_name(text[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    const auto word = [&] {
      const auto first = at;
      while (at < text.size() && is_name(text[at])) ++at;
      return std::string(text.substr(first, at - first));
    };
    std::string name = word();
    const bool member = begin > 0 && (text[begin - 1] == '.' || text[begin - 1] == '"');
    if (!member) names.insert(name);
    const auto rest = text.substr(at);
    const std::size_t dot = rest.starts_with(".") ? 1 : rest.starts_with("{}.") ? 3 : 0;
    if (dot == 0 || member) continue;
    at += dot;
    names.insert(name + "." + word());
  }
  lines += "n";
  for (const auto& name : names) lines.append(name).append(" ");
  lines += "\n";
}

/// Where the number ends that stands behind the first byte of a line, and what it is.
std::pair<std::size_t, std::uint32_t> number_in(std::string_view line) {
  const auto end = std::min(line.find('\t'), line.size());
  std::uint32_t number = 0;
  std::from_chars(line.data() + 1, line.data() + end, number);
  return {std::min(end + 1, line.size()), number};
}

}  // namespace

std::string MageFiles::target(std::string_view name) const {
  for (const auto& [function, its] : functions) {
    std::string known = function;
    std::replace(known.begin(), known.end(), '.', ':');
    const bool exported = std::isupper(static_cast<unsigned char>(known[known.rfind(':') + 1])) != 0;
    if (exported && text::ascii_lower(std::string_view(known)) == text::ascii_lower(name)) return function;
  }
  return {};
}

std::string mage_lines(const std::string& program) {
  std::string lines, open, body;
  std::uint32_t number = 0, first = 0;
  const auto close = [&] {
    if (open.empty()) return;
    lines.append("f").append(std::to_string(first)).append("\t").append(open).append("\n");
    add_commands(body, first, lines);
    add_names(body, lines);
    open.clear();
  };
  for (const auto line : text::Lines(program)) {
    ++number;
    constexpr std::string_view chosen = "var Default = ";
    if (line.starts_with(chosen)) lines.append("d\t").append(text::trimmed(line.substr(chosen.size()))).append("\n");
    if (auto name = declared_in(line); !name.empty()) {
      close();
      open = std::move(name);
      first = number;
      body = std::string(line.substr(std::min(line.find('{'), line.size()))) + "\n";  // without its own name
    } else if (!open.empty()) {
      body.append(line).append("\n");
    }
    if (line.starts_with('}')) close();
  }
  close();
  return lines;
}

MageFiles mage_files(const std::map<std::string, std::string>& files) {
  MageFiles found;
  std::map<std::string, std::string> names;  // that a function holds
  for (const auto& [path, lines] : files) {
    std::string last;
    for (const auto line : text::Lines(lines)) {
      const auto [begin, number] = number_in(line);
      const std::string rest(line.substr(begin));
      if (line.starts_with('d')) found.default_target = rest;
      if (line.starts_with('n')) names[last] = line.substr(1);
      if (line.starts_with('f')) {
        last = rest;
        found.functions[last] = {path, number, {}, {}};
      }
      if (line.starts_with('c') || line.starts_with('g'))
        found.functions[last].commands.push_back({rest, number, line.starts_with('c')});
    }
  }
  for (auto& [function, its] : found.functions)
    for (const auto& name : split_words(names[function]))
      if (name != function && found.functions.count(name) != 0) its.calls.push_back(name);
  return found;
}

}  // namespace tollbar::reach
