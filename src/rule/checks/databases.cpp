// Facts about databases: migrations, and destructive statements on the way up.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/sql.h"
#include "rule/checks/migration_text.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/ascii.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::SqlHarm;
using text::each_match;

struct Harm {
  SqlHarm harm;
  std::string what;
  std::uint32_t line = 0;
  bool dynamic = false;
  std::string table = {};  ///< that a call drops: `TABLE USERS`
};
using Harms = std::vector<Harm>;

std::uint32_t line_of(std::string_view text, std::size_t at) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
}

/// What new migrations create: `TABLE USERS`. To drop it again loses nothing that was ever stored.
using Made = std::set<std::string>;

void add_sql(std::string_view sql, std::uint32_t first_line, const Made& made, Harms& harms) {
  for (const auto& harm : document::sql_harms(sql, first_line, made))
    if (harm.harm != SqlHarm::none) harms.push_back({harm.harm, harm.what, harm.line, harm.dynamic});
}

/// Calls of migration libraries that lose what is stored.
const text::Pattern& destructive_calls() {
  static const text::Pattern pattern(
      R"((?x) \b(?:drop_table|drop_tables|drop_join_table|dropTable|dropTableIfExists|dropTables|dropIfExists|DropTable|drop_schema|dropSchema
                  |DropSchema|drop_all|dropAllTables|dropAllSchemas|drop_database|dropDatabase|clearTable|clearDatabase|DeleteModel|truncate_tables)\b\s*[(:'"\s]
        | \bSchema::(?:connection\([^)]*\)->)?drop(?:IfExists|AllTables)?\s*\( | \$table->drop\s*\( | ->\s*table\s*\([^)]*\)\s*->\s*drop\s*\(
        | \bdrop(?:_if_exists)?[\s(]+table\s*\(
        | \b[A-Z]\w*\.(?:delete_all|destroy_all)\b | \b(?!\w*(?:Date|Time|Decimal|Number|Float|Integer|Math|Str|String|Text)\.)[A-Z]\w*\.truncate\b
        | \.objects\.(?:all\(\)\.)?(?:_raw_)?delete\(
        | \b(?:knex|trx)\s*\([^)]*\)\s*\.\s*(?:del|delete|truncate)\s*\( | \)\s*->\s*truncate\s*\(
        | \bDB::(?:connection\([^)]*\)->)?table\s*\([^)]*\)\s*->\s*delete\s*\(\s*\) | \b[A-Z]\w*::(?:query\(\)->)?(?:truncate|delete|forceDelete)\s*\(\s*\)
        | \bexecute\s*\(\s*(?:\w+\.)*(?:delete\s*\(\s*(?:\w+\s*)?\)\s*\)) | \bquery\s*\(\s*\w+\s*\)\s*\.\s*delete\s*\(
        | \bmanager\s*\.\s*clear\s*\( | \bgetRepository\s*\([^)]*\)\s*\.\s*clear\s*\( | \.\s*delete\s*\(\s*\)\s*\.\s*from\s*\([^)]*\)\s*\.\s*execute\s*\(
        | \bdestroy\s*\(\s*\{\s*(?:where\s*:\s*\{\s*\}|truncate\s*:\s*true) | \bAllowGlobalUpdate\s*:\s*true[^)]*\)\s*\.\s*(?:Delete|Unscoped)\b
        | \.\s*deleteMany\s*\(\s*(?:\{\s*\}\s*)?\) | \b(?:dropCollection|drop_collection)\s*\(
        | \bcollection\s*\([^)]*\)\s*\.\s*(?:drop|deleteMany|remove)\s*\(\s*(?:\{\s*\}\s*)?\)
        | \bbulkDelete\s*\([^,)]*,\s*(?:\{\s*\}|null)\s*[,)] )");
  return pattern;
}

/// Calls of libraries that map objects which delete every row: no condition, or one that every row meets.
const text::Pattern& emptying_calls() {
  static const text::Pattern pattern(
      R"((?x) \b[A-Z]\w*\.(?:(?:all|unscoped|in_batches(?:\([^()]*\))?)\.){1,3}(?:delete_all|destroy_all)\b
        | \b[A-Z]\w*\.(?:(?:all|unscoped)\.)?(?:find_each|each)(?:\([^()]*\))?\s*(?:\(&:|(?:\{|do)\s*\|(\w+)\|\s*\1\.)(?:delete|destroy)!?(?!\w)
        | \b[A-Z]\w*\.where(?:\(\s*(?:\{\s*\}|nil|true)?\s*\)|\.not\(\s*id:\s*(?:nil|\[\s*\])\s*\))
          (?:\.in_batches(?:\([^()]*\))?)?\.(?:delete_all|destroy_all)\b
        | \bDB::table\s*\([^()]*\)\s*->\s*delete\s*\(\s*\)
        | \b[A-Z]\w*::(?:query\(\)\s*->\s*)?(?:truncate|delete|forceDelete)\s*\(\s*\)
        | \.\s*query\s*\(\s*[\w.]+\s*\)\s*\.\s*delete\s*\(
        | \bexecute\s*\(\s*(?:[\w.]+\.delete\(\s*\)|(?:\w+\.)?delete\(\s*[\w.]+\s*\))\s*\)
        | \.createQueryBuilder\s*\([^()]*\)\s*\.\s*delete\s*\(\s*\)\s*\.\s*from\s*\([^()]*\)\s*\.\s*execute\s*\(
        | \.manager\s*\.\s*(?:delete\s*\(\s*\w+\s*,\s*\{\s*\}\s*\)|clear\s*\(\s*\w+\s*\)) )");
  return pattern;
}

/// Calls that make a table which surely was not there.
const text::Pattern& creating_calls() {
  static const text::Pattern pattern(
      R"((?x) \b(?:create_table|createTable|create_join_table|CreateTable|createCollection|Schema::(?:connection\([^)]*\)->)?create)\b\s*[(:'"]
        | \bcreate[\s(]+table\s*\( )");
  return pattern;
}

/// A table that is made whether or not it was there: `create_table :carts, force: true`.
bool may_stand_already(std::string_view code, std::size_t at) {
  const auto line = code.substr(at, std::min(code.find('\n', at), code.size()) - at);
  return line.find("force") != std::string_view::npos || line.find("if_not_exists") != std::string_view::npos;
}

/// The name that a call at the end of a match is given first; empty where it comes by way of an option.
std::string named_table(std::string_view code, std::size_t at) {
  const auto is_name = [](char c) {
    return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_' || c == '.';
  };
  while (at < code.size() && std::string_view("(:'\"` \t").find(code[at]) != std::string_view::npos) ++at;
  auto end = at;
  while (end < code.size() && is_name(code[end])) ++end;
  if (end == at) return {};
  std::string name = "TABLE ";
  for (; at < end; ++at) name += text::ascii_upper(code[at]);
  return name;
}

/// Calls that lose columns, constraints or names.
const text::Pattern& narrowing_calls() {
  static const text::Pattern pattern(
      R"((?x) \b(?:drop_column|dropColumns?|DropColumn|remove_columns?|removeColumn|remove_reference|remove_belongs_to|remove_timestamps|RemoveField
                  |drop_constraint|dropConstraint|DropForeignKey|dropForeign|dropForeignKey|drop_index|dropIndex|DropIndex|remove_index|removeIndex
                  |RemoveIndex|RemoveConstraint|dropUnique|dropPrimary|DropPrimaryKey|remove_foreign_key|dropView|drop_view|DropUniqueConstraint
                  |rename_table|renameTable|RenameTable|RenameModel|rename_column|renameColumn|RenameColumn|RenameField|rename)\b\s*[(:'"\s]
        | \bremove(?:_if_exists)?[\s(]+: | \bt\.remove\b | \bdrop(?:_if_exists)?[\s(]+(?:index|constraint|unique_index)\s*\( )");
  return pattern;
}

/// The SQL in strings, statement by statement in the order of the program: a text of one may make what another drops.
void add_string_sql(const MigrationText& text, const text::Pattern& statement, Made made, Harms& harms) {
  std::string all;
  std::vector<Harm> found;
  for (const auto& string : text.strings) {
    const auto content = std::string_view(text.code).substr(string.begin, string.end - string.begin);
    if (!statement.matches(content)) continue;
    add_sql(content, line_of(text.code, string.begin), made, found);
    made.merge(document::sql_created(content));
    all += std::string(content) + ";\n";
  }
  // Taken together they may rebuild a table: made anew, filled, the old one dropped, the new one given its name.
  const auto together = document::sql_harms(all, 1);
  for (auto& harm : found) {
    const bool rebuilt = std::any_of(together.begin(), together.end(), [&](const auto& whole) {
      return whole.what == harm.what && whole.harm == SqlHarm::narrowing;
    });
    if (rebuilt) harm.harm = SqlHarm::narrowing;
    harms.push_back(std::move(harm));
  }
}

/// SQL that stands in strings, here-documents and elements.
void add_embedded_sql(const MigrationText& text, MigrationSyntax syntax, const Made& made, Harms& harms) {
  static const text::Pattern statement(
      R"((?i)^\s*(?:--[^\n]*\n\s*)*(?:DROP|TRUNCATE|DELETE\s+FROM|ALTER|UPDATE|CREATE|INSERT|BEGIN|SET|DO|WITH|LOCK|PRAGMA)\b)");
  static const text::Pattern heredoc(R"((?s)<<[<~-]?\s*['"]?([A-Za-z_]\w*)['"]?[^\n]*\n(.*?)\n\s*\1\b)");
  static const text::Pattern element(R"((?s)<sql\b[^>]*>(?:\s*<!\[CDATA\[)?(.*?)(?:\]\]>\s*)?</sql>)");
  static const text::Pattern yaml_value(
      R"((?m)^[ \t]*(?:-[ \t]+)?sql:[ \t]*(?:[|>][+-]?[ \t]*\n|(?=\S))((?:.*\n?)(?:^[ \t]{6,}.*\n?)*))");
  add_string_sql(text, statement, made, harms);
  const auto add_group = [&](const text::Pattern& pattern, std::size_t group) {
    each_match(pattern, text.code, [&](const text::Match& match) {
      if (const auto& found = match.groups[group]; found && statement.matches(*found))
        add_sql(*found, line_of(text.code, static_cast<std::size_t>(found->data() - text.code.data())), made, harms);
    });
  };
  if (syntax == MigrationSyntax::ruby || syntax == MigrationSyntax::braces) add_group(heredoc, 2);
  if (syntax == MigrationSyntax::xml) add_group(element, 1);
  if (syntax == MigrationSyntax::yaml) add_group(yaml_value, 1);
}

/// Change sets of Liquibase: a table dropped in JSON, whose keys are strings, and deletes that name no rows.
void add_change_sets(const MigrationText& text, MigrationSyntax syntax, Harms& harms) {
  static const text::Pattern json(
      R"x("(?:dropTable|dropAllForeignKeyConstraints|dropSchema)"\s*:|"delete"\s*:\s*\{(?![^{}]*"where)[^{}]*\})x");
  static const text::Pattern yaml(
      R"((?m)^([ \t]*)(?:-[ \t]+)?delete[ \t]*:[ \t]*\n(?!(?:\1[ \t]+.*\n)*\1[ \t]+where\b)\1[ \t]+.*)");
  static const text::Pattern xml(
      R"((?s)<(?:\w+:)?delete\b[^>]*/>|<(?:\w+:)?delete\b[^>]*>(?!.{0,2000}?<(?:\w+:)?where)(?:(?!</).)*</)");
  const auto& pattern = syntax == MigrationSyntax::json ? json : syntax == MigrationSyntax::yaml ? yaml : xml;
  each_match(pattern, text.code, [&](const text::Match& match) {
    const auto what = std::string_view(text.code).substr(match.begin, match.end - match.begin);
    harms.push_back({SqlHarm::destructive, shortened(what, 60), line_of(text.code, match.begin)});
  });
}

/// The tables that the calls of a text create, each with its place.
std::map<std::string, std::size_t> created_by_calls(const MigrationText& text) {
  std::map<std::string, std::size_t> created;
  each_match(creating_calls(), text.bare, [&](const text::Match& match) {
    auto name = may_stand_already(text.code, match.end - 1) ? std::string() : named_table(text.code, match.end - 1);
    if (!name.empty()) created.emplace(std::move(name), match.begin);
  });
  return created;
}

/// `from(c in "carts", where: c.stale) |> Repo.delete_all()`: the statement of Ecto's call says which rows go.
bool says_which(std::string_view code, const text::Match& match) {
  if (!code.substr(match.begin, match.end - match.begin).ends_with("Repo.delete_all")) return false;
  const auto line_begin = [&](std::size_t at) { return at == 0 ? 0 : code.rfind('\n', at - 1) + 1; };
  auto begin = line_begin(match.begin);
  while (begin > 0 && text::trimmed(code.substr(begin)).starts_with("|>")) begin = line_begin(begin - 1);
  auto end = match.end;
  for (int open = 0; end < code.size() && (open > 0 || code[end] != '\n'); ++end)
    open += code[end] == '(' ? 1 : code[end] == ')' ? -1 : 0;
  static const text::Pattern condition(R"(\bwhere\b\s*[:(])");
  return condition.matches(code.substr(begin, end - begin));
}

Harms program_harms(const MigrationText& text, MigrationSyntax syntax, const Made& made) {
  Harms harms;
  const auto own = created_by_calls(text);
  const auto is_made = [&](const std::string& name, std::size_t at) {
    const auto found = own.find(name);
    return made.count(name) != 0 || (found != own.end() && found->second < at);
  };
  const auto add_calls = [&](const text::Pattern& calls, SqlHarm harm) {
    each_match(calls, text.bare, [&](const text::Match& match) {
      auto name = named_table(text.code, match.end - 1);
      if (is_made(name, match.begin) || says_which(text.bare, match)) return;
      const auto end = std::min(text.code.find('\n', match.begin), text.code.size());
      harms.push_back({harm, shortened(std::string_view(text.code).substr(match.begin, end - match.begin), 60),
                       line_of(text.code, match.begin)});
      const bool drops = text::ascii_lower(*match.groups[0]).find("drop") != std::string::npos;
      if (drops && harm == SqlHarm::destructive) harms.back().table = std::move(name);
    });
  };
  add_calls(destructive_calls(), SqlHarm::destructive);
  add_calls(emptying_calls(), SqlHarm::destructive);
  add_calls(narrowing_calls(), SqlHarm::narrowing);
  add_embedded_sql(text, syntax, made, harms);
  if (syntax == MigrationSyntax::json || syntax == MigrationSyntax::yaml || syntax == MigrationSyntax::xml)
    add_change_sets(text, syntax, harms);
  return harms;
}

Harms harms_of(const FileChange& file, std::string_view text, const Made& made) {
  const auto syntax = migration_syntax(file.path());
  const auto up = read_migration(text, syntax);
  if (syntax != MigrationSyntax::sql) return program_harms(up, syntax, made);
  Harms harms;
  add_sql(up.code, 1, made, harms);
  return harms;
}

Made created_by(const FileChange& file, std::string_view text) {
  const auto syntax = migration_syntax(file.path());
  const auto up = read_migration(text, syntax);
  if (syntax == MigrationSyntax::sql) return document::sql_created(up.code);
  Made made;
  for (const auto& [name, place] : created_by_calls(up)) made.insert(name);
  return made;
}

/// Migrations run in the order of their numbers: `V9__x` before `V10__y`.
bool runs_before(std::string_view a, std::string_view b) {
  const auto digits = [](std::string_view text, std::size_t at) {
    auto end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return text.substr(at, end - at);
  };
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    auto left = digits(a, i), right = digits(b, j);
    if (left.empty() || right.empty()) {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
      continue;
    }
    i += left.size(), j += right.size();
    left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
    right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
    if (left != right) return left.size() != right.size() ? left.size() < right.size() : left < right;
  }
  return a.size() < b.size();
}

/// A program in a folder of migrations may convert settings or sources: only one that speaks to a database counts.
bool speaks_to_database(const FileChange& file, std::string_view text) {
  if (migration_syntax(file.path()) == MigrationSyntax::sql) return true;
  if (migration_syntax(file.path()) == MigrationSyntax::json)
    return text.find("databaseChangeLog") != std::string_view::npos;
  static const text::Pattern words(
      R"((?i)\b(?:knex|pgm|queryInterface|queryRunner|qi|sequelize|typeorm|Schema::|Blueprint|migrationBuilder|ActiveRecord|Ecto\.Migration|databaseChangeLog|changeSet|sql|db|database|collection|mongoose|create_?table\w*|drop_?table\w*|alter_?table\w*|add_?column|drop_?column|alembic|sqlalchemy|op\.|migrations\.Migration|AbstractMigration|FluentMigrator|Exposed|CREATE\s+TABLE|ALTER\s+TABLE|DROP\s+TABLE|execute)\b)");
  return words.matches(text);
}

void migration_facts(FileChange& file, std::vector<Fact>& facts) {
  const auto& delta = file.delta();
  if (delta.mode_only()) return;
  const bool edited = delta.before && delta.after;
  if (edited && same_migration(file.before_text(), file.after_text(), file.path())) return;
  Fact fact;
  fact.kind = delta.added() ? "migration-added" : delta.removed() ? "migration-removed" : "migration-edited";
  fact.path = file.path();
  fact.subject = "migration";
  fact.line = delta.after ? 1 : 0;
  fact.attributes["direction"] = is_down_file(file.path()) ? "down" : "up";
  facts.push_back(std::move(fact));
}

/// What the file did before, or one of the same name that goes away: a tool that runs migrations knows them by it.
Harms earlier_harms(FileChange& file, const std::vector<FileChange*>& files, const Made& made) {
  auto harms = harms_of(file, file.before_text(), made);
  if (!file.delta().added()) return harms;
  for (auto* const other : files) {
    const bool moved = other->delta().removed() && text::base_name(other->path()) == text::base_name(file.path());
    if (!moved || !other->unreadable(other->kinds()).empty() || other->binary()) continue;
    auto more = harms_of(*other, other->before_text(), made);
    harms.insert(harms.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return harms;
}

/// The same statement, or the same table dropped in other words.
bool loses_the_same(const Harm& a, const Harm& b) {
  return a.what == b.what || (!a.table.empty() && a.table == b.table);
}

void harm_facts(FileChange& file, const std::vector<FileChange*>& files, bool migration, const Made& made,
                std::vector<Fact>& facts) {
  if (!file.delta().after || is_down_file(file.path())) return;
  const auto before = earlier_harms(file, files, made);
  for (const auto& harm : harms_of(file, file.after_text(), made)) {
    const bool known =
        std::any_of(before.begin(), before.end(), [&](const Harm& old) { return loses_the_same(old, harm); });
    if (known) continue;
    Fact fact;
    fact.kind = harm.harm == SqlHarm::destructive ? "sql-destructive" : "sql-narrowing";
    fact.path = file.path();
    fact.line = file.source_line(harm.line);
    fact.subject = harm.what;
    fact.after = harm.what;
    fact.target.system = "database";
    fact.attributes["statement"] = harm.what;
    fact.attributes["dynamic"] = harm.dynamic ? "true" : "false";
    fact.attributes["migration"] = migration ? "true" : "false";
    facts.push_back(std::move(fact));
  }
}

}  // namespace

void database_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  const auto migration = kinds.index("migration"), sql = kinds.index("sql");
  if (!migration || !sql) return;
  std::vector<FileChange*> files;
  for (auto& file : change.files()) {
    const bool change_sets = file.kinds()[*migration] && migration_syntax(file.path()) == MigrationSyntax::yaml;
    files.push_back(change_sets ? &file.by_line() : &file);
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const auto* a, const auto* b) { return runs_before(a->path(), b->path()); });
  Made made;
  for (auto* const file : files) {
    const bool in_place = file->kinds()[*migration];
    if (!in_place && !file->kinds()[*sql]) continue;
    if (!file->unreadable(file->kinds()).empty() || file->binary()) continue;
    const bool is_migration =
        in_place || says_it_migrates(file->delta().after ? file->after_text() : file->before_text());
    if (is_migration && !speaks_to_database(*file, file->delta().after ? file->after_text() : file->before_text()))
      continue;
    if (is_migration) migration_facts(*file, facts);
    harm_facts(*file, files, is_migration, made, facts);
    if (is_migration && file->delta().added() && !is_down_file(file->path()))
      made.merge(created_by(*file, file->after_text()));
  }
}

}  // namespace tollbar::rule
