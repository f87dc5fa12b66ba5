// Who is pushing, under each server.
#include "hook/provider.h"

#include <doctest/doctest.h>

#include <map>

#include "util/error.h"

namespace tollbar::hook {
namespace {

Origin origin(std::string_view provider, const std::map<std::string, std::string>& variables) {
  return origin_of(find_provider(provider), [&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

}  // namespace

TEST_CASE("each server names the pusher in its own variables") {
  const std::map<std::string, std::string> everything{
      {"GL_USER", "lisa"},           {"GL_REPO", "team/tool"},      {"GL_USERNAME", "gina"},
      {"GL_ID", "user-7"},           {"GL_PROJECT_PATH", "g/p"},    {"GITEA_PUSHER_NAME", "tea"},
      {"GITEA_REPO_NAME", "r"},      {"GITEA_REPO_USER_NAME", "o"}, {"GITEA_PR_INDEX", "12"},
      {"GITHUB_USER_LOGIN", "octo"}, {"GITHUB_REPO_NAME", "o/r"},   {"BB_USER_NAME", "bit"},
      {"BB_PROJECT_KEY", "KEY"},     {"BB_REPO_SLUG", "slug"},      {"REMOTE_USER", "web"},
  };
  CHECK(origin("gitolite", everything).actor == "lisa");
  CHECK(origin("gitolite", everything).repository == "team/tool");
  CHECK(origin("gitlab", everything).actor == "gina");
  CHECK(origin("gitlab", everything).repository == "g/p");
  CHECK(origin("forgejo", everything).actor == "tea");
  CHECK(origin("gitea", everything).repository == "o/r");
  CHECK(origin("gitea", everything).pull_request == "12");
  CHECK(origin("github", everything).actor == "octo");
  CHECK(origin("bitbucket", everything).repository == "KEY/slug");
  CHECK(origin("http", everything).actor == "web");
  CHECK(origin("none", everything).actor.empty());
}

TEST_CASE("what a server leaves out stays empty, and the second best name is taken") {
  CHECK(origin("gitlab", {{"GL_ID", "key-3"}}).actor == "key-3");
  CHECK(origin("gitea", {{"GITEA_REPO_NAME", "r"}}).repository.empty());
  CHECK(origin("gitea", {{"GITEA_PR_INDEX", "0"}, {"GITEA_PR_ID", "0"}}).pull_request.empty());
}

TEST_CASE("a deploy key pushes in its own name, not in that of its owner") {
  CHECK(origin("gitea", {{"GITEA_PUSHER_NAME", "owner"}, {"GITEA_DEPLOY_KEY_ID", "5"}}).actor == "deploy key 5");
  CHECK(origin("gitea", {{"GITEA_PUSHER_NAME", "owner"}, {"GITEA_DEPLOY_KEY_ID", "0"}}).actor == "owner");
}

TEST_CASE("an unknown provider is named with the likely one") {
  try {
    find_provider("gitlub");
    FAIL("found");
  } catch (const util::UsageError& error) {
    CHECK(std::string(error.what()).find("gitlab") != std::string::npos);
  }
}

}  // namespace tollbar::hook
