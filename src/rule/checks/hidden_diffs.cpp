// Facts about diffs that reviewers no longer see: by .gitattributes, or because the file became one that git takes for
// binary.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "rule/checks/producers.h"
#include "rule/checks/sensitive_paths.h"
#include "rule/matching.h"

namespace tollbar::rule {
namespace {

/// One line: what it names and what it says about the attributes that hide a diff.
struct Line {
  std::string pattern;
  std::optional<bool> diff_off, generated;
  std::uint32_t number = 0;
  std::string text;

  bool says_anything() const { return diff_off || generated; }
  bool hides() const { return diff_off.value_or(false) || generated.value_or(false); }
};

void apply(Line& line, std::string_view word) {
  const bool off = word.starts_with("-") || word.starts_with("!") || word.ends_with("=false");
  auto name = word.substr(word.starts_with("-") || word.starts_with("!") ? 1 : 0);
  name = name.substr(0, name.find('='));
  if (name == "diff") line.diff_off = word.starts_with("-");
  if (name == "binary") line.diff_off = !off;
  if (name == "linguist-generated" || name == "gitlab-generated") line.generated = !off;
}

std::vector<Line> read_lines(std::string_view text) {
  std::vector<Line> lines;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    Line line;
    line.text = text.substr(at, end - at);
    line.number = ++number;
    at = end + 1;
    for (std::size_t begin = 0; begin < line.text.size();) {
      begin = line.text.find_first_not_of(" \t\r", begin);
      if (begin == std::string::npos) break;
      const bool quoted = line.pattern.empty() && line.text[begin] == '"';
      const auto stop =
          std::min(quoted ? line.text.find('"', begin + 1) : line.text.find_first_of(" \t\r", begin), line.text.size());
      const auto word = std::string_view(line.text).substr(begin + (quoted ? 1 : 0), stop - begin - (quoted ? 1 : 0));
      begin = stop + (quoted ? 1 : 0);
      if (line.pattern.empty())
        line.pattern = word;
      else
        apply(line, word);
    }
    if (!line.pattern.starts_with("#") && line.says_anything()) lines.push_back(std::move(line));
  }
  return lines;
}

/// The line that hides the path's diff, the last of each attribute deciding; null where it is shown.
const Line* hiding(const std::vector<Line>& lines, std::string_view path) {
  const Line* diff = nullptr;
  const Line* generated = nullptr;
  for (const auto& line : lines) {
    if (!names_path(line.pattern, path)) continue;
    if (line.diff_off) diff = *line.diff_off ? &line : nullptr;
    if (line.generated) generated = *line.generated ? &line : nullptr;
  }
  return diff != nullptr ? diff : generated;
}

void compare(Change& change, FileChange& file, std::vector<Fact>& facts) {
  const auto before = read_lines(file.before_text());
  const auto after = read_lines(file.after_text());
  const auto folder = file.path().substr(0, file.path().size() - std::string_view(".gitattributes").size());
  const auto named = [&](std::string_view path) {
    return path.starts_with(folder) && std::any_of(after.begin(), after.end(), [&](const Line& line) {
             return line.hides() && names_path(line.pattern, path.substr(folder.size()));
           });
  };
  std::map<const Line*, std::vector<std::string>> hidden;
  for (const auto& path : sensitive_paths(change.after(), change.rules().kinds, Breadth::executed_too, named)) {
    const auto below = std::string_view(path).substr(folder.size());
    const auto* line = hiding(after, below);
    if (line != nullptr && hiding(before, below) == nullptr) hidden[line].push_back(path);
  }
  for (const auto& [line, paths] : hidden) {
    Fact fact;
    fact.kind = "diff-hidden";
    fact.path = file.path();
    fact.line = line->number;
    fact.subject = paths.size() == 1 ? paths.front() : fmt::format("{} and {} more", paths.front(), paths.size() - 1);
    put_after(fact, line->text);
    facts.push_back(std::move(fact));
  }
}

/// git shows no diff of text in two or four bytes a character.
bool is_wide(text::Encoding encoding) {
  return encoding == text::Encoding::utf16le || encoding == text::Encoding::utf16be ||
         encoding == text::Encoding::utf32le || encoding == text::Encoding::utf32be;
}

void compare_encodings(FileChange& file, std::vector<Fact>& facts) {
  if (file.delta().mode_only() || !is_wide(file.after_encoding()) || is_wide(file.before_encoding())) return;
  Fact fact;
  fact.kind = "encoding-hides-diff";
  fact.path = file.path();
  fact.line = 1;
  fact.subject = file.path();
  fact.after = "text in UTF-16 or UTF-32";
  facts.push_back(std::move(fact));
}

}  // namespace

void hidden_diff_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("git-attributes");
  const auto sensitive = sensitive_kinds(change.rules().kinds, Breadth::executed_too);
  for (auto& file : change.files())
    if ((file.kinds() & sensitive).any() && file.delta().after && file.unreadable({}).empty())
      compare_encodings(file, facts);
  for (auto& file : change.files())
    if (kind && file.kinds().test(*kind) && file.delta().after && file.unreadable({}).empty())
      compare(change, file, facts);
}

}  // namespace tollbar::rule
