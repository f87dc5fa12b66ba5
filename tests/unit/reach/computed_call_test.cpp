// Edges that lead nobody knows where, and those that only look so.
#include "reach/computed_call.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

/// The computed calls of a job that runs this.
std::vector<std::string> computed(const std::string& script, const Files& more = {}) {
  Files files = more;
  files[kCi] = workflow(steps({script}));
  std::vector<std::string> texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution))
    for (const auto& call : step->unknown) texts.push_back(call.path + ": " + call.text);
  return texts;
}

using Texts = std::vector<std::string>;

Texts in_ci(const std::string& text) {
  return {std::string(kCi) + ": " + text};
}

}  // namespace

TEST_CASE("programs and scripts of a computed name are unknown edges") {
  CHECK(computed("\"$TASK\" --now") == in_ci("$TASK --now"));
  CHECK(computed("./scripts/$NAME.sh") == in_ci("./scripts/$NAME.sh"));
  CHECK(computed("bash \"$FILE\"") == in_ci("bash $FILE"));
  CHECK(computed("source $FILE") == in_ci("source $FILE"));
  CHECK(computed("eval \"$LINE\"") == in_ci("$LINE"));
  CHECK(computed("python -u $FILE") == in_ci("python -u $FILE"));
  CHECK(computed("make $GOAL") == in_ci("make $GOAL"));
  CHECK(computed("npm run $NAME") == in_ci("npm run $NAME"));
  CHECK(computed("${{ inputs.command }}").size() == 1);
}

TEST_CASE("what a script puts together before it evaluates it") {
  const Files files{
      {"send.sh",
       "#!/bin/bash\nsend() {\n  line=\"publish --tag ${tag}\"\n  if [ $1 ]; then\n    line+=\" --dry-run\"\n  fi\n"
       "  for part in $parts; do\n    eval \"${line}\"\n  done\n}\nsend \"$@\"\n"}};
  CHECK(computed("./send.sh", files) == Texts{"send.sh: ${line}"});
}

TEST_CASE("constant names, places outside the tree and arguments handed on are none") {
  CHECK(computed("NAME=x\n./scripts/$NAME.sh").empty());
  CHECK(computed("\"$HOME/bin/tool\" run").empty());
  CHECK(computed("${RUNNER_TEMP}/tool").empty());
  CHECK(computed("\"$(which tool)\" --version\neval \"$(ssh-agent -s)\"").empty());
  CHECK(computed("retry() { \"$@\"; }\nretry make test").empty());
  CHECK(computed("curl -sSf https://example.org/x | sh -s -- --target $TARGET").empty());
  CHECK(computed("make -j$(nproc) test JOBS=$N").empty());
  CHECK(computed("make $MAKEFLAGS").empty());
  CHECK(computed("npx --yes playwright@${VERSION} install\npython$VERSION -V").empty());
  CHECK(computed("make test $EXTRA").empty());
  CHECK(computed("echo \"$NAME\"\ncp $A $B").empty());
  CHECK(computed("if false; then\n  \"$TASK\"\nfi").empty());
}
