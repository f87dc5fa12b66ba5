// Compare-and-swap, again and again, with jitter.
#include "git/contention.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "util/error.h"

namespace tollbar::git {
namespace {

constexpr int most_attempts = 200;
constexpr int longest_wait = 250;  // milliseconds

/// Longer with every attempt, by chance, so that those who collided do not collide again.
void wait_after(int attempt) {
  static thread_local std::mt19937 random{std::random_device{}()};
  const int most = std::min(longest_wait, 4 << std::min(attempt, 6));
  std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(1, most)(random)));
}

}  // namespace

void until_written(const std::string& ref, const std::function<bool()>& attempt) {
  for (int tried = 0; tried < most_attempts; ++tried) {
    if (attempt()) {
      return;
    }
    wait_after(tried);
  }
  throw util::Error("write " + ref + ": others keep writing it");
}

model::Signature record_author() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {"tollbar", "tollbar@localhost", std::chrono::duration_cast<std::chrono::seconds>(now).count(), 0};
}

}  // namespace tollbar::git
