// git's environment variables and their quoting.
#include "git/environment.h"

#include <doctest/doctest.h>

using tollbar::git::path_from;
using tollbar::git::split_alternates;
using Paths = std::vector<std::string>;

TEST_CASE("alternates are split at colons outside quotes") {
  CHECK(split_alternates("").empty());
  CHECK(split_alternates("/a") == Paths{"/a"});
  CHECK(split_alternates("/a:/b:") == Paths{"/a", "/b"});
  CHECK(split_alternates("\"/a:b\":/c") == Paths{"/a:b", "/c"});
  CHECK(split_alternates("\"/q\\\"\\\\\\t\\303\\251\"") == Paths{"/q\"\\\t\xc3\xa9"});
  CHECK(split_alternates("#comment:/a") == Paths{"/a"});
}

TEST_CASE("broken quoting is an ordinary path") {
  CHECK(split_alternates("\"/a") == Paths{"\"/a"});
  CHECK(split_alternates("\"/a\\") == Paths{"\"/a\\"});
  CHECK(split_alternates("\"/a\\x\":/b") == Paths{"\"/a\\x\"", "/b"});
}

TEST_CASE("relative paths start at the directory") {
  CHECK(path_from("/repository", ".git") == "/repository/.git");
  CHECK(path_from("/repository", "/elsewhere") == "/elsewhere");
}
