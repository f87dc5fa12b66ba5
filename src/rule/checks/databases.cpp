// Facts about databases: migrations, and destructive statements on the way up.
#include <algorithm>
#include <optional>

#include "document/sql.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using document::SqlFinding;
using document::SqlHarm;

/// The file, by its name, only undoes.
bool is_down_file(std::string_view path) {
  static const text::Pattern down(R"((?i)(?:^|[/._-])(?:down|undo|rollback|revert)(?:[/._-]|$)|/U\d[\w.]*__[^/]*\.sql$)");
  const auto folded = text::fold_path(path);
  static const text::Pattern up(R"((?i)(?:^|[/._-])up\.)");
  const auto name = folded.substr(folded.rfind('/') == std::string::npos ? 0 : folded.rfind('/'));
  return down.matches(name) && !up.matches(name);
}

/// What starts the way down in a file that holds both: a marker of a migration tool, or the function that undoes.
const text::Pattern& down_starts() {
  static const text::Pattern pattern(
      R"((?im)^\s*--\s*(?:\+goose\s+down|\+migrate\s+down|migrate:down|!downs|rollback\b|down\b|undo\b|//@undo)|^\s*(?:(?:async\s+)?def\s+(?:down|downgrade|reverse\w*)\b|def\s+(?:self\.)?down\b|(?:export\s+)?(?:async\s+)?(?:const\s+|function\s+)?down\s*[=(:]|exports\.down\b|module\.exports\.down\b|(?:public|protected)?\s*(?:async\s+)?(?:function\s+)?down\s*\(|(?:public\s+)?(?:override\s+)?void\s+Down\s*\())");
  return pattern;
}

const text::Pattern& up_starts() {
  static const text::Pattern pattern(
      R"((?im)^\s*--\s*(?:\+goose\s+up|\+migrate\s+up|migrate:up|!ups|up\b)|^\s*(?:(?:async\s+)?def\s+(?:up|upgrade|change)\b|def\s+(?:self\.)?up\b|(?:export\s+)?(?:async\s+)?(?:const\s+|function\s+)?up\s*[=(:]|exports\.up\b|module\.exports\.up\b|(?:public|protected)?\s*(?:async\s+)?(?:function\s+)?up\s*\(|(?:public\s+)?(?:override\s+)?void\s+Up\s*\())");
  return pattern;
}

/// The text with everything on the way down blanked out, line numbers kept.
std::string way_up(std::string_view text) {
  std::string result(text);
  std::size_t from = 0;
  while (const auto down = down_starts().find(text, from)) {
    const auto up = up_starts().find(text, down->end);
    const auto end = up ? up->begin : text.size();
    for (auto i = down->begin; i < end; ++i)
      if (result[i] != '\n') result[i] = ' ';
    from = end;
    if (!up) break;
  }
  return result;
}

struct Harm {
  SqlHarm harm;
  std::string what;
  std::uint32_t line = 0;
  bool dynamic = false;
};

std::uint32_t line_of(std::string_view text, std::size_t at) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
}

/// `#`, `//` and docstring comments of the languages that migrations are written in, blanked out; `--` is left to the SQL lexer.
std::string without_comments(std::string_view text) {
  static const text::Pattern comment(R"((?m)^\s*(?:#|//|\*|/\*).*$)");
  std::string result(text);
  std::size_t from = 0;
  while (const auto match = comment.find(text, from)) {
    for (auto i = match->begin; i < match->end; ++i)
      if (result[i] != '\n') result[i] = ' ';
    from = std::max(match->end, match->begin + 1);
    if (from >= text.size()) break;
  }
  return result;
}

/// Calls of migration libraries that drop what holds data, and SQL inside strings.
void program_harms(std::string_view source, std::vector<Harm>& harms) {
  static const text::Pattern drop_table(
      R"((?:\b(?:drop_table|dropTable|dropTableIfExists|dropIfExists|DropTable|drop_schema|dropSchema|drop_all|dropAllTables|drop_database|dropDatabase|DeleteModel)\b\s*[(:'"\s]|\bdrop(?:_if_exists)?\s*\(?\s*table\s*\())");
  static const text::Pattern drop_column(
      R"(\b(?:drop_column|dropColumn|dropColumns|remove_column|remove_columns|removeColumn|RemoveField|DropColumn|rename_table|renameTable|RenameModel|rename_column|renameColumn|RenameField)\b)");
  static const text::Pattern sql(
      R"((?is)(["'`])(?:""|'')?\s*((?:DROP\s+(?:TABLE|DATABASE|SCHEMA|COLUMN)|TRUNCATE|DELETE\s+FROM|ALTER\s+TABLE)\b.*?)\1)");
  const auto code = without_comments(source);
  const auto each = [&](const text::Pattern& pattern, const auto& use) {
    std::size_t from = 0;
    while (const auto match = pattern.find(code, from)) {
      from = std::max(match->end, match->begin + 1);
      use(*match);
      if (from >= code.size()) break;
    }
  };
  const auto called = [&](const text::Match& match) {
    const auto end = code.find('\n', match.begin);
    return shortened(std::string_view(code).substr(match.begin, end == std::string::npos ? end : end - match.begin), 60);
  };
  each(drop_table, [&](const text::Match& match) {
    harms.push_back({SqlHarm::destructive, called(match), line_of(code, match.begin)});
  });
  each(drop_column, [&](const text::Match& match) {
    harms.push_back({SqlHarm::narrowing, called(match), line_of(code, match.begin)});
  });
  each(sql, [&](const text::Match& match) {
    for (const auto& harm : document::sql_harms(*match.groups[2], line_of(code, match.begin)))
      if (harm.harm != SqlHarm::none) harms.push_back({harm.harm, harm.what, harm.line, harm.dynamic});
  });
}

std::vector<Harm> harms_of(const FileChange& file, std::string_view text) {
  std::vector<Harm> harms;
  const auto up = way_up(text);
  if (text::Glob("*.sql").matches(text::fold_path(file.path()))) {
    for (const auto& harm : document::sql_harms(up))
      if (harm.harm != SqlHarm::none) harms.push_back({harm.harm, harm.what, harm.line, harm.dynamic});
  } else {
    program_harms(up, harms);
  }
  return harms;
}

void migration_facts(FileChange& file, std::vector<Fact>& facts) {
  const auto& delta = file.delta();
  if (delta.mode_only()) return;
  Fact fact;
  fact.kind = delta.added() ? "migration-added" : delta.removed() ? "migration-removed" : "migration-edited";
  fact.path = file.path();
  fact.subject = "migration";
  fact.line = delta.after ? 1 : 0;
  fact.attributes["direction"] = is_down_file(file.path()) ? "down" : "up";
  facts.push_back(std::move(fact));
}

void harm_facts(FileChange& file, bool migration, std::vector<Fact>& facts) {
  if (!file.delta().after || is_down_file(file.path())) return;
  const auto before = harms_of(file, file.before_text());
  for (const auto& harm : harms_of(file, file.after_text())) {
    const bool known = std::any_of(before.begin(), before.end(), [&](const Harm& old) { return old.what == harm.what; });
    if (known) continue;
    Fact fact;
    fact.kind = harm.harm == SqlHarm::destructive ? "sql-destructive" : "sql-narrowing";
    fact.path = file.path();
    fact.line = harm.line;
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
  for (auto& file : change.files()) {
    const bool is_migration = file.kinds()[*migration];
    if (!is_migration && !file.kinds()[*sql]) continue;
    if (!file.unreadable(file.kinds()).empty() || file.binary()) continue;
    if (is_migration) migration_facts(file, facts);
    harm_facts(file, is_migration, facts);
  }
}

}  // namespace tollbar::rule
