// Line by line with globs: the formats are many, and a switch is one line in each of them.
#include "reach/obeyed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "document/spread.h"
#include "reach/calls.h"
#include "reach/word_glob.h"
#include "text/lines.h"
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

/// What a line stands behind, as far as a glob may ask for it.
class Surroundings {
 public:
  explicit Surroundings(bool indented) : indented_(indented) {}

  bool matches(const WordGlobs& wanted, const std::string& bare, std::string_view line) {
    leave(line);
    return wanted.matches(bare) || wanted.matches(section_ + bare) || wanted.matches(previous_ + bare) ||
           (!openers_.empty() && !closes(bare.front()) && wanted.matches(openers_.back() + bare)) ||
           (indented_ && wanted.matches(keys() + bare));
  }

  void enter(const std::string& bare, std::string_view line) {
    const bool names_plugin = bare.starts_with("<artifactid>");
    if (names_plugin || (bare.front() == '[' && bare.back() == ']')) section_ = bare;
    if (closes(bare.front()) && !openers_.empty()) openers_.pop_back();
    if (opens(bare.back()) && openers_.size() < kDeepest) openers_.push_back(bare);
    const auto colon = bare.find_last_not_of("|>-");
    if (indented_ && colon != std::string::npos && bare[colon] == ':' && keys_.size() < kDeepest)
      keys_.push_back({indentation(line), bare.substr(0, colon + 1)});
    previous_ = bare;
  }

 private:
  struct Key {
    std::size_t indentation = 0;
    std::string text;
  };
  static std::size_t indentation(std::string_view line) { return line.find_first_not_of(' '); }

  /// An entry of a list may stand as far to the left as the key above it.
  void leave(std::string_view line) {
    const auto depth = indentation(line);
    const bool entry = depth != std::string_view::npos && line[depth] == '-';
    while (!keys_.empty() && (keys_.back().indentation > depth || (keys_.back().indentation == depth && !entry)))
      keys_.pop_back();
  }

  /// `^allcops:exclude:` from the margin on.
  std::string keys() const {
    std::string all = "^";
    for (const auto& key : keys_) all += key.text;
    return all;
  }

  bool indented_;
  std::string section_, previous_;
  std::vector<std::string> openers_;
  std::vector<Key> keys_;
};

/// The first line that a glob matches by itself, behind the line before it, its section (of a pom: the plugin that is
/// named above it), what opens the block it stands
/// in or, where indentation means something, the keys above it.
ScriptCache::Line first_line(std::string_view text, const WordGlobs& wanted, bool indented) {
  Surroundings surroundings(indented);
  std::uint32_t number = 0;
  for (const auto line : text::Lines(text)) {
    ++number;
    const std::string bare = squeezed(line);
    if (bare.empty()) continue;
    if (surroundings.matches(wanted, bare, line)) return {std::string(trimmed(line)), number};
    surroundings.enter(bare, line);
  }
  return {};
}

/// The first such line of the settings one a line, where the text holds several on some line.
ScriptCache::Line first_setting(std::string_view text, document::Format format, const WordGlobs& wanted) {
  if (!document::is_dense(text, format)) return {};
  const auto spread = document::spread(document::read(format, text), format);
  auto line = first_line(spread.text, wanted, format == document::Format::yaml);
  if (line.number != 0) line.number = spread.sources[line.number - 1];
  return line;
}

/// A list of what to leave out that takes something in again: `*` above `!src` leaves out nearly nothing.
bool takes_in_again(std::string_view text) {
  for (const auto line : text::Lines(text))
    if (line.starts_with('!')) return true;
  return false;
}

}  // namespace

ScriptCache::Line obeyed_line(const ObeyedFile& obeyed, const std::string& path, model::Tree& tree,
                              ScriptCache& scripts) {
  const auto file = tree.find(path);
  if (!file) return {};
  const bool xml = path.ends_with(".xml"), list = path.ends_with("ignore");
  const bool indented = path.ends_with(".yml") || path.ends_with(".yaml") || path.ends_with(".neon") ||
                        path.ends_with("/.yamllint") || path == ".yamllint";
  return scripts.line(tree, *file, obeyed.lines, [&](std::string text) {
    if (xml) {
      blank_out(text, "<!--", "-->");
      blank_out(text, "<profiles>", "</profiles>");  // only some builds obey those
    }
    if (list && takes_in_again(text)) return ScriptCache::Line{};
    auto line = first_line(text, obeyed.matching, indented);
    return line.text.empty() ? first_setting(text, document::settings_format(path), obeyed.matching) : line;
  });
}

const SwitchedOff& ObeyedFiles::said_against(const std::string& tool, const std::string& directory) {
  return said_.of({tool, directory}, execution_.dependence, [&] { return find(tool, directory); });
}

SwitchedOff ObeyedFiles::find(const std::string& tool, const std::string& directory) {
  for (const auto& obeyed : commands_.knowledge().obeyed_files) {
    if (!any_word_matches(obeyed->tools, tool)) continue;
    for (const auto& file : obeyed->files) {
      std::string path = join_path(directory, file);
      if (path.empty()) continue;
      execution_.dependence.obeyed.emplace(path, obeyed);
      const auto line = obeyed_line(*obeyed, path, tree_, scripts_);
      if (!line.text.empty()) return {"`" + line.text + "` in " + path, path, line.number};
    }
  }
  return {};
}

void ObeyedFiles::apply(ExecutedCommand& command) {
  if (commands_.knowledge().obeyed_files.empty() || command.command->argv.empty()) return;
  const CheckTool* tool = commands_.tool(command);
  if (tool) command.switched_off = said_against(tool->name, command.working_directory);
}

void ObeyedFiles::apply(ExecutedAction& action, const std::string& directory) {
  const CheckAction* known =
      commands_.knowledge().obeyed_files.empty() ? nullptr : commands_.knowledge().check_action(action.uses);
  if (known && !known->tool.empty()) action.switched_off = said_against(known->tool, directory);
}

}  // namespace tollbar::reach
