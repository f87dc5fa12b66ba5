// A small SQL lexer: statements without comments and strings, so that words inside those decide nothing.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::document {

struct SqlStatement {
  std::vector<std::string> tokens;  ///< keywords and names upper-cased, quoted names kept with their case, strings as
                                    ///< `''`, numbers as written
  std::vector<std::string>
      strings;  ///< the string literals, for dynamic SQL (`EXECUTE '...'`); dollar-quoted bodies included
  std::uint32_t line = 0;
};

enum class SqlHarm : std::uint8_t { none, narrowing, destructive };

/// PostgreSQL, MySQL and SQLite; `--`, `#` (MySQL) and nested `/* */` comments, `''`, `""`, backquotes, `[..]`,
/// `$tag$...$tag$`.
std::vector<SqlStatement> read_sql(std::string_view text, std::uint32_t first_line = 1);

/// DROP TABLE/DATABASE/SCHEMA, TRUNCATE, DELETE or UPDATE without WHERE: destructive. DROP COLUMN, DROP
/// VIEW/INDEX/CONSTRAINT, RENAME: narrowing. A temporary table, or one created earlier in the same text, is none.
/// `what` names it: `DROP TABLE users`.
struct SqlFinding {
  SqlHarm harm = SqlHarm::none;
  std::string what;
  std::uint32_t line = 0;
  bool dynamic = false;  ///< assembled in a string that is executed
};
/// What `made` names (`TABLE USERS`) was created by a text that runs before this one.
std::vector<SqlFinding> sql_harms(std::string_view text, std::uint32_t first_line = 1,
                                  const std::set<std::string>& made = {});
/// What the text surely creates, as `made` wants it.
std::set<std::string> sql_created(std::string_view text);

}  // namespace tollbar::document
