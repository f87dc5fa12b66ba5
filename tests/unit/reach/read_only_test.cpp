#include "reach/read_only.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace tollbar;

namespace {

bool reads(std::string_view script) {
  const auto command = document::parse_shell(script).commands.back();
  std::vector<std::string> words;
  for (const auto& word : command.argv) words.push_back(word.text);
  return reach::only_queries(command, words);
}

}  // namespace

TEST_CASE("queries only read") {
  CHECK(reads("psql \"$PROD\" -Atc 'select count(*) from orders'"));
  CHECK(reads("psql -c 'SELECT 1; SHOW all'"));
  CHECK(reads("mysql -h db --execute='show tables'"));
  CHECK(reads("psql \"$PROD\" <<SQL\nSELECT relname FROM pg_class;\nSQL\n"));
  CHECK(reads("mongosh \"$URL\" --eval 'db.orders.countDocuments()'"));
}

TEST_CASE("what may write is no query") {
  CHECK(!reads("psql \"$PROD\""));
  CHECK(!reads("psql -f report.sql"));
  CHECK(!reads("psql -c 'select 1; delete from orders'"));
  CHECK(!reads("psql -c 'with gone as (delete from orders returning 1) select * from gone'"));
  CHECK(!reads("psql -c 'select pg_terminate_backend(1)'"));
  CHECK(!reads("psql -c 'select * into copy from orders'"));
  CHECK(!reads("psql -c \"$STATEMENT\""));
  CHECK(!reads("mongosh --eval 'db.orders.deleteMany({})'"));
  CHECK(!reads("redis-cli get x"));
}
