// A thread that waits for the work to be done, or ends the process.
#include "hook/deadline.h"

#include <unistd.h>

#include <string_view>
#include <utility>

#include "gate/exit_status.h"

namespace tollbar::hook {

Deadline::Deadline(std::chrono::milliseconds limit, std::string last_words) : last_words_(std::move(last_words)) {
  if (limit.count() > 0) {
    watcher_ = std::thread([this, limit] { watch(limit); });
  }
}

Deadline::~Deadline() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  done_changed_.notify_all();
  if (watcher_.joinable()) {
    watcher_.join();
  }
}

void Deadline::watch(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (done_changed_.wait_for(lock, limit, [&] { return done_; })) {
    return;
  }
  for (std::string_view rest = last_words_; !rest.empty();) {
    const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (written <= 0) {
      break;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  ::_exit(gate::exit_undecided);  // other threads are at work: nothing of theirs may be torn down
}

}  // namespace tollbar::hook
