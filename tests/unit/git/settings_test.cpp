// The user's own configuration where it is no file.
#include "git/settings.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/repository.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

TEST_CASE("what is no regular file is neither replaced nor removed as the user's configuration") {
  test::GitRepository work;
  const std::string path = work.path() + "/fifo";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const test::ScopedVariable global("GIT_CONFIG_GLOBAL", path);
  CHECK_THROWS_AS(set_global("core.hooksPath", "/somewhere"), util::UsageError);
  remove_empty_global_file();
  CHECK(std::filesystem::is_fifo(path));
}

TEST_CASE("an empty configuration is removed, one with settings is not") {
  test::GitRepository work;
  const std::string path = work.path() + "/config";
  const test::ScopedVariable global("GIT_CONFIG_GLOBAL", path);
  set_global("core.hooksPath", "/somewhere");
  remove_empty_global_file();
  CHECK(path_setting("core.hooksPath", Scope::global) == "/somewhere");
  unset_global("core.hooksPath");
  std::filesystem::resize_file(path, 0);
  remove_empty_global_file();
  CHECK_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace tollbar::git
