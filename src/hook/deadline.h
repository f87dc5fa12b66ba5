// A limit on the time that judging may take: a push that cannot be judged in it is refused, with the reason.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace tollbar::hook {

/// While it lives, the process has `limit` left. Then it ends with the status of what could not be decided, having
/// written `last_words` to standard error, whatever it is doing: only for hooks that write nothing. No limit where it
/// is zero.
class Deadline {
 public:
  Deadline(std::chrono::milliseconds limit, std::string last_words);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

 private:
  void watch(std::chrono::milliseconds limit);

  std::string last_words_;
  std::mutex mutex_;
  std::condition_variable done_changed_;
  bool done_ = false;
  std::thread watcher_;
};

}  // namespace tollbar::hook
