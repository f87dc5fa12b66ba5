// Other programs, started with posix_spawn so that it is safe from several threads.
#include "util/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "util/error.h"

extern char** environ;

namespace tollbar::util {
namespace {

constexpr std::size_t chunk_size = 64u << 10;

[[noreturn]] void fail(std::string_view action, int error) {
  throw Error(fmt::format("{}: {}", action, std::strerror(error)));
}

/// One end of a pipe, closed when it goes out of scope.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset();
    number_ = other.release();
    return *this;
  }
  ~Descriptor() { reset(); }

  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void reset() {
    if (number_ >= 0) {
      ::close(release());
    }
  }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor reading, writing;
};

Pipe open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail("open a pipe", errno);
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A program that stops reading must not end ours: while this lives, a broken pipe is an error code and no signal.
class BrokenPipeGuard {
 public:
  BrokenPipeGuard() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &signals_, &previous_);
  }
  BrokenPipeGuard(const BrokenPipeGuard&) = delete;
  BrokenPipeGuard& operator=(const BrokenPipeGuard&) = delete;
  ~BrokenPipeGuard() {
    if (!was_pending_) {
      const timespec now{0, 0};
      while (sigtimedwait(&signals_, nullptr, &now) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
  }

 private:
  sigset_t signals_{};
  sigset_t previous_{};
  bool was_pending_ = false;
};

/// What a started program reads from and writes to.
struct Streams {
  int input, output, errors;  ///< errors < 0: discarded
};

std::vector<std::string> environment_of(const Invocation& invocation) {
  std::vector<std::string> entries;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view entry(*variable);
    const bool replaced =
        std::any_of(invocation.environment.begin(), invocation.environment.end(),
                    [&](const Variable& change) { return entry.substr(0, entry.find('=')) == change.name; });
    if (!replaced) {
      entries.emplace_back(entry);
    }
  }
  for (const Variable& change : invocation.environment) {
    if (change.value) {
      entries.push_back(change.name + '=' + *change.value);
    }
  }
  return entries;
}

/// The null-terminated array of pointers that exec takes.
std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

pid_t start(const Invocation& invocation, const Streams& streams) {
  if (invocation.arguments.empty()) {
    throw Error("run a program: no program named");
  }
  std::vector<std::string> arguments = invocation.arguments;
  std::vector<std::string> environment = environment_of(invocation);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams.input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.output, STDOUT_FILENO);
  if (streams.errors >= 0) {
    posix_spawn_file_actions_adddup2(&actions, streams.errors, STDERR_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  if (!invocation.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, invocation.directory.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t process = -1;
  const int error = posix_spawnp(&process, arguments[0].c_str(), &actions, &attributes, pointers_to(arguments).data(),
                                 pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    fail(fmt::format("run {}", arguments[0]), error);
  }
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) {
      return 127;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Appends what `source` has ready; closes it at its end.
void drain(Descriptor& source, std::string& target) {
  std::array<char, chunk_size> chunk;
  const ssize_t count = ::read(source.get(), chunk.data(), chunk.size());
  if (count > 0) {
    target.append(chunk.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
    source.reset();
  }
}

/// Writes what `target` takes of `input`; closes it when all is sent or nobody reads any more.
void feed(Descriptor& target, std::string_view& input) {
  const ssize_t count = ::write(target.get(), input.data(), input.size());
  if (count > 0) {
    input.remove_prefix(static_cast<std::size_t>(count));
  } else if (count < 0 && errno != EINTR && errno != EAGAIN) {
    input = {};
  }
  if (input.empty()) {
    target.reset();
  }
}

}  // namespace

Completed run(const Invocation& invocation, std::string_view input) {
  const BrokenPipeGuard guard;
  Pipe in = open_pipe();
  Pipe out = open_pipe();
  Pipe err = open_pipe();
  const pid_t process = start(invocation, {in.reading.get(), out.writing.get(), err.writing.get()});
  in.reading.reset();
  out.writing.reset();
  err.writing.reset();
  ::fcntl(in.writing.get(), F_SETFL, O_NONBLOCK);
  if (input.empty()) {
    in.writing.reset();
  }
  Completed completed;
  while (out.reading.get() >= 0 || err.reading.get() >= 0) {
    // poll ignores the negative numbers of closed descriptors.
    std::array<pollfd, 3> polled{
        {{out.reading.get(), POLLIN, 0}, {err.reading.get(), POLLIN, 0}, {in.writing.get(), POLLOUT, 0}}};
    if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) {
      break;
    }
    if (polled[0].revents != 0) {
      drain(out.reading, completed.output);
    }
    if (polled[1].revents != 0) {
      drain(err.reading, completed.errors);
    }
    if (polled[2].revents != 0) {
      feed(in.writing, input);
    }
  }
  in.writing.reset();
  completed.status = wait_for(process);
  return completed;
}

Child::Child(const Invocation& invocation) {
  Pipe in = open_pipe();
  Pipe out = open_pipe();
  process_ = start(invocation, {in.reading.get(), out.writing.get(), -1});
  name_ = invocation.arguments[0];
  input_ = in.writing.release();
  output_ = out.reading.release();
}

Child::Child(Child&& other) noexcept
    : name_(std::move(other.name_)),
      process_(std::exchange(other.process_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      buffer_(std::move(other.buffer_)),
      position_(std::exchange(other.position_, 0)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(process_, other.process_);
  std::swap(input_, other.input_);
  std::swap(output_, other.output_);
  std::swap(buffer_, other.buffer_);
  std::swap(position_, other.position_);
  return *this;
}

Child::~Child() {
  close();
}

void Child::close() {
  if (process_ < 0) {
    return;
  }
  // The end of its input and a closed output are what a program in a conversation ends on.
  ::close(input_);
  ::close(output_);
  wait_for(std::exchange(process_, -1));
}

void Child::write(std::string_view bytes) {
  const BrokenPipeGuard guard;
  while (!bytes.empty()) {
    const ssize_t count = ::write(input_, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      fail(fmt::format("write to {}", name_), errno);
    }
    bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
}

void Child::fill() {
  buffer_.erase(0, std::exchange(position_, 0));
  const std::size_t before = buffer_.size();
  buffer_.resize(before + chunk_size);
  ssize_t count = -1;
  do {
    count = ::read(output_, buffer_.data() + before, chunk_size);
  } while (count < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count <= 0) {
    throw Error(fmt::format("read from {}: it ended early", name_));
  }
}

std::string Child::read_line() {
  std::size_t searched = position_;
  std::size_t end = std::string::npos;
  while ((end = buffer_.find('\n', searched)) == std::string::npos) {
    searched = buffer_.size() - position_;
    fill();
  }
  std::string line = buffer_.substr(position_, end - position_);
  position_ = end + 1;
  return line;
}

std::string Child::read_bytes(std::size_t size) {
  while (buffer_.size() - position_ < size) {
    fill();
  }
  std::string bytes = buffer_.substr(position_, size);
  position_ += size;
  return bytes;
}

}  // namespace tollbar::util
