#include "reach/read_only.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace tollbar;

namespace {

std::vector<std::string> words_of(const document::Command& command) {
  std::vector<std::string> words;
  for (const auto& word : command.argv) words.push_back(word.text);
  return words;
}

bool reads(std::string_view script) {
  const auto command = document::parse_shell(script).commands.back();
  return reach::only_queries(command, words_of(command));
}

bool downloads(std::string_view script) {
  return reach::only_downloads(words_of(document::parse_shell(script).commands.back()));
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

TEST_CASE("copies to this machine only read") {
  CHECK(downloads("aws s3 cp s3://quern/schema.json /tmp/schema.json"));
  CHECK(downloads("aws s3 sync --quiet s3://quern/docs docs"));
  CHECK(downloads("gsutil -m cp gs://quern/x ."));
  CHECK(downloads("gcloud storage cp gs://quern/x /tmp/x"));
  CHECK(downloads("scp ops@web1:/var/log/app.log ./app.log"));
  CHECK(downloads("rsync -a web1:/srv/data/ ./data/"));
}

TEST_CASE("copies to elsewhere, or to nobody knows where, write") {
  CHECK(!downloads("aws s3 cp dist.tgz s3://quern/"));
  CHECK(!downloads("aws s3 cp s3://quern/a s3://quern/b"));
  CHECK(!downloads("aws s3 cp s3://quern/a \"$TARGET\""));
  CHECK(!downloads("aws s3 mv s3://quern/a ."));
  CHECK(!downloads("aws s3 rm s3://quern/a"));
  CHECK(!downloads("gsutil rm gs://quern/a"));
  CHECK(!downloads("rsync -a ./data/ web1:/srv/data/"));
  CHECK(!downloads("scp a b"));
}
