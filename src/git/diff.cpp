// The difference of two trees, walked over their raw bytes: equal subtrees are never read, and nothing recurses.
#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "git/raw_tree.h"
#include "git/repository.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

/// A directory being compared: what is left of its two sides.
struct Level {
  TreeReader before;
  TreeReader after;
  std::size_t path_length;  ///< of the directory, with its trailing slash
};

class TreeDiff {
 public:
  TreeDiff(const Repository& repository, DiffLimits limits) : repository_(repository), limits_(limits) {}

  std::vector<model::FileDelta> run(const model::ObjectId& before, const model::ObjectId& after) {
    if (before != after) {
      levels_.push_back({reader(before), reader(after), 0});
    }
    while (!levels_.empty()) {
      step();
    }
    return std::move(deltas_);
  }

 private:
  /// Compares the next entries of the deepest directory.
  void step() {
    TreeReader& before = levels_.back().before;
    TreeReader& after = levels_.back().after;
    path_.resize(levels_.back().path_length);
    if (before.done() && after.done()) {
      levels_.pop_back();
      return;
    }
    const int order = before.done() ? 1
                      : after.done()
                          ? -1
                          : compare_names(before.name(), before.is_directory(), after.name(), after.is_directory());
    if (order == 0 && before.same_entry(after)) {
      before.advance();
      after.advance();
      return;
    }
    const TreeReader& named = order <= 0 ? before : after;
    append(named.name());
    // Entering a directory moves the levels, so the readers advance first.
    const bool is_directory = named.is_directory();
    std::optional<model::FileEntry> old_entry;
    std::optional<model::FileEntry> new_entry;
    if (order <= 0) {
      old_entry = before.entry();
      before.advance();
    }
    if (order >= 0) {
      new_entry = after.entry();
      after.advance();
    }
    if (is_directory) {
      enter(old_entry, new_entry);
    } else {
      add(old_entry, new_entry);
    }
  }

  void add(const std::optional<model::FileEntry>& before, const std::optional<model::FileEntry>& after) {
    if (deltas_.size() == limits_.deltas) {
      fail("more changed paths than the limit");
    }
    deltas_.push_back({path_, before, after});
  }

  void enter(const std::optional<model::FileEntry>& before, const std::optional<model::FileEntry>& after) {
    if (levels_.size() > limits_.depth) {
      fail("directories deeper than the limit");
    }
    // Directories without files would otherwise let a few objects keep us busy for ever.
    if (++directories_ > limits_.deltas) {
      fail("more changed directories than the limit");
    }
    append("/");
    levels_.push_back(
        {before ? reader(before->id) : TreeReader(), after ? reader(after->id) : TreeReader(), path_.size()});
  }

  void append(std::string_view text) {
    path_ += text;
    if (path_.size() > limits_.path_length) {
      fail("a path longer than the limit");
    }
  }

  TreeReader reader(const model::ObjectId& id) const { return {id, repository_.tree_data(id)}; }

  [[noreturn]] void fail(std::string_view reason) const {
    throw util::Error(fmt::format("compare trees: {}, at {}", reason, path_.substr(0, 200)));
  }

  const Repository& repository_;
  DiffLimits limits_;
  std::vector<Level> levels_;
  std::string path_;
  std::size_t directories_ = 0;
  std::vector<model::FileDelta> deltas_;
};

}  // namespace

std::vector<model::FileDelta> diff_trees(const Repository& repository, const model::ObjectId& before,
                                         const model::ObjectId& after, DiffLimits limits) {
  return TreeDiff(repository, limits).run(before, after);
}

}  // namespace tollbar::git
