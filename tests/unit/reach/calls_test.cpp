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

TEST_CASE("calls for some packages of a workspace") {
  const Files tree{
      {"pnpm-workspace.yaml", "packages: ['pkgs/*']\n"},
      {"package.json", R"({"name": "root", "scripts": {"test": "pnpm lint && pnpm test --filter=./pkgs/b"}})"},
      {"pkgs/a/package.json", R"({"name": "@x/alpha", "scripts": {"test": "mocha a"}})"},
      {"pkgs/b/package.json", R"({"name": "beta", "scripts": {"test": "jest b"}})"}};
  const auto identities = [&](const std::string& command) {
    std::string result;
    for (const auto& check : inventory(run(step(command, tree)).execution, shipped())) result += check.identity + "; ";
    return result;
  };
  CHECK(identities("pnpm --filter @x/alpha test") == "mocha a; ");
  CHECK(identities("pnpm --filter alpha test") == "mocha a; ");
  CHECK(identities("pnpm --filter=@x/* run test") == "mocha a; ");
  CHECK(identities("pnpm -F ...beta... test") == "jest b; ");
  CHECK(identities("pnpm --filter=./pkgs test") == "mocha a; jest b; ");
  CHECK(identities("pnpm -F=beta test") == "jest b; ");
  CHECK(identities("pnpm --filter ./pkgs/* test") == "mocha a; jest b; ");
  CHECK(identities("pnpm --filter '!beta' test") == "mocha a; ");
  CHECK(identities("pnpm --filter '...[origin/main]' test") == "mocha a; jest b; ");
  CHECK(identities("cd pkgs/a && pnpm --filter beta test") == "jest b; ");
  CHECK(identities("npm test -w pkgs/a") == "mocha a; ");
  CHECK(identities("yarn workspace @x/alpha test") == "mocha a; ");
  CHECK(identities("pnpm recursive test") == "mocha a; jest b; ");
  CHECK(identities("pnpm m run test") == "mocha a; jest b; ");
  CHECK(identities("pn -r test") == "mocha a; jest b; ");
  CHECK(identities("pnpm test") == "jest b; ");
  CHECK(identities("pnpm test --filter alpha") == "mocha a; jest b; ");
}

TEST_CASE("a call nobody can see through may still run what is lost") {
  const auto strength = [](const Files& before, const Files& after) {
    const Run old = run(before), now = run(after);
    std::string result;
    for (const auto& change :
         compare(inventory(old.execution, shipped()), inventory(now.execution, shipped()), shipped()))
      if (change.fate == CheckFate::removed)
        result += change.before.tool + " " + std::string(to_string(change.before.strength)) + "; ";
    return result;
  };
  const Files package{{"package.json", R"({"scripts": {"test": "jest && tsc && eslint ."}})"}};
  const Files opaque = step("npm test", {});
  const Files expanded = step("npm test", package);
  CHECK(strength(expanded, opaque) == "tsc weak; eslint weak; ");
  CHECK(strength(step("npm test\nnpm test -- b", {}), expanded).find("tool") == std::string::npos);
  CHECK(strength(expanded, step("pnpm run ${{ steps.scope.outputs.script }}", package)).find("tool") ==
        std::string::npos);
  CHECK(strength(step("npm test\nmake check", package), step("make check", package)) ==
        "jest tool; tsc tool; eslint tool; ");
  Files other = step("true", package);
  other[".github/workflows/b.yml"] = workflow(steps({"make check"}));
  CHECK(strength(expanded, other).find("weak") == std::string::npos);
}

TEST_CASE("a script that fewer packages run judges less") {
  Files tree{{"pnpm-workspace.yaml", "packages: ['pkgs/*']\n"}};
  for (const std::string name : {"a", "b", "c"})
    tree["pkgs/" + name + "/package.json"] = R"({"name": ")" + name + R"(", "scripts": {"test": "jest"}})";
  CHECK(fates(step("pnpm -r test", tree), step("pnpm -F a -F b test", tree)) == Fates{"narrowed jest"});
}

TEST_CASE("two calls become one over the paths of both") {
  const std::string one = "nox -s 'test-${{ matrix.python }}' -- tests/unit -k '${{ matrix.filter }}' --verbose";
  const std::string other = "nox -s 'test-${{ matrix.python }}' -- tests/functional -k '${{ matrix.filter }}'";
  const std::string both = "nox -s 'test-${{ matrix.python }}' -- tests/unit tests/functional --groups 3";
  CHECK(fates(step(one + "\n" + other, {}), step(both, {})) == Fates{"moved nox"});
}

TEST_CASE("one value is covered by a call that takes several") {
  const std::string all = "nox -s test-$PYTHON -- -m unit";
  const auto dropped = [&](const std::string& one) { return fates(step(all + "\n" + one, {}), step(all, {})); };
  CHECK(dropped("nox -s test-3.10 -- -m unit") == Fates{"moved nox"});
  CHECK(dropped("nox -s docs -- -m unit") == Fates{"removed nox"});
  CHECK(dropped("nox -s test-3.10 -- -m slow") == Fates{"removed nox"});
}

TEST_CASE("exit codes of nox count where nobody looks at the result") {
  const auto noxfile = [](const std::string& call) {
    return Files{{"noxfile.py", "def test(session):\n    " + call +
                                    "\n        'pytest',\n        success_codes=[0, 1],\n"
                                    "    )\n"}};
  };
  CHECK(fates(step("nox", noxfile("pass(")), step("nox", noxfile("session.run("))) == Fates{"neutered nox"});
  CHECK(fates(step("nox", noxfile("pass(")), step("nox", noxfile("result = session.run("))).empty());
}
