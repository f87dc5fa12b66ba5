// SQL statements and the harm they do, with comments, strings and dialects in the way.
#include <doctest/doctest.h>

#include <string>

#include "document/sql.h"

using namespace tollbar::document;

namespace {

/// `!` destructive, `-` narrowing, `~` assembled in a string; separated by `; `.
std::string harms(std::string_view text) {
  std::string out;
  for (const SqlFinding& finding : sql_harms(text)) {
    if (!out.empty()) out += "; ";
    if (finding.dynamic) out += "~";
    out += (finding.harm == SqlHarm::destructive ? "!" : "-") + finding.what;
  }
  return out;
}

struct Case {
  const char *sql, *harms;
};

}  // namespace

TEST_CASE("what destroys") {
  const Case cases[] = {
      {"DROP TABLE users;", "!DROP TABLE USERS"},
      {"drop table if exists \"Users\" cascade", "!DROP TABLE Users"},
      {"DROP TABLE a, b", "!DROP TABLE A; !DROP TABLE B"},
      {"DROP DATABASE `prod`;", "!DROP DATABASE prod"},
      {"DROP SCHEMA public CASCADE", "!DROP SCHEMA PUBLIC"},
      {"TRUNCATE a, ONLY_B;", "!TRUNCATE A; !TRUNCATE ONLY_B"},
      {"TRUNCATE TABLE app.users RESTART IDENTITY", "!TRUNCATE APP.USERS"},
      {"DELETE FROM x;", "!DELETE FROM X"},
      {"DELETE FROM x WHERE true", "!DELETE FROM X"},
      {"DELETE FROM x WHERE (1=1);", "!DELETE FROM X"},
      {"UPDATE users SET admin = true;", "!UPDATE USERS"},
      {"DR/**/OP TABLE x", ""},
      {"DROP /* a /* b */ c */ TABLE x -- y", "!DROP TABLE X"},
      {"SELECT 'a;''b'; DROP TABLE [x];", "!DROP TABLE x"},
      {"WITH a AS (DELETE FROM x RETURNING *) SELECT * FROM a", "!DELETE FROM X"},
      {"EXPLAIN ANALYZE DELETE FROM x", "!DELETE FROM X"},
      {"/*!40000 DROP TABLE x */;", "!DROP TABLE X"},
      {"DO $$ BEGIN DROP TABLE x; END $$;", "!DROP TABLE X"},
      {"DO $do$ BEGIN EXECUTE format('DROP TABLE %I', t); END $do$", "~!DROP TABLE %"},
      {"EXECUTE 'TRUNCATE users'", "!TRUNCATE USERS"},
      {"EXECUTE IMMEDIATE ('TRUNCATE users')", "!TRUNCATE USERS"},
      {"EXEC sp_executesql N'DROP TABLE users'", "!DROP TABLE USERS"},
      {"EXECUTE 'TRUNCATE ' || 'TRUNCATE users'", "~!TRUNCATE USERS"},
      {"DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM x; END//\nDELIMITER ;\nSELECT 1;", "!DELETE FROM X"},
      {"DROP TABLE a\nGO\nDROP TABLE b\nGO 2\n", "!DROP TABLE A; !DROP TABLE B"},
      {"ALTER TABLE x DROP PARTITION p1", "!ALTER TABLE X DROP PARTITION"},
      {"CREATE TABLE IF NOT EXISTS x (a int); DROP TABLE x;", "!DROP TABLE X"},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.sql));
    CHECK(harms(c.sql) == c.harms);
  }
}

TEST_CASE("what narrows") {
  const Case cases[] = {
      {"ALTER TABLE a DROP COLUMN b, ADD COLUMN c int", "-ALTER TABLE A DROP B"},
      {"ALTER TABLE a RENAME TO b;", "-ALTER TABLE A RENAME"},
      {"ALTER TABLE a RENAME COLUMN b TO c;", "-ALTER TABLE A RENAME"},
      {"ALTER TABLE ONLY a DROP CONSTRAINT IF EXISTS k", "-ALTER TABLE A DROP K"},
      {"DROP INDEX CONCURRENTLY i", "-DROP INDEX I"},
      {"DROP VIEW IF EXISTS v", "-DROP VIEW V"},
      {"RENAME TABLE a TO b", "-RENAME TABLE A"},
      {"CREATE TABLE new_a (x int); INSERT INTO new_a SELECT x FROM a; DROP TABLE a; ALTER TABLE new_a RENAME TO a;",
       "-DROP TABLE A"},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.sql));
    CHECK(harms(c.sql) == c.harms);
  }
}

TEST_CASE("what is made anew at once is not taken away") {
  const Case cases[] = {
      {"ALTER TABLE a DROP CONSTRAINT k; ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES c (id)", ""},
      {"ALTER TABLE a DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (b > 0)", ""},
      {"DROP INDEX i; CREATE UNIQUE INDEX IF NOT EXISTS i ON a (b)", ""},
      {"ALTER TABLE a DROP CONSTRAINT k; ALTER TABLE a ADD CONSTRAINT l CHECK (b > 0)", "-ALTER TABLE A DROP K"},
      {"CREATE INDEX i ON a (b); DROP INDEX i", "-DROP INDEX I"},
      {"DROP TABLE a; CREATE TABLE a (b int)", "!DROP TABLE A"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.sql);
    CHECK(harms(c.sql) == c.harms);
  }
}

TEST_CASE("what is harmless") {
  for (const char* sql : {"-- DROP TABLE users\nSELECT 1",
                          "# DROP TABLE users\n",
                          "/* DROP TABLE x; */",
                          "SELECT 'DROP TABLE x'",
                          "SELECT E'it\\'s; DROP TABLE x'",
                          "INSERT INTO log VALUES ('don\\'t; DROP TABLE x')",
                          "DELETE FROM x WHERE id = 3",
                          "UPDATE x SET a = 1 WHERE b",
                          "DELETE FROM x USING y WHERE x.a = y.a",
                          "CREATE TEMP TABLE t (a int); DROP TABLE t;",
                          "DROP TEMPORARY TABLE t",
                          "CREATE TABLE t (a int); INSERT INTO t VALUES (1); DROP TABLE t",
                          "CREATE TEMPORARY TABLE IF NOT EXISTS t (a int); TRUNCATE t",
                          "DROP TABLE #scratch",
                          "SELECT TRUNCATE(1.5, 1)",
                          "SELECT \"drop table x\"",
                          "INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 1",
                          "SELECT 1 FOR UPDATE",
                          "ALTER TABLE a ALTER COLUMN b DROP NOT NULL_X WHERE 1",
                          "\\c production\n\\echo DROP TABLE x\nSELECT 1",
                          "COPY t FROM stdin;\nDROP TABLE x;\n1\t2\n\\.\nSELECT 1;",
                          "GRANT TRUNCATE, DELETE ON x TO y",
                          "CREATE TRIGGER t AFTER DELETE ON x",
                          "CREATE TABLE a (b int REFERENCES c ON DELETE CASCADE ON UPDATE SET NULL)",
                          "CREATE FUNCTION f() RETURNS void AS $$ BEGIN DROP TABLE x; END $$ LANGUAGE plpgsql",
                          "",
                          "'",
                          "$$",
                          "/*",
                          "[",
                          "\"",
                          ";;;"})
    CHECK_MESSAGE(harms(sql).empty(), std::string(sql) << " -> " << harms(sql));
}

TEST_CASE("statements, their tokens, strings and lines") {
  const std::vector<SqlStatement> statements = read_sql("select a,\n 1.5 from \"B\";\n\n-- c\nselect $x$it's$x$;", 5);
  REQUIRE(statements.size() == 2);
  CHECK(statements[0].tokens == std::vector<std::string>{"SELECT", "A", ",", "1.5", "FROM", "B"});
  CHECK(statements[0].line == 5);
  CHECK(statements[1].line == 9);
  CHECK(statements[1].strings == std::vector<std::string>{"it's"});
}
