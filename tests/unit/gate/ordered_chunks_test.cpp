// Chunks come back in order, within the window, and errors reach the consumer.
#include "gate/ordered_chunks.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

namespace tollbar::gate {
namespace {

TEST_CASE("results come in order though they are finished out of order") {
  OrderedChunks<int> chunks(3, 3);
  CHECK(chunks.claim() == 0U);
  CHECK(chunks.claim() == 1U);
  CHECK(chunks.claim() == 2U);
  CHECK(!chunks.claim());
  chunks.finish(2, {5});
  chunks.finish(0, {1, 2});
  chunks.finish(1, {3, 4});
  CHECK(*chunks.take() == std::vector<int>{1, 2});
  CHECK(*chunks.take() == std::vector<int>{3, 4});
  CHECK(*chunks.take() == std::vector<int>{5});
  CHECK(!chunks.take());
}

TEST_CASE("many threads give every chunk once") {
  constexpr std::size_t count = 500;
  OrderedChunks<std::size_t> chunks(count, 4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (const auto chunk = chunks.claim()) {
        chunks.finish(*chunk, {*chunk});
      }
    });
  }
  std::size_t expected = 0;
  while (const auto results = chunks.take()) {
    REQUIRE(results->size() == 1);
    CHECK(results->front() == expected++);
  }
  CHECK(expected == count);
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST_CASE("a failed worker stops the others and reaches the consumer") {
  OrderedChunks<int> chunks(10, 2);
  CHECK(chunks.claim() == 0U);
  chunks.fail(std::make_exception_ptr(std::runtime_error("lost")));
  CHECK(!chunks.claim());
  CHECK_THROWS_WITH(chunks.take(), "lost");
}

TEST_CASE("a stopped scan wakes those who wait for the window") {
  OrderedChunks<int> chunks(10, 1);
  CHECK(chunks.claim() == 0U);
  std::thread waiting([&] { CHECK(!chunks.claim()); });
  chunks.stop();
  waiting.join();
}

TEST_CASE("no chunks") {
  OrderedChunks<int> chunks(0, 1);
  CHECK(!chunks.claim());
  CHECK(!chunks.take());
}

}  // namespace
}  // namespace tollbar::gate
