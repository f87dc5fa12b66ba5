#include "document/handed_on.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tollbar::document;

namespace {

/// What the last command of the script is handed on as; empty where it is not.
std::string last_of(std::string_view text) {
  const auto script = parse_shell(text);
  const auto handed = handed_on(script.commands.back(), script);
  return handed ? handed->text() : std::string();
}

}  // namespace

TEST_CASE("functions that run what they are given") {
  CHECK(last_of("run() { echo \"+ $*\"; \"$@\"; }; run kubectl delete ns shop") == "kubectl delete ns shop");
  CHECK(last_of("try() { command \"$@\"; }; try terraform destroy") == "terraform destroy");
  CHECK(last_of("step() { t=$1; shift; \"$@\"; }; step remove helm uninstall shop") == "helm uninstall shop");
}

TEST_CASE("functions that put words of their own before it") {
  CHECK(last_of("api() { curl -s -H \"$AUTH\" \"$@\"; }; api -X POST https://x.example") ==
        "curl -s -H $AUTH -X POST https://x.example");
  CHECK(last_of("run() { if dry; then echo \"+ $@\"; else \"$@\"; fi; }; run npm publish") == "npm publish");
  CHECK(last_of("index() { index_c --quiet \"$@\"; }; index /srv") == "index_c --quiet /srv");
  // What bears the name of a program and runs it somewhere stands for it.
  CHECK(last_of("skopeo() { docker run quay.io/skopeo/stable:v1 \"$@\"; }; skopeo copy a b").empty());
  CHECK(last_of("git() { command git -c a=b \"$@\"; }; git push").empty());
}

TEST_CASE("functions that do something else with it") {
  CHECK(last_of("hint() { printf '%s\\n' \"$*\"; }; hint terraform destroy").empty());
  CHECK(last_of("one() { \"$1\"; }; one terraform destroy").empty());
  CHECK(last_of("run() { \"$@\"; }; run").empty());
  CHECK(last_of("\"$@\"; run terraform destroy").empty());
}
