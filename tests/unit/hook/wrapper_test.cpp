// The scripts in a hooks directory: run by a real shell, with the hook before them and its input.
#include "hook/wrapper.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/repository.h"
#include "util/process.h"

namespace tollbar::hook {
namespace {

void write_script(const std::string& path, std::string_view text) {
  test::write_file(path, text);
  REQUIRE(::chmod(path.c_str(), 0755) == 0);
}

/// A directory with a stand-in for tollbar, in a path that shells stumble over.
class Place {
 public:
  Place() { write_script(program(), "#!/bin/sh\necho \"tollbar: $*\"\ncat\n"); }

  std::string program() const { return folder_ / "it's $HOME `x`/tollbar"; }
  void write(const std::string& name, std::string_view text) const { write_script(folder_ / name, text); }
  util::Completed run(const std::string& name, const std::vector<std::string>& arguments,
                      std::string_view input) const {
    util::Invocation invocation;
    invocation.arguments = {folder_ / name};
    invocation.arguments.insert(invocation.arguments.end(), arguments.begin(), arguments.end());
    return util::run(invocation, input);
  }

 private:
  test::TemporaryDirectory folder_;
};

TEST_CASE("the program is called by its path, with the arguments and the input as they are") {
  const Place place;
  place.write("pre-push", wrapper_text({.name = "pre-push", .program = place.program(), .input = Input::lines}));
  const auto done = place.run("pre-push", {"a b", "--policy", "*"}, "line\n\n");
  CHECK(done.succeeded());
  CHECK(done.output == "tollbar: hook pre-push -- a b --policy *\nline\n\n");
}

TEST_CASE("the hook before has the same arguments and input, and its refusal is final") {
  const Place place;
  const Wrapper::Before kept = Wrapper::Before::kept;
  place.write("pre-push", wrapper_text({"pre-push", place.program(), kept, Input::lines}));
  place.write("pre-push.before-tollbar", "#!/bin/sh\necho \"before: $*\"\ncat\n");
  CHECK(place.run("pre-push", {"x y"}, "one\ntwo\n\n").output ==
        "before: x y\none\ntwo\n\ntollbar: hook pre-push -- x y\none\ntwo\n\n");
  place.write("pre-push.before-tollbar", "#!/bin/sh\nexit 7\n");
  const auto refused = place.run("pre-push", {}, std::string(1 << 20, 'x'));  // which nobody reads
  CHECK(refused.status == 7);
  CHECK(refused.output.empty());
  CHECK(refused.errors.empty());
}

TEST_CASE("what a hook after the fact says does not keep tollbar from running") {
  const Place place;
  place.write("post-commit", wrapper_text({"post-commit", place.program(), Wrapper::Before::kept}));
  place.write("post-commit.before-tollbar", "#!/bin/sh\nexit 7\n");
  CHECK(place.run("post-commit", {}, "").output == "tollbar: hook post-commit --\n");
}

TEST_CASE("a missing program refuses, and says so") {
  const Place place;
  place.write("pre-commit", wrapper_text({"pre-commit", "/nowhere/tollbar"}));
  const auto done = place.run("pre-commit", {}, "");
  CHECK(done.status == 1);
  CHECK(done.errors.find("/nowhere/tollbar") != std::string::npos);
}

TEST_CASE("a wrapper is told from other hooks, and says what it calls") {
  const std::string text =
      wrapper_text({.name = "pre-push", .program = "/a b/it's/tollbar", .traces = "directory settings"});
  CHECK(is_wrapper(text));
  CHECK(program_of(text) == "/a b/it's/tollbar");
  CHECK(traces_of(text) == "directory settings");
  const std::string passing =
      wrapper_text({.name = "post-merge", .before = Wrapper::Before::repository, .judges = false});
  CHECK(is_wrapper(passing));
  CHECK_FALSE(program_of(passing).has_value());
  for (const std::string_view other : {"", "#!/bin/sh\n", "#!/bin/sh\nexec tollbar hook pre-push -- \"$@\"\n",
                                       "#!/bin/sh\necho '# tollbar wrapper'\ntollbar=x\n"}) {
    CAPTURE(other);
    CHECK_FALSE(is_wrapper(other));
    CHECK_FALSE(program_of(other).has_value());
    CHECK(traces_of(other).empty());
  }
}

}  // namespace
}  // namespace tollbar::hook
