// Line by line with globs: the formats are many, and a switch is one line in each of them.
#include "reach/obeyed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "reach/calls.h"
#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::trimmed;

/// Cuts out what stands between the two marks, line ends kept.
void blank_out(std::string& text, std::string_view open, std::string_view close) {
  for (auto begin = text.find(open); begin != std::string::npos; begin = text.find(open, begin + 1)) {
    const auto end = std::min(text.find(close, begin), text.size());
    std::replace_if(
        text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
        [](char byte) { return byte != '\n'; }, ' ');
  }
}

/// Lower case without blanks; empty for a comment.
std::string squeezed(std::string_view line) {
  std::string result;
  for (const char byte : line) {
    if (std::isspace(static_cast<unsigned char>(byte)) == 0) result += byte;
  }
  constexpr std::array<std::string_view, 3> kComments{"#", ";", "//"};
  const bool comment =
      std::any_of(kComments.begin(), kComments.end(), [&](auto mark) { return result.starts_with(mark); });
  return comment ? std::string() : folded(result);
}

constexpr std::size_t kDeepest = 100;

bool opens(char byte) {
  return byte == '{' || byte == '[' || byte == '(';
}
bool closes(char byte) {
  return byte == '}' || byte == ']' || byte == ')';
}

/// The first line that a glob matches by itself, behind its section or behind what opens the block it stands in.
ScriptCache::Line first_line(std::string_view text, const WordGlobs& wanted) {
  std::string section;
  std::vector<std::string> openers;
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    const std::string bare = squeezed(line);
    if (bare.empty()) continue;
    if (wanted.matches(bare) || wanted.matches(section + bare) ||
        (!openers.empty() && !closes(bare.front()) && wanted.matches(openers.back() + bare)))
      return {std::string(trimmed(line)), number};
    if (bare.front() == '[' && bare.back() == ']') section = bare;
    if (closes(bare.front()) && !openers.empty()) openers.pop_back();
    if (opens(bare.back()) && openers.size() < kDeepest) openers.push_back(bare);
  }
  return {};
}

}  // namespace

const ObeyedFiles::Line& ObeyedFiles::find(const ObeyedFile& obeyed, const std::string& path) {
  const auto [entry, fresh] = found_.try_emplace({&obeyed, path});
  if (!fresh) return entry->second;
  execution_.dependence.consulted.insert(path);
  if (const auto file = tree_.find(path)) {
    const bool xml = path.ends_with(".xml");
    entry->second = scripts_.line(tree_, *file, obeyed.lines, [&](std::string text) {
      if (xml) {
        blank_out(text, "<!--", "-->");
        blank_out(text, "<profiles>", "</profiles>");  // only some builds obey those
      }
      return first_line(text, WordGlobs(obeyed.lines));
    });
  }
  return entry->second;
}

void ObeyedFiles::apply(ExecutedCommand& command) {
  const auto& obeyed_files = commands_.knowledge().obeyed_files;
  if (obeyed_files.empty() || command.command->argv.empty()) return;
  const CheckTool* tool = commands_.tool(command);
  if (!tool) return;
  for (const auto& obeyed : obeyed_files) {
    if (!any_word_matches(obeyed.tools, tool->name)) continue;
    for (const auto& file : obeyed.files) {
      std::string path = join_path(command.working_directory, file);
      if (path.empty()) continue;
      const Line& line = find(obeyed, path);
      if (line.text.empty()) continue;
      command.switched_off = "`" + line.text + "` in " + path;
      command.switched_off_path = std::move(path);
      command.switched_off_line = line.number;
      return;
    }
  }
}

}  // namespace tollbar::reach
