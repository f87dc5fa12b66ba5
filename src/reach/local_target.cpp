// Databases without a host, clusters and registries of one's own machine.
#include "reach/local_target.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using Words = std::vector<std::string>;
using text::is_one_of;

/// The value of a flag: `-h db`, `-hdb`, `--host=db`, `--host db`.
std::string flag_value(const Words& words, std::string_view brief, std::string_view whole) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if ((word == brief || word == whole) && i + 1 < words.size()) return words[i + 1];
    if (word.starts_with(whole) && word.size() > whole.size() && word[whole.size()] == '=')
      return std::string(word.substr(whole.size() + 1));
    if (!brief.empty() && word.starts_with(brief) && !word.starts_with("--") && word.size() > brief.size())
      return std::string(word.substr(brief.size()));
  }
  return {};
}

bool is_this_machine(std::string_view host) {
  const std::string name = folded(host);
  return is_one_of(name, {"localhost", "127.0.0.1", "::1", "0.0.0.0"}) || name.starts_with("/");
}

}  // namespace

bool targets_this_machine(const document::Command& command, const std::vector<std::string>& words) {
  const std::string& program = words.front();
  if (is_one_of(program, {"psql", "mysql", "mariadb", "mysqladmin", "createdb", "dropdb", "pg_restore", "createuser",
                          "dropuser", "redis-cli", "mongo", "mongosh", "mongoimport", "mongorestore", "mysqlimport"})) {
    for (const auto& assignment : command.assignments) {
      if (is_one_of(assignment.name, {"PGHOST", "MYSQL_HOST"})) return is_this_machine(assignment.value.text);
      if (is_one_of(assignment.name, {"PGSERVICE", "DATABASE_URL"})) return false;
    }
    const std::string host = flag_value(words, program == "mongo" || program == "mongosh" ? "" : "-h", "--host");
    if (!host.empty()) return is_this_machine(host);
    const std::string address = program == "redis-cli" ? flag_value(words, "-u", "--uri") : std::string();
    if (!address.empty())
      return address.find("localhost") != std::string::npos || address.find("127.0.0.1") != std::string::npos;
    for (const auto& word : words) {
      const auto scheme = word.find("://");
      const bool named = word.find("host=") != std::string::npos || word.find('@') != std::string::npos;
      if (scheme != std::string::npos)
        return word.find("://localhost") != std::string::npos || word.find("@localhost") != std::string::npos ||
               word.find("127.0.0.1") != std::string::npos;
      if (named) return word.find("host=localhost") != std::string::npos;
      const std::string lower = folded(word);
      if (word.find('$') != std::string::npos &&
          (lower.find("url") != std::string::npos || lower.find("host") != std::string::npos ||
           lower.find("dsn") != std::string::npos || lower.find("conn") != std::string::npos))
        return false;
    }
    return flag_value(words, "", "--service").empty();
  }
  if (is_one_of(program, {"docker", "podman", "nerdctl"})) {
    return std::any_of(words.begin() + 1, words.end(), [](const auto& word) {
      return word.starts_with("localhost:") || word.starts_with("127.0.0.1:") || word.starts_with("kind-registry:");
    });
  }
  if (is_one_of(program, {"kubectl", "helm", "oc"})) {
    std::string context = flag_value(words, "", "--context");
    if (context.empty()) context = flag_value(words, "", "--kube-context");
    return context.starts_with("kind-") || is_one_of(context, {"kind", "minikube", "docker-desktop", "k3d"}) ||
           context.starts_with("k3d-");
  }
  return false;
}

}  // namespace tollbar::reach
