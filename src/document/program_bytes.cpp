// Shells read quotes otherwise than programming languages do.
#include "document/program_bytes.h"

#include <algorithm>
#include <cctype>

#include "document/program_text.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

std::vector<ByteKind> kinds_of_program(std::string_view text) {
  const ProgramText scanned = scan_program(text);
  std::vector<ByteKind> kinds(text.size(), ByteKind::code);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (scanned.bare[i] != text[i]) kinds[i] = ByteKind::comment;
  for (const auto& string : scanned.strings)
    std::fill(kinds.begin() + static_cast<std::ptrdiff_t>(string.begin),
              kinds.begin() + static_cast<std::ptrdiff_t>(std::min(string.end, text.size())), ByteKind::string);
  return kinds;
}

/// Where the here-document that opens on the line ends: behind the line of its mark.
std::size_t behind_here_document(std::string_view text, std::size_t line_end, std::string_view line) {
  static const text::Pattern opening(R"(<<-?\s*\\?(['"]?)(\w+)\1)");
  const auto found = opening.find(line);
  if (!found || line.substr(found->begin).starts_with("<<<")) return line_end;
  const auto mark = *found->groups[2];
  for (auto at = line_end + 1; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (text::trimmed(text.substr(at, end - at)) == mark) return end;
    at = end + 1;
  }
  return text.size();
}

/// The quotes and comments of shells; `escape` is what takes the meaning from a quote.
std::vector<ByteKind> kinds_of_shell(std::string_view text, char escape) {
  std::vector<ByteKind> kinds(text.size(), ByteKind::code);
  char quote = 0;
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == escape && quote == '"') {
        kinds[i] = ByteKind::string;
        if (++i < text.size()) kinds[i] = ByteKind::string;
      } else if (c == quote) {
        quote = 0;
      } else {
        kinds[i] = ByteKind::string;
      }
      continue;
    }
    if (c == escape) {
      ++i;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#' &&
               (i == 0 || std::isspace(static_cast<unsigned char>(text[i - 1])) != 0 || text[i - 1] == ';')) {
      for (; i < text.size() && text[i] != '\n'; ++i) kinds[i] = ByteKind::comment;
      --i;
    } else if (c == '\n') {
      const auto end = escape == '\\' ? behind_here_document(text, i, text.substr(line_begin, i - line_begin)) : i;
      for (auto at = i + 1; at < end; ++at) kinds[at] = ByteKind::comment;
      i = end;
      line_begin = i + 1;
    }
  }
  return kinds;
}

}  // namespace

std::vector<ByteKind> byte_kinds(std::string_view text, Language language) {
  if (language == Language::shell) return kinds_of_shell(text, '\\');
  if (language == Language::powershell) return kinds_of_shell(text, '`');
  return kinds_of_program(text);
}

}  // namespace tollbar::document
