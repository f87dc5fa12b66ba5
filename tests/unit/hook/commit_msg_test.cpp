// Which part of a message file becomes the message, and what a message claims.
#include "hook/commit_msg.h"

#include <doctest/doctest.h>

#include "hook/hooks.h"
#include "rule/commit_message.h"

namespace tollbar::hook {
namespace {

TEST_CASE("comments go where the author edited, and stay where git keeps them") {
  const std::string_view file = "Subject\n\n# Please [skip ci]\nBody #1\n";
  CHECK(message_to_be(file, "#", Edited::yes) == "Subject\n\nBody #1\n");
  CHECK(message_to_be(file, "#", Edited::no) == file);
  CHECK(message_to_be("; note\n# kept", ";", Edited::yes) == "# kept");
}

TEST_CASE("nothing below the scissors is part of it") {
  const std::string scissors = "# ------------------------ >8 ------------------------\n";
  CHECK(message_to_be("Subject\n" + scissors + "+ [skip ci]\n", "#", Edited::yes) == "Subject\n");
  CHECK(message_to_be("Subject\n" + scissors + "+ [skip ci]\n", "#", Edited::no) == "Subject\n");
  CHECK(message_to_be("Subject\n ------------------------ >8\n", "#", Edited::no) ==
        "Subject\n ------------------------ >8\n");
}

TEST_CASE("an empty message is one") {
  CHECK(message_to_be("", "#", Edited::yes).empty());
}

TEST_CASE("words that skip CI are found as the message spells them") {
  CHECK(rule::words_that_skip_ci("Docs [Skip CI]\n") == "[Skip CI]");
  CHECK(rule::words_that_skip_ci("Docs\n\nskip-checks: true\n") == "skip-checks: true");
  CHECK_FALSE(rule::words_that_skip_ci("When to skip CI").has_value());
}

TEST_CASE("every trailer that claims an emergency is told") {
  CHECK(rule::break_glass_claims("Fix\n\nBreak-Glass: INC-7\r\nbreak-glass-reason: down\n") ==
        std::vector<std::string>{"Break-Glass: INC-7", "break-glass-reason: down"});
  CHECK(rule::break_glass_claims("How to break-glass: a guide\n").empty());
}

}  // namespace

TEST_CASE("every hook stands once in the table") {
  for (const Hook& hook : hooks()) {
    CAPTURE(hook.name);
    CHECK(find_hook(hook.name) == &hook);
    CHECK((hook.run != nullptr));
  }
  CHECK(find_hook("pre-comit") == nullptr);
}

}  // namespace tollbar::hook
