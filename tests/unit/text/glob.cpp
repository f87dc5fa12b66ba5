// Globs: the rules of the header one by one, and git itself as the oracle.
#include "text/glob.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "util/error.h"

using tollbar::text::expand_braces;
using tollbar::text::fold_path;
using tollbar::text::Glob;

namespace {

bool matches(std::string_view glob, std::string_view path) {
  return Glob(glob).matches(path);
}

/// A directory with an empty repository, removed at the end.
class TemporaryRepository {
 public:
  TemporaryRepository() {
    std::string name = (std::filesystem::temp_directory_path() / "glob-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return;
    root_ = name;
    usable_ = std::system(("git -C " + name + " init -q 2>/dev/null && git -C " + name +
                           " config core.ignorecase true 2>/dev/null")
                              .c_str()) == 0;
  }
  ~TemporaryRepository() {
    if (!root_.empty()) std::filesystem::remove_all(root_);
  }
  TemporaryRepository(const TemporaryRepository&) = delete;
  TemporaryRepository& operator=(const TemporaryRepository&) = delete;

  bool usable() const { return usable_; }

  std::set<std::string> ignored(const std::string& pattern, const std::vector<std::string>& paths) const {
    std::ofstream(root_ / ".git/info/exclude") << pattern << '\n';
    std::ofstream list(root_ / ".git/paths");
    for (const std::string& path : paths) list << path << '\n';
    list.close();
    const std::string command =
        "cd " + root_.string() +
        " && git -c core.excludesFile= check-ignore --no-index --stdin < .git/paths 2>/dev/null";
    std::set<std::string> result;
    FILE* output = popen(command.c_str(), "r");
    if (output == nullptr) return result;
    std::array<char, 512> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), output) != nullptr) {
      std::string path = line.data();
      result.insert(path.substr(0, path.find('\n')));
    }
    pclose(output);
    return result;
  }

 private:
  std::filesystem::path root_;
  bool usable_ = false;
};

/// git ignores what stands below an ignored directory as well.
bool matches_self_or_parent(const Glob& glob, const std::string& path) {
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
    if (glob.matches(path.substr(0, end))) return true;
  return glob.matches(path);
}

}  // namespace

TEST_CASE("a glob without a slash matches the last segment anywhere") {
  CHECK(matches("Jenkinsfile", "Jenkinsfile"));
  CHECK(matches("Jenkinsfile", "ci/deep/Jenkinsfile"));
  CHECK_FALSE(matches("Jenkinsfile", "Jenkinsfile/readme"));
  CHECK_FALSE(matches("Jenkinsfile", "Jenkinsfile.bak"));
  CHECK(matches("*.sh", "a/b/c.sh"));
  CHECK_FALSE(matches("*.sh", "a.sh/b"));
  CHECK(matches("Dockerfile*", "x/Dockerfile.prod"));
}

TEST_CASE("a glob with a slash is anchored at the root") {
  CHECK(matches(".github/workflows/*.yml", ".github/workflows/ci.yml"));
  CHECK_FALSE(matches(".github/workflows/*.yml", ".github/workflows/deep/ci.yml"));
  CHECK_FALSE(matches(".github/workflows/*.yml", "sub/.github/workflows/ci.yml"));
  CHECK(matches("/Jenkinsfile", "Jenkinsfile"));
  CHECK_FALSE(matches("/Jenkinsfile", "a/Jenkinsfile"));
}

TEST_CASE("** crosses segments") {
  CHECK(matches("**/Jenkinsfile", "Jenkinsfile"));
  CHECK(matches("**/Jenkinsfile", "a/b/Jenkinsfile"));
  CHECK(matches("a/**/b", "a/b"));
  CHECK(matches("a/**/b", "a/x/y/b"));
  CHECK_FALSE(matches("a/**/b", "a/xb"));
  CHECK(matches("dir/**", "dir/x/y"));
  CHECK_FALSE(matches("dir/**", "dir"));
  CHECK_FALSE(matches("dir/**", "directory/x"));
  CHECK(matches("**/x/**/y/*.c", "p/x/q/x/y/r/y/z.c"));
  CHECK_FALSE(matches("src/a**b", "src/a/b"));
}

TEST_CASE("a trailing slash matches everything below") {
  CHECK(matches(".husky/", ".husky/pre-commit"));
  CHECK(matches(".husky/", "sub/.husky/_/husky.sh"));
  CHECK_FALSE(matches(".husky/", ".husky"));
  CHECK(matches("ci/scripts/", "ci/scripts/a/b"));
  CHECK_FALSE(matches("ci/scripts/", "x/ci/scripts/a"));
}

TEST_CASE("brackets, escapes and case") {
  CHECK(matches("[a-c]x", "Bx"));
  CHECK(matches("[A-C]x", "bx"));
  CHECK_FALSE(matches("[!a-c]x", "bx"));
  CHECK(matches("[^a-c]x", "dx"));
  CHECK(matches("[]x]y", "]y"));
  CHECK(matches("v[[:digit:]]", "v7"));
  CHECK_FALSE(matches("v[[:digit:]]", "vx"));
  CHECK(matches("\\*", "*"));
  CHECK_FALSE(matches("\\*", "x"));
  CHECK_FALSE(matches("a[b", "a[b"));  // never closed: matches nothing, as in git
  CHECK_FALSE(matches("a?b", "a/b"));
  CHECK_FALSE(matches("x/a[^b]c", "x/a/c"));
}

TEST_CASE("braces expand, each alternative with its own anchoring") {
  CHECK(matches("{Jenkinsfile,ci/*.groovy}", "a/Jenkinsfile"));
  CHECK(matches("{Jenkinsfile,ci/*.groovy}", "ci/a.groovy"));
  CHECK_FALSE(matches("{Jenkinsfile,ci/*.groovy}", "a/ci/a.groovy"));
  CHECK(expand_braces("a{b,c{d,e}}f") == std::vector<std::string>{"abf", "acdf", "acef"});
  CHECK(expand_braces("a{b}c") == std::vector<std::string>{"a{b}c"});
  CHECK(expand_braces("{a,b") == std::vector<std::string>{"{a,b"});
  CHECK(expand_braces("\\{a,b}") == std::vector<std::string>{"\\{a,b}"});
  CHECK(expand_braces("[{,}]") == std::vector<std::string>{"[{,}]"});
  CHECK(expand_braces("{,x}y") == std::vector<std::string>{"y", "xy"});
}

TEST_CASE("too many alternatives are refused") {
  std::string bomb;
  for (int i = 0; i < 40; ++i) bomb += "{a,b}";
  CHECK_THROWS_AS(Glob{bomb}, tollbar::util::UsageError);
}

TEST_CASE("hostile patterns stay cheap") {
  std::string stars = "x/";
  for (int i = 0; i < 60; ++i) stars += "*a";
  CHECK_FALSE(matches(stars + "b", "x/" + std::string(400, 'a')));
  std::string crossings;
  std::string path;
  for (int i = 0; i < 40; ++i) crossings += "**/a/";
  for (int i = 0; i < 300; ++i) path += "a/";
  CHECK_FALSE(matches(crossings + "b", path + "c"));
}

TEST_CASE("fold_path") {
  CHECK(fold_path(".GitHub/Workflows./a.yml ") == ".github/workflows/a.yml");
  CHECK(fold_path("A . ./b") == "a/b");
  CHECK(fold_path("..") == "");
  CHECK(fold_path("") == "");
}

TEST_CASE("git check-ignore agrees") {
  const TemporaryRepository repository;
  if (!repository.usable()) return;
  const std::vector<std::string> patterns = {
      "a",         "a/",        "/a",  "a/b",   "a/b/",   "*.c",      "a/*.c", "**/a",   "a/**",         "a/**/b",
      "**/a/**",   "**",        "*",   "/*",    "*/b",    "*/*/c",    "a**b",  "a/**b",  "**b/c",        "a/b**",
      "[ab]/c",    "[!a]",      "a?c", "?",     "x/?",    "\\a",      "a\\*",  "[a-b]*", "**/**/c",      "a/**/**",
      "/**/c",     "*a*b*",     "**/", "a/**/", "[]a]b",  "[a",       "a[/]b", "A/B",    "[[:alpha:]]b", "x/[^a]*",
      "b*/**/c.c", "**/b/**/c", "/**", "a//b",  "*.[ch]", "a/[b-]/c", "ab\\",  "a/\\b"};
  std::vector<std::string> paths;
  const std::vector<std::string> names = {"a", "b", "c", "ab", "c.c", "a*", "B", "]b", "a[b", "axb"};
  for (const auto& one : names) {
    paths.push_back(one);
    for (const auto& two : names) {
      paths.push_back(one + "/" + two);
      for (const auto& three : names) paths.push_back("x/" + one + "/" + two + "/" + three);
      for (const auto& three : names) paths.push_back(one + "/" + two + "/" + three);
    }
  }
  for (const auto& pattern : patterns) {
    const auto ignored = repository.ignored(pattern, paths);
    const Glob glob(pattern);
    for (const auto& path : paths) {
      if (matches_self_or_parent(glob, path) == (ignored.count(path) != 0)) continue;
      FAIL_CHECK("pattern " << pattern << ", path " << path << ": git says " << ignored.count(path));
    }
  }
}
