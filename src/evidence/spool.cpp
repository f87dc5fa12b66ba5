// Files that are renamed into place, and a lock for whoever empties the directory.
#include "evidence/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "attest/statement.h"
#include "util/error.h"
#include "util/file.h"
#include "util/sha256.h"

namespace tollbar::evidence {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_refused = 10'000;             // files: nobody shall fill a server's disk with refusals
constexpr auto hook_is_over = std::chrono::minutes(10);  // after which what is pending belongs to no running hook
constexpr std::string_view suffix = ".jsonl";
constexpr std::array<std::string_view, 3> prefixes{"refused-", "pending-", "late-"};

[[noreturn]] void fail(std::string_view action, const std::string& path) {
  throw util::Error(fmt::format("{} {}: {}", action, path, std::strerror(errno)));
}

/// A file descriptor that is closed at the end.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (value_ < 0) {
      fail("open", path);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(value_); }
  int value() const { return value_; }

 private:
  int value_;
};

std::string to_lines(const std::vector<Record>& records) {
  std::string lines;
  for (const Record& record : records) {
    lines += attest::write_statement(to_statement(record)) + '\n';
  }
  return lines;
}

std::vector<Record> read_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<Record> records;
  for (std::string line; std::getline(file, line);) {
    records.push_back(read_record(attest::read_statement(line, path), path));
  }
  if (!file.eof()) {
    fail("read", path);
  }
  return records;
}

struct Found {
  Spool::Why why;
  std::string name, path;
  fs::file_time_type written;
};

/// In the order in which they were written.
std::vector<Found> files_in(const std::string& directory) {
  std::vector<Found> found;
  std::error_code error, unknown;
  for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    for (std::size_t why = 0; why < prefixes.size(); ++why) {
      if (name.starts_with(prefixes[why]) && name.ends_with(suffix)) {
        const auto written = each->last_write_time(unknown);
        if (unknown) {
          continue;  // it was taken away just now
        }
        const std::size_t from = prefixes[why].size();
        found.push_back({static_cast<Spool::Why>(why), name.substr(from, name.size() - from - suffix.size()),
                         each->path().string(), written});
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return std::tie(a.written, a.path) < std::tie(b.written, b.path); });
  return found;
}

bool is_due(const Found& file) {
  return file.why != Spool::Why::pending || fs::file_time_type::clock::now() - file.written > hook_is_over;
}

std::string path_in(const std::string& directory, Spool::Why why, const std::string& name) {
  return fmt::format("{}/{}{}{}", directory, prefixes.at(static_cast<std::size_t>(why)), name, suffix);
}

}  // namespace

Spool::Spool(const git::Repository& repository)
    : directory_(repository.config("tollbar.spool").value_or(fs::path(repository.git_directory()) / "tollbar/spool")) {}

void Spool::put(Why why, const std::string& name, const std::vector<Record>& records) const {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) {
    throw util::Error(fmt::format("make {}: {}", directory_, error.message()));
  }
  if (why == Why::refused && files_in(directory_).size() >= most_refused) {
    throw util::Error(fmt::format("{} holds {} decisions already; the next accepted push takes them into the log",
                                  directory_, most_refused));
  }
  util::write_whole_file(path_in(directory_, why, name), to_lines(records));
}

void Spool::remove(Why why, const std::string& name) const {
  std::error_code error;
  fs::remove(path_in(directory_, why, name), error);
  if (error) {
    throw util::Error(fmt::format("take {} out of {}: {}", name, directory_, error.message()));
  }
}

void Spool::take(const std::function<void(std::vector<Waiting> waiting)>& work,
                 const std::function<void(const std::string& problem)>& problem) const {
  if (files_in(directory_).empty()) {
    return;
  }
  const Descriptor lock(directory_ + "/lock", O_RDWR | O_CREAT);
  if (::flock(lock.value(), LOCK_EX) != 0) {
    fail("lock", directory_);
  }
  std::vector<Waiting> waiting;
  std::vector<std::string> taken;
  for (const Found& file : files_in(directory_)) {
    if (!is_due(file)) {
      continue;
    }
    try {
      waiting.push_back({file.why, file.name, read_lines(file.path)});
      taken.push_back(file.path);
    } catch (const util::Error& error) {
      problem(error.what());
    }
  }
  if (waiting.empty()) {
    return;
  }
  work(std::move(waiting));
  for (const std::string& path : taken) {
    std::error_code error;
    fs::remove(path, error);
  }
}

std::string name_of(const gate::RefUpdate& update) {
  constexpr std::size_t digits = 32;
  return util::sha256_hex(fmt::format("{} {} {}", update.before.hex(), update.after.hex(), update.ref))
      .substr(0, digits);
}

}  // namespace tollbar::evidence
