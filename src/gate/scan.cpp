// Spreads commits over threads, gathers verdicts in order and adds the net change.
#include "gate/scan.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "gate/approvals.h"
#include "gate/judge.h"
#include "gate/net.h"
#include "gate/ordered_chunks.h"
#include "gate/policy_source.h"
#include "util/error.h"

namespace tollbar::gate {
namespace {

constexpr std::size_t chunk_size = 256;     // commits
constexpr std::size_t chunks_ahead = 4;     // per thread, of the verdicts that were delivered
constexpr std::size_t worth_a_thread = 16;  // commits; opening a repository costs about as much as judging these
constexpr unsigned most_threads = 8;        // by default

/// Everything that a scan hands from place to place.
struct Scan {
  git::Repository& repository;
  const rule::Engine& engine;
  const ScanOptions& options;
  PolicySource policies;
  std::optional<PolicyBase> base;
  std::string branch;  // short name, where the range names one
  std::optional<Approvals> approvals;
  Reported reported;  // by the commits' verdicts, for the net change
  ScanResult result;
  std::mutex times_lock;  // of the result's
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  Scan(git::Repository& repository_, const rule::Engine& engine_, const ScanOptions& options_)
      : repository(repository_),
        engine(engine_),
        options(options_),
        policies(repository_, engine_.rules(), options_.policy_file) {}

  Judge judge(const git::Repository& own) { return Judge(own, engine, policies, options, base, branch); }

  void add_times(Judge& judge) {
    const std::scoped_lock lock(times_lock);
    util::add(result.times, judge.times());
  }

  /// What `commits` brought is let through where it is approved.
  void honour(Verdict& verdict, const std::vector<model::ObjectId>& commits) {
    if (!options.approvals || !can_be_approved(verdict)) {
      return;
    }
    if (!approvals) {
      approvals.emplace(repository, engine.rules(), Bringer{});
    }
    PolicyBase from = base.value_or(PolicyBase{{}, repository.empty_tree()});
    if (!base && !verdict.commit.parents.empty()) {
      from = {verdict.commit.parents.front(), repository.commit(verdict.commit.parents.front()).tree};
    }
    git::RepositoryTree tree(repository, from.tree);
    const auto policy = policies.named() ? policies.named() : policies.of_tree(tree);
    const std::string target = approval_target(repository, policy->policy, options.target);
    approvals->honour(verdict, *policy, from, target, commits);
  }

  void deliver(Verdict verdict, std::size_t total) {
    if (verdict.of == Verdict::Of::commit) {
      honour(verdict, {verdict.commit.id});
    }
    ++result.commits;
    result.count(verdict);
    reported.add(verdict);
    if (options.each) {
      options.each(verdict);
    }
    if (options.progress) {
      options.progress(result.commits, total);
    }
    if (options.keep_allowed || !verdict.findings.empty() || verdict.status != model::Status::allowed) {
      result.verdicts.push_back(std::move(verdict));
    }
  }

  ScanResult finish() {
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(result);
  }
};

unsigned threads_for(const ScanOptions& options, std::size_t commits) {
  const unsigned processors = std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
  const unsigned wanted = options.threads == 0 ? processors : options.threads;
  return static_cast<unsigned>(std::clamp<std::size_t>(commits / worth_a_thread, 1, wanted));
}

/// Judges chunks until none is left.
void work(Scan& scan, git::Repository repository, const std::vector<model::ObjectId>& commits, std::size_t size,
          OrderedChunks<Verdict>& chunks) {
  try {
    Judge judge = scan.judge(repository);
    while (const auto chunk = chunks.claim()) {
      const std::size_t end = std::min(commits.size(), (*chunk + 1) * size);
      std::vector<Verdict> verdicts;
      for (std::size_t i = *chunk * size; i < end; ++i) {
        verdicts.push_back(judge.commit(commits[i]));
      }
      chunks.finish(*chunk, std::move(verdicts));
    }
    scan.add_times(judge);
  } catch (...) {
    chunks.fail(std::current_exception());
  }
}

/// Joins its threads however it is left.
struct Workers {
  OrderedChunks<Verdict>& chunks;
  std::vector<std::thread> threads;

  explicit Workers(OrderedChunks<Verdict>& chunks_) : chunks(chunks_) {}
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() {
    chunks.stop();
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
};

void judge_on_threads(Scan& scan, const std::vector<model::ObjectId>& commits, unsigned threads) {
  const std::size_t size = std::clamp<std::size_t>(commits.size() / (threads * chunks_ahead), 1, chunk_size);
  OrderedChunks<Verdict> chunks((commits.size() + size - 1) / size, threads * chunks_ahead);
  Workers workers(chunks);
  for (unsigned i = 0; i < threads; ++i) {
    workers.threads.emplace_back(work, std::ref(scan), scan.repository.reopen(), std::cref(commits), size,
                                 std::ref(chunks));
  }
  while (auto verdicts = chunks.take()) {
    for (Verdict& verdict : *verdicts) {
      scan.deliver(std::move(verdict), commits.size());
    }
  }
}

void judge_commits(Scan& scan, const std::vector<model::ObjectId>& commits) {
  const unsigned threads = threads_for(scan.options, commits.size());
  if (threads > 1) {
    judge_on_threads(scan, commits, threads);
    return;
  }
  Judge judge = scan.judge(scan.repository);
  for (const model::ObjectId& id : commits) {
    scan.deliver(judge.commit(id), commits.size());
  }
  scan.add_times(judge);
}

PolicyBase base_at(const git::Repository& repository, const model::ObjectId& commit) {
  return {commit, repository.commit(commit).tree};
}

/// The branch at the end of `A..B`, or the current one where HEAD stands there.
std::string branch_of(const git::Repository& repository, const git::Range& range) {
  const auto dots = range.text.rfind("..");
  std::string name = dots == std::string::npos ? range.text : range.text.substr(dots + 2);
  if (name.empty() || name == "HEAD") {
    name = repository.head_branch();
  }
  constexpr std::string_view heads = "refs/heads/";
  return name.starts_with(heads) ? name.substr(heads.size()) : name;
}

/// What the range does as a whole and no commit of it was seen to do.
void judge_net(Scan& scan, const git::Range& range) {
  const model::Commit tip = scan.repository.commit(*range.tip);
  Judge judge = scan.judge(scan.repository);
  std::optional<Verdict> net = scan.reported.beyond(judge.net(tip, scan.base, {scan.base->tree}));
  scan.add_times(judge);
  if (net) {
    scan.honour(*net, range.commits);
  }
  if (net && net->status != model::Status::allowed) {
    scan.result.count(*net);
  }
  scan.result.net = std::move(net);
}

}  // namespace

ScanResult scan_range(git::Repository& repository, const rule::Engine& engine, const git::Range& range,
                      const ScanOptions& options) {
  Scan scan(repository, engine, options);
  scan.result.range = range.text;
  scan.branch = branch_of(repository, range);
  if (range.base) {
    scan.base = base_at(repository, *range.base);
  }
  judge_commits(scan, range.commits);
  if (scan.base && range.tip && range.commits.size() > 1) {
    judge_net(scan, range);
  }
  return scan.finish();
}

ScanResult scan_commits(git::Repository& repository, const rule::Engine& engine,
                        const std::vector<model::ObjectId>& commits, const ScanOptions& options) {
  Scan scan(repository, engine, options);
  scan.base = options.policy_base;
  judge_commits(scan, commits);
  return scan.finish();
}

ScanResult scan_staged(git::Repository& repository, const rule::Engine& engine, const ScanOptions& options) {
  if (repository.is_bare()) {
    // Without an index everything would look removed.
    throw util::UsageError("a bare repository stages nothing; name a revision or a range");
  }
  Scan scan(repository, engine, options);
  scan.result.range = "staged";
  model::Commit head;
  model::ObjectId before = repository.empty_tree();
  if (const auto id = repository.resolve_commit("HEAD")) {
    head = repository.commit(*id);
    before = head.tree;
    scan.base = PolicyBase{*id, head.tree};
  }
  Judge judge = scan.judge(repository);
  model::Commit proposed;
  proposed.message = options.message.value_or("");
  scan.deliver(judge.trees(Verdict::Of::staged, head, scan.base, before, repository.staged_tree(),
                           options.message ? &proposed : nullptr),
               1);
  scan.add_times(judge);
  return scan.finish();
}

}  // namespace tollbar::gate
