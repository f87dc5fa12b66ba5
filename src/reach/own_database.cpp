// Looked for are addresses in variables, which decide alone, and what the steps start.
#include "reach/own_database.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "reach/word_glob.h"
#include "text/pattern.h"

namespace tollbar::reach {
namespace {

enum class Database : std::uint8_t { unnamed, near, elsewhere };

/// `DATABASE_URL`, `PGHOST`, `DB_SERVER`: the variable says where a database is.
bool names_address(std::string_view variable) {
  static const text::Pattern address(
      R"((?ix) ^ (?: \w*_ )? (?: database | db | postgres(?:ql)? | pg | mysql | mariadb | mongo(?:db)? | mssql | sql | redis )
               (?:_\w+?)? _? (?: url | uri | dsn | host(?:name)? | server | connection(?:_?string)? ) $)");
  return address.matches(variable);
}

/// A name without a domain is known on this machine and in its containers alone; what is computed may be anywhere.
bool is_near(std::string_view value) {
  static const text::Pattern host(R"((?i)(?:://(?:[^@/]*@)?|@tcp\(|\bhost=)([^:/?)\s;,]*))");
  const auto found = host.find(value);
  const auto name = found ? *found->groups[1] : value.substr(0, value.find_first_of(":/"));
  if (value.starts_with("sqlite") || value.starts_with("file:")) return true;
  if (name == "127.0.0.1" || name.starts_with('[') || (found && name.empty())) return true;
  return name.find_first_of(".$<{%") == std::string_view::npos;
}

Database told_by(const std::map<std::string, std::string>& variables) {
  auto told = Database::unnamed;
  for (const auto& [name, value] : variables) {
    if (value.empty() || !names_address(name)) continue;
    if (!is_near(value)) return Database::elsewhere;
    told = Database::near;
  }
  return told;
}

bool is_server(std::string_view words) {
  static const text::Pattern server(R"((?i)postgres|mysql|mariadb|mongo|mssql|redis|cockroach|clickhouse|oracle-xe)");
  return server.matches(words);
}

/// `docker compose up -d`, `docker run -d postgres:16`, `service postgresql start`, `pg_ctlcluster 16 main start`.
/// Not where another machine is told to.
bool starts_one(const document::Command& command) {
  static const text::Pattern composed(
      R"(^(?:docker|podman|nerdctl)(?:-compose|\s+(?:-\S+\s+)*compose)\s(?:.*\s)?(?:up|start|run)\b)");
  static const text::Pattern started(
      R"((?i)^(?:(?:docker|podman|nerdctl)\s+run\s|service\s+\S+\s+start\b|systemctl\s+(?:re)?start\s|brew\s+services\s+(?:re)?start\s|pg_ctl\w*\s|mysqld|mongod\s))");
  static const text::Pattern far(R"(^\S+\s+(?:-H|--host|-c|--context)\b)");
  std::string text;
  for (const auto& word : essential_words(command)) text += (text.empty() ? "" : " ") + word;
  if (far.matches(text)) return false;
  return composed.matches(text) || (started.matches(text) && (is_server(text) || text.starts_with("pg_ctl")));
}

/// What starts here stays here: the machine is nobody's own, and its containers are not those of another one.
bool leaves_nothing(const pipeline::Job& job, const Knowledge& knowledge) {
  return job.env.count("DOCKER_HOST") == 0 && job.env.count("DOCKER_CONTEXT") == 0 &&
         std::all_of(job.runner.labels.begin(), job.runner.labels.end(),
                     [&](const std::string& label) { return knowledge.is_hosted(label); });
}

}  // namespace

bool only_reaches_own_database(const pipeline::Job& job, const Effect& effect, const Knowledge& knowledge) {
  if (effect.system != "database" || !job.environment.empty()) return false;
  const auto is_given = [](const pipeline::CredentialUse& use) {
    return use.kind != pipeline::CredentialUse::Kind::platform_token;
  };
  const bool from_outside = std::any_of(job.credentials.begin(), job.credentials.end(),
                                        [&](const auto& use) { return is_given(use) && names_address(use.bound_to); });
  if (from_outside) return false;
  auto told = told_by(job.env);
  bool starts = !job.services.empty();
  const bool may_start = leaves_nothing(job, knowledge);
  for (const auto& step : job.steps) {
    const auto here = told_by(step.env);
    if (told == Database::elsewhere || here == Database::elsewhere) return false;
    if (here == Database::near) told = here;
    starts = starts || (may_start && (is_server(step.uses) || std::any_of(step.script.commands.begin(),
                                                                          step.script.commands.end(), starts_one)));
  }
  // An address of this machine may be the end of a tunnel, which takes a credential.
  return starts || (told == Database::near && may_start && job.runner.labels.size() == 1 &&
                    std::none_of(job.credentials.begin(), job.credentials.end(), is_given));
}

}  // namespace tollbar::reach
