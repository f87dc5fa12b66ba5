// Programs run once and kept in conversation.
#include "util/process.h"

#include <doctest/doctest.h>

#include "util/error.h"

using tollbar::util::Child;
using tollbar::util::Error;
using tollbar::util::run;

TEST_CASE("run captures output, errors and exit status") {
  const auto completed = run({{"sh", "-c", "printf out; printf err >&2; exit 7"}, {}, {}});
  CHECK(completed.output == "out");
  CHECK(completed.errors == "err");
  CHECK(completed.status == 7);
  CHECK_FALSE(completed.succeeded());
}

TEST_CASE("run names the signal that ended a program") {
  CHECK(run({{"sh", "-c", "kill -TERM $$"}, {}, {}}).status == 128 + 15);
}

TEST_CASE("run passes arguments as they are, with no shell between") {
  CHECK(run({{"printf", "%s|", "$HOME", "a b", ";", "*"}, {}, {}}).output == "$HOME|a b|;|*|");
}

TEST_CASE("run feeds more input than a pipe holds while the program writes it back") {
  const std::string input(3'000'000, 'x');
  CHECK(run({{"cat"}, {}, {}}, input).output == input);
}

TEST_CASE("run survives a program that reads none of its input") {
  CHECK(run({{"true"}, {}, {}}, std::string(3'000'000, 'x')).succeeded());
}

TEST_CASE("run adds, replaces and removes environment variables") {
  const auto completed =
      run({{"sh", "-c", "echo \"$ADDED:${PATH:+set}:${HOME-unset}\""}, {{"ADDED", "a=b"}, {"HOME", std::nullopt}}, {}});
  CHECK(completed.output == "a=b:set:unset\n");
}

TEST_CASE("run starts in the directory asked for") {
  CHECK(run({{"pwd"}, {}, "/"}).output == "/\n");
}

TEST_CASE("a program that cannot be started is an error") {
  CHECK_THROWS_WITH_AS(run({{"no-such-program-anywhere"}, {}, {}}), doctest::Contains("run no-such-program-anywhere"),
                       Error);
  CHECK_THROWS_AS(run({{"true"}, {}, "/no/such/directory"}), Error);
  CHECK_THROWS_AS(run({{}, {}, {}}), Error);
}

TEST_CASE("a child answers line by line and in bytes") {
  Child child({{"cat"}, {}, {}});
  child.write("first\nsecond\n12345\n");
  CHECK(child.read_line() == "first");
  CHECK(child.read_line() == "second");
  CHECK(child.read_bytes(3) == "123");
  CHECK(child.read_bytes(3) == "45\n");
  child.write(std::string("a\0b\n", 4));
  CHECK(child.read_line() == std::string("a\0b", 3));
}

TEST_CASE("a child may be moved") {
  Child first({{"cat"}, {}, {}});
  first.write("kept\n");
  Child second(std::move(first));
  CHECK(second.read_line() == "kept");
}

TEST_CASE("a line longer than one read arrives whole") {
  Child child({{"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo after"}, {}, {}});
  CHECK(child.read_line() == std::string(300'000, 'x'));
  CHECK(child.read_line() == "after");
}

TEST_CASE("a child that ends early is an error, to read from and to write to") {
  Child child({{"true"}, {}, {}});
  CHECK_THROWS_AS(child.read_line(), Error);
  CHECK_THROWS_AS(child.write(std::string(1'000'000, 'x')), Error);
}
