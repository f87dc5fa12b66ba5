// The text of a migration without what decides nothing: comments, strings, and everything that runs only on the way
// down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::rule {

/// How a migration is written, as far as comments, strings and bodies go.
enum class MigrationSyntax : std::uint8_t { sql, braces, python, ruby, xml, yaml, json };
MigrationSyntax migration_syntax(std::string_view path);

/// By its name the file only undoes: `0001_init.down.sql`, `U2__x.sql`, `revert/x.sql`. `V3__rollback_prices.sql` does
/// not.
bool is_down_file(std::string_view path);

/// By what it tells the tool that runs it, SQL is a migration wherever it stands: `-- +goose Up`, `-- migrate:up`.
bool says_it_migrates(std::string_view sql);

/// A range of bytes of a text.
struct Extent {
  std::size_t begin = 0, end = 0;
};

/// A migration with everything on the way down blanked out. All texts have the length and the lines of the original.
struct MigrationText {
  std::string code;             ///< comments blanked as well (SQL keeps them for its own lexer)
  std::string bare;             ///< the contents of strings blanked as well
  std::vector<Extent> strings;  ///< contents of the strings that are left
};
MigrationText read_migration(std::string_view text, MigrationSyntax syntax);

/// Nothing but blank lines, comments that tell no tool anything, indentation where it means nothing and, in Ruby and
/// Python, the sort of quotes differ. What Flyway runs differs where a byte does: it keeps a checksum.
bool same_migration(std::string_view before, std::string_view after, std::string_view path);

}  // namespace tollbar::rule
