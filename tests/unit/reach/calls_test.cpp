// Which calls of a runner count: each of several, those behind other flags, those in one package of many.
#include <doctest/doctest.h>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Fates = std::vector<std::string>;

const std::string kTox = "[testenv]\ncommands = pytest {posargs}\n";
const std::string kMocha = R"({"scripts": {"test": "mocha"}})";

/// A step that runs check.sh of these lines, with `files` beside it.
Files script(const std::string& lines, Files files) {
  files[kCi] = workflow(steps({"./check.sh"}));
  files["check.sh"] = "set -e\n" + lines;
  return files;
}

Files step(const std::string& lines, Files files) {
  files[kCi] = workflow(steps({lines}));
  return files;
}

}  // namespace

TEST_CASE("every call of a runner counts, whatever ran before it") {
  struct Case {
    std::string first, second;
    Files files;
    Fates dropped, swallowed;
  };
  const std::vector<Case> cases{
      {"tox -- tests/unit", "tox -- tests/functional", {{"tox.ini", kTox}}, {"removed tox"}, {"neutered tox"}},
      {"nox -s unit", "nox -s functional", {{"noxfile.py", ""}}, {"removed nox"}, {"neutered nox"}},
      {"npm test -- unit", "npm test -- functional", {{"package.json", kMocha}}, {"removed mocha"}, {"neutered mocha"}},
      {"./t.sh unit", "./t.sh functional", {{"t.sh", "pytest \"$1\"\n"}}, {"narrowed pytest"}, {"neutered pytest"}},
      {"make test SUITE=unit",
       "make test SUITE=functional",
       {{"Makefile", "test:\n\tpytest $(SUITE)\n"}},
       {"narrowed pytest"},
       {"neutered pytest"}},
  };
  for (const auto& [first, second, files, dropped, swallowed] : cases) {
    const std::string both = first + "\n" + second + "\n";
    for (const auto& place : {&script, &step}) {
      CAPTURE(both);
      CHECK(fates(place(both, files), place(first + "\n", files)) == dropped);
      CHECK(fates(place(both, files), place(first + "\n" + second + " || true\n", files)) == swallowed);
      CHECK(fates(place(both, files), place(both, files)).empty());
    }
  }
}

TEST_CASE("a call that only lists takes nothing from the one behind it") {
  const Files files{{"tox.ini", kTox}};
  for (const std::string first : {"tox --notest", "tox --version", "tox -l"}) {
    CAPTURE(first);
    CHECK(fates(step("tox -- -m unit", files), step(first + "\ntox -- -m unit", files)).empty());
  }
}

TEST_CASE("steps of a composite action count without names") {
  const std::string head = "runs:\n  using: composite\n  steps:\n";
  const std::string unit = "    - run: pytest tests/unit\n      shell: bash\n";
  const std::string functional = "    - run: pytest tests/functional\n      shell: bash\n";
  const std::string workflow_text = workflow("      - uses: ./a\n");
  CHECK(fates({{kCi, workflow_text}, {"a/action.yml", head + unit + functional}},
              {{kCi, workflow_text}, {"a/action.yml", head + unit}}) == Fates{"removed pytest"});
}

TEST_CASE("what two targets both need runs once") {
  const Files files{{"Makefile", "a: lint\n\tpytest\nb: lint\n\tjest\nlint:\n\truff check .\n"}};
  CHECK(fates(step("make a b", files), step("make a b", files)).empty());
  const Run both = run(step("make a b\nmake a", files));
  CHECK(inventory(both.execution, shipped()).size() == 3);
}
