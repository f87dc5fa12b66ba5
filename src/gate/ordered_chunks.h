// Work handed out to threads in chunks and taken back in order, with a bound on what waits in between.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace tollbar::gate {

/// A monitor: workers claim and finish chunks 0, 1, 2, ...; one consumer takes the results in that order.
template <typename Result>
class OrderedChunks {
 public:
  /// Workers stay at most `window` chunks ahead of the consumer.
  OrderedChunks(std::size_t count, std::size_t window) : count_(count), window_(window) {}

  /// The next chunk to work on; waits while the window is full. Empty where nothing is left to do.
  std::optional<std::size_t> claim() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || claimed_ == count_ || claimed_ < taken_ + window_; });
    return stopped_ || claimed_ == count_ ? std::nullopt : std::optional(claimed_++);
  }

  void finish(std::size_t chunk, std::vector<Result> results) {
    const std::lock_guard lock(mutex_);
    finished_.emplace(chunk, std::move(results));
    changed_.notify_all();
  }

  /// A worker cannot go on: the consumer gets its exception, the others stop.
  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    stopped_ = true;
    changed_.notify_all();
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  /// The results of the next chunk in order; empty after the last one. Rethrows what a worker failed with.
  std::optional<std::vector<Result>> take() {
    std::unique_lock lock(mutex_);
    if (taken_ == count_) {
      return std::nullopt;
    }
    changed_.wait(lock, [&] { return error_ || finished_.count(taken_) != 0; });
    if (error_) {
      std::rethrow_exception(error_);
    }
    const auto next = finished_.find(taken_++);
    std::optional<std::vector<Result>> results(std::move(next->second));
    finished_.erase(next);
    changed_.notify_all();
    return results;
  }

 private:
  const std::size_t count_;
  const std::size_t window_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t claimed_ = 0;
  std::size_t taken_ = 0;
  bool stopped_ = false;
  std::exception_ptr error_;
  std::map<std::size_t, std::vector<Result>> finished_;
};

}  // namespace tollbar::gate
