// Many globs at once agree with each by itself.
#include "text/glob_set.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using tollbar::text::fold_path;
using tollbar::text::Glob;
using tollbar::text::GlobSet;

TEST_CASE("a set of globs finds what each glob finds") {
  const std::vector<std::string> patterns{"Jenkinsfile",     "*.yml",         ".github/workflows/*.{yml,yaml}",
                                          "Dockerfile*",     "**/test/**",    "docs/",
                                          "*.[ch]",          "a/**/b.json",   "*",
                                          "*.test.js",       "x?.sh",         "*.",
                                          "\\*.md",          "ci/**",         ".env.*",
                                          "*.d/*",           "**/{a,b}.toml", "Make*file",
                                          "deploy/[a-z].tf", "*.tar.gz",      "{x,y}/*.ci.yml",
                                          ".travis.yml",     "no.dot/name",   "**"};
  const std::vector<std::string> paths{"Jenkinsfile",
                                       "sub/jenkinsfile",
                                       ".github/workflows/CI.YML",
                                       "Dockerfile.dev",
                                       "src/test/x.c",
                                       "docs/a.md",
                                       "a/x/y/b.json",
                                       "a/b.json",
                                       "web/app.test.js",
                                       "xy.sh",
                                       "*.md",
                                       "ci/run.sh",
                                       ".env.local",
                                       "conf.d/x",
                                       "q/b.toml",
                                       "makeMYfile",
                                       "deploy/a.tf",
                                       "v.tar.gz",
                                       "x/main.ci.yml",
                                       ".travis.yml",
                                       "no.dot/name",
                                       "plain",
                                       "a.",
                                       "deep/er/a.toml"};
  GlobSet set;
  for (std::size_t i = 0; i < patterns.size(); ++i) set.add(Glob(patterns[i]), i);
  for (const auto& path : paths) {
    CAPTURE(path);
    const auto folded = fold_path(path);
    std::set<std::size_t> expected;
    for (std::size_t i = 0; i < patterns.size(); ++i)
      if (Glob(patterns[i]).matches(folded)) expected.insert(i);
    const auto found = set.matching(folded);
    CHECK(std::set<std::size_t>(found.begin(), found.end()) == expected);
  }
}
