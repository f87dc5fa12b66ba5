// The subject of a message.
#include "model/commit.h"

#include <doctest/doctest.h>

TEST_CASE("the subject is the first line that is not empty") {
  const auto subject_of = [](const char* message) {
    tollbar::model::Commit commit;
    commit.message = message;
    return commit.subject();
  };
  CHECK(subject_of("one\n\ntwo\n") == "one");
  CHECK(subject_of("one") == "one");
  CHECK(subject_of("\n\none\n") == "one");
  CHECK(subject_of("one\r\ntwo") == "one");
  CHECK(subject_of("").empty());
  CHECK(subject_of("\n\n").empty());
}
