// A scanner for the languages of migrations: good enough to tell strings, comments and bodies apart, never a parser.
#include "rule/checks/migration_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "text/glob.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using text::each_match;

constexpr auto none = std::string_view::npos;

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (auto i = begin; i < std::min(end, text.size()); ++i)
    if (text[i] != '\n') text[i] = ' ';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

/// Tells comments and strings of one text apart.
class Scanner {
 public:
  Scanner(std::string_view text, MigrationSyntax syntax)
      : text_(text), syntax_(syntax), result_{std::string(text), std::string(text), {}} {}

  MigrationText scan() {
    while (at_ < text_.size())
      if (!comment() && !string()) ++at_;
    return std::move(result_);
  }

 private:
  bool here(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void drop_to(std::size_t end) {
    blank(result_.code, at_, end);
    blank(result_.bare, at_, end);
    at_ = end;
  }

  void drop_past(std::string_view closing, std::size_t from) {
    const auto end = text_.find(closing, from);
    drop_to(end == none ? text_.size() : end + closing.size());
  }

  bool comment() {
    const bool braces = syntax_ == MigrationSyntax::braces;
    if (syntax_ == MigrationSyntax::xml && here("<!--")) return drop_past("-->", at_ + 4), true;
    if (braces && here("/*")) return drop_past("*/", at_ + 2), true;
    if (braces && here("//")) return drop_to(line_end(text_, at_)), true;
    const bool hash =
        syntax_ == MigrationSyntax::python || syntax_ == MigrationSyntax::ruby || syntax_ == MigrationSyntax::yaml;
    const bool starts = at_ == 0 || is_blank(text_[at_ - 1]);
    if (hash && starts && here("#")) return drop_to(line_end(text_, at_)), true;
    return false;
  }

  bool string() {
    const char quote = text_[at_];
    if (quote != '"' && quote != '\'' && quote != '`') return false;
    if (syntax_ == MigrationSyntax::xml || (quote == '`' && syntax_ != MigrationSyntax::braces)) return false;
    if (syntax_ == MigrationSyntax::yaml && at_ > 0 && !is_blank(text_[at_ - 1])) return false;  // an apostrophe
    const std::string triple(3, quote);
    const bool is_triple = here(triple) && syntax_ != MigrationSyntax::yaml && quote != '`';
    const auto begin = at_ + (is_triple ? 3 : 1);
    const auto end = is_triple ? std::min(text_.find(triple, begin), text_.size()) : closing(quote, begin);
    blank(result_.bare, begin, end);
    result_.strings.push_back({begin, end});
    at_ = std::min(end + (is_triple ? 3 : 1), text_.size());
    return true;
  }

  std::size_t closing(char quote, std::size_t from) const {
    for (auto at = from; at < text_.size(); ++at) {
      if (text_[at] == '\\') {
        ++at;
      } else if (text_[at] == quote) {
        return at;
      }
    }
    return text_.size();
  }

  std::string_view text_;
  MigrationSyntax syntax_;
  MigrationText result_;
  std::size_t at_ = 0;
};

bool goes_on(std::string_view bare, std::size_t newline) {
  auto next = newline;
  while (next < bare.size() && is_blank(bare[next])) ++next;
  if (next < bare.size() && std::string_view("{.=&|+?:").find(bare[next]) != none) return true;
  auto last = newline;
  while (last > 0 && is_blank(bare[last - 1])) --last;
  return last > 0 && std::string_view("=>,+(:").find(bare[last - 1]) != none;
}

/// Where a definition that begins at `from` ends: behind its body in braces, or with its expression.
std::size_t definition_end(std::string_view bare, std::size_t from) {
  int depth = 0;
  for (auto at = from; at < bare.size(); ++at) {
    const char c = bare[at];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') {
      if (--depth < 0) return at;
      if (depth == 0 && c == '}') return at + 1;
    }
    if (depth > 0) continue;
    if (c == ';' || c == ',' || (c == '\n' && !goes_on(bare, at))) return at;
  }
  return bare.size();
}

std::size_t indentation(std::string_view text, std::size_t line) {
  std::size_t width = 0;
  while (line + width < text.size() && (text[line + width] == ' ' || text[line + width] == '\t')) ++width;
  return width;
}

/// The line and the lines below it that stand deeper. Items of a list may stand below their key as deep as it does.
std::size_t block_end(std::string_view bare, std::size_t line, MigrationSyntax syntax) {
  const auto width = indentation(bare, line);
  const auto is_item = [&](std::size_t at) { return at + 1 < bare.size() && bare[at] == '-' && bare[at + 1] == ' '; };
  const bool holds_items = syntax == MigrationSyntax::yaml && !is_item(line + width);
  auto at = line_end(bare, line);
  while (at < bare.size()) {
    const auto start = at + 1, end = line_end(bare, start);
    const auto content = start + indentation(bare, start);
    const bool empty = content >= end || bare[content] == '\r';
    const bool item = holds_items && content - start == width && is_item(content);
    if (!empty && content - start <= width && !item) break;
    at = end;
  }
  return at;
}

/// The second argument of a call whose parenthesis opens at `open`.
std::optional<Extent> second_argument(std::string_view bare, std::size_t open) {
  int depth = 0;
  std::optional<std::size_t> begin;
  for (auto at = open; at < bare.size(); ++at) {
    const char c = bare[at];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    const bool ends = depth == 0 || (depth == 1 && c == ',');
    if (begin && ends) return Extent{*begin, at};
    if (depth == 0) return std::nullopt;
    if (depth == 1 && c == ',') begin = at + 1;
  }
  return std::nullopt;
}

/// Statements that name their own undoing: `RunSQL(forwards, backwards)`, `step(apply, rollback)`, `execute(up, down)`.
void find_reverse_arguments(std::string_view bare, std::vector<Extent>& extents) {
  static const text::Pattern call(R"(\b(?:RunSQL|step|execute)\s*\()");
  static const text::Pattern bare_call(R"((?m)^[ \t]*execute[ \t]+(?=["'~]))");
  static const text::Pattern keyword(R"(\breverse_sql\s*=)");
  static const text::Pattern other_keyword(R"(^\s*(?!reverse_sql)\w+\s*=)");
  each_match(call, bare, [&](const text::Match& match) {
    const auto argument = second_argument(bare, match.end - 1);
    if (argument && !other_keyword.matches(bare.substr(argument->begin, argument->end - argument->begin)))
      extents.push_back(*argument);
  });
  each_match(bare_call, bare, [&](const text::Match& match) {
    const auto end = definition_end(bare, match.end);
    if (end < bare.size() && bare[end] == ',') extents.push_back({end, definition_end(bare, end + 1)});
  });
  each_match(keyword, bare, [&](const text::Match& match) {
    extents.push_back({match.begin, definition_end(bare, match.end)});
  });
}

/// Django's `state_operations`: what its models are said to be, while the database stays as it is. Where the same list
/// is handed on as what is done, it is done.
void find_state_operations(std::string_view bare, std::vector<Extent>& extents) {
  static const text::Pattern list(R"(\bstate_operations\s*=\s*(?=\[))");
  static const text::Pattern done(
      R"((?:(?<!\w)(?:database_)?operations\s*\+?=\s*|[*+]\s*|\b(?:extend|append)\s*\(\s*)state_operations\b)");
  static const text::Pattern aside(R"(\bSeparateDatabaseAndState\s*\()");
  if (!aside.matches(bare) || done.matches(bare)) return;
  each_match(list, bare, [&](const text::Match& match) {
    extents.push_back({match.begin, definition_end(bare, match.end)});
  });
}

/// A section ends where the way up begins again; it counts only in a file that the same tool's marker opens.
void find_sql_sections(std::string_view text, std::vector<Extent>& extents) {
  struct Markers {
    text::Pattern up, down;
  };
  static const std::array<Markers, 4> tools = {{
      {text::Pattern(R"((?im)^\s*--\s*\+goose\s+up\b)"), text::Pattern(R"((?im)^\s*--\s*\+goose\s+down\b)")},
      {text::Pattern(R"((?im)^\s*--\s*\+migrate\s+up\b)"), text::Pattern(R"((?im)^\s*--\s*\+migrate\s+down\b)")},
      {text::Pattern(R"((?im)^\s*--\s*migrate:up\b)"), text::Pattern(R"((?im)^\s*--\s*migrate:down\b)")},
      {text::Pattern(R"((?im)^\s*(?:#|--)[\s-]*!ups\b)"), text::Pattern(R"((?im)^\s*(?:#|--)[\s-]*!downs\b)")},
  }};
  for (const auto& tool : tools) {
    auto up = tool.up.find(text);
    while (up) {
      const auto down = tool.down.find(text, up->end);
      if (!down) break;
      up = tool.up.find(text, down->end);
      extents.push_back({down->begin, up ? up->begin : text.size()});
    }
  }
}

void find_xml_rollbacks(std::string_view bare, std::vector<Extent>& extents) {
  static const text::Pattern rollback(R"((?s)<rollback\b[^>]*(?:/>|>.*?</rollback>))");
  each_match(rollback, bare, [&](const text::Match& match) { extents.push_back({match.begin, match.end}); });
}

void find_blocks(const text::Pattern& opening, std::string_view bare, MigrationSyntax syntax,
                 std::vector<Extent>& extents) {
  each_match(opening, bare, [&](const text::Match& match) {
    const auto before = bare.rfind('\n', match.begin);
    const auto line = before == none ? 0 : before + 1;
    extents.push_back({line, block_end(bare, line, syntax)});
  });
}

void find_definitions(std::string_view bare, std::vector<Extent>& extents) {
  static const text::Pattern down(
      R"((?<![\w$.>:])(?:(?:module\.)?exports\.)?(?:safeDown|[dD]own(?:_?\d\w*)?)\b(?=\s*(?:\(|[=:](?![:=])|"\s*:|'\s*:)))");
  each_match(down, bare, [&](const text::Match& match) {
    extents.push_back({match.begin, definition_end(bare, match.end)});
  });
}

std::vector<Extent> way_down(std::string_view text, const std::string& bare, MigrationSyntax syntax) {
  static const text::Pattern python(
      R"((?m)^[ \t]*(?:async\s+)?def\s+(?:downgrade|down|backwards|rollback|reverse\w*)\b)");
  static const text::Pattern ruby(R"((?m)^[ \t]*(?:def\s+(?:self\.)?down\b|\w+\.down\b))");
  static const text::Pattern yaml(R"((?m)^[ \t]*(?:-[ \t]+)?rollback[ \t]*:)");
  static const text::Pattern json(R"("rollback"\s*:)");
  std::vector<Extent> extents;
  switch (syntax) {
    case MigrationSyntax::sql:
      find_sql_sections(text, extents);
      break;
    case MigrationSyntax::braces:
      find_definitions(bare, extents);
      break;
    case MigrationSyntax::python:
      find_blocks(python, bare, syntax, extents);
      find_reverse_arguments(bare, extents);
      find_state_operations(bare, extents);
      break;
    case MigrationSyntax::ruby:
      find_blocks(ruby, bare, syntax, extents);
      find_reverse_arguments(bare, extents);
      break;
    case MigrationSyntax::xml:
      find_xml_rollbacks(bare, extents);
      break;
    case MigrationSyntax::yaml:
      find_blocks(yaml, bare, syntax, extents);
      break;
    case MigrationSyntax::json:
      each_match(json, text, [&](const text::Match& match) {
        extents.push_back({match.begin, definition_end(bare, match.end)});
      });
      break;
  }
  return extents;
}

/// Comments of SQL by which tools that run migrations are told something: `-- +goose Up`, `--changeset ada:1`.
bool is_directive(std::string_view comment) {
  static const text::Pattern directive(
      R"((?i)^--\s*(?:\+|\w+:|changeset|rollback|liquibase|precondition|include|ignore|validcheck|statement))");
  return directive.matches(comment);
}

/// Quotes of either sort round text in which neither sort gives a character another meaning.
std::string with_one_sort_of_quotes(std::string_view line) {
  static const text::Pattern literal(R"('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")");
  std::string text(line);
  each_match(literal, line, [&](const text::Match& match) {
    const auto content = line.substr(match.begin + 1, match.end - match.begin - 2);
    if (content.find_first_of("'\"\\#$") == std::string_view::npos) text[match.begin] = text[match.end - 1] = '"';
  });
  return text;
}

/// The lines of a migration that decide what it does.
std::string what_counts(std::string_view text, MigrationSyntax syntax) {
  const bool sql = syntax == MigrationSyntax::sql;
  const bool either_quotes = syntax == MigrationSyntax::ruby || syntax == MigrationSyntax::python;
  const auto code = sql ? std::string(text) : Scanner(text, syntax).scan().code;
  std::string result;
  for (std::size_t at = 0; at < code.size();) {
    const auto end = line_end(code, at);
    auto line = std::string_view(code).substr(at, end - at);
    at = end + 1;
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    if (syntax != MigrationSyntax::python)  // whose indentation is meaning
      while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty() || (sql && line.starts_with("--") && !is_directive(line))) continue;
    result += (either_quotes ? with_one_sort_of_quotes(line) : std::string(line)) + '\n';
  }
  return result;
}

}  // namespace

MigrationSyntax migration_syntax(std::string_view path) {
  const auto folded = text::fold_path(path);
  const auto ends = [&](std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return folded.ends_with(ending); });
  };
  if (ends({".sql"})) return MigrationSyntax::sql;
  if (ends({".py"})) return MigrationSyntax::python;
  if (ends({".rb", ".ex", ".exs"})) return MigrationSyntax::ruby;
  if (ends({".xml"})) return MigrationSyntax::xml;
  if (ends({".yml", ".yaml"})) return MigrationSyntax::yaml;
  if (ends({".json"})) return MigrationSyntax::json;
  return MigrationSyntax::braces;
}

bool is_down_file(std::string_view path) {
  static const text::Pattern down(
      R"((?:^|[/._-])(?:down|undo|rollback|revert)\.[a-z]+$|(?:^|/)(?:down|undo|rollbacks?|revert)/[^/]+$|(?:^|/)u\d[\d._]*__[^/]*\.sql$)");
  static const text::Pattern forward(R"((?:^|/)v\d[\d._]*__[^/]*$)");
  const auto folded = text::fold_path(path);
  return down.matches(folded) && !forward.matches(folded);
}

bool says_it_migrates(std::string_view sql) {
  static const text::Pattern marker(
      R"((?im)^\s*--[ \t]*(?:\+(?:goose|migrate)[ \t]+up\b|migrate:up\b|liquibase[ \t]+formatted[ \t]+sql\b))");
  return marker.matches(sql);
}

bool same_migration(std::string_view before, std::string_view after, std::string_view path) {
  static const text::Pattern flyway(R"((?:^|/)[vru][\d._]*__[^/]*\.sql$)");
  if (flyway.matches(text::fold_path(path))) return before == after;
  const auto syntax = migration_syntax(path);
  return what_counts(before, syntax) == what_counts(after, syntax);
}

MigrationText read_migration(std::string_view text, MigrationSyntax syntax) {
  auto result = syntax == MigrationSyntax::sql ? MigrationText{std::string(text), std::string(text), {}}
                                               : Scanner(text, syntax).scan();
  const auto down = way_down(text, result.bare, syntax);
  for (const auto& extent : down) {
    blank(result.code, extent.begin, extent.end);
    blank(result.bare, extent.begin, extent.end);
  }
  std::erase_if(result.strings, [&](const Extent& string) {
    return std::any_of(down.begin(), down.end(),
                       [&](const Extent& extent) { return string.begin >= extent.begin && string.begin < extent.end; });
  });
  return result;
}

}  // namespace tollbar::rule
