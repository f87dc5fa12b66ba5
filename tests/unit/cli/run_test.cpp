// Commands from words to exit status, on streams in memory.
#include "cli/run.h"

#include <doctest/doctest.h>

#include <map>
#include <sstream>

#include "cli/arguments.h"

namespace tollbar::cli {
namespace {

struct Outcome {
  int status = 0;
  std::string out, err;
};

Outcome run_with(const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console{in, out, err, false, false, 80, [](const char*) { return std::optional<std::string>(); }};
  const int status = run(words, console);
  return {status, out.str(), err.str()};
}

TEST_CASE("version") {
  CHECK(run_with({"--version"}).out == "tollbar " TOLLBAR_VERSION "\n");
  CHECK(run_with({"--version", "--json"}).out == R"({"name":"tollbar","version":")" TOLLBAR_VERSION "\"}\n");
}

TEST_CASE("help names every command and flag of the table") {
  const Outcome all = run_with({"--help"});
  CHECK(all.status == 0);
  for (const Command& command : commands()) {
    CHECK(all.out.find(command.name) != std::string::npos);
    std::vector<std::string> words;
    std::istringstream name{std::string(command.name)};
    for (std::string word; name >> word;) {
      words.push_back(word);
    }
    words.emplace_back("--help");
    const Outcome one = run_with(words);
    CHECK(one.status == 0);
    for (const Flag& flag : command.flags) {
      CHECK(one.out.find(flag.name) != std::string::npos);
    }
  }
}

TEST_CASE("usage errors go to standard error and exit with 2") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"scna"},
                                                                 {},
                                                                 {"scan", "--no"},
                                                                 {"scan", "--staged", "--all"},
                                                                 {"scan", "HEAD", "--stdin"},
                                                                 {"scan", "-o", "pdf"},
                                                                 {"scan", "-o", "json", "-o", "text"},
                                                                 {"scan", "--threads", "many"},
                                                                 {"completion", "tcsh"},
                                                                 {"scan", "--json"},
                                                                 {"-C", "/nonexistent", "scan"},
                                                                 {"policy", "check", "/nonexistent/policy.yml"}}) {
    const Outcome outcome = run_with(words);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.rfind("error: ", 0) == 0);
  }
}

TEST_CASE("what the user typed cannot steer the terminal") {
  CHECK(run_with({"\x1b[2J"}).err.find('\x1b') == std::string::npos);
}

TEST_CASE("completion scripts name every command") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const Outcome outcome = run_with({"completion", shell});
    CHECK(outcome.status == 0);
    for (const std::string word : {"scan", "rules", "list", "policy", "schema", "exit-zero", "explain"}) {
      CAPTURE(word);
      CHECK(outcome.out.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("colour: the flag, then NO_COLOR, then CLICOLOR_FORCE, then the terminal") {
  std::map<std::string, std::string> variables;
  std::istringstream in;
  std::ostringstream out;
  Console console{in, out, out, false, false, 80, [&](const char* name) {
                    const auto found = variables.find(name);
                    return found == variables.end() ? std::nullopt : std::optional(found->second);
                  }};
  const auto colour = [&](const std::vector<std::string>& words) {
    return style_of(parse(words), console).colour == report::Colour::on;
  };
  CHECK(!colour({"scan"}));
  console.out_is_terminal = true;
  CHECK(colour({"scan"}));
  CHECK(!colour({"scan", "--color", "never"}));
  variables["NO_COLOR"] = "1";
  CHECK(!colour({"scan"}));
  CHECK(colour({"scan", "--color=always"}));
  variables["NO_COLOR"] = "";
  CHECK(colour({"scan"}));
  console.out_is_terminal = false;
  variables["CLICOLOR_FORCE"] = "0";
  CHECK(!colour({"scan"}));
  variables["CLICOLOR_FORCE"] = "1";
  CHECK(colour({"scan"}));
}

}  // namespace
}  // namespace tollbar::cli
