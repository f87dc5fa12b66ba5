// One line a server.
#include "hook/provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "util/error.h"
#include "util/spelling.h"

namespace tollbar::hook {

using std::chrono::seconds;

const std::vector<Provider>& providers() {
  static const std::vector<Provider> table{
      {.name = "none"},
      {.name = "gitolite", .actor = {"GL_USER"}, .repository = {"GL_REPO"}},
      {.name = "gitlab",
       .actor = {"GL_USERNAME", "GL_ID"},
       .repository = {"GL_PROJECT_PATH"},
       .line_prefix = "GL-HOOK-ERR: "},
      {.name = "gitea",
       .actor = {"GITEA_PUSHER_NAME"},
       .deploy_key = "GITEA_DEPLOY_KEY_ID",
       .repository = {"GITEA_REPO_USER_NAME", "GITEA_REPO_NAME"},
       .pull_request = {"GITEA_PR_INDEX", "GITEA_PR_ID"}},
      {.name = "forgejo",
       .actor = {"GITEA_PUSHER_NAME"},
       .deploy_key = "GITEA_DEPLOY_KEY_ID",
       .repository = {"GITEA_REPO_USER_NAME", "GITEA_REPO_NAME"},
       .pull_request = {"GITEA_PR_INDEX", "GITEA_PR_ID"}},
      // GitHub Enterprise gives all hooks of a push 5 seconds together, and refuses in words of its own after that.
      {.name = "github",
       .actor = {"GITHUB_USER_LOGIN"},
       .repository = {"GITHUB_REPO_NAME"},
       .pull_request = {"GITHUB_PULL_REQUEST_HEAD"},
       .budget = seconds(4)},
      {.name = "bitbucket", .actor = {"BB_USER_NAME"}, .repository = {"BB_PROJECT_KEY", "BB_REPO_SLUG"}},
      {.name = "http", .actor = {"REMOTE_USER"}},
  };
  return table;
}

const Provider& find_provider(std::string_view name) {
  const auto& all = providers();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Provider& each) { return each.name == name; });
  if (found != all.end()) {
    return *found;
  }
  std::vector<std::string> names;
  for (const Provider& each : all) {
    names.emplace_back(each.name);
  }
  throw util::UsageError(fmt::format("tollbar.provider: there is no provider `{}`; there are {}{}", name,
                                     fmt::join(names, ", "), util::did_you_mean(name, names)));
}

Origin origin_of(const Provider& provider, const Environment& environment) {
  const auto value = [&](const char* name) { return name == nullptr ? "" : environment(name).value_or(""); };
  const auto first = [&](const std::vector<const char*>& names) {
    for (const char* name : names) {
      if (const std::string found = value(name); !found.empty() && found != "0") {
        return found;
      }
    }
    return std::string();
  };
  Origin origin{first(provider.actor), "", first(provider.pull_request)};
  if (const std::string key = value(provider.deploy_key); !key.empty() && key != "0") {
    origin.actor = "deploy key " + key;
  }
  for (const char* name : provider.repository) {
    const std::string part = value(name);
    if (part.empty()) {
      origin.repository.clear();
      break;
    }
    origin.repository += (origin.repository.empty() ? "" : "/") + part;
  }
  return origin;
}

}  // namespace tollbar::hook
