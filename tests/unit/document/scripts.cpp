// Dockerfiles, Makefiles and package scripts: which commands they run, and which of those may fail.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "document/formats.h"
#include "document/scripts.h"

using namespace tollbar::document;

namespace {

std::string words_of(const Script& script) {
  std::string out;
  for (const Command& command : script.commands) out += (out.empty() ? "" : "; ") + command.text();
  return out;
}

const MakeTarget& target_of(const Makefile& makefile, std::string_view name) {
  static const MakeTarget none;
  const auto found = std::find_if(makefile.targets.begin(), makefile.targets.end(),
                                  [name](const MakeTarget& target) { return target.name == name; });
  return found == makefile.targets.end() ? none : *found;
}

}  // namespace

TEST_CASE("Dockerfile instructions") {
  const Dockerfile file = read_dockerfile(
      "# syntax=docker/dockerfile:1\n# comment\nFROM --platform=linux/amd64 alpine AS build\n"
      "run --mount=type=cache,target=/x \\\n  # inside\n  apk add curl && \\\n\n  curl x | sh\n"
      "RUN [\"sh\", \"-c\", \"a && b\"]\nRUN <<EOF\nset -e\nc\nEOF\nCOPY <<X /etc/x\nRUN not\nX\n"
      "SHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN d; e\nENTRYPOINT [\"/app\", \"--x y\"]\nONBUILD RUN "
      "f\nUSER root");
  REQUIRE(file.instructions.size() == 10);
  CHECK(file.directives == std::vector<std::string>{"syntax=docker/dockerfile:1"});
  CHECK(file.instructions[0].flags == std::vector<std::string>{"--platform=linux/amd64"});
  CHECK(file.instructions[0].value == "alpine AS build");
  const Instruction& run = file.instructions[1];
  CHECK(run.name == "RUN");
  CHECK(run.line == 4);
  CHECK(run.flags == std::vector<std::string>{"--mount=type=cache,target=/x"});
  CHECK(words_of(run.script) == "apk add curl; curl x; sh");
  CHECK(run.script.commands[1].line == 8);
  CHECK(words_of(file.instructions[2].script) == "sh -c 'a && b'; a; b");
  CHECK(words_of(file.instructions[3].script) == "set -e; c");
  CHECK(file.instructions[3].script.commands[1].line == 12);
  CHECK(file.instructions[4].name == "COPY");
  CHECK(file.instructions[6].script.commands[0].context.fatal);
  CHECK(words_of(file.instructions[7].script) == "/app '--x y'");
  CHECK(file.instructions[8].name == "ONBUILD");
}

TEST_CASE("Dockerfile oddities end well") {
  CHECK(read_dockerfile("").instructions.empty());
  CHECK(read_dockerfile("RUN <<EOF\nx").instructions.size() == 1);
  CHECK(read_dockerfile("# escape=`\nRUN a `\n  b\n").instructions[0].value == "a b");
  CHECK(read_dockerfile("RUN [\"a\"\nRUN \\").instructions.size() == 2);
  CHECK(read_dockerfile("RUN cat <<< x\nRUN b").instructions.size() == 2);
}

TEST_CASE("Makefile rules and recipes") {
  const Makefile file = read_makefile(
      "PYTEST ?= pytest\nFLAGS := -q\nFLAGS += -x # comment\nTOOL = $(PYTEST) $(FLAGS)\nexport CI = 1\n"
      ".PHONY: test lint\n\nall: test \\\n  lint | out\ntest: build\n\t@$(TOOL) tests\n\t-ruff check .\n\tfor i in a "
      "b; do \\\n\t  echo $$i; \\\n\tdone\n"
      "lint: FLAGS = -z\nlint: ; eslint .\n%.o: %.c\n\t$(CC) -c $< -o $@\nifeq ($(CI),1)\ndeploy:\n\t$(MAKE) -C sub "
      "push\nelse\n\techo no\nendif\n"
      "include a.mk $(DIR)/b.mk\n-include c.mk\nversion:\n\techo $(shell git describe) ${UNKNOWN}\n");
  CHECK(file.default_target == "all");
  CHECK(target_of(file, "all").prerequisites == std::vector<std::string>{"test", "lint", "out"});
  const MakeTarget& test = target_of(file, "test");
  CHECK(test.prerequisites == std::vector<std::string>{"build"});
  CHECK(words_of(test.recipe) == "pytest -q -x tests; ruff check .; echo $i");
  CHECK(test.recipe.commands[0].context.fatal);
  CHECK(test.recipe.commands[0].line == 11);
  CHECK(test.recipe.commands[1].context.masked);
  CHECK(target_of(file, "lint").prerequisites.empty());
  CHECK(words_of(target_of(file, "lint").recipe) == "eslint .");
  CHECK(words_of(target_of(file, "deploy").recipe) == "make -C sub push; echo no");
  CHECK(words_of(target_of(file, "version").recipe) == "echo $(git describe) ${UNKNOWN}; git describe");
  CHECK(file.includes == std::vector<std::string>{"a.mk", "$(DIR)/b.mk", "c.mk"});
  CHECK_FALSE(file.ignores_errors);
  CHECK(target_of(file, ".PHONY").name.empty());
}

TEST_CASE("Makefiles that ignore failures") {
  CHECK(read_makefile("MAKEFLAGS += -i\ntest:\n\tcheck\n").targets[0].recipe.commands[0].context.masked);
  CHECK(read_makefile(".IGNORE:\ntest:\n\tcheck\n").ignores_errors);
  const Makefile some = read_makefile(".IGNORE: a\na:\n\tcheck\nb:\n\tcheck\n");
  CHECK(target_of(some, "a").recipe.commands[0].context.masked);
  CHECK(target_of(some, "b").recipe.commands[0].context.fatal);
  CHECK(read_makefile("SHELL := /bin/true\ntest:\n\tcheck\n").targets[0].recipe.commands[0].context.masked);
  CHECK_FALSE(read_makefile("SHELL := /usr/bin/env bash\ntest:\n\tcheck\n").ignores_errors);
  CHECK_FALSE(read_makefile("MAKEFLAGS += --no-print-directory -j4\n").ignores_errors);
  CHECK_FALSE(read_makefile("MAKEFLAGS += -rj$(shell nproc) -Iinclude\n").ignores_errors);
  CHECK(read_makefile("MAKEFLAGS += -kn\n").ignores_errors);
  CHECK(read_makefile(".ONESHELL:\nt:\n\tcheck\n\ttrue\n").targets[0].recipe.commands[0].context.masked);
  CHECK(read_makefile(".ONESHELL:\n.SHELLFLAGS = -ec\nt:\n\tcheck\n\ttrue\n")
            .targets[0]
            .recipe.commands[0]
            .context.fatal);
  CHECK(read_makefile("t:\n\tcheck || true\n").targets[0].recipe.forced_success);
  CHECK_FALSE(read_makefile("t:\n\tcheck\n\ttrue\n").targets[0].recipe.forced_success);
}

TEST_CASE("of several recipes for a target the last one runs") {
  CHECK(words_of(read_makefile("t: a\n\tfirst\nt:\n\tsecond\n").targets[0].recipe) == "second");
  CHECK(words_of(read_makefile("t:\n\tfirst\nt: a\n").targets[0].recipe) == "first");
  CHECK(words_of(read_makefile("t::\n\tfirst\nt::\n\tsecond\n").targets[0].recipe) == "first; second");
  CHECK(words_of(read_makefile("ifdef A\nt:\n\tfirst\nelse\nt:\n\tsecond\nendif\n").targets[0].recipe) ==
        "first; second");
}

TEST_CASE("functions of make and what they are given are no commands") {
  const Makefile file = read_makefile(
      "comma := ,\nt:\n\tprotoc $(subst $(space),$(comma),$(addprefix -I,$(dirs))) $(shell git describe)\n");
  CHECK(words_of(file.targets[0].recipe) ==
        "protoc ${subst ${space},,,${addprefix -I,${dirs}}} $(git describe); git describe");
}

TEST_CASE("Makefile oddities end well") {
  CHECK(words_of(read_makefile("define both\na\nb\nendef\nt:\n\t$(both)\n").targets[0].recipe) == "a; b");
  CHECK(words_of(read_makefile("A = $(B)\nB = $(A)\nt:\n\trun $(A)\n").targets[0].recipe).starts_with("run"));
  CHECK(words_of(read_makefile(".RECIPEPREFIX = >\nt:\n>a\n").targets[0].recipe) == "a");
  CHECK(read_makefile("t: a\nt: b\n").targets[0].prerequisites == std::vector<std::string>{"a", "b"});
  CHECK(read_makefile(".DEFAULT_GOAL := b\na:\nb:\n").default_target == "b");
  CHECK(read_makefile("t::\n\ta\nt::\n\tb\n").targets.size() == 1);
  for (const char* text :
       {"", ":", "=", "$(", "\t\t", "define", "define x", "a: $(b", "\\", "a:\n\t$(", "include", "else ifeq"})
    read_makefile(text);
  std::string doubling = "A0 = xxxxxxxxxx\n";
  for (int i = 1; i < 40; ++i)
    doubling += "A" + std::to_string(i) + " = $(A" + std::to_string(i - 1) + ")$(A" + std::to_string(i - 1) + ")\n";
  read_makefile(doubling + "t:\n\techo $(A39)\n");
}

TEST_CASE("package scripts") {
  const Document json = read_json(
      "{\"scripts\": {\n\"test\": \"jest\",\n\"lint\": \"eslint . && prettier --check . || true\",\n\"test\": \"echo "
      "no tests\", \"n\": 1}}");
  const std::vector<PackageScript> scripts = package_scripts(json);
  REQUIRE(scripts.size() >= 2);
  const auto named = [&scripts](std::string_view name) {
    return *std::find_if(scripts.begin(), scripts.end(),
                         [name](const PackageScript& script) { return script.name == name; });
  };
  CHECK(named("test").text == "echo no tests");
  CHECK(named("test").line == 4);
  CHECK(std::count_if(scripts.begin(), scripts.end(),
                      [](const PackageScript& script) { return script.name == "test"; }) == 1);
  CHECK(named("lint").script.commands[0].context.masked);
  CHECK(package_scripts(read_json("{\"scripts\": [1]}")).empty());
  CHECK(package_scripts(read_json("")).empty());
}
