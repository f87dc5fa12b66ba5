// What runs elsewhere, and where it runs.
#include "document/far_commands.h"

#include <doctest/doctest.h>

#include <string>

using tollbar::document::far_commands;
using tollbar::document::parse_shell;
using tollbar::document::standing_place;

namespace {

/// The far commands of all commands of a script, each with its place behind a bar.
std::string far_of(std::string_view script) {
  std::string all;
  for (const auto& command : parse_shell(script).commands)
    for (const auto& far : far_commands(command)) {
      all += (all.empty() ? "" : "; ") + far.text();
      for (const auto& assignment : far.assignments)
        if (assignment.name == standing_place) all += " | " + assignment.value.text;
    }
  return all;
}

}  // namespace

TEST_CASE("a host runs the words behind its name, joined and read anew") {
  CHECK(far_of("ssh -p 22 ops@db1 'dropdb -h x orders'") == "dropdb -h x orders | ssh -p 22 ops@db1");
  CHECK(far_of("ssh ops@db1 sudo rm -rf /srv") == "sudo rm -rf /srv | ssh ops@db1");
  CHECK(far_of("ssh db1 <<EOF\nuptime\ndropdb orders\nEOF") == "uptime | ssh db1; dropdb orders | ssh db1");
  CHECK(far_of("ssh db1 bash -s <<EOF\nuptime\nEOF") == "uptime | ssh db1");
}

TEST_CASE("a container runs words, a service a text behind an option") {
  CHECK(far_of("kubectl exec -n shop deploy/api -- env") == "env | kubectl exec -n shop deploy/api --");
  CHECK(far_of("docker exec -it db psql -c 'DROP TABLE a'") == "psql -c 'DROP TABLE a' | docker exec -it db");
  CHECK(far_of("fly ssh console -a shop -C 'rails db:drop'") == "rails db:drop | fly ssh console -a shop");
  CHECK(far_of("heroku run -a shop rails db:reset") == "rails db:reset | heroku run -a shop");
}

TEST_CASE("texts of a shell are listed by the parser, and nothing runs where nothing is said") {
  CHECK(far_of("docker exec db sh -c 'env'").empty());
  CHECK(far_of("ssh db1").empty());
  CHECK(far_of("ssh -V").empty());
  CHECK(far_of("kubectl get pods -- env").empty());
  CHECK(far_of("docker run alpine env").empty());
}
