// The in-memory tree behaves like one of git's.
#include "model/memory_tree.h"

#include <doctest/doctest.h>

using namespace tollbar::model;

TEST_CASE("files, directories and nothing are found") {
  MemoryTree tree({{"a", {"one"}}, {"d/b", {"two", FileMode::executable}}, {"d/e/c", {"three"}}});
  CHECK(tree.find("a")->mode == FileMode::regular);
  CHECK(tree.find("d/b")->mode == FileMode::executable);
  CHECK(tree.find("d")->mode == FileMode::directory);
  CHECK(tree.find("d/e")->mode == FileMode::directory);
  CHECK(tree.find("")->mode == FileMode::directory);
  CHECK_FALSE(tree.find("d/"));
  CHECK_FALSE(tree.find("dd"));
  CHECK_FALSE(tree.find("a/b"));
}

TEST_CASE("listings have git's order, in which a directory sorts as if it ended in a slash") {
  MemoryTree tree({{"a.b", {""}}, {"a/x", {""}}, {"a/y/z", {""}}, {"a0", {""}}});
  std::string names;
  for (const auto& entry : tree.list("")) {
    names += entry.name + ' ';
  }
  CHECK(names == "a.b a a0 ");
  CHECK(tree.list("a").size() == 2);
  CHECK(tree.list("a.b").empty());
  CHECK(tree.list("nowhere").empty());
}

TEST_CASE("content is read through the entry and equal bytes have equal ids") {
  MemoryTree tree({{"a", {"same"}}, {"b", {"same"}}, {"c", {"other"}}});
  CHECK(tree.find("a")->id == tree.find("b")->id);
  CHECK(tree.find("a")->id != tree.find("c")->id);
  CHECK(*tree.read(*tree.find("c")).bytes == "other");
  CHECK(tree.read(FileEntry{}).state == ContentState::missing);
}

TEST_CASE("ids depend on every byte and on trailing zeros") {
  MemoryTree tree({{"a", {std::string(9, '\0')}},
                   {"b", {std::string(8, '\0')}},
                   {"c", {""}},
                   {"d", {"12345678a"}},
                   {"e", {"a12345678"}}});
  for (const char* left : {"a", "b", "c", "d", "e"}) {
    for (const char* right : {"a", "b", "c", "d", "e"}) {
      CHECK((tree.find(left)->id == tree.find(right)->id) == (*left == *right));
    }
  }
}

TEST_CASE("diff names added, removed, changed and mode-only paths in byte order") {
  MemoryTree before({{"gone", {"1"}}, {"mode", {"2"}}, {"same", {"3"}}, {"text", {"4"}}});
  MemoryTree after({{"mode", {"2", FileMode::executable}}, {"new", {"5"}}, {"same", {"3"}}, {"text", {"6"}}});
  const auto deltas = diff(before, after);
  REQUIRE(deltas.size() == 4);
  CHECK((deltas[0].path == "gone" && deltas[0].removed()));
  CHECK((deltas[1].path == "mode" && deltas[1].mode_only()));
  CHECK((deltas[2].path == "new" && deltas[2].added()));
  CHECK((deltas[3].path == "text" && deltas[3].before && deltas[3].after && !deltas[3].mode_only()));
  CHECK(diff(before, before).empty());
}
