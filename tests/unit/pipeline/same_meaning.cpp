// Other words for the same pipeline, and what only looks like it.
#include "pipeline/same_meaning.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "document/edit.h"
#include "document/formats.h"

using namespace tollbar;
using pipeline::System;

namespace {

bool same(System system, std::string_view before, std::string_view after) {
  return pipeline::same_meaning(system, document::read_yaml(before), document::read_yaml(after));
}

/// Whether each place where the two differ says the same by itself, where all of them are changes of something.
bool same_at_each_place(System system, std::string_view before, std::string_view after) {
  const document::Document old = document::read_yaml(before), now = document::read_yaml(after);
  const auto edits = document::compare(old, now);
  return std::all_of(edits.begin(), edits.end(), [&](const document::Edit& edit) {
    return edit.kind == document::EditKind::changed &&
           pipeline::same_meaning(system, edit.path, *edit.before, *edit.after);
  });
}

struct Case {
  System system;
  const char *before, *after;
};

}  // namespace

TEST_CASE("other words for the same") {
  const Case cases[] = {
      {System::github, "on: [push, pull_request]", "on: {push: null, pull_request: {}}"},
      {System::github, "on: push", "on: [push]"},
      {System::github, "jobs: {a: {needs: b}}", "jobs: {a: {needs: [b]}}"},
      {System::github, "on: {push: {branches: main}}", "on: {push: {branches: [main]}}"},
      {System::github, "jobs: {a: {environment: prod}}", "jobs: {a: {environment: {name: prod}}}"},
      {System::github, "steps: [{run: make}]", "steps: [{run: \"# all of it\\nmake\\n\"}]"},
      {System::gitlab, "t: {script: make}", "t: {script: [make]}"},
      {System::gitlab, "t: {script: [\"make\\nmake check\"]}", "t: {script: [\"make\\n# twice\\nmake check\"]}"},
      {System::gitlab, "t: {image: x}", "t: {image: {name: x}}"},
      {System::gitlab, "include: a.yml", "include: {local: a.yml}"},
      {System::gitlab, ".b: &b {image: x, tags: [d]}\nt: {<<: *b, script: make}",
       ".b: {image: x, tags: [d]}\nt: {extends: .b, script: make}"},
      {System::gitlab, ".b: {image: x}\nt: {image: x, script: make}",
       ".b: {image: x}\nt: {extends: [.b], script: make}"},
      {System::circleci, "jobs: [lint, test]", "jobs: [{lint: {}}, {test: null}]"},
      {System::circleci, "steps: [{run: make}]", "steps: [{run: {command: make}}]"},
      {System::azure, "trigger: [main]", "trigger: {branches: {include: [main]}}"},
      {System::azure, "pr: [main]", "pr: {branches: [main]}"},
      {System::buildkite, "steps: [{command: make}]", "steps: [{commands: [make]}]"},
      {System::buildkite, "steps: [wait, {block: ~}]", "steps: [{wait: ~}, block]"},
      {System::argo, "templates: [{name: a, image: x}, {name: b, image: y}]",
       "templates: [{name: b, image: y}, {name: a, image: x}]"},
      {System::tekton, "tasks: [{name: a, taskRef: {name: x}}, {name: b, taskRef: {name: y}}]",
       "tasks: [{name: b, taskRef: {name: y}}, {name: a, taskRef: {name: x}}]"},
      {System::cirrus, "t_task: {test_script: make}", "t_task: {test_script: [make]}"},
      {System::woodpecker, "when: {event: push}", "when: [{event: [push]}]"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.before);
    CHECK(same(one.system, one.before, one.after));
    CHECK(same(one.system, one.after, one.before));
  }
}

TEST_CASE("not the same") {
  const Case cases[] = {
      {System::github, "on: [push, pull_request]", "on: {push: null}"},
      {System::github, "on: [push]", "on: {push: {branches: [main]}}"},
      {System::github, "jobs: {a: {environment: prod}}", "jobs: {a: {environment: {name: prod, url: x}}}"},
      {System::github, "strategy: {matrix: {os: [a]}}", "strategy: {matrix: {os: a}}"},
      {System::github, "steps: [{run: a}, {run: b}]", "steps: [{run: b}, {run: a}]"},
      {System::github, "steps: [{run: make}]", "steps: [{run: \"make\\n: done\\n\"}]"},
      {System::github, "steps: [{with: {script: \"a\\n\"}}]", "steps: [{with: {script: \"# a\\na\\n\"}}]"},
      {System::github, "steps: [{run: \"cat <<X\\nX\\n\"}]", "steps: [{run: \"cat <<X\\n# a\\nX\\n\"}]"},
      {System::github, "steps: [{shell: python, run: \"if a:\\n  b\\nc\\n\"}]",
       "steps: [{shell: python, run: \"if a:\\n  b\\n  c\\n\"}]"},
      {System::gitlab, "t: {when: manual}", "t: {when: [manual]}"},
      {System::gitlab, "include: a.yml", "include: {remote: a.yml}"},
      // A merge key replaces a mapping as a whole, where `extends` merges it.
      {System::gitlab, ".b: &b {variables: {A: x, B: y}}\nt: {<<: *b, variables: {A: z}}",
       ".b: {variables: {A: x, B: y}}\nt: {extends: .b, variables: {A: z}}"},
      // What another file, or nobody, holds of the template is not known here.
      {System::gitlab, "include: o.yml\n.b: &b {image: x}\nt: {<<: *b}",
       "include: o.yml\n.b: {image: x}\nt: {extends: .b}"},
      {System::gitlab, "t: {script: make}", "t: {extends: .b, script: make}"},
      {System::tekton, "command: x", "command: [x]"},
      {System::argo, "steps: [{name: a}, {name: b}]", "steps: [{name: b}, {name: a}]"},
      {System::argo, "templates: [{name: a}, {name: a}]", "templates: [{name: a}, {name: b}]"},
      {System::argo, "templates: [{name: a}, {name: b}]", "templates: [{name: b}, {name: c}]"},
      {System::buildkite, "steps: [wait]", "steps: [{wait: ~, if: x}]"},
      {System::azure, "trigger: [main]", "trigger: {branches: {exclude: [main]}}"},
      {System::azure, "trigger: [main]", "trigger: {tags: {include: [main]}}"},
      {System::circleci, "jobs: [lint]", "jobs: [{lint: {context: a}}]"},
      {System::github, "a: [", "a: ["},
  };
  for (const auto& one : cases) {
    CAPTURE(one.after);
    CHECK_FALSE(same(one.system, one.before, one.after));
    CHECK_FALSE(same(one.system, one.after, one.before));
  }
}

TEST_CASE("what is merely written otherwise says the same beside a change of something else") {
  for (const auto& sides :
       {std::pair("on: push", "on: [push]"), std::pair("jobs: {a: {needs: b}}", "jobs: {a: {needs: [b]}}"),
        std::pair("jobs: {a: {runs-on: x}}", "jobs: {a: {runs-on: [x]}}"),
        std::pair("jobs: {a: {environment: prod}}", "jobs: {a: {environment: {name: prod}}}"),
        std::pair("jobs: {a: {steps: [{name: all, run: make}]}}",
                  "jobs: {a: {steps: [{name: all, run: \"# all of it\\nmake\\n\"}]}}")}) {
    CAPTURE(sides.first);
    CHECK(same_at_each_place(System::github, sides.first, sides.second));
    CHECK(same_at_each_place(System::github, sides.second, sides.first));
  }
  for (const auto& sides :
       {std::pair("on: push", "on: [push, pull_request]"),
        std::pair("jobs: {a: {runs-on: x}}", "jobs: {a: {runs-on: [y]}}"),
        std::pair("jobs: {a: {strategy: {matrix: {os: x}}}}", "jobs: {a: {strategy: {matrix: {os: [x]}}}}"),
        std::pair("jobs: {a: {steps: [{name: s, with: {script: \"a\\n\"}}]}}",
                  "jobs: {a: {steps: [{name: s, with: {script: \"# a\\na\\n\"}}]}}")}) {
    CAPTURE(sides.first);
    CHECK_FALSE(same_at_each_place(System::github, sides.first, sides.second));
  }
}
