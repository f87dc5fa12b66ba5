// Hosts are found where clients take them: behind a flag, in an address, in a variable set for the command.
#include "rule/own_services.h"

#include <algorithm>
#include <string>
#include <vector>

#include "text/ascii.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

/// `registry.quern.net/dbs/postgres:16` is reached as `postgres`, and by its whole name with dashes for slashes.
std::vector<std::string> hosts_of(const pipeline::Job& job) {
  std::vector<std::string> hosts = job.service_hosts;
  for (const auto& service : job.services) {
    const auto tagged = service.find_first_of(":@", service.rfind('/') == std::string::npos ? 0 : service.rfind('/'));
    const auto image = std::string_view(service).substr(0, tagged);
    hosts.emplace_back(text::base_name(image));
    std::string whole;
    for (const char c : image) whole += c == '/' ? '-' : c;
    hosts.push_back(std::move(whole));
  }
  return hosts;
}

std::vector<std::string_view> named_hosts(std::string_view command) {
  static const text::Pattern named(
      R"((?x) (?:^|\s)(?:-h\s*|--host(?:name)?[=\s]\s*|--server[=\s]\s*|-S\s+)["']?([^\s"']+)
        | \b\w*HOST\w*=["']?([^\s"']+)
        | :// (?:[^\s/@"']*@)? ([^\s/:"'?]+) )");
  std::vector<std::string_view> hosts;
  text::each_match(named, command, [&](const text::Match& match) {
    for (std::size_t group = 1; group < match.groups.size(); ++group)
      if (match.groups[group] && !match.groups[group]->empty()) hosts.push_back(*match.groups[group]);
  });
  return hosts;
}

}  // namespace

bool has_own_services(const pipeline::Job* job) {
  return job != nullptr && !job->services.empty() && job->environment.empty();
}

bool acts_on_own_service(const pipeline::Job* job, std::string_view command) {
  if (!has_own_services(job)) return false;
  const auto own = hosts_of(*job);
  const auto named = named_hosts(command);
  return !named.empty() && std::all_of(named.begin(), named.end(), [&](std::string_view host) {
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string& name) { return text::ascii_lower(name) == text::ascii_lower(host); });
  });
}

}  // namespace tollbar::rule
