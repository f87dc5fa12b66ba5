// Told by the statements on the command line or in the here-document.
#include "reach/read_only.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::is_one_of;

bool is_query(std::string_view statements) {
  static const text::Pattern reads(
      R"((?is)^\s*(?:(?:select|show|explain|describe|desc|values|table|with|pragma|use|\\[dlz?]\S*|\\pset|\\x|\\timing)(?!\w)[^;]*(?:;|$)\s*)+$)");
  static const text::Pattern writes(
      R"((?i)\b(?:insert|update|delete|drop|truncate|alter|create|grant|revoke|call|execute|exec|merge|replace|into|lock|nextval|setval|set_config|pg_(?:terminate|cancel|reload|rotate|switch|promote|import|drop)\w*|lo_\w+|dblink\w*|copy|refresh|vacuum|analyze|kill)\b)");
  return reads.matches(statements) && !writes.matches(statements) && statements.find('$') == std::string_view::npos;
}

bool is_find(std::string_view script) {
  static const text::Pattern reads(
      R"(\.\s*(?:find|findOne|count|countDocuments|estimatedDocumentCount|distinct|stats|explain|getIndexes|getCollectionNames|status|serverStatus|version|hello)\s*\()");
  static const text::Pattern writes(
      R"((?i)\b(?:insert|update|delete|drop|remove|replace|create|rename|bulkWrite|save|findAndModify|findOneAnd\w*|runCommand|adminCommand|shutdown|grant\w*|revoke\w*|initiate|reconfig|eval|load)\w*\s*\(|\$(?:out|merge)\b)");
  return reads.matches(script) && !writes.matches(script);
}

bool is_remote(std::string_view place, bool hosts) {
  return place.find("://") != std::string_view::npos ||
         (hosts && place.find(':') != std::string_view::npos && !place.starts_with('/') && !place.starts_with('.'));
}

}  // namespace

bool only_downloads(const std::vector<std::string>& words) {
  const std::string& program = words.front();
  const bool hosts = is_one_of(program, {"scp", "rsync"});
  std::size_t first = 1;
  if (program == "aws" && words.size() > 2 && words[1] == "s3" && is_one_of(words[2], {"cp", "sync"})) {
    first = 3;
  } else if (program == "gcloud" && words.size() > 2 && words[1] == "storage" && is_one_of(words[2], {"cp", "rsync"})) {
    first = 3;
  } else if (program == "gsutil") {
    while (first < words.size() && words[first].starts_with('-')) ++first;
    if (first == words.size() || !is_one_of(words[first++], {"cp", "rsync"})) return false;
  } else if (!hosts) {
    return false;
  }
  // From the first place elsewhere to a place that is plainly here.
  for (; first < words.size(); ++first) {
    if (words[first].starts_with('-') || !is_remote(words[first], hosts)) continue;
    if (first + 1 >= words.size()) return false;
    const std::string& target = words[first + 1];
    return !target.starts_with('-') && !is_remote(target, hosts) && target.find('$') == std::string::npos &&
           std::none_of(words.begin() + static_cast<std::ptrdiff_t>(first) + 2, words.end(),
                        [&](const std::string& other) { return is_remote(other, hosts); });
  }
  return false;
}

bool only_queries(const document::Command& command, const std::vector<std::string>& words) {
  const std::string& program = words.front();
  const bool documents = is_one_of(program, {"mongo", "mongosh"});
  if (!documents &&
      !is_one_of(program, {"psql", "mysql", "mariadb", "sqlcmd", "clickhouse-client", "cqlsh", "snowsql"}))
    return false;
  std::vector<std::string> statements;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (is_one_of(word, {"-f", "--file", "-i", "-v", "--variable", "--set"})) return false;
    const bool named = is_one_of(word, {"--command", "--execute", "--eval", "--query", "-Q", "-q"});
    const bool brief =
        word.size() > 1 && word[0] == '-' && word[1] != '-' && (word.ends_with('c') || word.ends_with('e'));
    if ((named || brief) && i + 1 < words.size()) statements.push_back(words[++i]);
    const auto value = word.find('=');
    if (value != std::string_view::npos &&
        is_one_of(word.substr(0, value), {"--command", "--execute", "--eval", "--query"}))
      statements.emplace_back(word.substr(value + 1));
  }
  if (!command.input().empty()) statements.emplace_back(command.input());
  return !statements.empty() && std::all_of(statements.begin(), statements.end(), documents ? is_find : is_query);
}

}  // namespace tollbar::reach
