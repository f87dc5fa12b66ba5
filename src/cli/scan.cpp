// `tollbar scan`: what is to be judged, how it is reported, and the exit status.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <istream>
#include <memory>
#include <ostream>
#include <utility>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/overdue.h"
#include "cli/run.h"
#include "gate/scan.h"
#include "git/repository.h"
#include "git/revisions.h"
#include "report/format.h"
#include "rule/engine.h"
#include "text/words.h"
#include "util/error.h"
#include "util/spelling.h"

namespace tollbar::cli {
namespace {

using text::trimmed;

/// The reports that -o asks for, each with its destination.
class Reports {
 public:
  Reports(const Arguments& arguments, Console& console) {
    std::vector<std::string> wanted = arguments.values("--output");
    if (wanted.empty()) {
      wanted.emplace_back("text");
    }
    for (const std::string& output : wanted) {
      add(output, arguments, console);
    }
  }

  bool needs_all() const { return needs_all_; }

  void verdict(const gate::Verdict& verdict) {
    for (const auto& writer : writers_) {
      writer->verdict(verdict);
    }
  }

  void finish(const gate::ScanResult& result) {
    for (const auto& writer : writers_) {
      writer->finish(result);
    }
    for (const auto& [path, file] : files_) {
      if (!file->flush()) {
        throw util::Error(fmt::format("write {}: failed", path));
      }
    }
  }

 private:
  void add(const std::string& output, const Arguments& arguments, Console& console) {
    const std::size_t equals = output.find('=');
    const std::string name = output.substr(0, equals);
    const std::string path = equals == std::string::npos ? "-" : output.substr(equals + 1);
    const report::Format* format = report::find_format(name);
    if (format == nullptr) {
      throw util::UsageError(unknown_format(name));
    }
    needs_all_ = needs_all_ || format->needs_all;
    report::Style style = style_of(arguments, console);
    if (path == "-") {
      if (std::exchange(stdout_taken_, true)) {
        throw util::UsageError("only one report can go to standard output; write the others as -o FORMAT=FILE");
      }
      writers_.push_back(format->make(console.out, style));
      return;
    }
    files_.emplace_back(path, std::make_unique<std::ofstream>(path, std::ios::binary));
    if (!*files_.back().second) {
      throw util::UsageError(fmt::format("cannot write {}", path));
    }
    style.colour = report::Colour::off;
    writers_.push_back(format->make(*files_.back().second, style));
  }

  static std::string unknown_format(const std::string& name) {
    std::vector<std::string> names;
    for (const report::Format& format : report::formats()) {
      names.emplace_back(format.name);
    }
    return fmt::format("there is no output format `{}`; there are {}{}", name, fmt::join(names, ", "),
                       util::did_you_mean(name, names));
  }

  std::vector<std::pair<std::string, std::unique_ptr<std::ofstream>>> files_;
  std::vector<std::unique_ptr<report::Writer>> writers_;
  bool stdout_taken_ = false;
  bool needs_all_ = false;
};

/// A counter on a terminal, for those who wait longer than a second.
class Progress {
 public:
  explicit Progress(Console& console) : console_(console) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void show(std::size_t done, std::size_t total) {
    const Clock::time_point now = Clock::now();
    if (!console_.err_is_terminal || now < next_) {
      return;
    }
    next_ = now + std::chrono::milliseconds(100);
    shown_ = true;
    console_.err << fmt::format("\r\x1b[Kjudged {} of {} commits", done, total) << std::flush;
  }

  /// Takes the counter away, so that a report can be written where it stood.
  void clear() {
    if (std::exchange(shown_, false)) {
      console_.err << "\r\x1b[K" << std::flush;
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  Console& console_;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(1);
  bool shown_ = false;
};

void check_one_source(const Arguments& arguments) {
  const int sources = static_cast<int>(arguments.has("--staged")) + static_cast<int>(arguments.has("--stdin")) +
                      static_cast<int>(arguments.has("--all")) + static_cast<int>(!arguments.words.empty());
  if (sources > 1) {
    throw util::UsageError("scan judges one thing: a revision or range, --staged, --stdin or --all");
  }
}

unsigned thread_count(const Arguments& arguments) {
  const std::string text = arguments.value("--threads").value_or("0");
  unsigned count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr unsigned most = 256;
  if (error != std::errc{} || end != text.data() + text.size() || count > most) {
    throw util::UsageError(fmt::format("--threads is a number up to {}, not `{}`", most, text));
  }
  return count;
}

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

/// The commit that a full or abbreviated id names; empty where it names none.
std::optional<model::ObjectId> commit_named(const git::Repository& repository, std::string_view id) {
  constexpr std::size_t shortest = 4;  // digits, as git has it
  if (id.size() < shortest || !is_hexadecimal(id)) {
    return std::nullopt;
  }
  if (const auto full = model::ObjectId::from_hex(id)) {
    const auto header = repository.header(*full);
    if (header && header->type == git::ObjectType::commit) {
      return full;
    }
  }
  return repository.resolve_commit(id);
}

/// All ids of standard input. Throws util::UsageError naming the first line that names no commit.
std::vector<model::ObjectId> read_commits(std::istream& in, const git::Repository& repository) {
  std::vector<model::ObjectId> commits;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const std::string_view id = trimmed(line);
    if (id.empty()) {
      continue;
    }
    const auto commit = commit_named(repository, id);
    if (!commit) {
      throw util::UsageError(fmt::format("standard input, line {}: `{}` names no commit", number, id));
    }
    commits.push_back(*commit);
  }
  return commits;
}

/// The branches and tags as people write them.
std::vector<std::string> short_names(const git::Repository& repository) {
  std::vector<std::string> names;
  for (const git::Reference& reference : repository.references()) {
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/remotes/"}) {
      if (reference.name.starts_with(prefix)) {
        names.push_back(reference.name.substr(prefix.size()));
      }
    }
  }
  return names;
}

/// What `text` names. Throws util::UsageError with the likely branch or tag where a part of it names nothing.
git::Range range_named(const git::Repository& repository, const std::string& text) {
  const std::size_t dots = text.find("..");
  const std::size_t right = dots == std::string::npos ? dots : text.find_first_not_of('.', dots);
  for (const std::string& part : {text.substr(0, dots), right == std::string::npos ? "" : text.substr(right)}) {
    if (!part.empty() && !repository.resolve_commit(part)) {
      throw util::UsageError(
          fmt::format("unknown revision: {}{}", part, util::did_you_mean(part, short_names(repository))));
    }
  }
  return git::resolve_range(repository, text);
}

gate::ScanResult scan(const Arguments& arguments, Console& console, const gate::ScanOptions& options) {
  git::Repository repository = git::Repository::open(".", {.from_environment = true});
  // What is to be judged first: a wrong revision should not wait for the rules.
  std::vector<model::ObjectId> commits;
  git::Range range;
  if (arguments.has("--stdin")) {
    commits = read_commits(console.in, repository);
  } else if (arguments.has("--all")) {
    range = git::all_commits(repository);
  } else if (!arguments.has("--staged")) {
    range = range_named(repository, arguments.words.empty() ? "" : arguments.words.front());
  }

  warn_of_overdue_reviews(repository, arguments, console);
  const rule::RuleSet rules = rule::load_builtin();
  const rule::Engine engine(rules);
  if (arguments.has("--stdin")) {
    return gate::scan_commits(repository, engine, commits, options);
  }
  return arguments.has("--staged") ? gate::scan_staged(repository, engine, options)
                                   : gate::scan_range(repository, engine, range, options);
}

/// A line for each part of the work, longest first: seconds and name.
void write_times(const util::Profile::Times& times, std::ostream& out) {
  std::vector<std::pair<std::chrono::duration<double>, std::string_view>> parts;
  for (const auto& [part, time] : times) {
    parts.emplace_back(time, part);
  }
  std::sort(parts.rbegin(), parts.rend());
  for (const auto& [time, part] : parts) {
    out << fmt::format("{:9.3f} s  {}\n", time.count(), part);
  }
}

int exit_status(const gate::ScanResult& result, const Arguments& arguments) {
  const int status = result.exit_code();
  const bool tolerated = status == exit_needs_approval && arguments.value("--fail-on") == "block";
  return arguments.has("--exit-zero") || tolerated ? exit_allowed : status;
}

}  // namespace

int run_scan(const Arguments& arguments, Console& console) {
  check_one_source(arguments);
  Reports reports(arguments, console);
  Progress progress(console);

  gate::ScanOptions options;
  options.policy_file = policy_file(arguments, console);
  options.threads = thread_count(arguments);
  options.profile = arguments.has("--profile");
  options.approvals = !arguments.has("--all") && !arguments.has("--stdin") && !arguments.has("--staged");
  if (const auto ref = arguments.value("--ref")) {
    options.target = ref->starts_with("refs/") ? *ref : "refs/heads/" + *ref;
  }
  options.keep_allowed = reports.needs_all();
  options.each = [&](const gate::Verdict& verdict) {
    progress.clear();
    reports.verdict(verdict);
    if (console.out_is_terminal) {
      console.out.flush();
    }
  };
  options.progress = [&](std::size_t done, std::size_t total) { progress.show(done, total); };

  const gate::ScanResult result = scan(arguments, console, options);
  progress.clear();
  reports.finish(result);
  if (options.profile) {
    write_times(result.times, console.err);
  }
  return exit_status(result, arguments);
}

}  // namespace tollbar::cli
