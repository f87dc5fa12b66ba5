// The history walk: newest first, wanted and hidden commits side by side, until nothing wanted is left to find.
#include "git/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>

#include "git/raw_commit.h"
#include "util/error.h"

namespace tollbar::git {
namespace {

using model::ObjectId;

struct Node {
  ObjectId id;
  std::int64_t time = 0;
  std::vector<Node*> parents;
  std::size_t children = 0;  ///< wanted ones not yet put out
  bool hidden = false;
  bool queued = false;
  bool visited = false;
};

/// Newest first; equal times in the order of their ids, so that the result is always the same.
struct Older {
  bool operator()(const Node* a, const Node* b) const { return a->time != b->time ? a->time < b->time : b->id < a->id; }
};

using Queue = std::priority_queue<Node*, std::vector<Node*>, Older>;

class Walk {
 public:
  explicit Walk(const Repository& repository) : repository_(repository) {}

  void start_at(const ObjectId& id, bool hidden) {
    const auto commit = repository_.peel_to_commit(id);
    if (!commit) {
      throw util::Error(fmt::format("walk history from {}: no such commit", id.hex()));
    }
    Node* node = reach(*commit);
    if (hidden) {
      hide(node);
    }
  }

  std::vector<ObjectId> run() {
    limit();
    refuse_gaps();
    return put_out();
  }

 private:
  /// Commits whose clocks ran backwards can lie behind the point where the walk could stop: look that many commits
  /// further.
  static constexpr int slack = 64;

  /// The node of a commit, read and queued when it is new; null where it is missing.
  Node* reach(const ObjectId& id) {
    const auto [place, is_new] = by_id_.try_emplace(id, nullptr);
    if (!is_new) {
      return place->second;
    }
    const auto object = repository_.object(id);
    if (!object) {
      return nullptr;
    }
    if (object->type != ObjectType::commit) {
      throw util::Error(fmt::format("walk history: {} is no commit", id.hex()));
    }
    CommitLinks links = parse_links(id, object->data);
    Node* node = &nodes_.emplace_back();
    node->id = id;
    node->time = links.time;
    parent_ids_.emplace(node, std::move(links.parents));
    place->second = node;
    enqueue(node);
    return node;
  }

  void enqueue(Node* node) {
    node->queued = true;
    wanted_in_queue_ += node->hidden ? 0 : 1;
    queue_.push(node);
  }

  /// Hides a commit and what is already known of its ancestors.
  void hide(Node* start) {
    std::vector<Node*> pending{start};
    while (!pending.empty()) {
      Node* node = pending.back();
      pending.pop_back();
      if (node->hidden) {
        continue;
      }
      node->hidden = true;
      wanted_in_queue_ -= node->queued ? 1 : 0;
      pending.insert(pending.end(), node->parents.begin(), node->parents.end());
    }
  }

  void limit() {
    int left = slack;
    std::int64_t oldest_wanted = std::numeric_limits<std::int64_t>::max();
    while (!queue_.empty()) {
      Node* node = queue_.top();
      if (wanted_in_queue_ == 0 && node->time < oldest_wanted && --left < 0) {
        return;
      }
      queue_.pop();
      node->queued = false;
      node->visited = true;
      if (!node->hidden) {
        --wanted_in_queue_;
        oldest_wanted = std::min(oldest_wanted, node->time);
        visited_.push_back(node);
      }
      visit_parents(node);
    }
  }

  void visit_parents(Node* node) {
    const auto ids = parent_ids_.extract(node);
    for (const ObjectId& id : ids.mapped()) {
      Node* parent = reach(id);
      if (parent == nullptr) {
        gaps_.push_back({node, id});
        continue;
      }
      node->parents.push_back(parent);
      if (node->hidden) {
        hide(parent);
      }
    }
  }

  /// Below the boundary of a shallow clone nothing is known. That is harmless for commits that turned out hidden, and
  /// only for them.
  void refuse_gaps() const {
    for (const Gap& gap : gaps_) {
      if (!gap.child->hidden) {
        throw util::Error(
            fmt::format("walk history: history is cut short (shallow or partial clone): {}, a parent of {}, is missing",
                        gap.missing.hex(), gap.child->id.hex()));
      }
    }
  }

  /// The wanted commits, no parent before its children.
  std::vector<ObjectId> put_out() {
    const auto wanted = [](const Node* node) { return node->visited && !node->hidden; };
    for (const Node* node : visited_) {
      if (wanted(node)) {
        for (Node* parent : node->parents) {
          ++parent->children;
        }
      }
    }
    Queue ready;
    for (Node* node : visited_) {
      if (wanted(node) && node->children == 0) {
        ready.push(node);
      }
    }
    std::vector<ObjectId> commits;
    while (!ready.empty()) {
      Node* node = ready.top();
      ready.pop();
      commits.push_back(node->id);
      for (Node* parent : node->parents) {
        if (--parent->children == 0 && wanted(parent)) {
          ready.push(parent);
        }
      }
    }
    return commits;
  }

  /// A commit that is named as a parent and is not there.
  struct Gap {
    const Node* child;
    ObjectId missing;
  };

  const Repository& repository_;
  std::deque<Node> nodes_;
  std::unordered_map<ObjectId, Node*> by_id_;
  std::unordered_map<Node*, std::vector<ObjectId>> parent_ids_;  ///< of commits not yet visited
  Queue queue_;
  std::size_t wanted_in_queue_ = 0;
  std::vector<Gap> gaps_;
  std::vector<Node*> visited_;  ///< wanted when they were visited
};

}  // namespace

std::vector<ObjectId> walk_history(const Repository& repository, const std::vector<ObjectId>& include,
                                   const std::vector<ObjectId>& exclude) {
  Walk walk(repository);
  for (const ObjectId& id : exclude) {
    walk.start_at(id, true);
  }
  for (const ObjectId& id : include) {
    walk.start_at(id, false);
  }
  return walk.run();
}

}  // namespace tollbar::git
