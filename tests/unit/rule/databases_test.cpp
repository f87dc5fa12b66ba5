// What of a migration counts: names of files that undo, and texts without comments, strings and the way down.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "rule/checks/migration_text.h"

using namespace tollbar::rule;

namespace {

bool keeps(std::string_view text, std::string_view word, MigrationSyntax syntax) {
  return read_migration(text, syntax).bare.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("a file undoes by its name") {
  CHECK(is_down_file("migrations/0001_init.down.sql"));
  CHECK(is_down_file("migrations/2024-01-01_init/down.sql"));
  CHECK(is_down_file("sql/U2__init.sql"));
  CHECK(is_down_file("revert/init.sql"));
  CHECK_FALSE(is_down_file("migrations/0001_init.up.sql"));
  CHECK_FALSE(is_down_file("sql/V3__rollback.sql"));
  CHECK_FALSE(is_down_file("migrations/0002_revert_prices.sql"));
  CHECK_FALSE(is_down_file("migrations/0002_shutdown.sql"));
}

TEST_CASE("the way down is left out of functions in braces") {
  const auto braces = MigrationSyntax::braces;
  CHECK_FALSE(keeps("exports.up = (k) => k.schema.createTable('a');\nexports.down = (k) => k.schema.dropTable('a');\n",
                    "dropTable", braces));
  CHECK_FALSE(keeps("public function down(): void\n{\n  if (x) { y(); }\n  Schema::drop('a');\n}\n", "drop(", braces));
  CHECK_FALSE(keeps("module.exports = {\n  up: (q) => q.createTable('a'),\n  down: (q, S) => q.dropTable('a'),\n};\n",
                    "dropTable", braces));
  CHECK_FALSE(
      keeps("export async function down({ context: q }) {\n  await q.dropTable('a');\n}\n", "dropTable", braces));
  CHECK_FALSE(
      keeps("protected override void Down(MigrationBuilder b)\n{\n  b.DropTable(\"a\");\n}\n", "DropTable", braces));
}

TEST_CASE("the way up stays behind a way down") {
  const auto braces = MigrationSyntax::braces;
  CHECK(keeps("exports.down = (k) => k.schema.createTable('a')\nexports.up = (k) => k.schema.dropTable('a')\n",
              "dropTable", braces));
  CHECK(keeps("class A {\n  down() { return 1; }\n  up(q) { q.dropTable('a'); }\n}\n", "dropTable", braces));
  CHECK(keeps("async up(q) {\n  await q.dropTable('a');\n}\nasync down(q) {}\n", "dropTable", braces));
  CHECK(keeps("exports.up = (k) => { const down = '}'; k.schema.dropTable('a'); };\n", "dropTable", braces));
}

TEST_CASE("bodies of Python, Ruby and Elixir end with their indentation") {
  CHECK_FALSE(keeps("def upgrade():\n    pass\n\ndef downgrade():\n\n    op.drop_table('a')\n", "drop_table",
                    MigrationSyntax::python));
  CHECK(keeps("def downgrade():\n    pass\n\ndef upgrade():\n    op.drop_table('a')\n", "drop_table",
              MigrationSyntax::python));
  CHECK_FALSE(keeps("  def self.down\n    drop_table :a\n  end\n", "drop_table", MigrationSyntax::ruby));
  CHECK(keeps("  def down\n    create_table :a\n  end\n  def up\n    drop_table :a\n  end\n", "drop_table",
              MigrationSyntax::ruby));
  CHECK_FALSE(keeps("  def down, do: drop(table(:a))\n", "drop", MigrationSyntax::ruby));
}

TEST_CASE("statements name their own undoing") {
  const auto strings = [](std::string_view text) {
    return read_migration(text, MigrationSyntax::python).strings.size();
  };
  CHECK(strings("migrations.RunSQL('CREATE TABLE a (b int)', 'DROP TABLE a')") == 1);
  CHECK(strings("migrations.RunSQL('CREATE TABLE a (b int)', reverse_sql='DROP TABLE a')") == 1);
  CHECK(strings("migrations.RunSQL('SELECT 1', hints='b')") == 2);
}

TEST_CASE("what Django is only told about its models does nothing to the database") {
  const auto python = MigrationSyntax::python;
  const std::string_view list = "state_operations = [\n    migrations.DeleteModel(name='A'),\n]\n";
  const auto with = [&](std::string_view rest) { return std::string(list) + std::string(rest); };
  CHECK_FALSE(keeps(with("operations = [migrations.SeparateDatabaseAndState(state_operations=state_operations)]\n"),
                    "DeleteModel", python));
  CHECK_FALSE(keeps("operations = [m.SeparateDatabaseAndState(state_operations=[m.DeleteModel('A')])]\n", "DeleteModel",
                    python));
  CHECK(
      keeps("operations = [m.SeparateDatabaseAndState(\n    database_operations=[m.DeleteModel('A')],\n"
            "    state_operations=[],\n)]\n",
            "DeleteModel", python));
  CHECK(keeps(with("operations = state_operations  # or SeparateDatabaseAndState()\n"), "DeleteModel", python));
  CHECK(keeps(with("operations = [\n    m.SeparateDatabaseAndState(state_operations=[]),\n    *state_operations,\n]\n"),
              "DeleteModel", python));
}

TEST_CASE("comments and strings decide nothing") {
  CHECK_FALSE(keeps("// q.dropTable('a')\n/* dropTable */ const s = \"dropTable\"; const t = `dropTable`;\n",
                    "dropTable", MigrationSyntax::braces));
  CHECK_FALSE(keeps("# drop_table\nx = \"\"\"\ndrop_table\n\"\"\"\n", "drop_table", MigrationSyntax::python));
  CHECK_FALSE(keeps("<!-- <dropTable tableName=\"a\"/> -->", "dropTable", MigrationSyntax::xml));
  CHECK(keeps("const s = 'it\\'s'; q.dropTable('a');", "dropTable", MigrationSyntax::braces));
}

TEST_CASE("rollbacks of Liquibase are left out") {
  CHECK_FALSE(keeps("<changeSet><createTable/><rollback><dropTable tableName=\"a\"/></rollback></changeSet>",
                    "dropTable", MigrationSyntax::xml));
  CHECK(keeps("<rollback/><dropTable tableName=\"a\"/>", "dropTable", MigrationSyntax::xml));
  CHECK_FALSE(
      keeps("      rollback:\n        - dropTable:\n            tableName: a\n", "dropTable", MigrationSyntax::yaml));
}

TEST_CASE("sections of SQL count only where the same tool opens them") {
  const auto sql = MigrationSyntax::sql;
  CHECK_FALSE(keeps("-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE a;\n", "DROP", sql));
  CHECK_FALSE(keeps("-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE a;\n", "DROP", sql));
  CHECK(keeps("-- +goose Down\nDROP TABLE a;\n", "DROP", sql));
  CHECK(keeps("-- +goose Up\nSELECT 1;\n-- migrate:down\nDROP TABLE a;\n", "DROP", sql));
  CHECK(keeps("--rollback DROP TABLE b;\nDROP TABLE a;\n", "DROP TABLE a", sql));
}

TEST_CASE("unfinished texts end quietly and keep their length") {
  for (const std::string text :
       {"exports.down = (", "'", "\"\"\"", "/*", "def down", "down({", "RunSQL('a',", "<rollback>", "\\", "'\\"})
    for (const auto syntax : {MigrationSyntax::sql, MigrationSyntax::braces, MigrationSyntax::python,
                              MigrationSyntax::ruby, MigrationSyntax::xml, MigrationSyntax::yaml}) {
      const auto read = read_migration(text, syntax);
      CHECK(read.code.size() == text.size());
      CHECK(read.bare.size() == text.size());
    }
}
