// Entries line by line; the last one that fits decides.
#include "rule/codeowners.h"

#include <algorithm>
#include <map>
#include <utility>

#include "rule/checks/sensitive_paths.h"
#include "text/ascii.h"
#include "text/decode.h"
#include "text/lines.h"

namespace tollbar::rule {
namespace {

using Entry = OwnersFile::Entry;

/// The words of a line up to a comment; `\ ` is a blank within a word.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size() && line[i + 1] == ' ') {
      words.back() += line[++i];
    } else if (c == ' ' || c == '\t' || c == '\r') {
      if (!words.back().empty()) words.emplace_back();
    } else if (c == '#' && words.back().empty()) {
      break;
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// `@user`, `@org/team`, an address; anything else in an owner's place is ignored by the platforms.
bool is_owner(std::string_view word) {
  return word.size() > 1 && word.find('@') != std::string_view::npos;
}

/// `[Section]`, `^[Optional][2]`: what follows owns every entry of the section that names nobody.
bool is_section(std::string_view line) {
  return line.starts_with("[") || line.starts_with("^[");
}

std::vector<Entry> read_entries(std::string_view text) {
  std::vector<Entry> entries;
  std::string section;
  Owners defaults;
  std::uint32_t number = 0;
  for (const auto line : text::Lines(text)) {
    ++number;
    const bool heads = is_section(line) && line.find(']') != std::string_view::npos;
    const auto words = words_of(heads ? line.substr(line.rfind(']') + 1) : line);
    Owners owners;
    for (std::size_t i = heads ? 0 : 1; i < words.size(); ++i)
      if (is_owner(words[i])) owners.insert(text::ascii_lower(words[i]));
    if (heads) {
      section = text::ascii_lower(line.substr(0, line.find(']') + 1));
      defaults = std::move(owners);
    } else if (!words.empty()) {
      entries.push_back(
          {section, words.front(), owners.empty() && !section.empty() ? defaults : std::move(owners), number});
    }
  }
  return entries;
}

}  // namespace

OwnersFile read_owners(model::Tree& tree) {
  for (const auto path : {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}) {
    const auto entry = tree.find(path);
    if (!entry || entry->mode == model::FileMode::directory || entry->mode == model::FileMode::submodule) continue;
    const auto content = tree.read(*entry);
    if (content.state != model::ContentState::present) return {path, {}};
    return {path, read_entries(text::decode(*content.bytes).text)};
  }
  return {};
}

OwnersAnswer owners_of(const OwnersFile& file, std::string_view path) {
  std::map<std::string_view, const Entry*> last;
  for (const auto& entry : file.entries)
    if (names_path(entry.pattern, path)) last[entry.section] = &entry;
  OwnersAnswer answer;
  for (const auto& [section, entry] : last) {
    for (const auto& owner : entry->owners)
      answer.owners.insert(section.starts_with('^') ? owner + " (optional)" : owner);
    answer.line = std::max(answer.line, entry->line);
  }
  return answer;
}

}  // namespace tollbar::rule
