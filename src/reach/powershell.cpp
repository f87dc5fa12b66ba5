// A reader of lines: pieces between braces, pipes and semicolons, of which those that call something are kept.
#include "reach/powershell.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "text/ascii.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// `Write-Host`, `Get-Content`: a verb, a hyphen and a noun.
bool is_cmdlet(std::string_view word) {
  const auto hyphen = word.find('-');
  return hyphen != std::string_view::npos && hyphen > 1 && hyphen + 1 < word.size() &&
         std::isupper(static_cast<unsigned char>(word[0])) != 0 && word.find_first_of("./") == std::string_view::npos &&
         std::isupper(static_cast<unsigned char>(word[hyphen + 1])) != 0;
}

bool is_keyword(std::string_view word) {
  const auto folded = text::ascii_lower(word);
  return text::is_one_of(folded,
                         {"if",    "else",    "elseif", "for",   "foreach", "while",   "do",   "switch", "function",
                          "param", "return",  "throw",  "try",   "catch",   "finally", "exit", "break",  "continue",
                          "begin", "process", "end",    "using", "class",   "in",      "trap", "filter", "until"});
}

/// The pieces of a line between `;`, `|`, `{` and `}` outside of quotes, without its comment.
std::vector<std::string> pieces_of(std::string_view line) {
  std::vector<std::string> pieces(1);
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool variable = c == '{' && i > 0 && line[i - 1] == '$';
    if (variable) {
      const auto end = std::min(line.find('}', i), line.size() - 1);
      pieces.back() += line.substr(i, end - i + 1);
      i = end;
      continue;
    }
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      break;
    } else if (c == ';' || c == '|' || c == '{' || c == '}') {
      pieces.emplace_back();
      continue;
    }
    pieces.back() += c;
  }
  return pieces;
}

/// What is assigned: `$x = docker push y`.
std::string_view without_assignment(std::string_view piece) {
  if (!piece.starts_with('$')) return piece;
  const auto equals = piece.find('=');
  if (equals == std::string_view::npos || piece.substr(0, equals).find_first_of(" \t") < equals - 1) return {};
  return text::trimmed(piece.substr(equals + 1));
}

/// The words up to where something is computed by an expression, as a POSIX shell writes them.
std::string posix_words(std::string_view words) {
  const auto end = words.find_first_of("(@<>");
  std::string text(text::trimmed(words.substr(0, end)));
  std::replace(text.begin(), text.end(), '\\', '/');
  std::replace(text.begin(), text.end(), '`', ' ');
  for (const std::string_view variable : {"${env:", "$env:", "$Env:"})
    for (auto at = text.find(variable); at != std::string::npos; at = text.find(variable, at + 1))
      text.replace(at, variable.size(), variable.starts_with("${") ? "${" : "$");
  for (const std::string_view here : {"$PSScriptRoot/", "${PSScriptRoot}/"})
    for (auto at = text.find(here); at != std::string::npos; at = text.find(here, at + 1))
      text.replace(at, here.size(), "$(dirname \"$0\")/");
  return text;
}

/// Texts that variables are given once: `$compose = 'docker compose --file={0}' -f $file`.
using Texts = std::map<std::string, std::string, std::less<>>;

Texts given_texts(std::string_view script) {
  Texts texts;
  for (const auto written : text::Lines(script)) {
    const auto line = text::trimmed(written);
    const auto equals = line.find(" = ");
    if (!line.starts_with('$') || equals == std::string_view::npos || line.substr(0, equals).find(' ') < equals)
      continue;
    const auto value = text::trimmed(line.substr(equals + 3));
    const char quote = value.empty() ? '\0' : value.front();
    const auto end = value.size() > 1 ? value.find(quote, 1) : std::string_view::npos;
    const bool is_text = (quote == '\'' || quote == '"') && end != std::string_view::npos;
    std::string text(is_text ? value.substr(1, end - 1) : std::string_view());
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1))
      if (const auto close = text.find('}', open); close != std::string::npos)
        text.replace(open, close - open + 1, "$x");
    const auto [known, fresh] = texts.emplace(line.substr(0, equals), text);
    if (!fresh) known->second.clear();  // given again: nobody knows what it is
  }
  return texts;
}

/// The text of `Invoke-Expression "..."`; a variable where it is not written out.
std::string evaluated(std::string_view argument, const Texts& texts) {
  std::string filled;
  const auto name = argument.substr(argument.starts_with('"') ? 1 : 0);
  const auto name_end = std::find_if(name.begin() + (name.empty() ? 0 : 1), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_';
  });
  if (const auto given = texts.find(std::string_view(name.begin(), name_end));
      given != texts.end() && !given->second.empty())
    filled = "\"" + given->second + std::string(name_end, name.end());
  if (!filled.empty()) argument = filled;
  const char quote = argument.empty() ? '\0' : argument.front();
  if (quote != '"' && quote != '\'') return "\"$expression\"";
  const auto end = argument.find(quote, 1);
  const auto text = argument.substr(1, end == std::string_view::npos ? end : end - 1);
  const bool formatted = text.find('{') != std::string_view::npos;
  return formatted || text.find('`') != std::string_view::npos ? "\"$expression\"" : posix_words(text);
}

std::string call_in(std::string_view piece, const Texts& texts) {
  piece = text::trimmed(piece);
  piece = without_assignment(piece);
  const bool called = piece.starts_with("& ") || piece.starts_with(". ");
  if (called) piece = text::trimmed(piece.substr(2));
  if (piece.empty()) return {};
  const auto word = piece.substr(0, std::min(piece.find_first_of(" \t"), piece.size()));
  const auto folded = text::ascii_lower(word);
  if (text::is_one_of(folded, {"invoke-expression", "iex"}))
    return evaluated(text::trimmed(piece.substr(word.size())), texts);
  const bool path =
      word.starts_with("./") || word.starts_with(".\\") || word.starts_with("../") || word.starts_with("..\\");
  if (called || path) return posix_words(piece);
  const bool named = is_letter(word[0]) && word.find_first_of("=+[](,:\"'$") == std::string_view::npos;
  return named && !is_cmdlet(word) && !is_keyword(word) ? posix_words(piece) : std::string();
}

}  // namespace

ScriptCache::Line powershell_calls(const std::string& script) {
  ScriptCache::Line found;
  std::string lines;
  bool any = false, in_comment = false, in_text = false;
  const Texts texts = given_texts(script);
  std::string joined;         // a line with those that it goes on in
  std::size_t continued = 0;  // how many those are
  for (const auto written : text::Lines(script)) {
    joined += text::trimmed(written);
    if (joined.ends_with(" `")) {
      joined.back() = ' ';
      ++continued;
      continue;
    }
    const std::string whole = std::exchange(joined, {});
    const std::string_view line = whole;
    if (line.starts_with("<#")) in_comment = true;
    const bool skipped = in_comment || in_text;
    if (line.find("#>") != std::string_view::npos) in_comment = false;
    if (in_text && (line.starts_with("\"@") || line.starts_with("'@")))
      in_text = false;
    else if (!skipped && (line.ends_with("@\"") || line.ends_with("@'")))
      in_text = true;
    if (!skipped) {
      std::string calls;
      for (const auto& piece : pieces_of(line))
        if (const auto call = call_in(piece, texts); !call.empty()) calls += (calls.empty() ? "" : "; ") + call;
      any = any || !calls.empty();
      lines += calls;
    }
    lines.append(std::exchange(continued, 0) + 1, '\n');
  }
  if (any) found.text = std::move(lines);
  return found;
}

}  // namespace tollbar::reach
