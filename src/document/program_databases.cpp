// A table of calls by library, and the statements that are handed to a server.
#include "document/program_databases.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using text::each_match;

constexpr auto nowhere = std::string_view::npos;

/// A call that loses all of something, whichever database the program speaks to.
struct Loss {
  const text::Pattern* library;  ///< in the text
  text::Pattern call;            ///< in its code; group 1, where there is one, is what is lost
  std::string_view statement;
};

const std::array<Loss, 15>& losses() {
  static const text::Pattern rails(
      R"(\bActiveRecord\b|\bRails\b|\bSequel\b|\b(?:delete|destroy)_all\b|=>\s*:?environment\b|:\s*:environment\b|\[:environment\]|=>\s*\[:environment)");
  static const text::Pattern alchemy(
      R"(\bpeewee\b|\bsqlalchemy\b|\bSQLAlchemy\b|\bSQLModel\b|\bimport\s[^\n]*\b(?:db|Base)\b)");
  static const text::Pattern django(R"(\bdjango\b|\.objects\b)");
  static const text::Pattern laravel(R"(\bIlluminate\b|\bApp\\Models\b|\bApp\\Console\b)");
  static const text::Pattern prisma(R"(@prisma/client|\bPrismaClient\b)");
  static const text::Pattern sequelize(R"(["']sequelize["']|\bSequelize\b)");
  static const text::Pattern typeorm(R"(["']typeorm["'])");
  static const text::Pattern knex(R"(\bknex\b)");
  static const std::array<Loss, 15> table = {{
      {&rails,
       text::Pattern(
           R"((?<![\w:.])((?:[A-Z]\w*::)*[A-Z]\w*)\s*\.\s*(?:(?:unscoped|all)\s*\.\s*)?(?:delete_all|destroy_all|in_batches\s*\.\s*(?:delete|destroy)_all)\b(?!\s*\(\s*\S))"),
       "DELETE FROM "},
      {&rails,
       text::Pattern(
           R"((?:\.\s*(?:drop_table|drop_join_table|truncate_tables)|\b(?:connection|conn)\s*\.\s*truncate)\b(?=\s*[(*:"'\w]))"),
       "DROP TABLE "},
      {&rails, text::Pattern(R"(\.\s*(?:drop_database|drop_schema)\b)"), "DROP DATABASE "},
      {&rails, text::Pattern(R"(\bDatabaseTasks\s*\.\s*(?:drop|purge|truncate)\w*)"), "DROP DATABASE "},
      {&alchemy, text::Pattern(R"(\b(?:\w+\s*\.\s*)?(?:db|metadata)\s*\.\s*drop_all\s*\(|\.\s*drop_tables\s*\()"),
       "DROP TABLE "},
      {&django, text::Pattern(R"(\b(\w+)\s*\.\s*objects\s*\.\s*(?:all\s*\(\s*\)\s*\.\s*)?(?:_raw_)?delete\s*\()"),
       "DELETE FROM "},
      {&laravel, text::Pattern(R"(\b([A-Z]\w*)::(?:query\(\)->)?(?:truncate|delete|forceDelete)\s*\(\s*\))"),
       "DELETE FROM "},
      {&laravel, text::Pattern(R"(\bDB::table\s*\([^()]*\)\s*->\s*(?:truncate|delete)\s*\(\s*\))"), "DELETE FROM "},
      {&prisma, text::Pattern(R"(\.\s*(\w+)\s*\.\s*deleteMany\s*\(\s*(?:\{\s*\}\s*)?\))"), "DELETE FROM "},
      {&sequelize, text::Pattern(R"(\b(\w+)\s*\.\s*(?:destroy\s*\(\s*\{[^{}]*\btruncate\s*:\s*true|truncate\s*\())"),
       "DELETE FROM "},
      {&sequelize,
       text::Pattern(R"(\b\w+\s*\.\s*(?:drop\s*\(\s*(?:\{[^{}]*\})?\s*\)|sync\s*\(\s*\{[^{}]*\bforce\s*:\s*true))"),
       "DROP TABLE "},
      {&typeorm, text::Pattern(R"(\.\s*(?:dropDatabase\s*\(|synchronize\s*\(\s*true\b))"), "DROP DATABASE "},
      {&typeorm, text::Pattern(R"(\bgetRepository\s*\(\s*(\w+)\s*\)\s*\.\s*clear\s*\()"), "DELETE FROM "},
      {&knex, text::Pattern(R"(\.\s*schema\s*\.\s*(?:dropTable|dropTableIfExists|dropSchema\w*)\s*\()"), "DROP TABLE "},
      {&knex, text::Pattern(R"(\b(?:knex|db|trx)\s*\(\s*["'][^"'()]*["']\s*\)\s*\.\s*(?:del|delete|truncate)\s*\()"),
       "DELETE FROM "},
  }};
  return table;
}

/// Stores that are no tables.
struct OtherLoss {
  text::Pattern library, call;
  std::vector<std::string> words;
};

const std::array<OtherLoss, 3>& other_losses() {
  static const std::array<OtherLoss, 3> table = {{
      {text::Pattern(R"(\bMongoid\b)"),
       text::Pattern(R"(\bMongoid\s*\.\s*(?:purge|truncate)!)"),
       {"mongosh", "--service", "of the program", "--eval", "db.dropDatabase()"}},
      {text::Pattern(R"(\bpymongo\b|["'](?:mongodb|mongoose)["'])"),
       text::Pattern(
           R"(\bcollection\s*\([^()\n]*\)\s*\.\s*(?:drop\s*\(|deleteMany\s*\(\s*\{\s*\}\s*\))|\.\s*(?:delete_many|deleteMany)\s*\(\s*(?:\{\s*\}\s*)?\)|\]\s*\.\s*drop\s*\(\s*\)|\.\s*(?:drop_collection|dropCollection)\s*\()"),
       {"mongosh", "--service", "of the program", "--eval", "db.collection.deleteMany({})"}},
      {text::Pattern(R"(\belasticsearch\b|\bopensearch\w*\b)"),
       text::Pattern(R"(\.\s*indices\s*\.\s*delete(?:_index)?\s*\(|\bindices\.delete\b)"),
       {"curl", "-X", "DELETE", "http://elasticsearch:9200/index-of-the-program"}},
  }};
  return table;
}

class Finder {
 public:
  Finder(std::string_view text, const ProgramText& program) : text_(text), bare_(program.bare), program_(program) {}

  std::vector<ClientCall> find() {
    static const text::Pattern own(R"((?i)\bsqlite|:memory:|\blocalhost\b|127\.0\.0\.1)");
    if (own.matches(text_)) return {};
    for (const auto& loss : losses()) {
      if (!loss.library->matches(text_)) continue;
      each_match(loss.call, bare_, [&](const text::Match& match) {
        const bool named = match.groups.size() > 1 && match.groups[1];
        add(match.begin, std::string(loss.statement) + (named ? std::string(*match.groups[1]) : "every"), false);
      });
    }
    for (const auto& loss : other_losses())
      if (loss.library.matches(text_))
        each_match(loss.call, bare_, [&](const text::Match& match) {
          calls_.push_back({match.begin, loss.words, where(match.begin)});
        });
    find_tasks();
    find_statements();
    return std::move(calls_);
  }

 private:
  void add(std::size_t at, const std::string& statement, bool address) {
    if (address)
      calls_.push_back({at, {"psql", "${DATABASE_URL}", "-c", statement}, where(at)});
    else
      calls_.push_back({at, {"psql", "--service", "of the program", "-c", statement}, where(at)});
  }

  /// Tasks of frameworks that a program starts by their names.
  void find_tasks() {
    static const text::Pattern task(
        R"(\bRake::Task\s*\[\s*(?=["'])|\bcall_command\s*\(\s*(?=["'])|\bArtisan::call\s*\(\s*(?=["'])|\bcommand\s*\.\s*downgrade\s*\((?:[^()]|\([^()]*\))*,\s*(?=["']))");
    static const text::Pattern loses(
        R"(^(?:db:(?:drop|reset|purge|schema:load|truncate_all|migrate:reset|wipe)\b|flush$|reset_db$|sqlflush$|base$|migrate:(?:fresh|reset|refresh)\b))");
    each_match(task, bare_, [&](const text::Match& match) {
      const auto* string = program_.string_at(match.end);
      if (string != nullptr && loses.matches(shell_text(text_, *string)))
        add(match.begin, "DROP DATABASE by " + shell_text(text_, *string), false);
    });
  }

  /// Statements that a client of a server sends: `cur.execute("UPDATE ...")`, `sql`...``, `execute <<~SQL`.
  void find_statements() {
    static const text::Pattern server(
        R"(\b(?:psycopg\w*|asyncpg|pg8000|MySQLdb|pymysql|mysql\.connector|mysql2|pyodbc|oracledb|cx_Oracle|snowflake|sqlalchemy|ActiveRecord|PG\.connect|Mysql2|Sequel|django\.db|PrismaClient|knex|PDO|mysqli|database/sql|pgx|lib/pq)\b|["'](?:pg|postgres|mysql|mssql|mariadb|sequelize|typeorm|drizzle-orm\S*|slonik|@vercel/postgres|@neondatabase/serverless|@planetscale/database)["'])");
    static const text::Pattern call(
        R"((?<=[\w)])\s*(?:\.|->)\s*(?:Exec(?:Context\s*\(\s*\w+\s*,)?|execute|exec|query|executescript|exec_query|exec_update|select_all|run|raw|unsafe|\$(?:execute|query)Raw(?:Unsafe)?)\s*\(?\s*(?:(?:Prisma\s*\.\s*)?sql\s*(?=`)|(?:text|sql\s*\.\s*raw|raw)\s*\(\s*)?(?:sa\s*\.\s*text\s*\(\s*)?[frb]?(?=["'`])|\b(?:await|return|=)\s+\w*sql\s*(?=`))");
    static const text::Pattern document(
        R"((?<=[\w)])\s*\.\s*(?:execute|exec_query|exec_update|query|run)\s*\(?\s*<<[~-]?["']?([A-Za-z_]\w*)["']?[^\n]*\n)");
    static const text::Pattern address(
        R"((?i)(?:environ\b|getenv|process\.env|ENV\s*[\[.])[^\n]{0,20}(?:url|dsn|uri|host)|postgres(?:ql)?://|mysql://|\bhost\s*[=:])");
    if (!server.matches(text_)) return;
    const bool given = address.matches(text_);
    each_match(call, bare_, [&](const text::Match& match) {
      if (const auto* string = program_.string_at(match.end))
        add_statement(match.begin, shell_text(text_, *string), given);
    });
    each_match(document, text_, [&](const text::Match& match) {
      if (bare_[match.begin] != text_[match.begin]) return;
      const text::Pattern end("(?m)^[ \\t]*" + std::string(*match.groups[1]) + "\\b");
      if (const auto found = end.find(text_, match.end))
        add_statement(match.begin, std::string(text::trimmed(text_.substr(match.end, found->begin - match.end))),
                      given);
    });
  }

  void add_statement(std::size_t at, const std::string& statement, bool given) {
    static const text::Pattern writes(
        R"((?i)^\s*(?:INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|DROP\s|TRUNCATE\s|ALTER\s|GRANT\s|REVOKE\s))");
    if (writes.matches(statement)) add(at, statement, given);
  }

  /// The tasks and namespaces of Rake that a call stands in, and `development` behind a guard against production.
  std::string where(std::size_t at) const {
    static const text::Pattern block(R"(^[ \t]*(?:namespace|task|desc)[ \t(]+[:"']?([\w-]+))");
    static const text::Pattern made_up(R"((?i)seed|fake|populate|fixture|cucumber|cypress|r?spec\b)");
    static const text::Pattern guard(
        R"((?m)^[ \t]*(?:(?:raise|abort|exit|return|next|fail)\b[^\n]*\b(?:if\b[^\n]*\.production\?|unless\b[^\n]*\.(?:test|development|local)\?)|(?:if|unless)\b[^\n]*\.production\?[^\n]*\n[ \t]*(?:raise|abort|exit|return|next|fail|puts)\b))");
    std::string found;
    std::size_t width = nowhere;
    for (auto end = at; end != nowhere && width != 0;) {
      const auto newline = end == 0 ? nowhere : text_.rfind('\n', end - 1);
      const auto begin = newline == nowhere ? 0 : newline + 1;
      const auto line = text_.substr(begin, std::min(text_.find('\n', begin), text_.size()) - begin);
      const auto indent = line.find_first_not_of(" \t");
      if (indent != nowhere && indent < width) {
        if (const auto match = block.find(line)) {
          found.append(" ").append(*match->groups[1]);
          if (made_up.matches(*match->groups[1])) found += " sample";
        }
        width = indent;
      }
      end = newline;
    }
    if (guard.matches(bare_.substr(0, at))) found += " development";
    return found;
  }

  std::string_view text_, bare_;
  const ProgramText& program_;
  std::vector<ClientCall> calls_;
};

}  // namespace

std::vector<ClientCall> database_calls(std::string_view text, const ProgramText& program) {
  return Finder(text, program).find();
}

}  // namespace tollbar::document
